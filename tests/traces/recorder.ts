// Takes down the trace of one run and compares later runs with it while they happen.
import type { Imports } from "@fogbow/kernel";
import { type Tree, withoutPath } from "./trees.ts";

/** Where two traces part. */
export interface Divergence {
  /** Number of the first event that differs. */
  readonly event: number;
  /** Site and value in the first run; undefined when that trace had ended. */
  readonly expected: TraceEvent | undefined;
  /** Site and value in this run; undefined when this trace has ended. */
  readonly found: TraceEvent | undefined;
}

/** One report of a site: an address, a length, or whether a condition held. */
export interface TraceEvent {
  readonly site: number;
  readonly value: number;
}

/** Records the first run after {@link Recorder.forget} and compares the ones that follow. */
export class Recorder {
  /** What the rewritten module imports. */
  readonly imports: Imports;
  #events: Uint32Array = new Uint32Array(1 << 22);
  #recorded: number | undefined;
  #position = 0;
  #divergence: Divergence | undefined;
  #trees: readonly Tree[] = [];

  constructor() {
    this.imports = {
      trace: {
        operand: (site = 0, value = 0) => {
          this.#take(site, this.#trees.length === 0 ? value >>> 0 : withoutPath(this.#trees, value >>> 0));
          return value;
        },
        condition: (site = 0, value = 0) => {
          this.#take(site, value === 0 ? 0 : 1);
          return value;
        },
        enter: (site = 0) => this.#take(site, 0),
      },
    };
  }

  /** Makes the next run the first one. */
  forget(): void {
    this.#recorded = undefined;
  }

  /** Begins a run; what was reported since the last one does not count. Of nodes of these trees, only levels do. */
  begin(trees: readonly Tree[] = []): void {
    this.#trees = trees;
    this.#position = 0;
    this.#divergence = undefined;
  }

  /** Ends a run and says where it first differs from the first one, if it does. */
  end(): Divergence | undefined {
    this.#recorded ??= this.#position;
    if (this.#position < this.#recorded) this.#diverge(undefined);
    return this.#divergence;
  }

  /** Events of the first run. */
  get events(): number {
    return (this.#recorded ?? 0) / 2;
  }

  /** The sites that the first run has passed. */
  sites(): Set<number> {
    const sites = new Set<number>();
    for (let i = 0; i < (this.#recorded ?? 0); i += 2) sites.add(this.#events[i] as number); // Below the length.
    return sites;
  }

  #take(site: number, value: number): void {
    const at = this.#position;
    if (this.#recorded === undefined) {
      if (at === this.#events.length) this.#grow();
      this.#events[at] = site;
      this.#events[at + 1] = value;
    } else if (this.#events[at] !== site || this.#events[at + 1] !== value || at >= this.#recorded) {
      this.#diverge({ site, value });
    }
    this.#position = at + 2;
  }

  #diverge(found: TraceEvent | undefined): void {
    if (this.#divergence !== undefined) return;
    const at = this.#position;
    const [site, value] = this.#events.subarray(at, at + 2);
    const ended = at >= (this.#recorded ?? 0) || site === undefined || value === undefined;
    this.#divergence = { event: at / 2, expected: ended ? undefined : { site, value }, found };
  }

  #grow(): void {
    const events = new Uint32Array(2 * this.#events.length);
    events.set(this.#events);
    this.#events = events;
  }
}
