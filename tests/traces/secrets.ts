// The secrets that traces are compared over: extremes that make carries, digits and masks as unlike as possible, and
// reproducible random ones (the environment variable FOGBOW_SEED changes them).
import { createHash } from "node:crypto";
import { kernel } from "@fogbow/kernel";

/** A secret and what to call it in a report. */
export interface Secret {
  readonly name: string;
  readonly bytes: Uint8Array;
}

/** The seed of this run. */
export const seed: string = process.env.FOGBOW_SEED ?? "1";

const ORDER = 2n ** 252n + 27742317777372353535851937790883648493n;
const PRIME = 2n ** 255n - 19n;

/** `length` reproducible random bytes for a purpose. */
export function randomBytes(purpose: string, length: number): Uint8Array {
  const blocks = Array.from({ length: Math.ceil(length / 64) }, (_, i) =>
    createHash("sha512").update(`${seed}/${purpose}/${i}`).digest(),
  );
  return new Uint8Array(Buffer.concat(blocks).subarray(0, length));
}

/** Strings of `length` bytes: all zero, all one, repeated patterns, limb extremes, moduli, and twelve random ones. */
export function byteSecrets(length: number): Secret[] {
  const from = (byte: (i: number) => number): Uint8Array => Uint8Array.from({ length }, (_, i) => byte(i));
  const repeat = (pattern: Uint8Array): Uint8Array => from((i) => pattern[i % pattern.length] ?? 0);
  return [
    { name: "all zero", bytes: from(() => 0) },
    { name: "all one", bytes: from(() => 0xff) },
    { name: "first bit", bytes: from((i) => (i === 0 ? 1 : 0)) },
    { name: "highest bit", bytes: from((i) => (i === length - 1 ? 0x80 : 0)) },
    { name: "highest bit clear", bytes: from((i) => (i === length - 1 ? 0x7f : 0xff)) },
    { name: "even bits", bytes: from(() => 0x55) },
    { name: "odd bits", bytes: from(() => 0xaa) },
    { name: "nibbles of 7", bytes: from(() => 0x77) },
    { name: "nibbles of 8", bytes: from(() => 0x88) },
    { name: "bytes 127", bytes: from(() => 0x7f) },
    { name: "bytes 128", bytes: from(() => 0x80) },
    { name: "bytes 1", bytes: from(() => 1) },
    { name: "first half one", bytes: from((i) => (2 * i < length ? 0xff : 0)) },
    { name: "second half one", bytes: from((i) => (2 * i < length ? 0 : 0xff)) },
    { name: "counting up", bytes: from((i) => i & 255) },
    { name: "counting down", bytes: from((i) => ~i & 255) },
    { name: "every 13-bit limb 4095", bytes: repeat(limbs(13, 4095n)) },
    { name: "every 13-bit limb 4096", bytes: repeat(limbs(13, 4096n)) },
    { name: "every second 26-bit limb full", bytes: repeat(limbs(52, 2n ** 26n - 1n)) },
    { name: "every second 64-bit limb full", bytes: repeat(limbs(128, 2n ** 64n - 1n)) },
    { name: "ℓ", bytes: repeat(littleEndian(ORDER)) },
    { name: "ℓ − 1", bytes: repeat(littleEndian(ORDER - 1n)) },
    { name: "2²⁵⁵ − 19", bytes: repeat(littleEndian(PRIME)) },
    { name: "2²⁵⁵ − 20", bytes: repeat(littleEndian(PRIME - 1n)) },
    ...Array.from({ length: 12 }, (_, i) => ({
      name: `random ${i}`,
      bytes: randomBytes(`bytes ${length} ${i}`, length),
    })),
  ];
}

/** Scalars of 32 bytes: zero, extremes of digits and limbs, the order's neighbours, random ones, and some not canonical. */
export function scalarSecrets(): Secret[] {
  const named: [string, bigint][] = [
    ["0", 0n],
    ["1", 1n],
    ["2", 2n],
    ["8", 8n],
    ["2²⁵¹", 2n ** 251n],
    ["2²⁵²", 2n ** 252n],
    ["2²⁵² − 1", 2n ** 252n - 1n],
    ["ℓ − 1", ORDER - 1n],
    ["ℓ − 2", ORDER - 2n],
    ["(ℓ − 1) / 2", (ORDER - 1n) / 2n],
    ["(ℓ + 1) / 2", (ORDER + 1n) / 2n],
    ["nibbles of 7", repeatedDigits(4n, 7n)],
    ["nibbles of 8", repeatedDigits(4n, 8n)],
    ["nibbles of 9", repeatedDigits(4n, 9n)],
    ["nibbles of 15", repeatedDigits(4n, 15n)],
    ["nibbles of 1", repeatedDigits(4n, 1n)],
    ["bytes 127", repeatedDigits(8n, 127n)],
    ["bytes 128", repeatedDigits(8n, 128n)],
    ["bytes 255", repeatedDigits(8n, 255n)],
    ["13-bit limbs full", repeatedDigits(26n, 8191n)],
    ["64-bit limbs full", repeatedDigits(128n, 2n ** 64n - 1n)],
  ];
  const random = Array.from({ length: 12 }, (_, i) => ({
    name: `random ${i}`,
    bytes: kernel().scalars.reduceWide(randomBytes(`scalar ${i}`, 64)),
  }));
  return [
    ...named.map(([name, value]) => ({ name, bytes: littleEndian(value) })),
    ...random,
    { name: "ℓ, not canonical", bytes: littleEndian(ORDER) },
    { name: "all one, not canonical", bytes: new Uint8Array(32).fill(0xff) },
  ];
}

/** Encodings of points: the identity, the generator and its multiples, random points, and strings that are none. */
export function pointSecrets(): Secret[] {
  const { ristretto } = kernel();
  const multiples = scalarSecrets()
    .filter(({ name }) => !name.includes("canonical"))
    .map(({ name, bytes }) => ({ name: `(${name}) · G`, bytes: ristretto.multiplyBase(bytes) }));
  const random = Array.from({ length: 4 }, (_, i) => ({
    name: `random point ${i}`,
    bytes: ristretto.oneWayMap(randomBytes(`point ${i}`, 64)),
  }));
  const negative = littleEndian(1n);
  return [
    ...multiples,
    ...random,
    { name: "no point: all one", bytes: new Uint8Array(32).fill(0xff) },
    { name: "no point: negative", bytes: negative },
    { name: "no point: 2²⁵⁵ − 19", bytes: littleEndian(PRIME) },
    { name: "no point: random", bytes: randomNonPoint() },
  ];
}

/** 32 random bytes that are canonical and even, but no point. */
export function randomNonPoint(): Uint8Array {
  for (let i = 0; ; i++) {
    const bytes = randomBytes(`no point ${i}`, 32);
    bytes[0] = (bytes[0] ?? 0) & 0xfe;
    bytes[31] = (bytes[31] ?? 0) & 0x3f;
    if (!kernel().ristretto.isPoint(bytes)) return bytes;
  }
}

/** 32 bytes of a number below 2²⁵⁶. */
export function littleEndian(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));
}

/** One limb value in every `bits`-bit limb, 104 bytes: a whole number of 13-bit limbs and of bytes. */
function limbs(bits: number, value: bigint): Uint8Array {
  let number = 0n;
  for (let at = 0; at < 832; at += bits) number |= value << BigInt(at);
  return Uint8Array.from({ length: 104 }, (_, i) => Number((number >> BigInt(8 * i)) & 255n));
}

/** The digit in every place of `bits` bits, below 2²⁵² and so canonical. */
function repeatedDigits(bits: bigint, digit: bigint): bigint {
  let number = 0n;
  for (let at = 0n; at < 252n; at += bits) number |= digit << at;
  return BigInt.asUintN(252, number);
}
