// How long transactions are kept that are of no use any more.
import { expect, test } from "vitest";
import { KEPT_SLOTS_MAX, KEPT_TXS_MS_MAX } from "../../src/limits.ts";
import { DepartingTxs } from "../../src/replica/departing-txs.ts";

test("they are kept for ten slots, or half a minute if there are none", () => {
  const departing = new DepartingTxs();
  departing.add(["a"], { blockCount: 5n, at: 0 });
  departing.add(["b"], { blockCount: 6n, at: 10_000 });
  departing.add(["a"], { blockCount: 9n, at: 20_000 }); // It does not live longer for being named again.
  const kept = BigInt(KEPT_SLOTS_MAX);
  expect(departing.due({ blockCount: 4n + kept, at: 20_000 })).toEqual([]);
  expect(departing.due({ blockCount: 5n + kept, at: 20_000 })).toEqual(["a"]);
  expect(departing.due({ blockCount: 5n + kept, at: 10_000 + KEPT_TXS_MS_MAX })).toEqual(["b"]);
  expect(departing.due({ blockCount: 99n, at: 1e9 })).toEqual([]);
});
