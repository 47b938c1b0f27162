// The face of the hash functions, SHAKE256, HMAC, HKDF, HC-128 and SipHash in `assembly/hash.ts` and the files beside it.
import { KernelError } from "./error.ts";
import { type Export, expectBytes, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { Hashes, HashName } from "./kernel.ts";

/** How the module names the functions (`assembly/hash.ts`), and how long their digests are. */
const KINDS: Readonly<Record<HashName, { readonly kind: number; readonly digestBytes: number }>> = {
  blake2b256: { kind: 0, digestBytes: 32 },
  blake2b512: { kind: 1, digestBytes: 64 },
  sha256: { kind: 2, digestBytes: 32 },
  sha512: { kind: 3, digestBytes: 64 },
};

const SHAKE256_OUTPUT_BYTES_MAX = 65_536;
const HC128_KEY_BYTES = 16;
const HC128_OUTPUT_BYTES_MAX = 4_096;
/** A key, and a hash. */
const SIPHASH_BYTES = 16;
/** RFC 5869 numbers HKDF's output blocks with one byte. */
const HKDF_BLOCKS_MAX = 255;

/** Hashes on one kernel instance. Wrong lengths throw {@link KernelError} `invalid-length`. */
export function createHashes(instance: Instance): Hashes {
  // The record is open-ended by type; these are the names of `assembly/index.ts`.
  const exports = instance.exports as Readonly<
    Record<"hash" | "hashPath" | "hc128" | "hkdf" | "hmac" | "shake256" | "sipHash128", Export>
  >;

  const digest =
    (name: HashName): ((...parts: Uint8Array[]) => Uint8Array) =>
    (...parts) => {
      const { kind, digestBytes } = KINDS[name];
      const length = totalLength(parts);
      return instance.exchange((io) => {
        const out = io.reserve(digestBytes);
        exports.hash(kind, out, putAll(io, parts, length), length);
        return io.take(out, digestBytes);
      });
    };

  return {
    blake2b256: digest("blake2b256"),
    blake2b512: digest("blake2b512"),

    blake2b256Path({ tag, start, siblings, sides }) {
      expectBytes(tag, "The tag");
      const { digestBytes } = KINDS.blake2b256;
      expectLength(start, digestBytes, "The first hash");
      const n = expectWhole(siblings, digestBytes, "The siblings");
      expectLength(sides, n, "The sides");
      return instance.exchange((io) => {
        const out = io.put(start);
        exports.hashPath(out, io.put(tag), tag.length, io.put(siblings), io.put(sides), n);
        return io.take(out, digestBytes);
      });
    },

    sha256: digest("sha256"),
    sha512: digest("sha512"),

    shake256(length, ...parts) {
      const inputLength = totalLength(parts);
      expectOutputLength(length, SHAKE256_OUTPUT_BYTES_MAX);
      return instance.exchange((io) => {
        const out = io.reserve(length);
        exports.shake256(out, length, putAll(io, parts, inputLength), inputLength);
        return io.take(out, length);
      });
    },

    hmac(hash, key, ...parts) {
      const { kind, digestBytes } = KINDS[hash];
      expectBytes(key, "A key");
      const length = totalLength(parts);
      return instance.exchange((io) => {
        const out = io.reserve(digestBytes);
        exports.hmac(kind, out, io.put(key), key.length, putAll(io, parts, length), length);
        return io.take(out, digestBytes);
      });
    },

    hkdf(hash, { ikm, salt, info, length }) {
      const { kind, digestBytes } = KINDS[hash];
      for (const input of [ikm, salt, info]) expectBytes(input, "An input of HKDF");
      expectOutputLength(length, HKDF_BLOCKS_MAX * digestBytes);
      return instance.exchange((io) => {
        const out = io.reserve(length);
        const inputs = [salt, ikm, info].flatMap((input) => [io.put(input), input.length]);
        exports.hkdf(kind, out, length, ...inputs);
        return io.take(out, length);
      });
    },

    hc128(key, iv, length) {
      expectLength(key, HC128_KEY_BYTES, "An HC-128 key");
      expectLength(iv, HC128_KEY_BYTES, "An HC-128 IV");
      expectOutputLength(length, HC128_OUTPUT_BYTES_MAX);
      return instance.exchange((io) => {
        const wholeWords = (length + 3) & ~3;
        const out = io.reserve(wholeWords);
        exports.hc128(out, putAll(io, [key, iv], 2 * HC128_KEY_BYTES), wholeWords);
        return io.take(out, length);
      });
    },

    sipHash128(key, message) {
      expectLength(key, SIPHASH_BYTES, "A SipHash key");
      expectBytes(message, "A message");
      return instance.exchange((io) => {
        const out = io.reserve(SIPHASH_BYTES);
        exports.sipHash128(out, io.put(key), io.put(message), message.length);
        return io.take(out, SIPHASH_BYTES);
      });
    },
  };
}

/** Copies the parts into the area one after the other, without gaps, and returns where the first begins. */
function putAll(io: Instance, parts: readonly Uint8Array[], length: number): number {
  const address = io.reserve(length);
  let at = address;
  for (const part of parts) {
    io.memory.set(part, at);
    at += part.length;
  }
  return address;
}

function totalLength(parts: readonly Uint8Array[]): number {
  let length = 0;
  for (const part of parts) {
    expectBytes(part, "A part of the input");
    length += part.length;
  }
  return length;
}

function expectOutputLength(length: number, max: number): void {
  if (!Number.isInteger(length) || length < 0 || length > max) {
    throw new KernelError("invalid-length", `The output must be 0 to ${max} bytes.`);
  }
}
