// Whether the node keeps up with the network, and what it does when it does not (spec 05 §3.1): for a short while it asks for
// the decision it has missed, then it stops taking part and fetches blocks.

import { KEPT_SLOTS_MAX } from "../limits.ts";
import type { Clock } from "../parts.ts";
import type { NetworkState } from "./network-state.ts";

/** How long to wait. */
export interface CatchingUpOptions {
  readonly graceMs: number;
  readonly askAgainMs: number;
}

/** What the node does about it. */
export interface CatchingUpParts {
  readonly clock: Clock;
  readonly network: NetworkState;
  readonly blockCount: () => bigint;
  /** Asks peers what was decided about the open slot. */
  readonly askForDecision: () => void;
  /** Takes no part any more. */
  readonly suspend: () => void;
  /** Makes one attempt to fetch blocks, and then tells `attempted`. */
  readonly attempt: () => void;
  /** Takes part again. */
  readonly resume: () => void;
}

/** How the node stands. */
export type Standing = "in-sync" | "maybe-behind" | "behind";

/** Seconds between attempts that lead to nothing. */
const ATTEMPT_SECONDS_MAX = 60;

/** The state machine. */
export class CatchingUp {
  readonly #options: CatchingUpOptions;
  readonly #parts: CatchingUpParts;
  #standing: Standing = "in-sync";
  #since = 0;
  #askedAt = 0;
  #attempts = 0;
  #attemptAt = 0;
  #isAttempting = false;

  constructor(options: CatchingUpOptions, parts: CatchingUpParts) {
    this.#options = options;
    this.#parts = parts;
  }

  get standing(): Standing {
    return this.#standing;
  }

  /** Looks how things are: after whatever may have changed that, and now and then. */
  advance(): void {
    const { clock, network, blockCount } = this.#parts;
    const now = clock.now();
    const isBehind = network.isBehind(blockCount());
    switch (this.#standing) {
      case "in-sync":
        if (isBehind) this.#doubt(now);
        return;
      case "maybe-behind":
        if (!isBehind) this.#standing = "in-sync";
        else this.#wait(now);
        return;
      case "behind":
        if (this.#isAttempting) return;
        if (!isBehind) this.#return();
        else if (now >= this.#attemptAt) this.#attempt();
        return;
      default:
        this.#standing satisfies never;
    }
  }

  /** A slot was decided here: whatever made the node doubt, it is taking part. */
  decided(): void {
    if (this.#standing === "maybe-behind") this.#standing = "in-sync";
  }

  /** An attempt is over; it appended so many blocks. */
  attempted(blocks: number): void {
    const { clock } = this.#parts;
    this.#isAttempting = false;
    this.#attempts = blocks > 0 ? 0 : this.#attempts + 1;
    this.#attemptAt = clock.now() + Math.min(this.#attempts, ATTEMPT_SECONDS_MAX) * 1_000;
    this.advance();
  }

  #doubt(now: number): void {
    this.#standing = "maybe-behind";
    this.#since = now;
    this.#askedAt = Number.NEGATIVE_INFINITY;
    this.#wait(now);
  }

  #wait(now: number): void {
    const { network, blockCount, askForDecision, suspend } = this.#parts;
    // Decisions further back are nobody's to tell.
    const isFarBehind = network.blockCount() > blockCount() + BigInt(KEPT_SLOTS_MAX);
    if (isFarBehind || now - this.#since >= this.#options.graceMs) {
      this.#standing = "behind";
      this.#attempts = 0;
      suspend();
      this.#attempt();
    } else if (now - this.#askedAt >= this.#options.askAgainMs) {
      this.#askedAt = now;
      askForDecision();
    }
  }

  #attempt(): void {
    this.#isAttempting = true;
    this.#parts.attempt();
  }

  #return(): void {
    this.#standing = "in-sync";
    this.#parts.resume();
  }
}
