// The face of ingest's steps in `assembly/ingest-step.ts`. Egress key and counters lie below the input/output area for as long
// as their kernel does.
import { KernelError } from "./error.ts";
import { type Export, expectBytes, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { FogIngest, FogIngestOptions, SealedOutputs } from "./kernel.ts";

const KEY_BYTES = 32;
const HINT_BYTES = 84;
const SEED_BYTES = 32;
const SEARCH_KEY_BYTES = 16;
/** How much longer a sealed record is. */
const BOX_OVERHEAD_BYTES = 50;
const LENGTH_BYTES = 4;

/** Outputs in one call of the module: enough to share the batches' inversions, and a bound on its memory. */
const OUTPUTS_MAX = 256;
/** Bytes of a record, about five times those of the longest there are. */
const RECORD_BYTES_MAX = 1_024;
const CAPACITY_MIN = 16;
const CAPACITY_MAX = 2 ** 22;

/** The functions of the module. */
export type IngestExports = Readonly<Record<`ingest${"Begin" | "Bytes" | "Outputs" | "Scratch"}`, Export>>;

/** Claims the memory of ingest's secrets and makes the first of them. */
export function createIngest(
  instance: Instance,
  exports: IngestExports,
  { capacity, seed }: FogIngestOptions,
): FogIngest {
  if (!Number.isInteger(Math.log2(capacity)) || capacity < CAPACITY_MIN || capacity > CAPACITY_MAX) {
    throw new KernelError("invalid-length", `The capacity is a power of two from ${CAPACITY_MIN} to ${CAPACITY_MAX}.`);
  }
  expectLength(seed, SEED_BYTES, "The seed");
  const ingest = instance.claim(exports.ingestBytes(capacity) >>> 0);
  let size = 0;
  let isBroken = false;

  const begin = (seed: Uint8Array): Uint8Array =>
    instance.exchange((io) => {
      const publicKey = io.reserve(KEY_BYTES);
      exports.ingestBegin(ingest, capacity, io.put(seed), publicKey);
      return io.take(publicKey, KEY_BYTES);
    });
  let egressPublicKey = begin(seed);

  const seal = (ingressPrivateKey: Uint8Array, hints: Uint8Array, records: readonly Uint8Array[]): SealedOutputs =>
    instance.exchange((io) => {
      const lengths = new DataView(new ArrayBuffer(LENGTH_BYTES * records.length));
      for (const [i, { length }] of records.entries()) lengths.setInt32(LENGTH_BYTES * i, length, true);
      const searchKeys = io.reserve(SEARCH_KEY_BYTES * records.length);
      const payloads = records.map(({ length }) => length + BOX_OVERHEAD_BYTES);
      const payloadsAt = io.reserve(payloads.reduce((sum, length) => sum + length, 0));
      const [key, hintsAt, recordsAt] = [io.put(ingressPrivateKey), io.put(hints), io.put(joined(records))];
      const lengthsAt = io.put(new Uint8Array(lengths.buffer));
      const scratch = io.reserve(exports.ingestScratch(records.length));
      const inputs = [key, hintsAt, recordsAt, lengthsAt, records.length, scratch];
      isBroken = true; // Unless it comes back.
      const isCanonical = exports.ingestOutputs(ingest, searchKeys, payloadsAt, ...inputs) === 1;
      isBroken = false;
      if (!isCanonical) {
        throw new KernelError("invalid-scalar", "The ingress private key must be below the group order.");
      }
      let at = payloadsAt;
      return {
        searchKeys: io.take(searchKeys, SEARCH_KEY_BYTES * records.length),
        payloads: payloads.map((length) => {
          at += length;
          return io.take(at - length, length);
        }),
      };
    });

  return {
    capacity,
    get size() {
      return size;
    },
    get egressPublicKey() {
      return egressPublicKey.slice();
    },

    renew(seed) {
      expectLength(seed, SEED_BYTES, "The seed");
      if (isBroken) throw broken();
      egressPublicKey = begin(seed);
      size = 0;
    },

    process(ingressPrivateKey, hints, records) {
      expectLength(ingressPrivateKey, KEY_BYTES, "The ingress private key");
      const count = expectWhole(hints, HINT_BYTES, "The hints");
      if (records.length !== count) throw new KernelError("invalid-length", "There is one record for each hint.");
      for (const record of records) {
        expectBytes(record, "A record");
        if (record.length > RECORD_BYTES_MAX) {
          throw new KernelError("invalid-length", `A record has at most ${RECORD_BYTES_MAX} bytes.`);
        }
      }
      if (isBroken) throw broken();
      if (size + count > capacity) throw new KernelError("map-full", `An egress key serves ${capacity} outputs.`);
      size += count;
      const searchKeys = new Uint8Array(SEARCH_KEY_BYTES * count);
      const payloads: Uint8Array[] = [];
      try {
        for (let first = 0; first < count; first += OUTPUTS_MAX) {
          const last = Math.min(count, first + OUTPUTS_MAX);
          const some = hints.subarray(first * HINT_BYTES, last * HINT_BYTES);
          const sealed = seal(ingressPrivateKey, some, records.slice(first, last));
          searchKeys.set(sealed.searchKeys, first * SEARCH_KEY_BYTES);
          payloads.push(...sealed.payloads);
        }
      } catch (cause) {
        if (cause instanceof KernelError) throw cause;
        throw broken(cause);
      }
      return { searchKeys, payloads };
    },
  };
}

function broken(cause?: unknown): KernelError {
  return new KernelError("map-broken", "The map has overflowed: go on with another kernel.", { cause });
}

function joined(records: readonly Uint8Array[]): Uint8Array {
  const all = new Uint8Array(records.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const record of records) {
    all.set(record, at);
    at += record.length;
  }
  return all;
}
