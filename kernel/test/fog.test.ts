// Constant-shape opening of Fog hints against the known answers of spec 01 §10.8 and against the model.
import { kernel } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectBytes, expectError } from "./group.ts";
import { randomBytesFrom, seed } from "./random.ts";
import { expectNothingLeft } from "./watched-kernel.ts";

const { fog, ristretto, scalars } = kernel();
const model = createModel();
const random = randomBytesFrom("fog");
const text = (ascii: string): Uint8Array => Uint8Array.from(ascii, (character) => character.charCodeAt(0));

const randomScalar = (): Uint8Array => scalars.reduceWide(random(64));
const randomPoint = (): Uint8Array => ristretto.oneWayMap(random(64));

/** An even string below p that is no point: half of them are not. */
function nonPoint(): Uint8Array {
  for (;;) {
    const bytes = random(32);
    bytes[0] = (bytes[0] as number) & 0xfe;
    bytes[31] = (bytes[31] as number) & 0x3f;
    if (!ristretto.isPoint(bytes)) return bytes;
  }
}

/** The versioned crypto box of spec 01 §7.1, on the model unless speed matters more. */
function sealBox(recipient: Uint8Array, plaintext: Uint8Array, ephemeral = randomScalar(), on = model): Uint8Array {
  const shared = on.ristretto.multiply(ephemeral, recipient);
  const [salt, info] = [text("dei-salty-box"), text("aead-key-iv")];
  const okm = on.hashes.hkdf("blake2b512", { ikm: shared, salt, info, length: 44 });
  const sealed = on.ciphers.aes256GcmSeal(okm.slice(0, 32), okm.slice(32), new Uint8Array(0), plaintext);
  return concatBytes(
    sealed.subarray(0, plaintext.length),
    on.ristretto.multiplyBase(ephemeral),
    sealed.subarray(plaintext.length),
    Uint8Array.of(1, 0),
  );
}

const magic = Uint8Array.of(0x2a, 0x2a);
const privateKey = randomScalar();
const publicKey = ristretto.multiplyBase(privateKey);

/** Hints of every kind, each with the key inside it if it must open. */
function hintOfEveryKind(): { kind: string; hint: Uint8Array; inside?: Uint8Array }[] {
  const inside = randomPoint();
  const good = sealBox(publicKey, concatBytes(inside, magic));
  const changed = (at: number, change: (byte: number) => number): Uint8Array =>
    good.map((byte, i) => (i === at ? change(byte) : byte));
  const withEphemeral = (bytes: Uint8Array): Uint8Array => concatBytes(good.subarray(0, 34), bytes, good.subarray(66));
  return [
    { kind: "valid", hint: good, inside },
    {
      kind: "valid, with the identity inside",
      hint: sealBox(publicKey, concatBytes(new Uint8Array(32), magic)),
      inside: new Uint8Array(32),
    },
    { kind: "for another key", hint: sealBox(randomPoint(), concatBytes(inside, magic)) },
    { kind: "a decoy", hint: sealBox(randomPoint(), new Uint8Array(34)) },
    { kind: "a decoy to our key", hint: sealBox(publicKey, new Uint8Array(34)) },
    { kind: "without magic bytes", hint: sealBox(publicKey, concatBytes(inside, Uint8Array.of(0x2a, 0x2b))) },
    { kind: "with half of its magic bytes", hint: sealBox(publicKey, concatBytes(inside, Uint8Array.of(0, 0x2a))) },
    { kind: "of another major version", hint: changed(82, () => 2) },
    { kind: "of version 0", hint: changed(82, () => 0) },
    { kind: "of another minor version", hint: changed(83, () => 1) },
    { kind: "of minor version 256", hint: changed(83, () => 0x80) },
    { kind: "with an altered ciphertext", hint: changed(3, (byte) => byte ^ 1) },
    { kind: "with an altered tag", hint: changed(81, (byte) => byte ^ 0x80) },
    { kind: "with an ephemeral key that is no point", hint: withEphemeral(nonPoint()) },
    { kind: "with a negative ephemeral key", hint: withEphemeral(Uint8Array.of(1, ...new Uint8Array(31))) },
    { kind: "with the identity as ephemeral key", hint: withEphemeral(new Uint8Array(32)) },
    { kind: "with no point inside", hint: sealBox(publicKey, concatBytes(nonPoint(), magic)) },
    {
      kind: "with a non-canonical point inside",
      hint: sealBox(publicKey, concatBytes(new Uint8Array(32).fill(0xff), magic)),
    },
    { kind: "all zero", hint: new Uint8Array(84) },
    { kind: "all one", hint: new Uint8Array(84).fill(0xff) },
    { kind: "random", hint: random(84) },
  ];
}

describe("known answers of spec 01 §10.8", () => {
  const ingressPrivateKey = new Uint8Array(32).fill(1);
  const hint = hexToBytes(
    "be886a0e3fd3fe904387ee53b40f50cf1e4804993ff8c09de14c7a77b5e0eed604cbf6d73cfa04628744bf6939147f8535be14a0ef13e3ab294413177b541f08da0908d051df07d2f6ecb6cb3e57a3e432e80100",
  );
  const viewPublicKey = "78901c11834e842df6be98c127953513e116095d4122cc27d807b4511cb81e11";

  test("the computed hint opens to the user's view public key", () => {
    expect(bytesToHex(ristretto.multiplyBase(ingressPrivateKey))).toBe(
      "3e440469a098036d89ffb2d77a4542928f2f74c2b5769da7480736ace829dc10",
    );
    expect(bytesToHex(fog.openHints(ingressPrivateKey, hint, randomPoint()))).toBe(viewPublicKey);
  });

  test("the same plaintext and ephemeral scalar seal to the same hint", () => {
    const box = sealBox(
      ristretto.multiplyBase(ingressPrivateKey),
      concatBytes(hexToBytes(viewPublicKey), magic),
      new Uint8Array(32).fill(2),
    );
    expect(bytesToHex(box)).toBe(bytesToHex(hint));
  });

  test("the steps of the mobile fixture give its intermediates and its plaintext", () => {
    const cryptogram = hexToBytes(
      "aa7fb0608b99db7a01862d6a0ee268172089988cdba3992b96f73fdaec4840926b0133fa8bf78f59e6d5b31a72a2627e0aa006ca48e69980b0136f187ca0fd56563f6b5a1702cafc687292bfed0d13ff91b95b1b6b1349448ec4c448aed6d47d4b1df3948e20958af4e2e7589dd5502e7d3756ccf7a95abb46f6a93048429f6c7d334d88fb5ed28a1f01740f7e68dd82e49a9998cab1a55d2b18ca2c71da69d5a49f3c8a186c125add94b87d81d9929d59da1c80d89e62566f3b533b77a19ab49b7434b27d1cac6b4d0100",
    );
    const { ciphers, hashes } = kernel();
    const ephemeralScalar = hexToBytes("bad33d2b22728604767c0b243af108175313f8ed2fa3a0396fc92f3a9a01060f");
    const ephemeral = cryptogram.slice(-50, -18);
    expect(bytesToHex(ristretto.multiplyBase(ephemeralScalar))).toBe(bytesToHex(ephemeral));
    const shared = hexToBytes("049470f8804549379831f1980c47d49f8f721152c9364e3f50f75544017adf6a");
    const okm = hashes.hkdf("blake2b512", {
      ikm: shared,
      salt: text("dei-salty-box"),
      info: text("aead-key-iv"),
      length: 44,
    });
    expect(bytesToHex(okm)).toBe(
      "cf1bdabdb36e0b195705ff0a282d1c05ceee59f8441576d7bf9c989d0c7ac48b9faddc27ce4d7a3c264c2b15",
    );
    const sealed = concatBytes(cryptogram.subarray(0, -50), cryptogram.subarray(-18, -2));
    const plaintext = ciphers.aes256GcmOpen(okm.slice(0, 32), okm.slice(32), new Uint8Array(0), sealed);
    expect(bytesToHex(plaintext ?? new Uint8Array(0))).toBe(
      "0a770a2d0a220a204265b15a023d1803634693fd8c101b56a70eefb489af07cd91034044c94c78321192f05b637310220312220a20decbad816eb36a475e711a83517eecb65997fe806834b1430d4ff948f10563141a220a201664d98428413f9e760deec3c0606e5516a3d66d458d56fa8f1136110fc34a4a11a08601000000000019010000000000000021ffffffffffffffff2d02000000",
    );
  });
});

describe("what opens and what does not", () => {
  test.each(hintOfEveryKind())("a hint $kind", ({ hint, inside }) => {
    const fallback = randomPoint();
    expect(fog.openHints(privateKey, hint, fallback)).toEqual(inside ?? fallback);
    expect(model.fog.openHints(privateKey, hint, fallback)).toEqual(inside ?? fallback);
  });

  test("one flipped bit anywhere gives the fallback", () => {
    const good = sealBox(publicKey, concatBytes(randomPoint(), magic));
    const hints = Array.from({ length: 8 * 84 }, (_, i) =>
      good.map((byte, at) => (at === i >> 3 ? byte ^ (1 << (i & 7)) : byte)),
    );
    const fallbacks = concatBytes(...hints.map(randomPoint));
    expect(fog.openHints(privateKey, concatBytes(...hints), fallbacks)).toEqual(fallbacks);
  });
});

describe("batches", () => {
  test.each([1, 2, 3, 4, 5, 7, 8, 21, 255, 256, 257, 600])("%i hints of all kinds open each to its own", (count) => {
    const kinds = hintOfEveryKind();
    const chosen = Array.from(
      { length: count },
      () => kinds[(random(1)[0] as number) % kinds.length] as (typeof kinds)[0],
    );
    const fallbacks = chosen.map(randomPoint);
    const opened = fog.openHints(privateKey, concatBytes(...chosen.map(({ hint }) => hint)), concatBytes(...fallbacks));
    expect(opened).toEqual(concatBytes(...chosen.map(({ inside }, i) => inside ?? (fallbacks[i] as Uint8Array))));
  });

  test("no hints give nothing", () => {
    expect(fog.openHints(privateKey, new Uint8Array(0), new Uint8Array(0))).toEqual(new Uint8Array(0));
  });

  test(`random keys and hints of all kinds agree with the model, FOGBOW_SEED=${seed}`, () => {
    for (let round = 0; round < 8; round++) {
      const ourKey = randomScalar();
      const hints = concatBytes(
        ...Array.from({ length: 12 }, () => sealBox(ristretto.multiplyBase(ourKey), concatBytes(randomPoint(), magic))),
        ...hintOfEveryKind().map(({ hint }) => hint),
      );
      const fallbacks = concatBytes(...Array.from({ length: hints.length / 84 }, randomPoint));
      expect(fog.openHints(ourKey, hints, fallbacks)).toEqual(model.fog.openHints(ourKey, hints, fallbacks));
    }
  });

  test(`ten thousand hints, sealed with other keys, open or not as they were made, FOGBOW_SEED=${seed}`, () => {
    const keys = Array.from({ length: 4 }, randomScalar);
    for (const ours of keys) {
      const hints: Uint8Array[] = [];
      const [fallbacks, expected]: [Uint8Array[], Uint8Array[]] = [[], []];
      for (let i = 0; i < 2_500; i++) {
        const [inside, fallback, choice = 0, at = 0, bit = 0] = [randomPoint(), randomPoint(), ...random(3)];
        // One in four is for another key, and one in four has a bit of it changed.
        const recipient = (choice & 3) === 1 ? randomPoint() : ristretto.multiplyBase(ours);
        const hint = sealBox(recipient, concatBytes(inside, magic), randomScalar(), kernel());
        if ((choice & 3) === 2) hint[at % 84] = (hint[at % 84] as number) ^ (1 << (bit & 7));
        hints.push(hint);
        fallbacks.push(fallback);
        expected.push([1, 2].includes(choice & 3) ? fallback : inside);
      }
      const opened = fog.openHints(ours, concatBytes(...hints), concatBytes(...fallbacks));
      expectBytes(opened, concatBytes(...expected), "2 500 hints");
    }
  });
});

describe("refusals", () => {
  test("a key that is not below the group order is refused, also without hints", () => {
    const order = hexToBytes("edd3f55c1a631258d69cf7a2def9de1400000000000000000000000000000010");
    expectError(() => fog.openHints(order, random(84), random(32)), "invalid-scalar");
    expectError(() => fog.openHints(order, new Uint8Array(0), new Uint8Array(0)), "invalid-scalar");
  });

  test("wrong lengths are refused", () => {
    expectError(() => fog.openHints(random(31), random(84), random(32)), "invalid-length");
    expectError(() => fog.openHints(privateKey, random(83), random(32)), "invalid-length");
    expectError(() => fog.openHints(privateKey, random(84), random(64)), "invalid-length");
    expectError(() => fog.openHints(privateKey, random(168), random(32)), "invalid-length");
  });
});

test("nothing of a secret stays in linear memory", () => {
  const kinds = hintOfEveryKind();
  const [hints, fallbacks] = [concatBytes(...kinds.map(({ hint }) => hint)), concatBytes(...kinds.map(randomPoint))];
  expectNothingLeft({
    openHints: ({ fog }) => fog.openHints(privateKey, hints, fallbacks),
    "openHints, refused": ({ fog }) =>
      expectError(
        () =>
          fog.openHints(
            privateKey.map((byte) => byte | 0xf0),
            hints,
            fallbacks,
          ),
        "invalid-scalar",
      ),
  });
});
