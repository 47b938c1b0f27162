// Ingest's step against the model, byte for byte, and against what recipients can do with its results.
import { createKernel, type FogIngest, kernel } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, concatBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectBytes, expectError } from "./group.ts";
import { randomBytesFrom, seed } from "./random.ts";

const { ristretto, scalars, hashes, ciphers } = kernel();
const random = randomBytesFrom("ingest");
const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));
const magic = Uint8Array.of(0x2a, 0x2a);

const randomScalar = (): Uint8Array => scalars.reduceWide(random(64));
const ingressKey = randomScalar();
const ingressPublicKey = ristretto.multiplyBase(ingressKey);

const boxKey = (ikm: Uint8Array): Uint8Array =>
  hashes.hkdf("blake2b512", { ikm, salt: text("dei-salty-box"), info: text("aead-key-iv"), length: 44 });

function sealBox(recipient: Uint8Array, plaintext: Uint8Array): Uint8Array {
  const ephemeral = randomScalar();
  const okm = boxKey(ristretto.multiply(ephemeral, recipient));
  const sealed = ciphers.aes256GcmSeal(okm.slice(0, 32), okm.slice(32), new Uint8Array(0), plaintext);
  const footer = [ristretto.multiplyBase(ephemeral), sealed.subarray(plaintext.length), Uint8Array.of(1, 0)];
  return concatBytes(sealed.subarray(0, plaintext.length), ...footer);
}

/** What a recipient finds in a box, if it is its own. */
function openBox(privateKey: Uint8Array, box: Uint8Array): Uint8Array | undefined {
  const length = box.length - 50;
  const okm = boxKey(ristretto.multiply(privateKey, box.slice(length, length + 32)));
  const sealed = concatBytes(box.subarray(0, length), box.subarray(length + 32, length + 48));
  return ciphers.aes256GcmOpen(okm.slice(0, 32), okm.slice(32), new Uint8Array(0), sealed);
}

const hintFor = (viewPublicKey: Uint8Array): Uint8Array => sealBox(ingressPublicKey, concatBytes(viewPublicKey, magic));

/** Some user, with a view key of its own. */
function makeUser(): { readonly viewKey: Uint8Array; readonly hint: () => Uint8Array } {
  const viewKey = randomScalar();
  const viewPublicKey = ristretto.multiplyBase(viewKey);
  return { viewKey, hint: () => hintFor(viewPublicKey) };
}

/** The search key that a user computes. */
function searchKeyOf(viewKey: Uint8Array, egressPublicKey: Uint8Array, n: number): string {
  const secret = ristretto.multiply(viewKey, egressPublicKey);
  const digest = hashes.blake2b512(text("20201124"), secret, Uint8Array.of(n, 0, 0, 0, 0, 0, 0, 0));
  return bytesToHex(digest.subarray(0, 16));
}

const searchKeys = (keys: Uint8Array): string[] =>
  Array.from({ length: keys.length / 16 }, (_, i) => bytesToHex(keys.subarray(16 * i, 16 * i + 16)));

const ingestOf = (capacity: number, from: Uint8Array): FogIngest =>
  createKernel().fog.createIngest({ capacity, seed: from });

test(`search keys, sealed records and egress keys are those of the model, FOGBOW_SEED=${seed}`, () => {
  const from = random(32);
  const ingest = ingestOf(512, from);
  const model = createModel().fog.createIngest({ capacity: 512, seed: from });
  const users = Array.from({ length: 5 }, makeUser);
  for (const count of [0, 1, 2, 3, 4, 5, 9, 40]) {
    // Users, a hint that is authentic and holds no point, and what is no hint.
    const others = [hintFor(new Uint8Array(32).fill(0xff)), random(84), new Uint8Array(84)];
    const hints = Array.from({ length: count }, (_, i) => {
      const which = (i * 7 + count) % 8;
      return users[which]?.hint() ?? (others[which - users.length] as Uint8Array);
    });
    const records = hints.map((_, i) => random([187, 179, 111, 0, 200][(i + count) % 5] as number));
    const ours = ingest.process(ingressKey, concatBytes(...hints), records);
    const theirs = model.process(ingressKey, concatBytes(...hints), records);
    expectBytes(ours.searchKeys, theirs.searchKeys, `${count} search keys`);
    expect(ours.payloads).toEqual(theirs.payloads);
    expect(ingest.size).toBe(model.size);
  }
  const again = random(32);
  ingest.renew(again);
  model.renew(again);
  expect(ingest.egressPublicKey).toEqual(model.egressPublicKey);
  const [hint, record] = [users[0]?.hint() as Uint8Array, [random(187)]];
  expect(ingest.process(ingressKey, hint, record)).toEqual(model.process(ingressKey, hint, record));
});

test("a user finds every record in its order, across calls and across the parts of a large one", () => {
  const users = Array.from({ length: 3 }, makeUser);
  const ingest = ingestOf(1024, random(32));
  const found = new Map<string, Uint8Array>();
  const expected = users.map((): Uint8Array[] => []);
  for (const count of [3, 300, 1]) {
    const whose = Array.from({ length: count }, (_, i) => i % 4);
    const records = whose.map((user) => {
      const record = random(187);
      expected[user]?.push(record);
      return record;
    });
    const hints = concatBytes(...whose.map((user) => users[user]?.hint() ?? random(84)));
    const { searchKeys: keys, payloads } = ingest.process(ingressKey, hints, records);
    searchKeys(keys).forEach((key, i) => {
      found.set(key, payloads[i] as Uint8Array);
    });
  }
  expect(found.size).toBe(304);
  users.forEach(({ viewKey }, user) => {
    const opened = (expected[user] as Uint8Array[]).map((_, n) => {
      const payload = found.get(searchKeyOf(viewKey, ingest.egressPublicKey, n)) as Uint8Array;
      expect(payload).toHaveLength(237);
      return openBox(viewKey, payload);
    });
    expect(opened).toEqual(expected[user]);
    expect(found.has(searchKeyOf(viewKey, ingest.egressPublicKey, opened.length))).toBe(false);
  });
});

test("the same outputs again get other search keys, and so they do under another egress key", () => {
  const { hint } = makeUser();
  const hints = concatBytes(hint(), hint(), random(84));
  const records = [random(187), random(187), random(187)];
  const ingest = ingestOf(64, random(32));
  const first = searchKeys(ingest.process(ingressKey, hints, records).searchKeys);
  const replayed = searchKeys(ingest.process(ingressKey, hints, records).searchKeys);
  const key = ingest.egressPublicKey;
  ingest.renew(random(32));
  expect(ingest.egressPublicKey).not.toEqual(key);
  const renewed = searchKeys(ingest.process(ingressKey, hints, records).searchKeys);
  expect(new Set([...first, ...replayed, ...renewed]).size).toBe(9);
});

describe("refusals", () => {
  const ingest = ingestOf(16, random(32));
  const hints = random(84 * 3);
  const records = [random(10), random(10), random(10)];

  test("more outputs than the capacity has left are refused, and change nothing", () => {
    const other = ingestOf(16, new Uint8Array(32));
    const same = ingestOf(16, new Uint8Array(32));
    const [many, more] = [random(84 * 14), Array.from({ length: 14 }, () => random(1))];
    expect(other.process(ingressKey, many, more)).toEqual(same.process(ingressKey, many, more));
    expectError(() => other.process(ingressKey, hints, records), "map-full");
    expect(other.size).toBe(14);
    const last = [hints.subarray(0, 168), records.slice(0, 2)] as const;
    expect(other.process(ingressKey, ...last)).toEqual(same.process(ingressKey, ...last));
    expectError(() => other.process(ingressKey, hints.subarray(0, 84), records.slice(0, 1)), "map-full");
  });

  test("wrong lengths", () => {
    expectError(() => ingest.process(ingressKey.subarray(1), hints, records), "invalid-length");
    expectError(() => ingest.process(ingressKey, hints.subarray(1), records), "invalid-length");
    expectError(() => ingest.process(ingressKey, hints, records.slice(1)), "invalid-length");
    expectError(() => ingest.process(ingressKey, random(84), [random(1_025)]), "invalid-length");
    expectError(() => ingest.renew(random(31)), "invalid-length");
    expect(ingest.size).toBe(0);
  });

  test("an ingress key that is not below the group order", () => {
    expectError(() => ingest.process(new Uint8Array(32).fill(0xff), hints, records), "invalid-scalar");
  });

  test.each([0, 8, 15, 17, 2 ** 23, 1.5, Number.NaN])("a capacity of %d", (capacity) => {
    expectError(() => ingestOf(capacity, random(32)), "invalid-length");
  });
});
