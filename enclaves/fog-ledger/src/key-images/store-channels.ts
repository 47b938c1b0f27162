// A router's channels to its stores, which must be this very enclave on the same kind of platform (spec 03 §5.3, spec 04 §3.1).
import {
  AttestError,
  beginChannel,
  ClosingTable,
  type NonceMessage,
  NonceSession,
  PENDING_STORE_HANDSHAKES_MAX,
  type PendingChannel,
  STORE_SESSIONS_MAX,
  sealBroadcast,
  type VerifyPeer,
} from "@fogbow/core-attest";
import { equalBytes, type Random } from "@fogbow/core-bytes";
import { LedgerEnclaveError } from "../error.ts";

/** Sessions with stores by their names. */
export class StoreChannels {
  readonly #random: Random;
  readonly #verify: VerifyPeer;
  readonly #sessions = new Map<string, NonceSession>();
  readonly #pending = new ClosingTable<PendingChannel>({ max: PENDING_STORE_HANDSHAKES_MAX });

  constructor({ random, verifyStore }: { readonly random: Random; readonly verifyStore: VerifyPeer }) {
    this.#random = random;
    this.#verify = verifyStore;
  }

  /** Begins a channel, in place of a handshake that waits for its answer. Throws AttestError. */
  begin(name: string): Uint8Array {
    const pending = beginChannel({ responderId: name }, { random: this.#random });
    this.#pending.set(name, pending);
    return pending.request;
  }

  /** Reads a store's answer; the channel takes the place of an earlier one. Rejects with `unknown-handshake`, AttestError. */
  async finish(name: string, answer: Uint8Array, now: number): Promise<void> {
    const pending = this.#pending.take(name);
    if (pending === undefined) {
      throw new LedgerEnclaveError("unknown-handshake", "No handshake with this store has begun.");
    }
    const { keys } = await pending.finish(answer, (evidence) => this.#verify(evidence, now));
    const session = new NonceSession(keys);
    this.#sessions.get(name)?.close();
    this.#sessions.delete(name);
    if (this.#sessions.size >= STORE_SESSIONS_MAX) {
      session.close();
      throw new AttestError("too-many-messages", `A router has at most ${STORE_SESSIONS_MAX} stores.`);
    }
    this.#sessions.set(name, session);
  }

  /** One question for each store. Throws AttestError. */
  seal(plaintext: Uint8Array): NonceMessage[] {
    return sealBroadcast([...this.#sessions.values()], plaintext);
  }

  /**
   * Opens the answers of stores, one of each at most. Throws {@link LedgerEnclaveError} `foreign-answer`, AttestError.
   */
  open(answers: readonly NonceMessage[]): Uint8Array[] {
    const heard = new Set<NonceSession>();
    return answers.map((answer) => {
      const session = [...this.#sessions.values()].find(({ channelId }) => equalBytes(channelId, answer.channelId));
      if (session === undefined || heard.has(session)) {
        throw new LedgerEnclaveError("foreign-answer", "An answer is of no store, or is the second of one.");
      }
      heard.add(session);
      return session.open(answer);
    });
  }
}
