// Hashes, HMAC, HKDF and HC-128 against the answers in their standards and against @noble/hashes.
import { type HashName, kernel } from "@fogbow/kernel";
import { createModel } from "@fogbow/kernel-model";
import { bytesToHex, concatBytes, hexToBytes, utf8ToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectError } from "./group.ts";
import { randomBelowFrom, randomBytesFrom, seed } from "./random.ts";
import { expectNothingLeft } from "./watched-kernel.ts";

const { hashes } = kernel();
/** The same on @noble/hashes. */
const model = createModel().hashes;
const random = randomBytesFrom("hashes");
const RUNS = 10_000;
const NAMES: readonly HashName[] = ["blake2b256", "blake2b512", "sha256", "sha512"];
const none = new Uint8Array(0);

const randomBelow = randomBelowFrom(random);
const repeated = (byte: number, length: number): Uint8Array => new Uint8Array(length).fill(byte);
const counting = (from: number, to: number): Uint8Array => Uint8Array.from({ length: to - from }, (_, i) => from + i);

describe("published answers", () => {
  const digests: readonly (readonly [HashName, string, string, string])[] = [
    // RFC 7693, Appendix A.
    [
      "blake2b512",
      "abc",
      "abc",
      "ba80a53f981c4d0d6a2797b69f12f6e94c212f14685ac4b74b12bb6fdbffa2d17d87c5392aab792dc252d5de4533cc9518d38aa8dbf1925ab92386edd4009923",
    ],
    // The reference implementation's answers.
    [
      "blake2b512",
      "nothing",
      "",
      "786a02f742015903c6c6fd852552d272912f4740e15847618a86e217f71f5419d25e1031afee585313896444934eb04b903a685b1448b755d56f701afe9be2ce",
    ],
    ["blake2b256", "nothing", "", "0e5751c026e543b2e8ab2eb06099daa1d1e5df47778f7787faab45cdf12fe3a8"],
    ["blake2b256", "abc", "abc", "bddd813c634239723171ef3fee98579b94964e3bb1cb3e427262c8c068d52319"],
    // FIPS 180-4's examples.
    ["sha256", "nothing", "", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"],
    ["sha256", "abc", "abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"],
    [
      "sha256",
      "two blocks",
      "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
      "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1",
    ],
    [
      "sha256",
      "a million letters",
      "a".repeat(1_000_000),
      "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0",
    ],
    [
      "sha512",
      "abc",
      "abc",
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f",
    ],
    [
      "sha512",
      "two blocks",
      "abcdefghbcdefghicdefghijdefghijkefghijklfghijklmghijklmnhijklmnoijklmnopjklmnopqklmnopqrlmnopqrsmnopqrstnopqrstu",
      "8e959b75dae313da8cf4f72814fc143f8f7779c6eb9f7fa17299aeadb6889018501d289e4900f7e4331b99dec4b5433ac7d329eeb6dd26545e96e55b874be909",
    ],
    [
      "sha512",
      "a million letters",
      "a".repeat(1_000_000),
      "e718483d0ce769644e2e42c7bc15b4638e1f98b13b2044285632a803afa973ebde0ff244877ea60a4cb0432ce577c31beb009c5c2c49aa2e4eadb217ad8cc09b",
    ],
  ];
  test.each(digests)("%s of %s", (name, _, message, digest) => {
    expect(bytesToHex(hashes[name](utf8ToBytes(message)))).toBe(digest);
  });

  const rfc4231: readonly (readonly [number, Uint8Array, Uint8Array, string, string])[] = [
    [
      1,
      repeated(0x0b, 20),
      utf8ToBytes("Hi There"),
      "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
      "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b274eaea3f4e4be9d914eeb61f1702e696c203a126854",
    ],
    [
      2,
      utf8ToBytes("Jefe"),
      utf8ToBytes("what do ya want for nothing?"),
      "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843",
      "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d034f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737",
    ],
    [
      3,
      repeated(0xaa, 20),
      repeated(0xdd, 50),
      "773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe",
      "fa73b0089d56a284efb0f0756c890be9b1b5dbdd8ee81a3655f83e33b2279d39bf3e848279a722c806b485a47e67c807b946a337bee8942674278859e13292fb",
    ],
    [
      6,
      repeated(0xaa, 131),
      utf8ToBytes("Test Using Larger Than Block-Size Key - Hash Key First"),
      "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54",
      "80b24263c7c1a3ebb71493c1dd7be8b49b46d1f41b4aeec1121b013783f8f3526b56d037e05f2598bd0fd2215d6a1e5295e64f73f63f0aec8b915a985d786598",
    ],
    [
      7,
      repeated(0xaa, 131),
      utf8ToBytes(
        "This is a test using a larger than block-size key and a larger than block-size data. The key needs to be hashed before being used by the HMAC algorithm.",
      ),
      "9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2",
      "e37b6a775dc87dbaa4dfa9f96e5e3ffddebd71f8867289865df5a32d20cdc944b6022cac3c4982b10d5eeb55c3e4de15134676fb6de0446065c97440fa8c6a58",
    ],
  ];
  test.each(rfc4231)("HMAC, RFC 4231 test case %i", (_, key, data, with256, with512) => {
    expect(bytesToHex(hashes.hmac("sha256", key, data))).toBe(with256);
    expect(bytesToHex(hashes.hmac("sha512", key, data))).toBe(with512);
  });

  const rfc5869: readonly (readonly [number, Uint8Array, Uint8Array, Uint8Array, string])[] = [
    [
      1,
      repeated(0x0b, 22),
      counting(0, 13),
      counting(0xf0, 0xfa),
      "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865",
    ],
    [
      2,
      counting(0, 0x50),
      counting(0x60, 0xb0),
      counting(0xb0, 0x100),
      "b11e398dc80327a1c8e7f78c596a49344f012eda2d4efad8a050cc4c19afa97c59045a99cac7827271cb41c65e590e09da3275600c2f09b8367793a9aca3db71cc30c58179ec3e87c14c01d5c1f3434f1d87",
    ],
    [
      3,
      repeated(0x0b, 22),
      none,
      none,
      "8da4e775a563c18f715f802a063c5a31b8a11f5c5ee1879ec3454e5f3c738d2d9d201395faa4b61a96c8",
    ],
  ];
  test.each(rfc5869)("HKDF-SHA256, RFC 5869 test case %i", (_, ikm, salt, info, okm) => {
    expect(bytesToHex(hashes.hkdf("sha256", { ikm, salt, info, length: okm.length / 2 }))).toBe(okm);
  });

  // Wu's paper prints the keystream as 32-bit words.
  const hc128Answers: readonly (readonly [string, Uint8Array, Uint8Array, string])[] = [
    [
      "zero key and IV",
      new Uint8Array(16),
      new Uint8Array(16),
      "73150082 3bfd03a0 fb2fd77f aa63af0e de122fc6 a7dc29b6 62a68527 8b75ec68",
    ],
    [
      "an IV of one",
      new Uint8Array(16),
      Uint8Array.of(1, ...new Uint8Array(15)),
      "c01893d5 b7dbe958 8f65ec98 64176604 36fc6724 c82c6eec 1b1c38a7 c9b42a95 323ef123 0a6a908b ce757b68 9f14f7bb e4cde011 aeb5173f 89608c94 b5cf46ca",
    ],
    [
      "a key of 0x55",
      Uint8Array.of(0x55, ...new Uint8Array(15)),
      new Uint8Array(16),
      "518251a4 04b4930a b02af931 0639f032 bcb4a47a 5722480b 2bf99f72 cdc0e566 310f0c56 d3cc83e8 663db8ef 62dfe07f 593e1790 c5ceaa9c ab03806f c9a6e5a0",
    ],
  ];
  test.each(hc128Answers)("HC-128 with %s", (_, key, iv, words) => {
    const keystream = words.split(" ").flatMap((word) => [...hexToBytes(word).reverse()]);
    expect([...hashes.hc128(key, iv, keystream.length)]).toEqual(keystream);
  });

  test("HC-128 as deterministic signatures use it", () => {
    expect(bytesToHex(hashes.hc128(new Uint8Array(16), new Uint8Array(16), 32))).toBe(
      "82001573a003fd3b7fd72ffb0eaf63aac62f12deb629dca72785a66268ec758b",
    );
  });
});

function expectSame(got: Uint8Array, expected: Uint8Array, what: () => string): void {
  if (bytesToHex(got) !== bytesToHex(expected)) expect.fail(`FOGBOW_SEED=${seed}: ${what()}`);
}

describe.each(NAMES)("%s agrees with @noble/hashes", (name) => {
  test("as a hash, at every length to 600 and in pieces", () => {
    for (let length = 0; length <= 600; length++) {
      const message = random(length);
      expectSame(hashes[name](message), model[name](message), () => `${length} bytes`);
    }
    for (let run = 600; run < RUNS; run++) {
      const parts = Array.from({ length: randomBelow(5) }, () => random(randomBelow(150)));
      expectSame(hashes[name](...parts), model[name](concatBytes(...parts)), () => parts.map(bytesToHex).join(" | "));
    }
  });

  test("as a hash of bytes that are all ones", () => {
    for (const length of [1, 63, 64, 65, 127, 128, 129, 256, 70_000]) {
      const message = repeated(255, length);
      expectSame(hashes[name](message), model[name](message), () => `${length} bytes`);
    }
  });

  test("in HMAC, for keys and messages around block borders", () => {
    const check = (keyLength: number, length: number): void => {
      const [key, message] = [random(keyLength), random(length)];
      const cut = randomBelow(length + 1);
      const got = hashes.hmac(name, key, message.subarray(0, cut), message.subarray(cut));
      expectSame(got, model.hmac(name, key, message), () => `key ${bytesToHex(key)}, message ${bytesToHex(message)}`);
    };
    const borders = [0, 1, 31, 32, 33, 55, 56, 63, 64, 65, 111, 112, 127, 128, 129, 255, 256, 257];
    for (const keyLength of borders) for (const length of borders) check(keyLength, length);
    for (let run = 0; run < RUNS / NAMES.length; run++) check(randomBelow(300), randomBelow(300));
  });

  test("in HKDF, for inputs of any length and for one to many blocks", () => {
    const check = (length: number): void => {
      const [ikm, salt, info] = [random(randomBelow(200)), random(randomBelow(200)), random(randomBelow(200))];
      const expected = model.hkdf(name, { ikm, salt, info, length });
      expectSame(hashes.hkdf(name, { ikm, salt, info, length }), expected, () => `${length} bytes`);
    };
    for (let run = 0; run < RUNS / NAMES.length; run++) check(1 + randomBelow(200));
    check(255 * hashes[name]().length);
  });

  test("in HKDF, where an empty salt means zero bytes", () => {
    const [ikm, info] = [random(32), random(10)];
    const expected = model.hkdf(name, { ikm, salt: none, info, length: 50 });
    for (const salt of [none, new Uint8Array(hashes[name]().length)]) {
      expect(hashes.hkdf(name, { ikm, salt, info, length: 50 })).toEqual(expected);
    }
  });
});

describe("HC-128", () => {
  test("agrees with the definition for random keys", () => {
    for (let run = 0; run < RUNS; run++) {
      const [key, iv, length] = [random(16), random(16), randomBelow(100)];
      const what = (): string => `key ${bytesToHex(key)}, IV ${bytesToHex(iv)}, ${length} bytes`;
      expectSame(hashes.hc128(key, iv, length), model.hc128(key, iv, length), what);
    }
  });

  test("agrees with the definition over more than a turn of both tables", () => {
    for (const fill of [0, 1, 127, 128, 255]) {
      for (const length of [2_048, 2_052, 4_095, 4_096]) {
        const [key, iv] = [repeated(fill, 16), repeated(255 - fill, 16)];
        expectSame(hashes.hc128(key, iv, length), model.hc128(key, iv, length), () => `${fill}, ${length} bytes`);
      }
    }
  });
});

test("wrong lengths are one typed error", () => {
  for (const length of [0, 15, 17, 32]) {
    expectError(() => hashes.hc128(random(length), random(16), 32), "invalid-length");
    expectError(() => hashes.hc128(random(16), random(length), 32), "invalid-length");
  }
  for (const length of [-1, 0.5, Number.NaN, 4_097])
    expectError(() => hashes.hc128(random(16), random(16), length), "invalid-length");
  for (const name of NAMES) {
    for (const length of [-1, 1.5, Number.NaN, 255 * hashes[name]().length + 1]) {
      expectError(() => hashes.hkdf(name, { ikm: random(32), salt: none, info: none, length }), "invalid-length");
    }
  }
});

test("nothing of a secret stays in linear memory", () => {
  const [key, salt, message] = [random(200), random(40), random(333)];
  for (const name of NAMES) {
    expectNothingLeft({
      [name]: ({ hashes }) => hashes[name](message),
      [`${name} of nothing`]: ({ hashes }) => hashes[name](none),
      [`hmac, long key, ${name}`]: ({ hashes }) => hashes.hmac(name, key, message),
      [`hmac, short key, ${name}`]: ({ hashes }) => hashes.hmac(name, salt, message),
      [`hkdf, ${name}`]: ({ hashes }) => hashes.hkdf(name, { ikm: message, salt, info: key, length: 300 }),
    });
  }
  const path = { tag: random(21), start: random(32), siblings: random(64), sides: Uint8Array.of(0, 1) };
  expectNothingLeft({ blake2b256Path: ({ hashes }) => hashes.blake2b256Path(path) });
  expectNothingLeft({ hc128: ({ hashes }) => hashes.hc128(random(16), random(16), 100) });
});

describe("a path through a tree of hashes", () => {
  test("is what hashing its nodes one by one gives", () => {
    const [tag, start, left, right] = [utf8ToBytes("node"), random(32), random(32), random(32)];
    const above = hashes.blake2b256(tag, start, right);
    expect(
      hashes.blake2b256Path({ tag, start, siblings: concatBytes(right, left), sides: Uint8Array.of(0, 1) }),
    ).toEqual(hashes.blake2b256(tag, left, above));
    expect(hashes.blake2b256Path({ tag, start, siblings: none, sides: none })).toEqual(start);
  });

  test(`agrees with noble on 10 000 steps of random paths (seed ${seed})`, () => {
    for (let steps = 0; steps < RUNS; ) {
      const n = randomBelow(40);
      const path = {
        tag: random(randomBelow(300)), // More than two blocks.
        start: random(32),
        siblings: random(32 * n),
        sides: random(n).map((byte) => byte & 1),
      };
      expect(hashes.blake2b256Path(path)).toEqual(model.blake2b256Path(path));
      steps += n;
    }
    for (const byte of [0, 0xff]) {
      const [hash, siblings, sides] = [repeated(byte, 32), repeated(byte, 96), repeated(byte, 3)];
      const path = { tag: none, start: hash, siblings, sides };
      expect(hashes.blake2b256Path(path)).toEqual(model.blake2b256Path(path));
    }
  });

  test("refuses wrong lengths", () => {
    const path = { tag: none, start: random(32), siblings: random(64), sides: new Uint8Array(2) };
    for (const wrong of [
      { start: random(31) },
      { siblings: random(63) },
      { siblings: random(96) },
      { sides: new Uint8Array(3) },
      { tag: [] as unknown as Uint8Array },
    ]) {
      expectError(() => hashes.blake2b256Path({ ...path, ...wrong }), "invalid-length");
    }
  });
});

describe("SipHash-2-4 with 128 bits", () => {
  // vectors_sip128 of the authors' reference code: key and messages of 0, 1, 2 … bytes that count from 0.
  const published = [
    "a3817f04ba25a8e66df67214c7550293",
    "da87c1d86b99af44347659119b22fc45",
    "8177228da4a45dc7fca38bdef60affe4",
    "9c70b60c5267a94e5f33b6b02985ed51",
    "f88164c12d9c8faf7d0f6e7c7bcd5579",
  ];

  test.each(published.map((digest, length) => ({ digest, length })))(
    "published, $length bytes",
    ({ digest, length }) => {
      for (const each of [hashes, model]) {
        expect(bytesToHex(each.sipHash128(counting(0, 16), counting(0, length)))).toBe(digest);
      }
    },
  );

  test(`agrees with the model on ${RUNS} keys and messages, FOGBOW_SEED=${seed}`, () => {
    for (let i = 0; i < RUNS; i++) {
      const [key, message] = [random(16), random(i % 41)];
      expect(bytesToHex(hashes.sipHash128(key, message))).toBe(bytesToHex(model.sipHash128(key, message)));
    }
  });

  test("wrong lengths are refused, and nothing stays", () => {
    expectError(() => hashes.sipHash128(random(15), none), "invalid-length");
    expectNothingLeft({ sipHash128: ({ hashes }) => hashes.sipHash128(random(16), random(37)) });
  });
});
