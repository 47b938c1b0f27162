// X25519 of the kernel against RFC 7748's vectors and @noble/curves.
import { KernelError, kernel, type X25519 } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectError } from "./group.ts";
import { randomBytesFrom, randomWordsFrom, seed } from "./random.ts";
import { expectNothingLeft } from "./watched-kernel.ts";

const { x25519 } = kernel();
const model = createModel().x25519;
const random = randomBytesFrom("x25519");

const BASE = Uint8Array.of(9, ...new Uint8Array(31));
const PRIME = 2n ** 255n - 19n;

/** 32 little-endian bytes. */
function littleEndian(n: bigint): Uint8Array {
  return hexToBytes(n.toString(16).padStart(64, "0")).reverse();
}

/** Every u-coordinate of a point of small order, in each of its encodings (the last two are not below p). */
const SMALL_ORDER: readonly bigint[] = [
  0n,
  1n,
  325606250916557431795983626356110631294008115727848805560023387167927233504n,
  39382357235489614581723060781553021112529911719440698176882885853963445705823n,
  PRIME - 1n,
  PRIME,
  PRIME + 1n,
];

describe("RFC 7748", () => {
  test.each([
    {
      name: "§5.2, first",
      scalar: "a546e36bf0527c9d3b16154b82465edd62144c0ac1fc5a18506a2244ba449ac4",
      u: "e6db6867583030db3594c1a424b15f7c726624ec26b3353b10a903a6d0ab1c4c",
      out: "c3da55379de9c6908e94ea4df28d084f32eccf03491c71f754b4075577a28552",
    },
    {
      name: "§5.2, second, whose public key has its highest bit set",
      scalar: "4b66e9d4d1b4673c5ad22691957d6af5c11b6421e0ea01d42ca4169e7918ba0d",
      u: "e5210f12786811d3f4b7959d0538ae2c31dbe7106fc03c3efc4cd549c715a493",
      out: "95cbde9476e8907d7aade45cb4b873f88b595a68799fa152e6f8f7647aac7957",
    },
  ])("$name", ({ scalar, u, out }) => {
    expect(bytesToHex(x25519.sharedSecret(hexToBytes(scalar), hexToBytes(u)))).toBe(out);
  });

  test("§5.2, iterated once and a thousand times", () => {
    let [k, u]: [Uint8Array, Uint8Array] = [BASE, BASE];
    for (let i = 1; i <= 1000; i++) {
      [k, u] = [x25519.sharedSecret(k, u), k];
      if (i === 1) expect(bytesToHex(k)).toBe("422c8e7a6227d7bca1350b3e2bb7279f7897b87bb6854b783c60e80311ae3079");
    }
    expect(bytesToHex(k)).toBe("684cf59ba83309552800ef566f2f4d3c1c3887c49360e3875f2eb94d99532c51");
  });

  test("§6.1, two parties", () => {
    const alice = hexToBytes("77076d0a7318a57d3c16c17251b26645df4c2f87ebc0992ab177fba51db92c2a");
    const bob = hexToBytes("5dab087e624a8a4b79e17f8b83800ee66f3bb1292618b6fd1c2f8b27ff88e0eb");
    const alicePublic = x25519.publicKey(alice);
    const bobPublic = x25519.publicKey(bob);
    expect(bytesToHex(alicePublic)).toBe("8520f0098930a754748b7ddcb43ef75a0dbf3a0d26381af4eba4a98eaa9b4e6a");
    expect(bytesToHex(bobPublic)).toBe("de9edb7d7b7dc1b4d35b61c2ece435373f8343c85b78674dadfc7e146f882b4f");
    const shared = "4a5d9d5ba4ce2de1728e3bf480350f25e07e21c947d19e3376f09b3c1e161742";
    expect(bytesToHex(x25519.sharedSecret(alice, bobPublic))).toBe(shared);
    expect(bytesToHex(x25519.sharedSecret(bob, alicePublic))).toBe(shared);
  });
});

describe(`against @noble/curves, FOGBOW_SEED=${seed}`, () => {
  test("random and extreme keys give the same public keys and shared secrets", () => {
    const words = randomWordsFrom(random);
    for (let i = 0; i < 300; i++) {
      const [privateKey, publicKey] = [words(32), words(32)];
      expect(bytesToHex(x25519.publicKey(privateKey))).toBe(bytesToHex(model.publicKey(privateKey)));
      expect(outcome(x25519, privateKey, publicKey)).toBe(outcome(model, privateKey, publicKey));
    }
  });

  test("public keys around multiples of 2²⁵⁵ − 19 and limbs full of ones are read alike", () => {
    const privateKey = random(32);
    const near = [0n, PRIME, 2n ** 255n, 2n ** 255n + PRIME].flatMap((base) =>
      [-2n, -1n, 0n, 1n, 2n, 9n, 18n].map((n) => base + n),
    );
    const full = [25n, 26n, 51n, 77n, 102n, 128n, 153n, 179n, 204n, 230n, 254n].flatMap((bit) => [
      2n ** bit - 1n,
      2n ** bit,
      2n ** 255n - 2n ** bit,
    ]);
    for (const u of [...near, ...full].filter((n) => n >= 0n && n < 2n ** 256n)) {
      const publicKey = littleEndian(u);
      expect(outcome(x25519, privateKey, publicKey), `u = ${u}`).toBe(outcome(model, privateKey, publicKey));
    }
  });

  test("two parties agree", () => {
    for (let i = 0; i < 20; i++) {
      const [a, b] = [random(32), random(32)];
      const ab = x25519.sharedSecret(a, x25519.publicKey(b));
      expect(bytesToHex(ab)).toBe(bytesToHex(x25519.sharedSecret(b, x25519.publicKey(a))));
    }
  });
});

describe("bad input", () => {
  test("a public key of small order, in any encoding, is refused with its own code", () => {
    for (const n of SMALL_ORDER) {
      for (const publicKey of [littleEndian(n), littleEndian(n + 2n ** 255n)]) {
        expectError(() => x25519.sharedSecret(random(32), publicKey), "zero-shared-secret");
        expectError(() => model.sharedSecret(random(32), publicKey), "zero-shared-secret");
      }
    }
  });

  test("keys of other lengths are refused", () => {
    for (const length of [0, 31, 33, 64]) {
      expectError(() => x25519.publicKey(new Uint8Array(length)), "invalid-length");
      expectError(() => x25519.sharedSecret(new Uint8Array(length), BASE), "invalid-length");
      expectError(() => x25519.sharedSecret(BASE, new Uint8Array(length)), "invalid-length");
    }
  });
});

test("five bits of a private key and the highest bit of a public key do not matter", () => {
  const [privateKey, publicKey] = [random(32), x25519.publicKey(random(32))];
  const expected = bytesToHex(x25519.sharedSecret(privateKey, publicKey));
  for (const [index, bit] of [
    [0, 1],
    [0, 2],
    [0, 4],
    [31, 64],
    [31, 128],
  ] as const) {
    expect(bytesToHex(x25519.sharedSecret(flipped(privateKey, index, bit), publicKey))).toBe(expected);
  }
  expect(bytesToHex(x25519.sharedSecret(privateKey, flipped(publicKey, 31, 128)))).toBe(expected);
  expect(bytesToHex(x25519.sharedSecret(flipped(privateKey, 0, 8), publicKey))).not.toBe(expected);
});

test("no key and no shared secret stays in memory", () => {
  const [privateKey, publicKey] = [random(32), random(32)];
  expectNothingLeft({
    publicKey: (running) => running.x25519.publicKey(privateKey),
    sharedSecret: (running) => running.x25519.sharedSecret(privateKey, publicKey),
    "a refused shared secret": (running) =>
      expectError(() => running.x25519.sharedSecret(privateKey, new Uint8Array(32)), "zero-shared-secret"),
  });
});

/** The shared secret, or the code of the error. */
function outcome(face: X25519, privateKey: Uint8Array, publicKey: Uint8Array): string {
  try {
    return bytesToHex(face.sharedSecret(privateKey, publicKey));
  } catch (error) {
    return error instanceof KernelError ? error.code : String(error);
  }
}

function flipped(bytes: Uint8Array, index: number, bit: number): Uint8Array {
  return bytes.map((byte, i) => (i === index ? byte ^ bit : byte));
}
