// The digest of a set that can only grow, in 40 bytes whatever its size. Each element is hashed to a point of ristretto255
// and the points are added (an elliptic-curve multiset hash: Maitin-Shepard, Tibouchi, Aranha, Tomb, 2016). Two different
// sets with one digest would give a relation between points whose logarithms nobody knows. The order in which elements
// came is not in it, so whoever keeps no more than this can tell whether a list of elements is the whole set.
import { type Bytes, be64, bytes, utf8 } from "@fogbow/core-bytes";
import { aggregate, bytesOf, digest32, uint64 } from "@fogbow/core-crypto";
import type { SetSummary } from "@fogbow/core-wire";
import { readBytes } from "@fogbow/core-wire";
import { kernel } from "@fogbow/kernel";
import { BlockError } from "../error.ts";

/** The sum over nothing. */
const IDENTITY = new Uint8Array(32);

/** A set, summed up. Never give it an element twice: it counts what it is given. */
export class SetDigest {
  readonly #label: string;
  #count: bigint;
  #sum: Uint8Array;

  /** An empty set, or one that was summed up. Sets with different labels have nothing in common. Throws `malformed-summary`. */
  constructor(label: string, summary: Pick<SetSummary, "count" | "sum"> = { count: 0n, sum: IDENTITY }) {
    this.#label = label;
    this.#count = summary.count;
    this.#sum = readBytes(summary.sum, 32, "sum").slice();
    if (!kernel().ristretto.isPoint(this.#sum)) {
      throw new BlockError("malformed-summary", "The sum of a set is no point.");
    }
  }

  /** How many elements there are. */
  get count(): bigint {
    return this.#count;
  }

  /** Adds elements that are not in the set. */
  addAll(elements: readonly Uint8Array[]): void {
    const { ristretto, hashes } = kernel();
    const label = utf8(this.#label);
    for (const element of elements) {
      const uniform = hashes.blake2b512(be64(BigInt(label.length)), label, element);
      this.#sum = ristretto.add(this.#sum, ristretto.oneWayMap(uniform));
    }
    this.#count += BigInt(elements.length);
  }

  /** The digest, which names the label and the count. */
  digest(): Bytes<32> {
    const set = aggregate("Set", [
      ["count", uint64(this.#count)],
      ["sum", bytesOf(this.#sum)],
    ]);
    return bytes(digest32(this.#label, set), 32, "digest of a set");
  }

  /** What another one can go on from. */
  summary(): { readonly count: bigint; readonly sum: Uint8Array } {
    return { count: this.#count, sum: this.#sum.slice() };
  }
}
