// Which nonces of a session were seen, for those not far below the highest (spec 04 §3.1, §18 T20).
import { AttestError } from "../error.ts";
import { REPLAY_WINDOW_MAX } from "./limits.ts";

const SIZE = BigInt(REPLAY_WINDOW_MAX);

/** A sliding bitmap: the bit of nonce n is bit n mod 1024. */
export class ReplayWindow {
  readonly #seen = new Uint32Array(REPLAY_WINDOW_MAX / 32);
  /** The highest nonce seen, −1 before the first. */
  #highest = -1n;

  /** Throws `nonce-seen` or `nonce-below-window` for a nonce that must not be used. Changes nothing. */
  assertFresh(nonce: bigint): void {
    if (nonce > this.#highest) return;
    if (nonce <= this.#highest - SIZE) {
      throw new AttestError("nonce-below-window", "The message is too old for its session.");
    }
    if (this.#isSeen(Number(nonce % SIZE))) {
      throw new AttestError("nonce-seen", "A message with this nonce was opened before.");
    }
  }

  /** Marks a fresh nonce as seen. Only to be called once its message has decrypted. */
  accept(nonce: bigint): void {
    const advance = nonce - this.#highest;
    if (advance >= SIZE) this.#seen.fill(0);
    else for (let n = this.#highest + 1n; n <= nonce; n++) this.#mark(Number(n % SIZE), 0);
    if (advance > 0n) this.#highest = nonce;
    this.#mark(Number(nonce % SIZE), 1);
  }

  #isSeen(bit: number): boolean {
    return ((this.#word(bit) >>> (bit & 31)) & 1) === 1;
  }

  #mark(bit: number, value: 0 | 1): void {
    const mask = 1 << (bit & 31);
    this.#seen[bit >>> 5] = value === 1 ? this.#word(bit) | mask : this.#word(bit) & ~mask;
  }

  #word(bit: number): number {
    return this.#seen[bit >>> 5] as number; // Bits are below the window's size.
  }
}
