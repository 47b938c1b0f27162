// The border between JavaScript and the module: what is no byte string, views, and inputs larger than the memory.
import { kernel, kernelWasm, type MlsagRing } from "@fogbow/kernel";
import { concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectBytes, expectError, G, scalar } from "./group.ts";
import { watchKernel } from "./watched-kernel.ts";

const { ristretto, scalars, vectors, rings, hashes, strobe, ciphers, fog, oblivious } = kernel();
const none = new Uint8Array(0);
const key = new Uint8Array(32).fill(0x5a);

describe("what is no byte string is one typed error", () => {
  const state = strobe.create(none);
  const ring: MlsagRing = {
    ...{ message: none, targetKeys: G, commitments: G, pseudoOutput: G, keyImage: G },
    ...{ cZero: key, responses: new Uint8Array(64) },
  };
  const map = oblivious.createMap({ keyBytes: 16, valueBytes: 8, capacity: 1, seed: key });
  const calls: Record<string, (bad: Uint8Array) => unknown> = {
    sha512: (bad) => hashes.sha512(none, bad),
    "the key of hmac": (bad) => hashes.hmac("sha256", bad),
    "the message of hmac": (bad) => hashes.hmac("sha256", none, bad),
    "the salt of hkdf": (bad) => hashes.hkdf("sha256", { ikm: none, salt: bad, info: none, length: 1 }),
    "the key of hc128": (bad) => hashes.hc128(bad, none, 1),
    "the scalars of multiplyBatch": (bad) => ristretto.multiplyBatch(bad, G),
    "the points of multiplyBatch": (bad) => ristretto.multiplyBatch(key, bad),
    "the scalars of multiScalarMultiply": (bad) => ristretto.multiScalarMultiply(bad, G),
    "the points of multiScalarMultiply": (bad) => ristretto.multiScalarMultiply(key, bad),
    "the table of multiScalarMultiply": (bad) => ristretto.multiScalarMultiply(key, none, { count: 1, bytes: bad }),
    "the table of multiScalarMultiplySecret": (bad) =>
      ristretto.multiScalarMultiplySecret(key, none, { count: 1, bytes: bad }),
    "the words of sumBits": (bad) => ristretto.sumBits(bad, new Uint8Array(128 * 32)),
    "the points of sumBits": (bad) => ristretto.sumBits(new Uint8Array(8), bad),
    prepare: (bad) => ristretto.prepare(bad),
    "the first vector": (bad) => vectors.add(bad, scalar(1n)),
    "the second vector": (bad) => vectors.multiply(scalar(1n), bad),
    "the factor of a vector": (bad) => vectors.scale(bad, scalar(1n)),
    "a scaled vector": (bad) => vectors.scale(scalar(1n), bad),
    "a multiplied vector": (bad) => vectors.multiplyAdd(scalar(1n), bad, scalar(1n)),
    "an inner product": (bad) => vectors.innerProduct(bad, scalar(1n)),
    "the base of powers": (bad) => vectors.powers(bad, 1),
    "wide scalars": (bad) => vectors.reduceWide(bad),
    "bytes to take bits from": (bad) => vectors.bits(bad),
    ...Object.fromEntries(
      Object.keys(ring).map((part) => [
        `${part} of a ring`,
        (bad: Uint8Array) => rings.verifyMlsag({ ...ring, [part]: bad }),
      ]),
    ),
    multiply: (bad) => ristretto.multiply(bad, G),
    invertBatch: (bad) => scalars.invertBatch(bad),
    reduceWide: (bad) => scalars.reduceWide(bad),
    "a protocol": (bad) => strobe.create(bad),
    "a state": (bad) => strobe.ad(bad, none, false),
    "associated data": (bad) => strobe.ad(state, bad, false),
    "a label": (bad) => strobe.append(state, bad, none),
    "a message": (bad) => strobe.append(state, none, bad),
    "the label of a challenge": (bad) => strobe.challenge(state, bad, 1),
    "a plaintext": (bad) => ciphers.aes256GcmSeal(key, key.subarray(20), none, bad),
    "a sealed message": (bad) => ciphers.aes256GcmOpen(key, key.subarray(20), none, bad),
    "the data of CTR": (bad) => ciphers.aes256Ctr(key, key.subarray(16), bad),
    hints: (bad) => fog.openHints(key, bad, none),
    fallbacks: (bad) => fog.openHints(key, new Uint8Array(84), bad),
    "the key of sipHash128": (bad) => hashes.sipHash128(bad, none),
    "the message of sipHash128": (bad) => hashes.sipHash128(key.subarray(16), bad),
    "the seed of a generator": (bad) => oblivious.createGenerator(bad),
    "a generator": (bad) => oblivious.draw(bad, 1),
    "the seed of a map": (bad) => oblivious.createMap({ keyBytes: 16, valueBytes: 8, capacity: 1, seed: bad }),
    "keys to look up": (bad) => map.lookup(bad),
    "keys to write": (bad) => map.upsert(bad, new Uint8Array(8)),
    "values to write": (bad) => map.upsert(key.subarray(16), bad),
    "keys to count": (bad) => map.increment(bad),
  };
  // What a caller without types may pass.
  const bads = [undefined, null, 7, "00".repeat(16), {}, Array(32).fill(0), new Uint16Array(32), new ArrayBuffer(32)];

  test.each(Object.entries(calls))("%s", (_, call) => {
    for (const bad of bads) expectError(() => call(bad as unknown as Uint8Array), "invalid-length");
  });

  test("a table that is no whole number of points", () => {
    const half = { count: 0.5, bytes: new Uint8Array(5120) };
    expectError(() => ristretto.multiScalarMultiply(new Uint8Array(16), none, half), "invalid-length");
  });
});

test("views into a larger buffer and Node's Buffers are read at their place, and results are no views", () => {
  const both = Buffer.from(concatBytes(Uint8Array.of(9), scalar(3n), G));
  const product = ristretto.multiply(both.subarray(1, 33), both.subarray(33));
  expectBytes(product, ristretto.multiply(scalar(3n), G), "3 · G");
  expect(product.constructor).toBe(Uint8Array);
  expect(product.buffer.byteLength).toBe(32);
});

describe("inputs larger than the memory", () => {
  const HUGE = [2 ** 28, 2 ** 30, 2 ** 31 - 32, 2 ** 31, 2 ** 32 - 2 ** 16];

  test("are one typed error, whose secrets are wiped and after which the kernel works on", () => {
    const { kernel: watched, isClean } = watchKernel();
    for (const length of HUGE) {
      const huge = new Uint8Array(length);
      expectError(() => watched.hashes.hmac("sha256", key, huge), "invalid-length");
      expectError(() => watched.ciphers.aes256GcmSeal(key, key.subarray(20), none, huge), "invalid-length");
      expectError(() => watched.strobe.key(strobe.create(none), huge, false), "invalid-length");
      expectError(() => watched.scalars.invertBatch(huge), "invalid-length");
      expectError(() => watched.ristretto.multiplyBatch(key, huge), "too-many-points");
      expect(isClean()).toBe(true);
    }
    expectBytes(watched.ristretto.multiplyBase(scalar(1n)), G, "1 · G");
  });

  test("and so is an engine that gives no more memory", () => {
    const { kernel: watched, isClean } = watchKernel(withoutGrowth(kernelWasm()));
    expectError(() => watched.hashes.hmac("sha256", key, new Uint8Array(2 ** 20)), "invalid-length");
    expect(isClean()).toBe(true);
    expectBytes(watched.ristretto.multiplyBase(scalar(1n)), G, "1 · G");
  });

  /** The module with the same memory, but a maximum of just its size: stands for an engine that has no more to give. */
  function withoutGrowth(wasm: Uint8Array): Uint8Array {
    const at = wasm.findIndex((_, i) => [5, 3, 1, 0].every((byte, k) => wasm[i + k] === byte));
    const pages = wasm[at + 4] ?? 0;
    return concatBytes(wasm.subarray(0, at), Uint8Array.of(5, 4, 1, 1, pages, pages), wasm.subarray(at + 5));
  }
});

test("memory that grew between two calls is read and wiped where it is now", () => {
  const { kernel: watched, instance, isClean } = watchKernel();
  const size = instance.memory.length;
  const message = new Uint8Array(3_000_000).fill(7);
  expectBytes(watched.hashes.sha512(message), hashes.sha512(message), "grown");
  expectBytes(watched.hashes.sha512(key), hashes.sha512(key), "small again");
  expect(instance.memory.length).toBeGreaterThan(size);
  expect(isClean()).toBe(true);
});

describe("claimed memory", () => {
  test("is zero, aligned, stays where it is and as it is, and does not overlap", () => {
    const { kernel: watched, instance } = watchKernel();
    watched.hashes.sha512(new Uint8Array(100_000).fill(1));
    const [first, second] = [instance.claim(100), instance.claim(1_000_000)];
    expect([first % 64, second % 64]).toEqual([0, 0]);
    expect(second).toBeGreaterThanOrEqual(first + 100);
    expect(instance.memory.subarray(first, second + 1_000_000).every((byte) => byte === 0)).toBe(true);
    instance.memory.fill(7, first, first + 100);
    instance.memory.fill(9, second, second + 1_000_000);
    watched.hashes.sha512(new Uint8Array(3_000_000).fill(1));
    expect(instance.memory.subarray(first, first + 100).every((byte) => byte === 7)).toBe(true);
    expect(instance.memory.subarray(second, second + 1_000_000).every((byte) => byte === 9)).toBe(true);
    expectBytes(watched.hashes.sha512(key), hashes.sha512(key), "after claims");
  });

  test("is refused beyond the most that the kernel may have, after which it works on", () => {
    const { kernel: watched, instance } = watchKernel();
    expectError(() => instance.claim(2 ** 28), "invalid-length");
    expectError(() => instance.claim(2 ** 32), "invalid-length");
    expectBytes(watched.hashes.sha512(key), hashes.sha512(key), "after a refusal");
  });

  test("is not given within an exchange", () => {
    const { instance } = watchKernel();
    expect(() =>
      instance.exchange((io) => {
        io.reserve(16);
        io.claim(16);
      }),
    ).toThrow("Within an exchange");
  });
});
