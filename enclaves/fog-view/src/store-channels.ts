// A router's channels to stores: the store shows evidence of being this very enclave, and both say their nonces, so that queries
// may arrive in any order (spec 03 §4.1).
import {
  beginChannel,
  ClosingTable,
  type NonceMessage,
  NonceSession,
  PENDING_STORE_HANDSHAKES_MAX,
  type PendingChannel,
  SessionTable,
  STORE_SESSIONS_MAX,
  sealBroadcast,
  type VerifyPeer,
} from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { ViewError } from "./error.ts";

/** Sessions with stores, the current one of each by its responder id. */
export class StoreChannels {
  readonly #random: Random;
  readonly #verify: VerifyPeer;
  /** Replaced ones stay for a while: answers may be under way. */
  readonly #sessions = new SessionTable<NonceSession>({ max: 2 * STORE_SESSIONS_MAX });
  readonly #current = new Map<string, Uint8Array>();
  readonly #pending = new ClosingTable<PendingChannel>({ max: PENDING_STORE_HANDSHAKES_MAX });

  constructor({ random, verify }: { readonly random: Random; readonly verify: VerifyPeer }) {
    this.#random = random;
    this.#verify = verify;
  }

  /** Begins a channel to a store, in place of a handshake that waits for its answer. Throws AttestError. */
  begin(responderId: string): Uint8Array {
    const pending = beginChannel({ responderId }, { random: this.#random });
    this.#pending.set(responderId, pending);
    return pending.request;
  }

  /** Reads a store's answer. Throws {@link ViewError} `unknown-handshake`, and AttestError. */
  async finish(responderId: string, answer: Uint8Array, now: number): Promise<void> {
    const pending = this.#pending.take(responderId);
    if (pending === undefined) throw new ViewError("unknown-handshake", "No handshake with this store has begun.");
    const { keys } = await pending.finish(answer, (evidence) => this.#verify(evidence, now));
    this.#sessions.add(new NonceSession(keys));
    this.#current.delete(responderId);
    this.#current.set(responderId, keys.channelId);
    const [oldest] = this.#current.keys();
    if (this.#current.size > STORE_SESSIONS_MAX && oldest !== undefined) this.#current.delete(oldest);
  }

  /** The plaintext sealed for every store. */
  seal(plaintext: Uint8Array, aad: Uint8Array): NonceMessage[] {
    const sessions = [...this.#current.values()].flatMap((channelId) => this.#sessions.find(channelId) ?? []);
    return sealBroadcast(sessions, plaintext, aad);
  }

  /** Opens a store's answer. Throws AttestError. */
  open(message: NonceMessage): Uint8Array {
    return this.#sessions.get(message.channelId).open(message);
  }
}
