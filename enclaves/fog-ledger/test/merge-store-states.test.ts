// Tests of how the ranges of stores make one (spec 03 §5.3).
import { expect, test } from "vitest";
import { mergeStoreStates, type StoreState } from "../src/index.ts";

type Row = [start: number, end: number, txos: number, latest: number, max: number];

const state = ([start, end, txos, latest, max]: Row): StoreState => ({
  rangeStart: BigInt(start),
  rangeEnd: BigInt(end),
  globalTxoCount: BigInt(txos),
  latestBlockVersion: latest,
  maxBlockVersion: max,
});

test.each<[name: string, stores: Row[], merged: Row]>([
  [
    "neighbours",
    [
      [0, 5, 15, 0, 0],
      [5, 8, 24, 1, 2],
    ],
    [0, 8, 24, 1, 2],
  ],
  ["nobody begins at 0", [[1, 8, 24, 1, 2]], [0, 0, 0, 0, 0]],
  [
    "a gap",
    [
      [0, 5, 15, 0, 0],
      [8, 10, 24, 1, 2],
    ],
    [0, 5, 15, 0, 0],
  ],
  [
    "one within another",
    [
      [5, 8, 24, 1, 2],
      [0, 10, 30, 3, 3],
    ],
    [0, 10, 30, 3, 3],
  ],
  [
    "one within and one beyond",
    [
      [0, 10, 30, 3, 3],
      [5, 8, 24, 4, 4],
      [7, 12, 36, 4, 4],
    ],
    [0, 12, 36, 4, 4],
  ],
  [
    "three in any order",
    [
      [5, 8, 24, 1, 2],
      [8, 10, 30, 2, 3],
      [0, 5, 15, 0, 0],
    ],
    [0, 10, 30, 2, 3],
  ],
  ["none", [], [0, 0, 0, 0, 0]],
  [
    "one that has begun with nothing",
    [
      [0, 0, 0, 0, 0],
      [0, 3, 9, 1, 1],
    ],
    [0, 3, 9, 1, 1],
  ],
])("%s", (_, stores, merged) => {
  expect(mergeStoreStates(stores.map(state))).toEqual(state(merged));
});
