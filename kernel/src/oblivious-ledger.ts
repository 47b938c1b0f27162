// The face of the oblivious ledger in `assembly/oblivious-ledger-*.ts`: outputs and membership proofs by index out of
// memory whose accesses do not tell the index (spec 03 §5.7).
import { KernelError } from "./error.ts";
import { type Export, expectBytes, expectLength, expectWhole, type Instance } from "./instance.ts";
import type {
  LedgerParts,
  LedgerShard,
  LedgerShardOptions,
  NewOutput,
  ObliviousLedger,
  ObliviousLedgerOptions,
  ObliviousLedgers,
} from "./kernel.ts";

const HASH_BYTES = 32;
const SEED_BYTES = 32;
const INDEX_BYTES = 8;
/** A block of the outputs: 1 byte 287 − length, the TxOut, zeros. */
const RECORD_BYTES = 320;

/** Bytes of a TxOut: the longest of any era, and no fewer than the byte of its record can say. */
const TX_OUT_BYTES_MAX = 287;
const TX_OUT_BYTES_MIN = 32;

/** log2 of the capacity: at least a tree block with eight children twice, at most what one WebAssembly memory holds. */
const CAPACITY_LOG_MIN = 4;
const CAPACITY_LOG_MAX = 22;
/** log2 of the most blocks of a layer whose positions are scanned, not looked up. */
const TOP_LOG_MAX = 11;

/** Outputs in one call of the module, and indices: a bound on its memory. */
const OUTPUTS_MAX = 256;
const INDICES_MAX = 64;

/** How full a ledger is when its alarm goes off. */
const ALARM_PERCENT = 90;

type LedgerExport =
  | "ledgerBytes"
  | "ledgerCombine"
  | "ledgerInit"
  | "ledgerPartBytes"
  | "ledgerParts"
  | "ledgerAppend"
  | "ledgerRoot"
  | "ledgerResultBytes"
  | "ledgerResults";

/** Indices of whole ledgers and of shards are below it. */
const INDICES_END = 2 ** 31;

/** The ledgers of one running module. */
export function createObliviousLedgers(instance: Instance): ObliviousLedgers {
  return {
    create: (options) => createLedger(instance, options),
    createShard: (options) => createShard(instance, options),
    combine: (parts) => combine(instance, parts),
  };
}

/** The names of `assembly/index.ts`. */
const exportsOf = ({ exports }: Instance): Readonly<Record<LedgerExport, Export>> => exports as never;

function createShard(instance: Instance, { first, ...options }: LedgerShardOptions): LedgerShard {
  if (!Number.isInteger(first) || first < 0 || first % options.capacity !== 0) {
    throw new KernelError("invalid-length", "A shard begins at a multiple of its capacity.");
  }
  if (first + options.capacity > INDICES_END) throw new KernelError("invalid-length", "A shard ends below 2^31.");
  const ledger = createLedger(instance, options);
  return {
    capacity: ledger.capacity,
    get numTxOuts() {
      return ledger.numTxOuts;
    },
    get isNearlyFull() {
      return ledger.isNearlyFull;
    },
    root: () => ledger.root(),
    append: (outputs) => ledger.append(outputs),
    parts: (indices) => ledger.partsFrom(first, indices),
  };
}

/** See {@link ObliviousLedgers.combine}. */
function combine(instance: Instance, { indices, parts, shardCapacity, numTxOuts, nodes }: LedgerParts): Uint8Array {
  const exports = exportsOf(instance);
  const shardLog = capacityLogOf(shardCapacity);
  const count = expectWhole(indices, INDEX_BYTES, "The indices");
  const partBytes = exports.ledgerPartBytes(shardLog);
  for (const ofShard of parts) expectLength(ofShard, count * partBytes, "The parts of a shard");
  const roots = expectWhole(nodes, HASH_BYTES, "The nodes") / 2;
  const isTree = Number.isInteger(Math.log2(roots)) && parts.length <= roots && numTxOuts <= roots * shardCapacity;
  if (!isTree) throw new KernelError("invalid-length", "The nodes are not those above these shards.");
  const bytes = exports.ledgerResultBytes(numTxOuts);
  const results = new Uint8Array(count * bytes);
  for (let first = 0; first < count; first += INDICES_MAX) {
    const some = Math.min(INDICES_MAX, count - first);
    const cut = (from: Uint8Array, size: number): Uint8Array => from.subarray(first * size, (first + some) * size);
    instance.exchange((io) => {
      const out = io.reserve(some * bytes);
      const asked = io.put(cut(indices, INDEX_BYTES));
      const given = io.reserve(0);
      for (const ofShard of parts) io.put(cut(ofShard, partBytes)); // Of whole vectors, so one lies behind the other.
      const above = io.put(nodes);
      exports.ledgerCombine(out, asked, some, given, parts.length, shardLog, above, roots, numTxOuts);
      results.set(io.take(out, some * bytes), first * bytes);
    });
  }
  return results;
}

/** A ledger, which also answers in parts as the shard that begins at `first`. */
interface Ledger extends ObliviousLedger {
  partsFrom(first: number, indices: Uint8Array): Uint8Array;
}

/** Makes an empty ledger in memory that the instance gives away for good. See {@link ObliviousLedger}. */
function createLedger(instance: Instance, { capacity, seed, layers }: ObliviousLedgerOptions): Ledger {
  const exports = exportsOf(instance);
  const capacityLog = capacityLogOf(capacity);
  const layerCount = layersOf(capacityLog, layers);
  expectLength(seed, SEED_BYTES, "The seed");
  const ledger = instance.claim(exports.ledgerBytes(capacityLog, layerCount) >>> 0);
  instance.exchange((io) => exports.ledgerInit(ledger, capacityLog, layerCount, io.put(seed)));
  let numTxOuts = 0;
  let isBroken = false;

  const expectIntact = (): void => {
    if (isBroken) throw new KernelError("ledger-broken", "This ledger has overflowed and must be made anew.");
  };

  /** The module stops where a stash is full, and leaves the ledger half changed. */
  const run = (work: (io: Instance) => void): void => {
    isBroken = true;
    try {
      instance.exchange(work);
      isBroken = false;
    } catch (cause) {
      if (cause instanceof KernelError) {
        isBroken = false; // The arguments did not fit, and nothing has run.
        throw cause;
      }
      throw new KernelError("ledger-broken", "This ledger has overflowed and must be made anew.", { cause });
    }
  };

  const appendSome = (outputs: readonly NewOutput[]): void =>
    run((io) => {
      const records = new Uint8Array(outputs.length * RECORD_BYTES);
      const hashes = new Uint8Array(outputs.length * HASH_BYTES);
      for (const [i, { txOut, hash }] of outputs.entries()) {
        records[i * RECORD_BYTES] = TX_OUT_BYTES_MAX - txOut.length;
        records.set(txOut, i * RECORD_BYTES + 1);
        hashes.set(hash, i * HASH_BYTES);
      }
      exports.ledgerAppend(ledger, io.put(records), io.put(hashes), outputs.length);
    });

  /** What an export writes for each index: some at a time, each of so many bytes. */
  const answers = (
    indices: Uint8Array,
    bytes: number,
    answer: (out: number, indices: number, count: number) => unknown,
  ): Uint8Array => {
    expectIntact();
    const count = expectWhole(indices, INDEX_BYTES, "The indices");
    const all = new Uint8Array(count * bytes);
    for (let first = 0; first < count; first += INDICES_MAX) {
      const some = indices.subarray(first * INDEX_BYTES, (first + INDICES_MAX) * INDEX_BYTES);
      const wanted = (some.length / INDEX_BYTES) * bytes;
      run((io) => {
        const out = io.reserve(wanted);
        answer(out, io.put(some), some.length / INDEX_BYTES);
        all.set(io.take(out, wanted), first * bytes);
      });
    }
    return all;
  };

  return {
    capacity,
    get numTxOuts() {
      return numTxOuts;
    },
    get isNearlyFull() {
      return numTxOuts * 100 >= capacity * ALARM_PERCENT;
    },
    root() {
      return instance.exchange((io) => {
        const out = io.reserve(HASH_BYTES);
        exports.ledgerRoot(ledger, out);
        return io.take(out, HASH_BYTES);
      });
    },
    append(outputs) {
      expectIntact();
      for (const output of outputs) expectOutput(output);
      if (numTxOuts + outputs.length > capacity) {
        throw new KernelError("ledger-full", `The ledger has room for ${capacity - numTxOuts} more outputs.`);
      }
      for (let first = 0; first < outputs.length; first += OUTPUTS_MAX) {
        const some = outputs.slice(first, first + OUTPUTS_MAX);
        appendSome(some);
        numTxOuts += some.length;
      }
    },
    resultBytes: () => exports.ledgerResultBytes(numTxOuts),
    results: (indices) =>
      answers(indices, exports.ledgerResultBytes(numTxOuts), (out, asked, count) =>
        exports.ledgerResults(ledger, out, asked, count),
      ),
    partsFrom: (first, indices) =>
      answers(indices, exports.ledgerPartBytes(capacityLog), (out, asked, count) =>
        exports.ledgerParts(ledger, out, asked, count, first),
      ),
  };
}

function capacityLogOf(capacity: number): number {
  const log = Math.log2(capacity);
  if (!Number.isInteger(log) || log < CAPACITY_LOG_MIN || log > CAPACITY_LOG_MAX) {
    throw new KernelError(
      "invalid-length",
      `The capacity must be a power of two from 2^${CAPACITY_LOG_MIN} to 2^${CAPACITY_LOG_MAX}.`,
    );
  }
  return log;
}

/** The fewest layers that leave no more blocks than are scanned, at least one, unless the caller wants another number. */
function layersOf(capacityLog: number, wanted: number | undefined): number {
  const layers = wanted ?? Math.max(1, Math.ceil((capacityLog - TOP_LOG_MAX) / 3));
  // The highest layer has at least two blocks.
  if (!Number.isInteger(layers) || layers < 1 || 3 * layers >= capacityLog) {
    throw new KernelError("invalid-length", `A ledger for 2^${capacityLog} outputs cannot have ${layers} layers.`);
  }
  return layers;
}

/** Throws KernelError `invalid-length` unless an output has the lengths of one. */
export function expectOutput({ txOut, hash }: NewOutput): void {
  expectBytes(txOut, "A TxOut");
  if (txOut.length < TX_OUT_BYTES_MIN || txOut.length > TX_OUT_BYTES_MAX) {
    throw new KernelError("invalid-length", `A TxOut has from ${TX_OUT_BYTES_MIN} to ${TX_OUT_BYTES_MAX} bytes.`);
  }
  expectLength(hash, HASH_BYTES, "The hash of a TxOut");
}
