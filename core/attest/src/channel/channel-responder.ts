// The enclave's end of clients' channels: answers handshakes, keeps the sessions, opens requests (spec 04 §4.3).
import type { Random } from "@fogbow/core-bytes";
import { answerChannel } from "./attest-channel.ts";
import type { EvidenceMessage } from "./evidence-payload.ts";
import type { KeyPair } from "./key-pair.ts";
import { CLIENT_SESSIONS_MAX } from "./limits.ts";
import type { SealedMessage } from "./messages.ts";
import { Session } from "./session.ts";
import { SessionTable } from "./session-table.ts";

/** Who answers, and how many sessions it keeps. */
export interface ResponderOptions {
  /** The id that clients know: `host:port` as configured, not as bound (spec 04 §18, T4). */
  readonly responderId: string;
  /** Sessions kept; 10 000 unless told otherwise. */
  readonly sessionsMax?: number;
}

/** What a responder works with. */
export interface ResponderParts {
  /** Made when the enclave starts; it stays the same while the evidence is refreshed (spec 04 §18, T18). */
  readonly staticKey: KeyPair;
  /** The current evidence, bound to the static key. */
  readonly evidence: () => EvidenceMessage;
  readonly random: Random;
}

/** A client's request, opened. */
export interface OpenedRequest {
  readonly plaintext: Uint8Array;
  readonly aad: Uint8Array;
  /** Seals the answer. Throws `session-closed` when the session was closed or made room for others. */
  reply(plaintext: Uint8Array, aad?: Uint8Array): SealedMessage;
}

/** Sessions with clients. Messages of one session must be given in the order of their arrival. */
export class ChannelResponder {
  readonly #responderId: string;
  readonly #parts: ResponderParts;
  readonly #sessions: SessionTable<Session>;

  constructor({ responderId, sessionsMax = CLIENT_SESSIONS_MAX }: ResponderOptions, parts: ResponderParts) {
    this.#responderId = responderId;
    this.#parts = parts;
    this.#sessions = new SessionTable({ max: sessionsMax });
  }

  /** How many sessions there are. */
  get sessions(): number {
    return this.#sessions.size;
  }

  /** Answers a handshake message and keeps the session. Throws the handshake's codes. */
  auth(request: Uint8Array): Uint8Array {
    const { staticKey, evidence, random } = this.#parts;
    const options = { responderId: this.#responderId, staticKey, evidence: evidence(), request };
    const { answer, keys } = answerChannel(options, { random });
    this.#sessions.add(new Session(keys));
    return answer;
  }

  /** Opens a request. Throws `unknown-channel`, `message-not-decrypted`, `message-too-short` or `rekey-needed`. */
  open(message: SealedMessage): OpenedRequest {
    const session = this.#sessions.get(message.channelId);
    const plaintext = session.open(message);
    return { plaintext, aad: message.aad, reply: (answer, aad) => session.seal(answer, aad) };
  }

  /** Ends the session of a channel id, if it is there. */
  closeSession(channelId: Uint8Array): void {
    this.#sessions.delete(channelId);
  }

  /** Ends all sessions. */
  close(): void {
    this.#sessions.close();
  }
}
