// What an observer of the kernel sees while ingest takes outputs in, and while Fog View and Fog Ledger answer: the same, whoever
// was paid and whatever was found. Not the map alone but the whole way from the keys to the finished reply.
import { createKernel, kernel, kernelWasm } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { cases } from "./cases.ts";
import { compareTraces } from "./compare.ts";
import { disassemble, instrument } from "./instrument.ts";
import { Recorder } from "./recorder.ts";
import { randomBytes } from "./secrets.ts";

const instrumented = instrument(disassemble(kernelWasm()));
/** Enough to go through every kind of secret; `npm run traces` has them all. */
const RUNS = 36;

test.each([
  ["viewAnswer", "which search keys a store knows, and how long their records are"],
  ["viewCollate", "which shard has found which search key"],
  ["keyImageRecords", "which key images are spent"],
  ["keyImageResults", "which store has said of which key image that it is spent"],
  ["outputLookupResults", "which public keys there are outputs of"],
  ["ingestOutputs", "which outputs are for users of Fog, for whom, and whom there were outputs for before"],
])(
  "the trace of %s does not tell %s",
  (name) => {
    const { leak, runs, entered } = compareTraces(instrumented, (cases[name]?.() ?? []).slice(0, RUNS));
    expect(leak).toBeUndefined();
    expect(entered).toContain(name);
    expect(runs).toBeGreaterThanOrEqual(32);
  },
  300_000,
);

describe("the work of collating results", () => {
  const KEY_BYTES = 16;
  const keysOf = (count: number, name: string): Uint8Array[] =>
    Array.from({ length: count }, (_, i) => randomBytes(`${name} ${i}`, KEY_BYTES));

  /** Events of collating: `shards` answers to `count` keys, of which some shard has found those of `found`. */
  function events(shards: number, count: number, found: (shard: number, i: number) => boolean): number {
    const keys = keysOf(count, "a key that is collated");
    const { view } = kernel();
    const answers = Array.from({ length: shards }, (_, shard) => {
      const held = view.createRecords({ capacity: 64, seed: randomBytes(`shard ${shard}`, 32) });
      const records = keys.filter((_, i) => found(shard, i));
      held.add(records.map((searchKey, i) => ({ searchKey, payload: randomBytes(`payload ${i}`, 237) })));
      return held.results(keys);
    });
    const recorder = new Recorder();
    const watched = createKernel({ wasm: instrumented.wasm, imports: recorder.imports });
    recorder.begin();
    watched.view.collate(keys, answers, 237);
    recorder.end();
    return recorder.events;
  }

  const SIZES = [
    [1, 1],
    [1, 4],
    [2, 1],
    [2, 4],
    [3, 7],
    [5, 2],
  ] as const;

  test.each(SIZES)("with %i shards and %i keys is the same whichever shard matches, all or none", (shards, count) => {
    const none = events(shards, count, () => false);
    expect(events(shards, count, () => true)).toBe(none);
    expect(events(shards, count, (shard) => shard === 0)).toBe(none);
    expect(events(shards, count, (shard) => shard === shards - 1)).toBe(none);
    expect(events(shards, count, (_, i) => i === 0)).toBe(none);
  });

  test("is a sum of a part for each key and one for each key and shard", () => {
    const at = (shards: number, count: number): number => events(shards, count, (shard, i) => shard === i);
    const [base, perKey, perShard] = [at(1, 1), at(1, 2) - at(1, 1), at(2, 1) - at(1, 1)];
    expect(perKey).toBeGreaterThan(0);
    expect(perShard).toBeGreaterThan(0);
    // Whatever is there once a shard, once a key, and once for each of both.
    const perBoth = at(2, 2) - at(2, 1) - perKey;
    for (const [shards, count] of SIZES) {
      const expected = base + (count - 1) * perKey + (shards - 1) * (perShard + (count - 1) * perBoth);
      expect(at(shards, count), `${shards} shards, ${count} keys`).toBe(expected);
    }
  });
});
