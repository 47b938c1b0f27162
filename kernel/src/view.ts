// The face of `assembly/view-answer.ts`: what Fog View answers, from search keys to encoded results.
import { KernelError } from "./error.ts";
import { type Export, expectBytes, expectLength, type Instance } from "./instance.ts";
import type { View, ViewRecords, ViewRecordsOptions } from "./kernel.ts";

const KEY_BYTES = 16;
const VALUE_BYTES = 240;
const PAYLOAD_BYTES_MAX = 239;
const SEED_BYTES = 32;
/** What an empty store says records are long: as long as those of outputs are now. */
const USUAL_PAYLOAD_BYTES = 237;

/** Bytes of a key that its result repeats: their number takes one byte. */
const KEY_ECHO_BYTES_MAX = 127;
/** Records of a store: more do not fit in 4 GiB. */
const CAPACITY_MAX = 2 ** 26;
/** Records in one call of the module, a bound on the memory for arguments. */
const RECORDS_MAX = 256;

type ExportName = "mapBytes" | "mapInit" | "mapUpsertAll" | `view${"Answer" | "BothBytes" | "Collate" | "FixedBytes"}`;
type Exports = Readonly<Record<ExportName, Export>>;

/** View on one kernel instance. */
export function createView(instance: Instance): View {
  // The record is open-ended by type; these are the names of `assembly/index.ts`.
  const exports = instance.exports as Exports;
  return {
    createRecords: (options) => createRecords(instance, exports, options),

    collate(keys, shards, payloadLength) {
      const echoed = keys.map(echo);
      const shardBytes = fixedBytes(exports, echoed);
      for (const results of shards) expectLength(results, shardBytes, "The results of a shard");
      if (!Number.isInteger(payloadLength) || payloadLength < 0 || payloadLength > PAYLOAD_BYTES_MAX) {
        throw new KernelError("invalid-length", `A payload has at most ${PAYLOAD_BYTES_MAX} bytes.`);
      }
      const bytes = echoed.reduce((sum, key) => sum + exports.viewBothBytes(key.length), 0);
      return instance.exchange((io) => {
        const out = io.reserve(bytes);
        const inputs = [...putKeys(io, echoed), keys.length];
        const all = io.reserve(shardBytes * shards.length);
        for (const [i, results] of shards.entries()) io.memory.set(results, all + i * shardBytes);
        exports.viewCollate(out, ...inputs, all, shardBytes, shards.length, payloadLength);
        return io.take(out, bytes);
      });
    },

    resultBytes: (keys) => fixedBytes(exports, keys.map(echo)),
  };
}

/** Claims the memory of a map and makes it there. */
function createRecords(instance: Instance, exports: Exports, { capacity, seed }: ViewRecordsOptions): ViewRecords {
  if (!Number.isInteger(capacity) || capacity < 1 || capacity > CAPACITY_MAX) {
    throw new KernelError("invalid-length", `A store is made for 1 to ${CAPACITY_MAX} records.`);
  }
  expectLength(seed, SEED_BYTES, "The seed");
  const bytes = exports.mapBytes(KEY_BYTES, VALUE_BYTES, capacity) >>> 0;
  const map = instance.claim(bytes);
  instance.exchange((io) => exports.mapInit(map, KEY_BYTES, VALUE_BYTES, capacity, io.put(seed)));
  let size = 0;
  let prevailing = USUAL_PAYLOAD_BYTES;
  let isBroken = false;

  /** A trap leaves the map half changed. */
  const run = <T>(work: (io: Instance) => T): T => {
    if (isBroken) throw new KernelError("map-broken", "These records have overflowed and must be loaded anew.");
    isBroken = true;
    try {
      const result = instance.exchange(work);
      isBroken = false;
      return result;
    } catch (cause) {
      if (cause instanceof KernelError) {
        isBroken = false; // The arguments did not fit, and nothing has run.
        throw cause;
      }
      throw new KernelError("map-broken", "These records have overflowed and must be loaded anew.", { cause });
    }
  };

  return {
    capacity,
    bytes,
    get size() {
      return size;
    },

    add(records) {
      for (const { searchKey, payload } of records) {
        expectLength(searchKey, KEY_BYTES, "A search key");
        expectBytes(payload, "A payload");
        if (payload.length > PAYLOAD_BYTES_MAX || searchKey.every((byte) => byte === 0)) {
          throw new KernelError(
            "invalid-length",
            `A payload has at most ${PAYLOAD_BYTES_MAX} bytes, and a key is not zero.`,
          );
        }
      }
      if (size + records.length > capacity) {
        throw new KernelError("map-full", `This store is for ${capacity} records.`);
      }
      for (let first = 0; first < records.length; first += RECORDS_MAX) {
        const some = records.slice(first, first + RECORDS_MAX);
        run((io) => {
          const keys = io.reserve(some.length * KEY_BYTES);
          const values = io.reserve(some.length * VALUE_BYTES);
          for (const [i, { searchKey, payload }] of some.entries()) {
            io.memory.set(searchKey, keys + i * KEY_BYTES);
            io.memory[values + i * VALUE_BYTES] = PAYLOAD_BYTES_MAX - payload.length;
            io.memory.set(payload, values + i * VALUE_BYTES + 1);
          }
          exports.mapUpsertAll(map, keys, values, some.length);
        });
        size += some.length;
      }
      prevailing = records.at(-1)?.payload.length ?? prevailing;
    },

    results(keys) {
      const echoed = keys.map(echo);
      return run((io) => {
        const length = fixedBytes(exports, echoed);
        const out = io.reserve(length);
        exports.viewAnswer(out, map, ...putKeys(io, echoed), keys.length, prevailing);
        return io.take(out, length);
      });
    },
  };
}

function echo(key: Uint8Array): Uint8Array {
  expectBytes(key, "A search key");
  return key.subarray(0, KEY_ECHO_BYTES_MAX);
}

function fixedBytes(exports: Exports, keys: readonly Uint8Array[]): number {
  return keys.reduce((sum, key) => sum + exports.viewFixedBytes(key.length), 0);
}

/** Lays keys out one after another, and their lengths, four bytes each. */
function putKeys(io: Instance, keys: readonly Uint8Array[]): [keys: number, lengths: number] {
  const at = io.reserve(keys.reduce((sum, key) => sum + key.length, 0));
  const lengths = io.reserve(4 * keys.length);
  let offset = at;
  for (const [i, key] of keys.entries()) {
    io.memory.set(key, offset);
    io.memory[lengths + 4 * i] = key.length; // At most 127, and the rest is zero.
    offset += key.length;
  }
  return [at, lengths];
}
