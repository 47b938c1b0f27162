// Ingest's step (spec 03 §2.2) as it reads, with an ordinary map. It draws what the kernel draws, in the same order: from one
// seed both make the same bytes.
import { type FogIngest, type FogIngestOptions, type Kernel, KernelError } from "@fogbow/kernel";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";

const HINT_BYTES = 84;

/** What of the model the step is made of. */
export interface IngestModelParts extends Pick<Kernel, "ristretto" | "scalars" | "hashes" | "ciphers" | "oblivious"> {
  /** The view public key in a hint, or undefined. */
  readonly openHint: (ingressPrivateKey: Uint8Array, hint: Uint8Array) => Uint8Array | undefined;
}

const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));

/** An egress key and its counters, which hide nothing. */
export function createIngest({ capacity, seed }: FogIngestOptions, parts: IngestModelParts): FogIngest {
  const { ristretto, scalars, oblivious, openHint } = parts;
  let generator = oblivious.createGenerator(seed);
  let counters = new Map<string, bigint>();
  let size = 0;
  const draw = (length: number): Uint8Array => oblivious.draw(generator, length);
  const drawKey = (): Uint8Array => {
    draw(32); // The seed of the kernel's map.
    return scalars.reduceWide(draw(64));
  };
  let egressKey = drawKey();

  return {
    capacity,
    get size() {
      return size;
    },
    get egressPublicKey() {
      return ristretto.multiplyBase(egressKey);
    },

    renew(fresh) {
      generator = oblivious.createGenerator(fresh);
      counters = new Map();
      size = 0;
      egressKey = drawKey();
    },

    process(ingressPrivateKey, hints, records) {
      if (hints.length !== HINT_BYTES * records.length) throw new KernelError("invalid-length", "A hint a record.");
      if (size + records.length > capacity) throw new KernelError("map-full", "No more outputs.");
      size += records.length;
      const sealed = records.map((record, i) => {
        const fallback = ristretto.oneWayMap(draw(64));
        const ephemeral = scalars.reduceWide(draw(64));
        const hint = hints.subarray(HINT_BYTES * i, HINT_BYTES * (i + 1));
        const recipient = openHint(ingressPrivateKey, hint) ?? fallback;
        const secret = ristretto.multiply(egressKey, recipient);
        const counter = counters.get(bytesToHex(secret)) ?? 0n;
        counters.set(bytesToHex(secret), counter + 1n);
        return {
          searchKey: searchKey(secret, counter, parts),
          payload: sealBox(record, recipient, ephemeral, parts),
        };
      });
      return {
        searchKeys: concatBytes(...sealed.map(({ searchKey }) => searchKey)),
        payloads: sealed.map(({ payload }) => payload),
      };
    },
  };
}

/** Spec 01 §8.1. */
function searchKey(secret: Uint8Array, counter: bigint, { hashes }: IngestModelParts): Uint8Array {
  const number = new Uint8Array(8);
  new DataView(number.buffer).setBigUint64(0, counter, true);
  return hashes.blake2b512(text("20201124"), secret, number).slice(0, 16);
}

/** Spec 01 §7.1. */
function sealBox(
  plaintext: Uint8Array,
  recipient: Uint8Array,
  ephemeral: Uint8Array,
  { ristretto, hashes, ciphers }: IngestModelParts,
): Uint8Array {
  const ikm = ristretto.multiply(ephemeral, recipient);
  const okm = hashes.hkdf("blake2b512", { ikm, salt: text("dei-salty-box"), info: text("aead-key-iv"), length: 44 });
  const sealed = ciphers.aes256GcmSeal(okm.subarray(0, 32), okm.subarray(32), new Uint8Array(0), plaintext);
  const footer = [ristretto.multiplyBase(ephemeral), sealed.subarray(plaintext.length), Uint8Array.of(1, 0)];
  return concatBytes(sealed.subarray(0, plaintext.length), ...footer);
}
