// Who cannot reach whom (spec 05 §6.1): halves, one node alone, or any cut, in both directions or in one; and links that are
// clogged one by one and released in another order.
import type { SeededRandom } from "./random.ts";

/** How the network may fall apart in a run. */
export interface PartitionConfig {
  readonly mode: "none" | "halves" | "isolate-one" | "any-cut";
  /** Whether only one direction is cut. */
  readonly asymmetric: boolean;
  /** Probability that a whole network falls apart, at each tick. */
  readonly start: number;
  /** Probability that it is whole again, at each tick. */
  readonly heal: number;
  /** Whether links are clogged one after the other and released in another order. */
  readonly swizzle: boolean;
}

/** The cut of the moment. */
export class Partitions {
  readonly #config: PartitionConfig;
  readonly #nodes: readonly number[];
  readonly #random: SeededRandom;
  #side: ReadonlySet<number> | undefined;
  /** Links that are clogged, as `from * 1000 + to`. */
  readonly #clogged = new Set<number>();

  constructor(config: PartitionConfig, nodes: readonly number[], random: SeededRandom) {
    this.#config = config;
    this.#nodes = nodes;
    this.#random = random;
  }

  /** Whether what one node sends does not reach the other. */
  isCut(from: number, to: number): boolean {
    if (this.#clogged.has(from * 1_000 + to)) return true;
    if (this.#side === undefined || this.#side.has(from) === this.#side.has(to)) return false;
    return !this.#config.asymmetric || this.#side.has(from);
  }

  /** Cuts these nodes off from the others; for schedules that are fixed. */
  cutOff(side: Iterable<number>): void {
    this.#side = new Set(side);
  }

  /** Everybody reaches everybody. */
  heal(): void {
    this.#side = undefined;
    this.#clogged.clear();
  }

  /** Some time has passed: says what changed, if anything did. */
  tick(): "partition" | "heal" | "swizzle" | undefined {
    const { mode, start, heal, swizzle } = this.#config;
    const random = this.#random;
    if (swizzle && random.chance(0.2)) {
      const [from, to] = [random.pick(this.#nodes), random.pick(this.#nodes)];
      const link = from * 1_000 + to;
      if (this.#clogged.size > 0 && random.chance(0.6)) this.#clogged.delete(random.pick([...this.#clogged]));
      else if (from !== to) this.#clogged.add(link);
      return "swizzle";
    }
    if (mode === "none") return undefined;
    if (this.#side !== undefined) {
      if (!random.chance(heal)) return undefined;
      this.#side = undefined;
      return "heal";
    }
    if (!random.chance(start)) return undefined;
    this.#side = this.#draw(mode);
    return "partition";
  }

  #draw(mode: "halves" | "isolate-one" | "any-cut"): ReadonlySet<number> {
    const shuffled = this.#random.shuffled(this.#nodes);
    switch (mode) {
      case "halves":
        return new Set(shuffled.slice(0, shuffled.length >> 1));
      case "isolate-one":
        return new Set(shuffled.slice(0, 1));
      case "any-cut":
        return new Set(shuffled.filter(() => this.#random.chance(0.5)));
      default:
        return mode satisfies never;
    }
  }
}
