// Sessions by channel id (spec 04 §4.1, §4.3). A channel id is a key of this table, not a credential.
import { AttestError } from "../error.ts";
import { type Closeable, ClosingTable } from "./closing-table.ts";

/** What the table holds: either kind of session. */
export interface TabledSession extends Closeable {
  readonly channelId: Uint8Array;
}

const CHANNEL_ID_BYTES = 64;

/** At most `max` sessions; the one unused for longest makes room, silently, and its keys are overwritten. */
export class SessionTable<Session extends TabledSession> {
  readonly #table: ClosingTable<Session>;

  constructor(limits: { readonly max: number }) {
    this.#table = new ClosingTable(limits);
  }

  /** How many sessions there are. */
  get size(): number {
    return this.#table.size;
  }

  /** Adds a session, whose keys are the table's from now on. */
  add(session: Session): void {
    this.#table.set(channelName(session.channelId), session);
  }

  /** The session of a channel id, or undefined. */
  find(channelId: Uint8Array): Session | undefined {
    return channelId.length === CHANNEL_ID_BYTES ? this.#table.get(channelName(channelId)) : undefined;
  }

  /** The session of a channel id. Throws `unknown-channel`, which callers answer by PERMISSION_DENIED (spec 04 §4.4). */
  get(channelId: Uint8Array): Session {
    const session = this.find(channelId);
    if (session === undefined) throw new AttestError("unknown-channel", "There is no such session: attest again.");
    return session;
  }

  /** Closes a session, if it is there. */
  delete(channelId: Uint8Array): void {
    if (channelId.length === CHANNEL_ID_BYTES) this.#table.delete(channelName(channelId));
  }

  /** Closes all sessions. */
  close(): void {
    this.#table.close();
  }
}

/** A channel id as one character a byte, the smallest key that a map can have. */
function channelName(channelId: Uint8Array): string {
  return String.fromCharCode(...channelId);
}
