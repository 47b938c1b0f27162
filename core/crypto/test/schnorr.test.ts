// Tests of deterministic Schnorr signatures: published signatures, and what must not verify.
import { concatBytes, fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { PrivateKey, publicKey, SIGNATURE_BYTES, schnorrSign, schnorrVerify } from "../src/index.ts";
import { bytesOfLength, mutations, privateKeys } from "./arbitraries.ts";
import { argumentsOf, resultsOf } from "./watch-secrets.ts";

interface Published {
  readonly secret: string;
  readonly key: string;
  readonly signature: string;
}

// Context "test", message "foobar".
const PUBLISHED: readonly [Published, ...Published[]] = [
  {
    secret: "dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008",
    key: "ca5e7ce4f86cf2446b5915c048c82088ffa770545f85ff9196ee200fc26b5209",
    signature:
      "862fd9469e4d21e1f75ef090c29c789ecd8f10e174175b194f282c7591976d2146a6e9f49062f560558af9c0b4aee5abdf9c8aa7f3b42146a1fd0e6f9386308d",
  },
  {
    secret: "a924a9078b33acc71541b2e75e28595908df1ccc1e47c6005d4149afcc54b201",
    key: "ee9d182771e76bca4733d84d822598f033f643ac40444b84478128f166a3110b",
    signature:
      "d403aa6f058137750a36eb207b99b22fbeb2f3fb8ff6dee63ea2cb60f186b738eb5d7facd85d3f9fd6cf4538a33a7997982923b65e36df2fcac74adb93fcc98c",
  },
  {
    secret: "1b05b618db71fc9cd20832c607426f47cf3a4e26bea1f1b55494273e605db00e",
    key: "a02b0530dad33821b27b8eded52ec0532989d7cfded98980c3197df50fe52e4e",
    signature:
      "ca19873eeb6e41098f8b9035edb4f7594c53801a3ad2c7333075f191573cd30530e6e3ff0cf84f2573dc8b582cf723e9f6e35e1cd6acea20f1551cfb7f8bf488",
  },
];

const ZERO_KEY = new PrivateKey(new Uint8Array(32));

const FOG_AUTHORITY_SPKI = Uint8Array.from(
  atob(
    "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEAyFOockvCEc9TcO1NvsiUfFVzvtDsR64UIRRUl3tBM2Bh8KBA932/" +
      "Up86RtgJVnbslxuUCrTJZCV4dgd5hAo/mzuJOy9lAGxUTpwWWG0zZJdpt8HJRVLX76CBpWrWEt7JMoEmduvsCR8q7WkSNgT0" +
      "iIoSXgT/hfWnJ8KGZkN4WBzzTH7hPrAcxPrzMI7TwHqUFfmOX7/gc+bDV5ZyRORrpuu+OR2BVObkocgFJLGmcz7KRuN7/dYt" +
      "dYFpiKearGvbYqBrEjeo/15chI0Bu/9oQkjPBtkvMBYjyJPrD7oPP67i0ZfqV6xCj4nWwAD3bVjVqsw9cCBHgaykW8ArFFa0" +
      "VCMdLy7UymYU5SQsfXrw/mHpr27Pp2Z0/7wpuFgJHL+0ARU48OiUzkXSHX+sBLov9X6f9tsh4q/ZRorXhcJi7FnUoagBxewv" +
      "lfwQfcnLX3hp1wqoRFC4w1DC+ki93vIHUqHkNnayRsf1n48fSu5DwaFfNvejap7HCDIOpCCJmRVR8mVuxi6jgjOUa4Vhb/GC" +
      "zxfNIn5ZYym1RuoE0TsFO+TPMzjed3tQvG7KemGFz3pQIryb43SbG7Q+EOzIigxYDytzcxOO5Jx7r9i+amQEiIcjBICwyFoE" +
      "UlVJTgSpqBZGNpznoQ4I2m+uJzM+wMFsinTZN3mp4FU5UHjQsHKG+ZMCAwEAAQ==",
  ),
  (character) => character.charCodeAt(0),
);

describe("published signatures", () => {
  test("are reproduced byte for byte, twice", () => {
    for (const { secret, key, signature } of PUBLISHED) {
      const privateKey = new PrivateKey(fromHex(secret));
      expect(toHex(privateKey.publicKey())).toBe(key);
      expect(toHex(schnorrSign("test", privateKey, utf8("foobar")))).toBe(signature);
      expect(toHex(schnorrSign("test", privateKey, utf8("foobar")))).toBe(signature);
      expect(schnorrVerify("test", publicKey(fromHex(key)), utf8("foobar"), fromHex(signature))).toBe(true);
    }
  });

  test("a Fog authority signature of a published address verifies", () => {
    const key = fromHex("46db671dc90016919bf8a2b0f8b2aefb6220cbff0fa30454f8fc0ffd1948820a");
    const signature = fromHex(
      "281a4c716a006fb8f813b7d42ce11b8b69c42e8ad709086482403a8142d5bd44d090e9e36565be143bd949ef85b0985c5ee44ad5397cbe2e1599551be181a08b",
    );
    expect(FOG_AUTHORITY_SPKI).toHaveLength(550);
    expect(schnorrVerify("Fog authority signature", key, FOG_AUTHORITY_SPKI, signature)).toBe(true);
    expect(schnorrVerify("Fog authority signature", key, FOG_AUTHORITY_SPKI.subarray(1), signature)).toBe(false);
  });
});

describe("any signature", () => {
  const notZero = privateKeys.filter((key) => !key.equals(ZERO_KEY));
  const cases = fc.record({ key: notZero, context: fc.string(), message: fc.uint8Array({ maxLength: 300 }) });

  test("verifies, is marked, and is the same each time", () => {
    fc.assert(
      fc.property(cases, ({ key, context, message }) => {
        const signature = schnorrSign(context, key, message);
        expect(signature).toHaveLength(SIGNATURE_BYTES);
        expect((signature[63] ?? 0) & 0x80).toBe(0x80);
        expect(schnorrSign(context, key, message)).toEqual(signature);
        expect(schnorrVerify(context, key.publicKey(), message, signature)).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("fails for another key, context or message", () => {
    fc.assert(
      fc.property(cases, cases, (mine, other) => {
        const signature = schnorrSign(mine.context, mine.key, mine.message);
        const key = mine.key.publicKey();
        expect(schnorrVerify(`${mine.context}x`, key, mine.message, signature)).toBe(false);
        expect(schnorrVerify(mine.context, key, concatBytes(mine.message, Uint8Array.of(0)), signature)).toBe(false);
        const sameKey = mine.key.equals(other.key);
        expect(schnorrVerify(mine.context, other.key.publicKey(), mine.message, signature)).toBe(sameKey);
      }),
      { numRuns: 20 },
    );
  });

  test("fails after any change, without throwing", () => {
    fc.assert(
      fc.property(cases, mutations, ({ key, context, message }, mutate) => {
        const signature = mutate(schnorrSign(context, key, message));
        expect(schnorrVerify(context, key.publicKey(), message, signature)).toBe(false);
      }),
      { numRuns: 30 },
    );
  });
});

test("verifying leaves the signature as it is, also in a Buffer, whose slices share its memory", () => {
  const [{ key, signature }] = PUBLISHED;
  const buffer = Buffer.from(signature, "hex");
  for (let time = 0; time < 2; time++) {
    expect(schnorrVerify("test", fromHex(key), utf8("foobar"), buffer)).toBe(true);
  }
  expect(toHex(buffer)).toBe(signature);
});

describe("malformed input is simply false", () => {
  const message = utf8("foobar");
  const [{ key, signature }] = PUBLISHED;

  test("random signatures and keys", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 70 }), fc.uint8Array({ maxLength: 40 }), (someSignature, someKey) => {
        expect(schnorrVerify("test", fromHex(key), message, someSignature)).toBe(false);
        expect(schnorrVerify("test", someKey, message, fromHex(signature))).toBe(false);
      }),
    );
    fc.assert(
      fc.property(bytesOfLength(64), bytesOfLength(32), (someSignature, someKey) => {
        expect(schnorrVerify("test", someKey, message, someSignature)).toBe(false);
      }),
    );
  });

  test("what is no byte string", () => {
    for (const value of [undefined, null, 64, "a".repeat(64), new Array(64).fill(0x80)] as unknown[]) {
      const bytes = value as Uint8Array; // A caller without types passes it.
      expect(schnorrVerify("test", fromHex(key), message, bytes)).toBe(false);
      expect(schnorrVerify("test", bytes, message, fromHex(signature))).toBe(false);
    }
  });

  test("a signature without its marker", () => {
    const unmarked = fromHex(signature);
    unmarked[63] = (unmarked[63] ?? 0) & 0x7f;
    expect(schnorrVerify("test", fromHex(key), message, unmarked)).toBe(false);
  });

  test("a signature whose scalar was replaced by its non-canonical twin s + ℓ", () => {
    const order = BigInt("0x1000000000000000000000000000000014def9dea2f79cd65812631a5cf5d3ed");
    const twin = fromHex(signature);
    const scalar = BigInt(`0x${toHex(twin.slice(32).reverse())}`) & ((1n << 255n) - 1n);
    twin.set(fromHex((scalar + order).toString(16).padStart(64, "0")).reverse(), 32);
    twin[63] = (twin[63] ?? 0) | 0x80;
    expect(kernel().scalars.isCanonical(fromHex(signature).slice(32))).toBe(false); // The marker alone makes it so.
    expect(schnorrVerify("test", fromHex(key), message, twin)).toBe(false);
    expect(schnorrVerify("test", fromHex(key), message, fromHex(signature))).toBe(true);
  });
});

test("the key zero signs, but its public key, the identity, binds no message, as in the deployed network", () => {
  const signature = schnorrSign("test", ZERO_KEY, utf8("foobar"));
  expect(schnorrVerify("test", ZERO_KEY.publicKey(), utf8("foobar"), signature)).toBe(true);
  expect(schnorrVerify("test", ZERO_KEY.publicKey(), utf8("barfoo"), signature)).toBe(true);
});

test("nonce, randomness, witness, r and the transcripts that saw them are wiped after signing", () => {
  const key = new PrivateKey(fromHex("dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008"));
  const sign = (): unknown => schnorrSign("test", key, utf8("foobar"));
  const zero = (length: number): Uint8Array => new Uint8Array(length);
  expect(resultsOf("strobe", "prf", sign)).toContainEqual(zero(64));
  expect(resultsOf("hashes", "hc128", sign)).toEqual([zero(32)]);
  expect(resultsOf("strobe", "challenge", sign)[0]).toEqual(zero(32));
  expect(resultsOf("scalars", "reduceWide", sign)[0]).toEqual(zero(32)); // The second is the public challenge.
  const [, nonceTranscript] = resultsOf("strobe", "create", sign); // The first is the public one.
  expect(nonceTranscript).toEqual(zero(203));
  expect(argumentsOf("strobe", "key", sign)).toEqual([zero(203), zero(203)]);
  expect(toHex(key.expose())).toBe("dae7da08e27ea4f17a233f15c234b58ce20d0d2727abb98e9bdcf04aeea54008");
});
