import type { IngressKeyRecord } from "@fogbow/recovery-db";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Blocks, BlockTracker, NO_END, responsibilityOf } from "../src/block-tracker.ts";

const ALL: Blocks = { start: 0n, end: NO_END };

interface KeyFacts {
  readonly start: bigint;
  readonly expiry?: bigint;
  readonly retired?: boolean;
  readonly lost?: boolean;
  readonly lastScanned?: bigint;
}

const record = ({ start, expiry = 0n, retired = false, lost = false, lastScanned }: KeyFacts): IngressKeyRecord => ({
  key: new Uint8Array(32),
  status: { startBlock: start, pubkeyExpiry: expiry, retired, lost },
  ...(lastScanned !== undefined && { lastScannedBlock: lastScanned }),
});

const recordsOf = (keys: Readonly<Record<string, KeyFacts>>): Map<string, IngressKeyRecord> =>
  new Map(Object.entries(keys).map(([key, facts]) => [key, record(facts)]));

/** Processes the blocks of a key that the tracker asks for, from `first` to `last`. */
function scan(tracker: BlockTracker, keys: ReadonlyMap<string, IngressKeyRecord>, key: string, last: bigint): void {
  for (;;) {
    const next = tracker.nextBlock(key, keys.get(key) as IngressKeyRecord);
    if (next === undefined || next > last) return;
    tracker.processed(key, next);
  }
}

const counts = (tracker: BlockTracker, keys: ReadonlyMap<string, IngressKeyRecord>, shard = ALL): [bigint, bigint] => {
  const { processedCount, knownCount } = tracker.progress(keys, shard);
  return [processedCount, knownCount];
};

describe("the scenarios of spec 03 §4.6", () => {
  test("two keys, of which the first is late", () => {
    const tracker = new BlockTracker();
    const keys = recordsOf({ key1: { start: 0n }, key2: { start: 10n } });
    scan(tracker, keys, "key1", 4n);
    scan(tracker, keys, "key2", 14n);
    expect(counts(tracker, keys)).toEqual([5n, 15n]);
    expect(tracker.progress(keys, ALL).waitsFor).toBe("key1");
    scan(tracker, keys, "key1", 19n);
    expect(counts(tracker, keys)).toEqual([15n, 20n]);
    expect(tracker.progress(keys, ALL).waitsFor).toBe("key2");
    scan(tracker, keys, "key2", 29n);
    expect(counts(tracker, keys)).toEqual([20n, 30n]);
  });

  test("a key whose first blocks are missing in the database", () => {
    const tracker = new BlockTracker();
    const keys = recordsOf({ key1: { start: 5n } });
    // The database has 10 to 14 only, so that nothing can be fetched for block 5.
    expect(tracker.nextBlock("key1", keys.get("key1") as IngressKeyRecord)).toBe(5n);
    expect(counts(tracker, keys)).toEqual([0n, 0n]);
    scan(tracker, keys, "key1", 14n);
    expect(counts(tracker, keys)).toEqual([15n, 15n]);
  });

  test("a lost key holds nothing back that was not scanned", () => {
    const tracker = new BlockTracker();
    const keys = recordsOf({
      key1: { start: 0n, expiry: 10n, lost: true, lastScanned: 4n },
      key2: { start: 10n },
    });
    scan(tracker, keys, "key1", 99n);
    scan(tracker, keys, "key2", 14n);
    expect(counts(tracker, keys)).toEqual([15n, 15n]);
  });

  test("a key that was lost before it scanned anything is ignored", () => {
    const tracker = new BlockTracker();
    const keys = recordsOf({ key1: { start: 0n, expiry: 10n, lost: true }, key2: { start: 3n } });
    expect(tracker.nextBlock("key1", keys.get("key1") as IngressKeyRecord)).toBeUndefined();
    scan(tracker, keys, "key2", 7n);
    expect(counts(tracker, keys)).toEqual([8n, 8n]);
  });

  test("a retired key is waited for up to its expiry, and a future one does not hold back", () => {
    const tracker = new BlockTracker();
    const keys = recordsOf({ old: { start: 0n, expiry: 3n, retired: true }, next: { start: 5n } });
    scan(tracker, keys, "old", 99n);
    expect(counts(tracker, keys)).toEqual([3n, 3n]);
    expect(tracker.nextBlock("old", keys.get("old") as IngressKeyRecord)).toBeUndefined();
    scan(tracker, keys, "next", 6n);
    expect(counts(tracker, keys)).toEqual([7n, 7n]);
  });

  test("a store without keys stays at 0, and a gap is a mistake", () => {
    const tracker = new BlockTracker();
    expect(counts(tracker, new Map())).toEqual([0n, 0n]);
    tracker.processed("key", 3n);
    expect(() => tracker.processed("key", 5n)).toThrow("after block 3");
  });

  test("keys that do not overlap the shard do not hold it back", () => {
    const tracker = new BlockTracker();
    const keys = recordsOf({ early: { start: 0n, expiry: 5n, retired: true }, late: { start: 5n } });
    scan(tracker, keys, "late", 9n);
    expect(counts(tracker, keys, { start: 5n, end: 20n })).toEqual([10n, 10n]);
    const other = new BlockTracker();
    scan(other, keys, "late", 9n);
    expect(counts(other, keys)).toEqual([0n, 10n]);
  });
});

/** The rule of §4.6 in its own words, a block at a time. */
class Model {
  readonly last = new Map<string, bigint>();
  count = 0n;

  progress(keys: ReadonlyMap<string, IngressKeyRecord>, shard: Blocks): [bigint, bigint] {
    const known = [...this.last.values()].reduce((most, last) => (last + 1n > most ? last + 1n : most), 0n);
    while (this.count + 1n <= known) {
      const block = this.count;
      const isMissing = [...keys].some(([key, each]) => {
        const range = responsibilityOf(each);
        const meets = range.start < range.end && range.start < shard.end && shard.start < range.end;
        if (!meets || block < range.start || block >= range.end) return false;
        const last = this.last.get(key);
        return last === undefined || last < block;
      });
      if (isMissing) break;
      this.count += 1n;
    }
    return [this.count, known];
  }
}

test("counts what the model counts, whatever happens to keys", () => {
  const small = fc.bigInt({ min: 0n, max: 12n });
  const step = fc.oneof(
    fc.record({ kind: fc.constant("add" as const), key: fc.nat(4), start: small }),
    fc.record({ kind: fc.constant("scan" as const), key: fc.nat(4), blocks: fc.nat(6) }),
    fc.record({ kind: fc.constant("retire" as const), key: fc.nat(4), expiry: small }),
    fc.record({ kind: fc.constant("lose" as const), key: fc.nat(4) }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), small, small, (steps, from, length) => {
      const shard = { start: from, end: from + length + 1n };
      const [tracker, model] = [new BlockTracker(), new Model()];
      const facts = new Map<string, KeyFacts>();
      const records = (): Map<string, IngressKeyRecord> => recordsOf(Object.fromEntries(facts));
      let before = 0n;
      for (const each of steps) {
        const key = `key${each.key}`;
        const known = facts.get(key);
        if (each.kind === "add" && known === undefined) facts.set(key, { start: each.start });
        if (known !== undefined && each.kind === "retire")
          facts.set(key, { ...known, retired: true, expiry: each.expiry });
        if (known !== undefined && each.kind === "lose") {
          const last = model.last.get(key);
          facts.set(key, { ...known, lost: true, ...(last !== undefined && { lastScanned: last }) });
        }
        for (let i = 0; each.kind === "scan" && known !== undefined && i < each.blocks; i++) {
          const next = tracker.nextBlock(key, record(known));
          if (next === undefined) break;
          expect(next).toBe((model.last.get(key) ?? known.start - 1n) + 1n);
          tracker.processed(key, next);
          model.last.set(key, next);
        }
        const now = counts(tracker, records(), shard);
        expect(now).toEqual(model.progress(records(), shard));
        expect(now[0]).toBeGreaterThanOrEqual(before);
        before = now[0];
      }
    }),
  );
});
