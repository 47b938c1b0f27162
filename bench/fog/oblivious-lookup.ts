// What a lookup in the oblivious map costs, complete: PRF, randomness, list, stashes of 64, batches of 16 keys through the
// face. At 2^20 records beside a linear scan of the same records; then how it grows from 2^14 on; then the tails of the
// stashes at 2^10.
import { randomBytes } from "node:crypto";
import { createKernel, type Instance, type ObliviousMap } from "@fogbow/kernel";
import { count, type Figure, measure, rounded, summary } from "../measure.ts";
import { agree } from "../operands.ts";
import { LinearScan } from "./linear-scan.ts";

const KEY_BYTES = 16;
const VALUE_BYTES = 240;
const LOG_SIZES: readonly number[] = [14, 17, 20];
const FULL = 0.9;
const BATCH = 16;
const BATCHES = 256;
const ROUNDS = { warmUp: 200, counted: 1_000 };
/** The tails: accesses of a small map that is full to the brim. */
const TAIL = { capacity: 1_024, accesses: 1_000_000 };

/** A filled map of 2^log records, and batches of keys: nine of ten are there. */
interface Stage {
  readonly log: number;
  readonly map: ObliviousMap;
  readonly batches: readonly Uint8Array[];
}

/** Reports `oblivious-lookup-2^20`, its memory, its growth and the tail of the stash. About two minutes. */
export async function obliviousLookup(report: (figure: Figure) => void): Promise<void> {
  const stages = LOG_SIZES.map(fill);
  const largest = stages.at(-1) as Stage; // There are as many as sizes.
  const scan = await LinearScan.of(recordsOf(largest.log));
  for (let i = 0; i < recordsOf(largest.log); i++) scan.set(i, keyOf(i), recordOf(i));
  report(beside(largest, scan));
  report(count("oblivious-lookup-bytes", "bytes/record", rounded(largest.map.bytes / 2 ** largest.log)));
  for (const figure of growth(stages)) report(figure);
  report(tail());
}

const recordsOf = (log: number): number => Math.floor(FULL * 2 ** log);

/** Unlike keys for unlike numbers, spread over all 16 bytes. */
function keyOf(i: number): Uint8Array {
  const key = new Uint8Array(KEY_BYTES);
  const words = new DataView(key.buffer);
  for (let at = 0; at < KEY_BYTES; at += 4) words.setUint32(at, Math.imul(i ^ (at * 0x9e3779b9), 0x85ebca6b) ^ i);
  words.setUint32(12, i);
  return key;
}

function recordOf(i: number): Uint8Array {
  const value = new Uint8Array(VALUE_BYTES).fill(i);
  new DataView(value.buffer).setUint32(0, i);
  return value;
}

function fill(log: number): Stage {
  console.error(`setting up: an oblivious map of 2^${log} records`);
  const { oblivious } = createKernel({ memoryBytesMax: 2 ** 32 });
  const seed = randomBytes(32);
  const map = oblivious.createMap({ keyBytes: KEY_BYTES, valueBytes: VALUE_BYTES, capacity: 2 ** log, seed });
  const records = recordsOf(log);
  for (let first = 0; first < records; first += BATCHES) {
    const numbers = Array.from({ length: Math.min(BATCHES, records - first) }, (_, i) => first + i);
    map.upsert(Buffer.concat(numbers.map(keyOf)), Buffer.concat(numbers.map(recordOf)));
  }
  // Nine of ten numbers below records / 0.9 are there.
  const random = (): number => Math.floor((randomBytes(4).readUInt32LE() / 2 ** 32) * (records / FULL));
  const batches = Array.from({ length: BATCHES }, () =>
    Buffer.concat(Array.from({ length: BATCH }, () => keyOf(random()))),
  );
  return { log, map, batches };
}

/** One batch after another. */
function looker({ map, batches }: Stage): () => void {
  let next = 0;
  return () => {
    map.lookup(batches[next++ % batches.length] as Uint8Array); // The remainder is below the length.
  };
}

function beside(stage: Stage, scan: LinearScan): Figure {
  const [first = new Uint8Array(0)] = stage.batches;
  const key = (i: number): Uint8Array => first.subarray(i * KEY_BYTES, (i + 1) * KEY_BYTES);
  const theirs = Array.from({ length: BATCH }, (_, i) => scan.lookup(key(i)));
  agree([[stage.map.lookup(first).values, Buffer.concat(theirs)]]);
  let next = 0;
  const figure = measure({
    name: `oblivious-lookup-2^${stage.log}`,
    unit: "µs",
    ours: { run: looker(stage), units: BATCH },
    peer: { name: "linear scan, one key, as WebAssembly", run: () => scan.lookup(key(next++ % BATCH)) },
    bursts: 300,
    warmUpMs: 2_000,
  });
  return { ...figure, limit: 30 };
}

/** What a lookup costs at each size, all sizes in turns, and how many times as much at the largest as at the smallest. */
function growth(stages: readonly Stage[]): Figure[] {
  const sides = stages.map((stage) => ({ log: stage.log, look: looker(stage), times: [] as number[] }));
  for (let round = 0; round < ROUNDS.warmUp + ROUNDS.counted; round++) {
    for (const { look, times } of sides) {
      const start = performance.now();
      look();
      if (round >= ROUNDS.warmUp) times.push(((performance.now() - start) * 1_000) / BATCH);
    }
  }
  const figures = sides.map(({ log, times }) => summary(`oblivious-lookup-growth-2^${log}`, "µs", times));
  const [smallest, largest] = [figures[0] as Figure, figures.at(-1) as Figure]; // As many as sizes.
  const [lowest = 1, highest = 1] = [LOG_SIZES[0], LOG_SIZES.at(-1)];
  const times = count("oblivious-lookup-growth", "×", round(largest.p50 / smallest.p50));
  return [...figures, { ...times, p99: round(largest.p99 / smallest.p99), limit: round((highest / lowest) ** 2) }];
}

/**
 * How many slots of the records' stash are in use after accesses of a map that is full: the most, and for each number of slots
 * the binary logarithm of how often that many or more are. It falls by more than one bit a slot.
 */
function tail(): Figure {
  let begin = 0;
  let memory = (): Uint8Array => new Uint8Array(0);
  const inspect = (instance: Instance): void => {
    begin = instance.claim(0);
    memory = () => instance.memory;
  };
  const { oblivious } = createKernel({ inspect });
  const { capacity, accesses } = TAIL;
  const map = oblivious.createMap({ keyBytes: KEY_BYTES, valueBytes: 8, capacity, seed: randomBytes(32) });
  for (let i = 0; i < capacity; i++) map.upsert(keyOf(i), new Uint8Array(8));
  const word = (at: number): number => new DataView(memory().buffer).getUint32(at, true);
  // Words of the map's and the ORAM's headers (`kernel/assembly/oblivious-map.ts`, `circuit-oram.ts`).
  const records = word(begin + 20);
  const [slots, metadata] = [word(records + 8), word(records + 20)];
  const inUse: number[] = Array(slots + 1).fill(0);
  for (let i = 0; i < accesses; i++) {
    map.lookup(keyOf((i * 611) % capacity));
    const view = new DataView(memory().buffer, metadata, 4 * slots);
    let used = 0;
    for (let slot = 0; slot < slots; slot++) used += view.getUint8(4 * slot + 3) >> 7;
    inUse[used] = (inUse[used] as number) + 1; // At most all slots.
  }
  const most = inUse.findLastIndex((times) => times > 0);
  const details: Record<string, number> = { accesses };
  for (let used = most, sum = 0; used > 0; used--) {
    sum += inUse[used] as number;
    details[`log2 P(${used} or more)`] = round(Math.log2(sum / accesses));
  }
  return { ...count("oblivious-stash-most", "slots", most), limit: slots, details };
}

const round = (n: number): number => Math.round(n * 100) / 100;
