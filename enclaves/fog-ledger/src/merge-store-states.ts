// How far the stores of a router are together (spec 03 §5.3): the blocks from the first on that some store each has.
import type { KeyImageStoreState } from "@fogbow/core-wire";

/** What a store says of itself; all of it is its host's word. */
export type StoreState = Omit<KeyImageStoreState, "$typeName" | "$unknown">;

const NONE: StoreState = {
  rangeStart: 0n,
  rangeEnd: 0n,
  globalTxoCount: 0n,
  latestBlockVersion: 0,
  maxBlockVersion: 0,
};

/**
 * The range from block 0 that contiguous or overlapping ranges cover; count and versions are those of the last range merged.
 * Without a store that begins at 0 it is empty.
 */
export function mergeStoreStates(states: readonly StoreState[]): StoreState {
  const sorted = [NONE, ...states].sort(
    (a, b) => compare(a.rangeStart, b.rangeStart) || compare(a.rangeEnd, b.rangeEnd),
  );
  let merged = NONE;
  for (const state of sorted) {
    if (state.rangeStart > merged.rangeEnd) break; // A gap.
    if (state.rangeEnd > merged.rangeEnd) merged = { ...state, rangeStart: 0n }; // Else it says nothing new.
  }
  return merged;
}

const compare = (a: bigint, b: bigint): number => (a < b ? -1 : a > b ? 1 : 0);
