// The kernel's interface written as plainly as possible on audited libraries (@noble/*). It is the oracle that every
// kernel function is tested against and the peer it is measured beside. It is not constant time: never ship it.

import type { Ciphers, Fog, Hashes, HashName, Kernel, PointTable, Ristretto, Scalars } from "@fogbow/kernel";
import { KernelError } from "@fogbow/kernel";
import { ctr as aesCtr, gcm } from "@noble/ciphers/aes.js";
import { ristretto255, ristretto255_hasher } from "@noble/curves/ed25519.js";
import { bytesToNumberLE, numberToBytesLE } from "@noble/curves/utils.js";
import { blake2b } from "@noble/hashes/blake2.js";
import { hkdf } from "@noble/hashes/hkdf.js";
import { hmac } from "@noble/hashes/hmac.js";
import { sha256, sha512 } from "@noble/hashes/sha2.js";
import { shake256 } from "@noble/hashes/sha3.js";
import { concatBytes } from "@noble/hashes/utils.js";
import { modelFogLedger } from "./fog-ledger.ts";
import { hc128 } from "./hc128.ts";
import { createIngest } from "./ingest.ts";
import { modelOblivious } from "./oblivious.ts";
import { modelLedgers } from "./oblivious-ledger.ts";
import { modelRings } from "./rings.ts";
import { sipHash128 } from "./siphash.ts";
import { modelStrobe } from "./strobe.ts";
import { modelVectors } from "./vectors.ts";
import { modelView } from "./view.ts";
import { modelX25519 } from "./x25519.ts";

/** A {@link Kernel} on `@noble/curves`, `@noble/hashes` and `@noble/ciphers`. */
export function createModel(): Kernel {
  return {
    ristretto: modelRistretto,
    scalars: modelScalars,
    vectors: modelVectors,
    rings: modelRings,
    hashes: modelHashes,
    strobe: modelStrobe,
    ciphers: modelCiphers,
    x25519: modelX25519,
    fog: modelFog,
    fogLedger: modelFogLedger,
    ledgers: modelLedgers,
    oblivious: modelOblivious,
    view: modelView,
  };
}

const { Point } = ristretto255;
type RistrettoPoint = typeof Point.BASE;
const ORDER = Point.Fn.ORDER;
const POINTS_MAX = 8_192;

function sized(bytes: Uint8Array, length: number): Uint8Array {
  if (bytes.length !== length) throw new KernelError("invalid-length", `Expected ${length} bytes.`);
  return bytes;
}

function decodePoint(bytes: Uint8Array): RistrettoPoint {
  try {
    return Point.fromBytes(sized(bytes, 32));
  } catch (cause) {
    if (cause instanceof KernelError) throw cause;
    throw new KernelError("invalid-point", "Not a canonical ristretto255 encoding.", { cause });
  }
}

function decodeScalar(bytes: Uint8Array): bigint {
  const scalar = bytesToNumberLE(sized(bytes, 32));
  if (scalar >= ORDER) throw new KernelError("invalid-scalar", "Not below the group order.");
  return scalar;
}

const encodeScalar = (scalar: bigint): Uint8Array => numberToBytesLE(((scalar % ORDER) + ORDER) % ORDER, 32);

/** noble refuses to multiply by zero; the group does not. */
const times = (point: RistrettoPoint, scalar: bigint): RistrettoPoint =>
  scalar === 0n ? Point.ZERO : point.multiply(scalar);

/** Any number of points up to the most that one call may have. */
function decodePoints(bytes: Uint8Array): RistrettoPoint[] {
  const each = chunks(bytes, 32);
  if (each.length > POINTS_MAX) throw new KernelError("too-many-points", `At most ${POINTS_MAX} points.`);
  return each.map(decodePoint);
}

function chunks(bytes: Uint8Array, size: number): Uint8Array[] {
  if (bytes.length % size !== 0) throw new KernelError("invalid-length", `Expected a multiple of ${size} bytes.`);
  return Array.from({ length: bytes.length / size }, (_, i) => bytes.subarray(i * size, (i + 1) * size));
}

/** The points of a table, which here is no more than their encodings, and of a call. */
const tableAndPoints = (table: PointTable | undefined, points: Uint8Array): RistrettoPoint[] =>
  decodePoints(table === undefined ? points : concatBytes(table.bytes.subarray(0, 32 * table.count), points));

const modelRistretto: Ristretto = {
  isPoint(bytes) {
    sized(bytes, 32);
    try {
      decodePoint(bytes);
      return true;
    } catch {
      return false;
    }
  },
  oneWayMap: (uniform) => ristretto255_hasher.deriveToCurve?.(sized(uniform, 64)).toBytes() as Uint8Array, // Always there.
  add: (p, q) => decodePoint(p).add(decodePoint(q)).toBytes(),
  subtract: (p, q) => decodePoint(p).subtract(decodePoint(q)).toBytes(),
  negate: (p) => decodePoint(p).negate().toBytes(),
  multiply: (scalar, point) => times(decodePoint(point), decodeScalar(scalar)).toBytes(),
  multiplyBase: (scalar) => times(Point.BASE, decodeScalar(scalar)).toBytes(),
  multiplyBatch(scalars, points) {
    const each = decodePoints(points);
    const one = scalars.length === 32 ? decodeScalar(scalars) : undefined;
    if (one === undefined) sized(scalars, points.length);
    return concatBytes(
      ...each.map((point, i) => times(point, one ?? decodeScalar(scalars.subarray(32 * i, 32 * i + 32))).toBytes()),
    );
  },
  multiScalarMultiplySecret: (scalars, points, table) => modelRistretto.multiScalarMultiply(scalars, points, table),
  sumBits(words, points, table) {
    const all = tableAndPoints(table, points);
    sized(words, all.length / 16);
    return [...words]
      .flatMap((byte) => Array.from({ length: 8 }, (_, i) => (byte >> i) & 1))
      .reduce((sum, bit, i) => {
        const p = 128 * Math.floor(i / 64) + (i % 64);
        // The words' length says that every bit has its two points.
        return bit === 1 ? sum.add(all[p] as RistrettoPoint) : sum.subtract(all[p + 64] as RistrettoPoint);
      }, Point.ZERO)
      .toBytes();
  },
  multiScalarMultiply(scalars, points, table) {
    const all = tableAndPoints(table, points);
    sized(scalars, 32 * all.length);
    return chunks(scalars, 32)
      .map(decodeScalar)
      .reduce((sum, scalar, i) => sum.add((all[i] as RistrettoPoint).multiplyUnsafe(scalar)), Point.ZERO)
      .toBytes();
  },
  prepare: (points) => ({ count: decodePoints(points).length, bytes: points.slice() }),
};

const modelScalars: Scalars = {
  isCanonical: (bytes) => bytesToNumberLE(sized(bytes, 32)) < ORDER,
  reduce: (bytes) => encodeScalar(bytesToNumberLE(sized(bytes, 32))),
  reduceWide: (bytes) => encodeScalar(bytesToNumberLE(sized(bytes, 64))),
  add: (a, b) => encodeScalar(decodeScalar(a) + decodeScalar(b)),
  subtract: (a, b) => encodeScalar(decodeScalar(a) - decodeScalar(b)),
  negate: (a) => encodeScalar(-decodeScalar(a)),
  multiply: (a, b) => encodeScalar(decodeScalar(a) * decodeScalar(b)),
  multiplyAdd: (a, b, c) => encodeScalar(decodeScalar(a) * decodeScalar(b) + decodeScalar(c)),
  invert: (a) => encodeScalar(invertOrZero(decodeScalar(a))),
  invertBatch: (scalars) => concatBytes(...chunks(scalars, 32).map((a) => encodeScalar(invertOrZero(decodeScalar(a))))),
};

const invertOrZero = (scalar: bigint): bigint => (scalar === 0n ? 0n : Point.Fn.inv(scalar));

const blake2b256 = Object.assign((message: Uint8Array) => blake2b(message, { dkLen: 32 }), {
  outputLen: 32,
  blockLen: 128,
  canXOF: false,
  create: () => blake2b.create({ dkLen: 32 }),
});

const NOBLE_HASHES = { blake2b256, blake2b512: blake2b, sha256, sha512 } as const;
/** HMAC and HKDF of noble take any of these; their types differ only in options that are never passed. */
const noble = (hash: HashName): typeof sha512 => NOBLE_HASHES[hash] as unknown as typeof sha512;

const modelHashes: Hashes = {
  blake2b256: (...parts) => blake2b(concatBytes(...parts), { dkLen: 32 }),
  blake2b256Path: ({ tag, start, siblings, sides }) =>
    sides.reduce(
      (hash, side, i) => {
        const sibling = siblings.subarray(32 * i, 32 * (i + 1));
        return modelHashes.blake2b256(tag, ...(side === 0 ? [hash, sibling] : [sibling, hash]));
      },
      sized(start.slice(), 32),
    ),
  blake2b512: (...parts) => blake2b(concatBytes(...parts)),
  sha256: (...parts) => sha256(concatBytes(...parts)),
  sha512: (...parts) => sha512(concatBytes(...parts)),
  shake256: (length, ...parts) => shake256(concatBytes(...parts), { dkLen: length }),
  hmac: (hash, key, ...parts) => hmac(noble(hash), key, concatBytes(...parts)),
  hkdf: (hash, { ikm, salt, info, length }) =>
    hkdf(noble(hash), ikm, salt.length === 0 ? undefined : salt, info, length),
  hc128: (key, iv, length) => hc128(sized(key, 16), sized(iv, 16), length),
  sipHash128: (key, message) => sipHash128(sized(key, 16), message),
};

const modelCiphers: Ciphers = {
  aes256GcmSeal: (key, nonce, aad, plaintext) => gcm(sized(key, 32), sized(nonce, 12), aad).encrypt(plaintext),
  aes256GcmOpen(key, nonce, aad, sealed) {
    try {
      return gcm(sized(key, 32), sized(nonce, 12), aad).decrypt(sealed);
    } catch (cause) {
      if (cause instanceof KernelError) throw cause;
      return undefined;
    }
  },
  aes256Ctr(key, block, data) {
    sized(block, 16);
    const low = (i: number): bigint =>
      (new DataView(block.buffer, block.byteOffset).getBigUint64(8) + BigInt(i)) % 2n ** 64n;
    const out = data.slice();
    for (let i = 0; 16 * i < data.length; i++) {
      const counter = block.slice();
      new DataView(counter.buffer).setBigUint64(8, low(i));
      out.set(aesCtr(sized(key, 32), counter).encrypt(data.subarray(16 * i, 16 * i + 16)), 16 * i);
    }
    return out;
  },
};

const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));

const modelFog: Fog = {
  openHints(ingressPrivateKey, hints, fallbacks) {
    decodeScalar(ingressPrivateKey);
    const each = chunks(hints, 84);
    sized(fallbacks, 32 * each.length);
    return concatBytes(
      ...each.map((hint, i) => openHint(ingressPrivateKey, hint) ?? fallbacks.subarray(32 * i, 32 * i + 32)),
    );
  },
  createIngest: (options) =>
    createIngest(options, {
      ristretto: modelRistretto,
      scalars: modelScalars,
      hashes: modelHashes,
      ciphers: modelCiphers,
      oblivious: modelOblivious,
      openHint,
    }),
};

/** Spec 01 §7.1–7.5 for one hint: the view public key inside, or undefined. */
function openHint(ingressPrivateKey: Uint8Array, hint: Uint8Array): Uint8Array | undefined {
  const ephemeral = hint.subarray(34, 66);
  if (hint[82] !== 1 || hint[83] !== 0 || !modelRistretto.isPoint(ephemeral)) return undefined;
  const shared = modelRistretto.multiply(ingressPrivateKey, ephemeral);
  const okm = hkdf(blake2b, shared, text("dei-salty-box"), text("aead-key-iv"), 44);
  const sealed = concatBytes(hint.subarray(0, 34), hint.subarray(66, 82));
  const plaintext = modelCiphers.aes256GcmOpen(okm.subarray(0, 32), okm.subarray(32), new Uint8Array(), sealed);
  if (plaintext === undefined || plaintext[32] !== 0x2a || plaintext[33] !== 0x2a) return undefined;
  const viewPublicKey = plaintext.subarray(0, 32);
  return modelRistretto.isPoint(viewPublicKey) ? viewPublicKey : undefined;
}
