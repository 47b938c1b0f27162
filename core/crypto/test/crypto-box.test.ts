// Tests of the crypto box: a published cryptogram in both directions, each refusal, and what is wiped.
import { fromHex, toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BOX_OVERHEAD_BYTES, openBox, PrivateKey, publicKey, sealBox } from "../src/index.ts";
import { bytesOfLength, mutations, points, prepared, privateKeys } from "./arbitraries.ts";
import { resultsOf } from "./watch-secrets.ts";

const recipient = new PrivateKey(fromHex("031a37a16479b38c209185fe70e9a949368f2e2cd8d96419c721ce0deacfbf0a"));
const plaintext = fromHex(
  "0a770a2d0a220a204265b15a023d1803634693fd8c101b56a70eefb489af07cd91034044c94c78321192f05b637310220312220a20" +
    "decbad816eb36a475e711a83517eecb65997fe806834b1430d4ff948f10563141a220a201664d98428413f9e760deec3c0606e5516" +
    "a3d66d458d56fa8f1136110fc34a4a11a08601000000000019010000000000000021ffffffffffffffff2d02000000",
);
const cryptogram = fromHex(
  "aa7fb0608b99db7a01862d6a0ee268172089988cdba3992b96f73fdaec4840926b0133fa8bf78f59e6d5b31a72a2627e0aa006ca48e" +
    "69980b0136f187ca0fd56563f6b5a1702cafc687292bfed0d13ff91b95b1b6b1349448ec4c448aed6d47d4b1df3948e20958af4e2e7" +
    "589dd5502e7d3756ccf7a95abb46f6a93048429f6c7d334d88fb5ed28a1f01740f7e68dd82e49a9998cab1a55d2b18ca2c71da69d5a" +
    "49f3c8a186c125add94b87d81d9929d59da1c80d89e62566f3b533b77a19ab49b7434b27d1cac6b4d0100",
);
const ephemeralScalar = fromHex("bad33d2b22728604767c0b243af108175313f8ed2fa3a0396fc92f3a9a01060f");

/** 64 bytes that reduce to a scalar which is already below the order. */
const wide = (scalar: Uint8Array): Uint8Array => Uint8Array.of(...scalar, ...new Uint8Array(32));

describe("the published cryptogram", () => {
  test("opens", () => {
    expect(toHex(openBox(recipient, cryptogram))).toBe(toHex(plaintext));
  });

  test("is made from its ephemeral scalar", () => {
    expect(toHex(sealBox(recipient.publicKey(), plaintext, prepared(wide(ephemeralScalar))))).toBe(toHex(cryptogram));
  });
});

test("a recorded Fog hint is a box around the view public key", () => {
  const view = publicKey(fromHex("78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11"));
  const ingress = new PrivateKey(new Uint8Array(32).fill(1));
  const hint = sealBox(ingress.publicKey(), Uint8Array.of(...view, 42, 42), prepared(wide(new Uint8Array(32).fill(2))));
  expect(toHex(hint)).toBe(
    "be886a0e3fd3fe904387ee53b40f50cf1e4804993ff8c09de14c7a77b5e0eed604cbf6d73cfa04628744bf6939147f8535be14a0ef1" +
      "3e3ab294413177b541f08da0908d051df07d2f6ecb6cb3e57a3e432e80100",
  );
});

test("every plaintext survives, empty and long ones too", () => {
  fc.assert(
    fc.property(privateKeys, fc.uint8Array({ maxLength: 400 }), bytesOfLength(64), (key, message, random) => {
      const box = sealBox(key.publicKey(), message, prepared(random));
      expect(box).toHaveLength(message.length + BOX_OVERHEAD_BYTES);
      expect(openBox(key, box)).toEqual(message);
    }),
    { numRuns: 30 },
  );
});

describe("a box is refused", () => {
  const refusal = (bytes: Uint8Array, key = recipient): unknown => {
    try {
      return openBox(key, bytes);
    } catch (error) {
      expect(error).toMatchObject({ name: "CryptoError" });
      return (error as { code: unknown }).code; // Just matched.
    }
  };
  const changed = (offsetFromEnd: number, value: number): Uint8Array => {
    const bytes = cryptogram.slice();
    bytes[bytes.length - offsetFromEnd] = value;
    return bytes;
  };

  test("as too short at every length below the footer's", () => {
    for (let length = 0; length < BOX_OVERHEAD_BYTES; length++) {
      expect(refusal(cryptogram.slice(cryptogram.length - length))).toBe("box-too-short");
    }
  });

  test("as too short when it is no byte string", () => {
    for (const value of [undefined, null, 60, "a".repeat(60), new Array(60).fill(1)] as unknown[]) {
      expect(refusal(value as Uint8Array)).toBe("box-too-short"); // A caller without types passes it.
    }
  });

  test("for its major version, minor version and ephemeral key, in that order", () => {
    expect(refusal(changed(2, 0))).toBe("box-wrong-magic");
    expect(refusal(changed(1, 1))).toBe("box-unknown-algorithm");
    expect(refusal(changed(50, 0x19))).toBe("box-invalid-key"); // 1 more than the valid low byte: an odd encoding.
    expect(refusal(new Uint8Array(50).fill(0xff))).toBe("box-wrong-magic");
    expect(refusal(Uint8Array.of(...new Uint8Array(48).fill(0xff), 1, 9))).toBe("box-unknown-algorithm");
    expect(refusal(Uint8Array.of(...new Uint8Array(48).fill(0xff), 1, 0))).toBe("box-invalid-key");
  });

  test("softly for another key", () => {
    fc.assert(
      fc.property(privateKeys, (key) => {
        expect(refusal(cryptogram, key)).toBe("box-not-opened");
      }),
      { numRuns: 20 },
    );
  });

  test("softly after a change of ciphertext, ephemeral key or tag", () => {
    expect(refusal(changed(51, 0))).toBe("box-not-opened");
    expect(refusal(changed(18, 0))).toBe("box-not-opened");
    expect(refusal(cryptogram.slice(1))).toBe("box-not-opened");
    fc.assert(
      fc.property(points, (point) => {
        const bytes = cryptogram.slice();
        bytes.set(point, bytes.length - 50);
        expect(refusal(bytes)).toBe("box-not-opened");
      }),
      { numRuns: 10 },
    );
  });

  test("with one of the five codes whatever the bytes are", () => {
    const codes = ["box-too-short", "box-wrong-magic", "box-unknown-algorithm", "box-invalid-key", "box-not-opened"];
    const footed = fc.tuple(fc.uint8Array({ maxLength: 150 }), fc.boolean());
    fc.assert(
      fc.property(footed, ([bytes, footer]) => {
        expect(codes).toContain(refusal(footer ? Uint8Array.of(...bytes, 1, 0) : bytes));
      }),
    );
    fc.assert(
      fc.property(mutations, (mutate) => {
        expect(codes).toContain(refusal(mutate(cryptogram)));
      }),
    );
  });
});

test("the shared point, the key, the nonce and the ephemeral key are wiped, whether a box opens or not", () => {
  const stranger = new PrivateKey(new Uint8Array(32).fill(7));
  const random = wide(ephemeralScalar);
  const seal = (): unknown => sealBox(recipient.publicKey(), plaintext, () => random.slice());
  const bodies = [
    seal,
    (): unknown => openBox(recipient, cryptogram),
    (): unknown => expect(() => openBox(stranger, cryptogram)).toThrow(),
  ];
  for (const body of bodies) {
    expect(resultsOf("ristretto", "multiply", body)).toEqual([new Uint8Array(32)]);
    expect(resultsOf("hashes", "hkdf", body)).toEqual([new Uint8Array(44)]);
  }
  expect(resultsOf("scalars", "reduceWide", seal)).toEqual([new Uint8Array(32)]);
});
