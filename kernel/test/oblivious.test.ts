// The oblivious map and the plain one are the same map; the generator is ChaCha20; and memory above 2 GiB is memory.
import { createKernel, type Instance, kernel, type ObliviousMap } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectBytes, expectError } from "./group.ts";
import { randomBelowFrom, randomBytesFrom, seed } from "./random.ts";
import { expectNothingLeft } from "./watched-kernel.ts";

const model = createModel().oblivious;
const random = randomBytesFrom("oblivious");
const randomBelow = randomBelowFrom(random);
const none = new Uint8Array(0);

/** A key or value of a number: unlike numbers give unlike keys, and all bytes of it are used. */
const numbered = (n: number, length: number): Uint8Array => {
  const bytes = Uint8Array.from({ length }, (_, i) => (n >> (8 * (i & 1))) ^ (i * 29));
  new DataView(bytes.buffer).setUint32(length - 4, n);
  return bytes;
};

const makers = {
  kernel: () => createKernel().oblivious,
  model: () => model,
};

describe.each(Object.entries(makers))("a map of the %s", (_, make) => {
  const mapOf = (keyBytes: number, valueBytes: number, capacity: number): ObliviousMap =>
    make().createMap({ keyBytes, valueBytes, capacity, seed: random(32) });

  test.each([
    [16, 240],
    [32, 8],
    [32, 16],
    [16, 1],
    [32, 33],
    [16, 1_000],
  ])("keys of %i bytes, values of %i: insert, overwrite, hit, miss", (keyBytes, valueBytes) => {
    const map = mapOf(keyBytes, valueBytes, 100);
    const keys = Array.from({ length: 60 }, (_, i) => numbered(i, keyBytes));
    const values = keys.map(() => random(valueBytes));
    expect(map.lookup(concatBytes(...keys))).toEqual({
      found: new Uint8Array(60),
      values: new Uint8Array(60 * valueBytes),
    });
    map.upsert(concatBytes(...keys), concatBytes(...values));
    expect(map.lookup(concatBytes(...keys))).toEqual({
      found: new Uint8Array(60).fill(1),
      values: concatBytes(...values),
    });
    values[7] = random(valueBytes);
    map.upsert(keys[7] as Uint8Array, values[7]);
    map.upsert(none, none);
    const asked = concatBytes(numbered(60, keyBytes), keys[7] as Uint8Array, keys[7] as Uint8Array);
    expect(map.lookup(asked)).toEqual({
      found: Uint8Array.of(0, 1, 1),
      values: concatBytes(new Uint8Array(valueBytes), values[7], values[7]),
    });
    expect(map.lookup(none)).toEqual({ found: none, values: none });
    expect(map.size).toBe(61);
  });

  test("the last of several values for one key in a call stays", () => {
    const map = mapOf(16, 4, 10);
    const key = random(16);
    map.upsert(concatBytes(key, key, key), Uint8Array.of(1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3));
    expect(map.lookup(key).values).toEqual(Uint8Array.of(3, 3, 3, 3));
  });

  test("no key is special, not zero either", () => {
    const map = mapOf(16, 4, 10);
    const [zeros, ones] = [new Uint8Array(16), new Uint8Array(16).fill(255)];
    expect(map.lookup(concatBytes(zeros, ones)).found).toEqual(Uint8Array.of(0, 0));
    map.upsert(zeros, Uint8Array.of(1, 2, 3, 4));
    expect(map.lookup(concatBytes(zeros, ones)).found).toEqual(Uint8Array.of(1, 0));
    map.upsert(ones, Uint8Array.of(5, 6, 7, 8));
    expect(map.lookup(concatBytes(zeros, ones)).values).toEqual(Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8));
  });

  test("counts from zero, modulo 2⁶⁴, and leaves the rest of a value alone", () => {
    const map = mapOf(32, 12, 10);
    const [key, other] = [random(32), random(32)];
    const full = Uint8Array.of(254, 255, 255, 255, 255, 255, 255, 255, 9, 8, 7, 6);
    map.upsert(other, full);
    const old = map.increment(concatBytes(key, other, key, other, key));
    expect(bytesToHex(old)).toBe(
      `${"00".repeat(12)}feffffffffffffff0908070601${"00".repeat(11)}ffffffffffffffff0908070602${"00".repeat(11)}`,
    );
    expect(map.lookup(concatBytes(key, other)).values).toEqual(
      Uint8Array.of(3, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9, 8, 7, 6),
    );
    expect(map.size).toBe(6);
  });

  test("takes as many upserts as its capacity and refuses the next, whole", () => {
    const map = mapOf(32, 8, 20);
    for (let i = 0; i < 18; i++) map.upsert(numbered(i % 9, 32), numbered(i, 8));
    const keys = concatBytes(numbered(100, 32), numbered(101, 32), numbered(102, 32));
    expectError(() => map.upsert(keys, new Uint8Array(24)), "map-full");
    expectError(() => map.increment(keys), "map-full");
    expect(map.lookup(keys).found).toEqual(new Uint8Array(3));
    map.increment(keys.subarray(0, 64));
    expectError(() => map.increment(keys.subarray(0, 32)), "map-full");
    expect(map.lookup(keys).found).toEqual(Uint8Array.of(1, 1, 0));
  });

  test("wrong lengths are refused", () => {
    const map = mapOf(16, 8, 20);
    expectError(() => map.lookup(random(17)), "invalid-length");
    expectError(() => map.upsert(random(16), random(7)), "invalid-length");
    expectError(() => map.upsert(random(16), random(16)), "invalid-length");
    expectError(() => map.increment(random(15)), "invalid-length");
    expect(map.size).toBe(0);
  });
});

describe("against the model", () => {
  test.each([
    { keyBytes: 16, valueBytes: 240, capacity: 2 ** 12, rounds: 20 },
    { keyBytes: 32, valueBytes: 8, capacity: 2 ** 14, rounds: 90 },
  ])(`random operations on keys of $keyBytes bytes, full to the brim, FOGBOW_SEED=${seed}`, (sizes) => {
    const { keyBytes, valueBytes, capacity, rounds } = sizes;
    const options = { keyBytes, valueBytes, capacity, seed: random(32) };
    const [ours, theirs] = [createKernel().oblivious.createMap(options), model.createMap(options)];
    // All of the capacity goes to different keys, in pieces between other calls.
    let inserted = 0;
    for (let round = 0; round < rounds; round++) {
      const fresh =
        round < rounds - 1 ? Math.floor((0.95 * capacity) / rounds) : Math.floor(0.95 * capacity) - inserted;
      const some = (count: number, n: () => number): Uint8Array =>
        concatBytes(...Array.from({ length: count }, () => numbered(n(), keyBytes)));
      const values = random(fresh * valueBytes);
      const keys = some(fresh, () => inserted++);
      for (const map of [ours, theirs]) map.upsert(keys, values);
      const again = some(3, () => randomBelow(inserted + 3));
      const newer = random(3 * valueBytes);
      for (const map of [ours, theirs]) map.upsert(again, newer);
      const counted = some(Math.max(1, Math.floor((0.01 * capacity) / rounds)), () => randomBelow(inserted));
      expectBytes(ours.increment(counted), theirs.increment(counted), "numbers before");
      const asked = some(1_000, () => randomBelow(inserted * 2));
      const [got, expected] = [ours.lookup(asked), theirs.lookup(asked)];
      expectBytes(got.found, expected.found, "what was found");
      expectBytes(got.values, expected.values, "values");
    }
    expect(ours.size).toBe(theirs.size);
  });

  test("a map whose leaves have an ORAM of their own", () => {
    const map = createKernel().oblivious.createMap({
      keyBytes: 32,
      valueBytes: 8,
      capacity: 2 ** 18,
      seed: random(32),
    });
    const keys = concatBytes(...Array.from({ length: 5_000 }, (_, i) => numbered(i, 32)));
    const values = random(40_000);
    map.upsert(keys, values);
    const { found, values: got } = map.lookup(keys);
    expect(found.every((byte) => byte === 1)).toBe(true);
    expectBytes(got, values, "values");
    expect(map.lookup(numbered(5_000, 32)).found).toEqual(Uint8Array.of(0));
  });
});

describe("memory", () => {
  test("a map of 2^20 records of 16 + 240 bytes takes at most 2.9 times their bytes", () => {
    const { oblivious } = createKernel({ memoryBytesMax: 2 ** 30 });
    const map = oblivious.createMap({ keyBytes: 16, valueBytes: 240, capacity: 2 ** 20, seed: random(32) });
    expect(map.bytes / 2 ** 20).toBeLessThanOrEqual(2.9 * 256);
  });

  test("maps that do not fit are refused, and those beside them work on", () => {
    const { oblivious } = createKernel();
    const map = oblivious.createMap({ keyBytes: 16, valueBytes: 8, capacity: 10, seed: random(32) });
    map.upsert(numbered(1, 16), numbered(2, 8));
    for (const capacity of [2 ** 20, 2 ** 24, 2 ** 26]) {
      const options = { keyBytes: 16, valueBytes: 240, capacity, seed: random(32) };
      expectError(() => oblivious.createMap(options), "invalid-length");
    }
    for (const [keyBytes, valueBytes, capacity] of [
      [15, 8, 8],
      [16, 0, 8],
      [16, 65_537, 8],
      [16, 8, 0],
      [16, 8, 1.5],
      [16, 8, 2 ** 26 + 1],
    ] as const) {
      expectError(() => oblivious.createMap({ keyBytes, valueBytes, capacity, seed: random(32) }), "invalid-length");
    }
    expect(map.lookup(numbered(1, 16)).values).toEqual(numbered(2, 8));
  });

  test("two maps in one kernel do not meet, and calls between theirs do not disturb them", () => {
    const { oblivious, hashes } = createKernel();
    const maps = [8, 16].map((valueBytes) =>
      oblivious.createMap({ keyBytes: 16, valueBytes, capacity: 500, seed: random(32) }),
    );
    for (let i = 0; i < 500; i++) {
      for (const map of maps) map.upsert(numbered(i, 16), numbered(i + 1, map.valueBytes));
      hashes.sha512(new Uint8Array(1_000));
    }
    for (const map of maps) {
      const keys = concatBytes(...Array.from({ length: 500 }, (_, i) => numbered(i, 16)));
      const values = concatBytes(...Array.from({ length: 500 }, (_, i) => numbered(i + 1, map.valueBytes)));
      expectBytes(map.lookup(keys).values, values, "values");
    }
  });

  test("a map above 2 GiB is one like any other", () => {
    const instances: Instance[] = [];
    const { oblivious } = createKernel({ memoryBytesMax: 2 ** 32, inspect: (each) => instances.push(each) });
    instances[0]?.claim(2 ** 31 - 4_000_000); // The map lies across the border. Nobody touches these pages.
    const map = oblivious.createMap({ keyBytes: 16, valueBytes: 240, capacity: 2 ** 14, seed: random(32) });
    const keys = concatBytes(...Array.from({ length: 1_000 }, (_, i) => numbered(i, 16)));
    const values = random(240_000);
    map.upsert(keys, values);
    expectBytes(map.lookup(keys).values, values, "values");
  });

  test("nothing of keys and values stays outside of the map", () => {
    const options = { keyBytes: 16, valueBytes: 40, capacity: 30, seed: random(32) };
    const secret = new Uint8Array(32).fill(0xc7);
    expectNothingLeft({
      generator: ({ oblivious }) => oblivious.draw(oblivious.createGenerator(secret), 40),
    });
    const instances: Instance[] = [];
    const { oblivious } = createKernel({ inspect: (each) => instances.push(each) });
    const instance = instances[0] as Instance;
    const begin = instance.claim(0);
    const before = instance.memory.slice(0, begin);
    const map = oblivious.createMap(options);
    map.upsert(secret.subarray(16), new Uint8Array(40).fill(0xc7));
    map.lookup(secret.subarray(16));
    expectBytes(instance.memory.slice(0, begin), before, "below the map");
    expect(instance.memory.subarray(begin + map.bytes + 64).every((byte) => byte === 0)).toBe(true);
  });
});

test("a map whose stash has overflowed says so for good, and never answers again", () => {
  const instances: Instance[] = [];
  const { oblivious } = createKernel({ inspect: (each) => instances.push(each) });
  const memory = (): Uint8Array => (instances[0] as Instance).memory;
  const begin = (instances[0] as Instance).claim(0);
  const map = oblivious.createMap({ keyBytes: 16, valueBytes: 40, capacity: 30, seed: random(32) });
  map.upsert(numbered(1, 16), new Uint8Array(40));
  // Occupy every slot of the records' stash and of the tree: the metadata of five subtrees, whatever is in the way.
  const word = (at: number): number => new DataView(memory().buffer).getUint32(at, true);
  const records = word(begin + 20);
  const occupy = (at: number, slots: number, bytes: number): void => {
    for (let i = 0; i < slots; i++) new DataView(memory().buffer).setUint32(at + bytes * i, 0x80000fff, true);
  };
  occupy(word(records + 20), 64, 4);
  for (let subtree = 0; subtree < 5; subtree++) occupy(word(records + 16) + subtree * word(records + 24), 16, 8);
  expectError(() => map.upsert(numbered(2, 16), new Uint8Array(40)), "map-broken");
  expectError(() => map.lookup(numbered(1, 16)), "map-broken");
});

describe("the generator", () => {
  const { oblivious } = kernel();

  test("is ChaCha20: the blocks of RFC 8439, A.1, but for the key that replaces the first one", () => {
    const zeros = oblivious.createGenerator(new Uint8Array(32));
    expect(bytesToHex(oblivious.draw(zeros, 96))).toBe(
      "da41597c5157488d7724e03fb8d84a376a43b8f41518a11cc387b669b2ee6586" +
        "9f07e7be5551387a98ba977c732d080dcb0f29a048e3656912c6533e32ee7aed29b721769ce64e43d57133b074d839d531ed1f28510afb45ace10a1f4b794d6f",
    );
  });

  test(`agrees with the model over batches, FOGBOW_SEED=${seed}`, () => {
    for (let i = 0; i < 50; i++) {
      const start = random(32);
      const [ours, theirs] = [oblivious.createGenerator(start), model.createGenerator(start)];
      for (let k = 0; k < 40; k++) {
        const length = randomBelow(300);
        expect(bytesToHex(oblivious.draw(ours, length))).toBe(bytesToHex(model.draw(theirs, length)));
        expect(bytesToHex(ours)).toBe(bytesToHex(theirs));
      }
    }
  });

  test("keeps nothing of what it gave", () => {
    const generator = oblivious.createGenerator(random(32));
    const given = bytesToHex(oblivious.draw(generator, 1_500));
    const kept = bytesToHex(generator);
    for (let at = 0; at + 16 <= given.length; at += 16) expect(kept).not.toContain(given.slice(at, at + 16));
  });

  test("refuses what is none, and too many bytes", () => {
    expectError(() => oblivious.draw(new Uint8Array(1_072).fill(255), 1), "invalid-length");
    expectError(() => oblivious.draw(oblivious.createGenerator(random(32)), 65_537), "invalid-length");
    expectError(() => oblivious.draw(oblivious.createGenerator(random(32)), 0.5), "invalid-length");
  });
});
