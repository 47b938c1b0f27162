// Tests of the wallet's side of KexRng.
import { inspect } from "node:util";
import { fromHex, Secret, toHex, U64_MAX, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { KexRng, kexRngPublicKey, PrivateKey, type StoredRng } from "../src/index.ts";
import { bytesOfLength, points, privateKeys } from "./arbitraries.ts";
import { resultsOf } from "./watch-secrets.ts";

const take = (rng: KexRng, count: number): string[] =>
  Array.from({ length: count }, () => {
    const key = toHex(rng.peek());
    rng.advance();
    return key;
  });

const PUBLISHED = [
  "84f2f5e324c9031e1fb92e6038e7a224",
  "7236127074fe2f89b2413dc91eb4bb26",
  "41592633ad332be7a917b4a612c9eeb2",
  "483ef15a4eb6739967060d690f3f6ace",
];
const published = (): KexRng =>
  KexRng.fromKeyExchange(new PrivateKey(new Uint8Array(32).fill(1)), kexRngPublicKey(new Uint8Array(32).fill(2), 0));

describe("known answers", () => {
  test("the published sequence", () => {
    expect(take(published(), 4)).toEqual(PUBLISHED);
    expect(toHex(published().toStored().secret.expose())).toBe(
      "32650466f402f5f6c61ff7b364279789f4858843da879d8fc8e77603ec9c0f1d",
    );
  });

  test("the sequence of an all-zero secret", () => {
    const buffer = fromHex("5ca6aafcf6fa59f93fff54fa47e00901");
    const rng = KexRng.fromStored({ secret: new Secret(new Uint8Array(32)), buffer, counter: 0n, version: 0 });
    expect(take(rng, 2)).toEqual(["5ca6aafcf6fa59f93fff54fa47e00901", "67aa8728cb8ac38c5854678012e00902"]);
  });

  test("the sequence of a subaddress view key and an egress key", () => {
    const view = new PrivateKey(fromHex("be9f9e93e6533c3b2503867200f032f31e3c4e0f17961ff6c001754cf1639408"));
    const egress = fromHex("3417ece792a4d8416b6ee445ef9420d1b6e4db370d38ab04872fcbb0fed96f6f");
    expect(take(KexRng.fromKeyExchange(view, kexRngPublicKey(egress, 0)), 3)).toEqual([
      "73b57c8ba56bc24c0926b4c3334ae893",
      "081fe615348194e81a8c85faecf92581",
      "1cf217a79e43f729c34a27de4dde7913",
    ]);
  });
});

test("peeking does not advance, and looking ahead shows what will come", () => {
  const rng = published();
  expect(toHex(rng.peek())).toBe(toHex(rng.peek()));
  expect(rng.peekMany(4).map(toHex)).toEqual(PUBLISHED);
  expect(rng.counter).toBe(0n);
  rng.advance();
  expect(rng.counter).toBe(1n);
  expect(rng.peekMany(3).map(toHex)).toEqual(PUBLISHED.slice(1));
  expect(rng.peekMany(0)).toEqual([]);
});

test("the digest behind a search key is wiped", () => {
  const rng = published();
  expect(resultsOf("hashes", "blake2b512", () => rng.peek())).toEqual([new Uint8Array(64)]);
});

test("versions other than 0 are refused, as is a key that is no point", () => {
  const key = new Uint8Array(32).fill(2);
  for (const version of [1, 100, -1, 0xffff_ffff]) {
    expect(() => kexRngPublicKey(key, version)).toThrow(expect.objectContaining({ code: "unknown-kex-rng-version" }));
    const { publicKey } = kexRngPublicKey(key, 0);
    expect(() => KexRng.fromKeyExchange(new PrivateKey(new Uint8Array(32)), { publicKey, version })).toThrow(
      expect.objectContaining({ code: "unknown-kex-rng-version" }),
    );
    expect(() => KexRng.fromStored({ ...published().toStored(), version })).toThrow(
      expect.objectContaining({ code: "unknown-kex-rng-version" }),
    );
  }
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 40 }), fc.nat(2), (bytes, version) => {
      try {
        expect(kexRngPublicKey(bytes, version)).toEqual({ publicKey: bytes, version: 0 });
      } catch (error) {
        expect(["invalid-public-key", "unknown-kex-rng-version"]).toContain((error as { code: unknown }).code);
      }
    }),
  );
});

describe("a stored state", () => {
  test("continues where it stopped, from anywhere", () => {
    fc.assert(
      fc.property(privateKeys, points, fc.nat(20), (view, egress, steps) => {
        const rng = KexRng.fromKeyExchange(view, { publicKey: egress, version: 0 });
        take(rng, steps);
        const stored = rng.toStored();
        expect(stored).toMatchObject({ counter: BigInt(steps), version: 0, buffer: rng.peek() });
        expect(take(KexRng.fromStored(stored), 3)).toEqual(take(rng, 3));
      }),
      { numRuns: 20 },
    );
  });

  test("is a copy: wiping the original leaves it, and it prints no secret", () => {
    const rng = published();
    const stored = rng.toStored();
    rng.wipe();
    expect(() => rng.peek()).toThrow(expect.objectContaining({ code: "secret-wiped" }));
    expect(toHex(KexRng.fromStored(stored).peek())).toBe(PUBLISHED[0]);
    expect(inspect(stored)).toContain("[secret]");
    expect(() => JSON.stringify({ ...stored, counter: 0 })).toThrow(
      expect.objectContaining({ code: "secret-not-serializable" }),
    );
  });

  test("with wrong lengths, a foreign buffer or a counter beyond 64 bits is refused", () => {
    const good = published().toStored();
    const short = new Uint8Array(31);
    const buffer = kernel().hashes.blake2b512(utf8("20201124"), short, new Uint8Array(8)).slice(0, 16);
    const bad: StoredRng[] = [
      { ...good, secret: new Secret(short), buffer },
      { ...good, secret: new Secret(new Uint8Array(33)) },
      { ...good, secret: new Secret(new Uint8Array(32)) },
      { ...good, buffer: good.buffer.slice(1) },
      { ...good, buffer: Uint8Array.of(...good.buffer, 0) },
      { ...good, buffer: new Uint8Array(16) },
      { ...good, counter: 1n },
      { ...good, counter: -1n },
      { ...good, counter: U64_MAX + 1n },
      { ...good, counter: 0 as unknown as bigint }, // As a caller without types reads it from JSON.
    ];
    for (const stored of bad) {
      expect(() => KexRng.fromStored(stored)).toThrow(
        expect.objectContaining({ name: "CryptoError", code: "invalid-stored-rng" }),
      );
    }
  });

  test("of random parts is restored or refused with the package's error", () => {
    const parts = fc.record({
      secret: fc.oneof(bytesOfLength(32), fc.uint8Array({ maxLength: 40 })),
      buffer: fc.oneof(bytesOfLength(16), fc.uint8Array({ maxLength: 20 })),
      counter: fc.bigInt(-5n, U64_MAX + 5n),
      version: fc.nat(2),
    });
    fc.assert(
      fc.property(parts, ({ secret, ...rest }) => {
        expect(() => KexRng.fromStored({ secret: new Secret(secret), ...rest })).toThrow(
          expect.objectContaining({ name: "CryptoError" }),
        );
      }),
    );
  });
});

test("the counter wraps at 64 bits", () => {
  const stored = published().toStored();
  const [first = new Uint8Array()] = published().peekMany(1);
  const last = KexRng.fromStored({
    ...stored,
    counter: U64_MAX,
    buffer: fromHex("21f568c12ad886a4fb570f38e8a6fd70"),
  });
  last.advance();
  expect(last.counter).toBe(0n);
  expect(last.peek()).toEqual(first);
});
