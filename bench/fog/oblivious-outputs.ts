// Figures of the oblivious ledger (spec 03 §5.7): a ring's outputs with their proofs by index, and how long loading takes.
import { randomBytes } from "node:crypto";
import { createKernel, createShardedLedger, type ObliviousLedger } from "@fogbow/kernel";
import { count, type Figure, measure, rounded } from "../measure.ts";

const OUTPUTS = 2 ** 20;
const FEW_OUTPUTS = 2 ** 14;
const SHARDS = 4;
const SHARD_OUTPUTS = 2 ** 16;
/** What one ring asks for. */
const RING = 11;
const BLOCK = 1024;
const LIMIT_MS = 1;

/** Measures the kernel's part of `GetOutputs`; about a minute, and 0.9 GiB. */
export function obliviousOutputs(report: (figure: Figure) => void): void {
  const few = filled(FEW_OUTPUTS);
  const many = filled(OUTPUTS);
  const figure = measure({
    name: "oblivious-outputs-11",
    unit: "ms",
    ours: { run: () => many.ledger.results(ring(OUTPUTS)) },
    peer: { name: `the same of ${FEW_OUTPUTS} outputs`, run: () => few.ledger.results(ring(FEW_OUTPUTS)) },
  });
  const growth = rounded(figure.p50 / (figure.peerP50 ?? Number.NaN));
  report({ ...figure, limit: LIMIT_MS, details: { growth, resultBytes: many.ledger.resultBytes() } });
  report(sharded());
  report(count("oblivious-outputs-load", "µs/output", rounded(many.load)));
  report(count("oblivious-outputs-load-16384", "µs/output", rounded(few.load)));
}

/** The same of fewer outputs in four memories, beside one: every shard is asked for everything. */
function sharded(): Figure {
  const capacity = SHARDS * SHARD_OUTPUTS;
  const parts = {
    createKernel: () => createKernel({ memoryBytesMax: 2 ** 32 }),
    random: (bytes: number) => randomBytes(bytes),
  };
  const inShards = createShardedLedger({ capacity, shardCapacity: SHARD_OUTPUTS }, parts);
  fill(inShards);
  const whole = filled(capacity).ledger;
  return measure({
    name: "sharded-outputs-11",
    unit: "ms",
    ours: { run: () => inShards.results(ring(capacity)) },
    peer: { name: "the same in one memory", run: () => whole.results(ring(capacity)) },
  });
}

/** A full ledger, and how many microseconds each output took without the hashing of TxOuts. */
function filled(capacity: number): { readonly ledger: ObliviousLedger; readonly load: number } {
  const ledger = createKernel({ memoryBytesMax: 2 ** 32 }).ledgers.create({ capacity, seed: randomBytes(32) });
  const start = performance.now();
  fill(ledger);
  return { ledger, load: ((performance.now() - start) * 1000) / capacity };
}

function fill(ledger: ObliviousLedger): void {
  const block = Array.from({ length: BLOCK }, () => ({ txOut: randomBytes(287), hash: randomBytes(32) }));
  for (let size = 0; size < ledger.capacity; size += BLOCK) ledger.append(block);
}

function ring(size: number): Uint8Array {
  const random = new BigUint64Array(RING);
  for (let i = 0; i < RING; i++) random[i] = BigInt(randomBytes(4).readUInt32LE() % size);
  return new Uint8Array(random.buffer);
}
