// Transactions that are of no use to this node any more (spec 05 §2.4, §5 a): they are kept for a while for peers that are
// late, and then overwritten.
import type { Value } from "@fogbow/core-scp";
import { KEPT_SLOTS_MAX, KEPT_TXS_MS_MAX } from "../limits.ts";

interface Departing {
  readonly values: readonly Value[];
  readonly blockCount: bigint;
  readonly at: number;
}

/** Transactions by when they became useless. */
export class DepartingTxs {
  #waiting: Departing[] = [];
  readonly #values = new Set<Value>();

  /** These are useless since there are so many blocks. */
  add(values: readonly Value[], { blockCount, at }: { readonly blockCount: bigint; readonly at: number }): void {
    const fresh = values.filter((value) => !this.#values.has(value));
    if (fresh.length === 0) return;
    for (const value of fresh) this.#values.add(value);
    this.#waiting.push({ values: fresh, blockCount, at });
  }

  /** Takes out those that have been kept long enough. */
  due({ blockCount, at }: { readonly blockCount: bigint; readonly at: number }): Value[] {
    const isDue = (each: Departing): boolean =>
      each.blockCount + BigInt(KEPT_SLOTS_MAX) <= blockCount || each.at + KEPT_TXS_MS_MAX <= at;
    const due = this.#waiting.filter(isDue).flatMap(({ values }) => values);
    if (due.length === 0) return due;
    this.#waiting = this.#waiting.filter((each) => !isDue(each));
    for (const value of due) this.#values.delete(value);
    return due;
  }
}
