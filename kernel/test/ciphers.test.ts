// AES-256-GCM and AES-256-CTR of the kernel against NIST's vectors and @noble/ciphers.
import { kernel } from "@fogbow/kernel";
import { ctr, ecb, gcm } from "@noble/ciphers/aes.js";
import { bytesToHex, concatBytes, hexToBytes } from "@noble/hashes/utils.js";
import { describe, expect, test } from "vitest";
import { expectError } from "./group.ts";
import { randomBelowFrom, randomBytesFrom, seed } from "./random.ts";
import { expectNothingLeft, watchKernel } from "./watched-kernel.ts";

const { ciphers } = kernel();
const random = randomBytesFrom("ciphers");
const randomBelow = randomBelowFrom(random);
const none = new Uint8Array(0);

/** Equal bytes; far quicker over thousands of cases than comparing element by element. */
function expectSame(found: Uint8Array | undefined, expected: Uint8Array): void {
  if (found === undefined || Buffer.compare(found, expected) !== 0) expect(found).toEqual(expected);
}

const gcmVectors = [
  {
    name: "GCM specification, test case 13",
    key: "0000000000000000000000000000000000000000000000000000000000000000",
    nonce: "000000000000000000000000",
    aad: "",
    plaintext: "",
    ciphertext: "",
    tag: "530f8afbc74536b9a963b4f1c4cb738b",
  },
  {
    name: "GCM specification, test case 14",
    key: "0000000000000000000000000000000000000000000000000000000000000000",
    nonce: "000000000000000000000000",
    aad: "",
    plaintext: "00000000000000000000000000000000",
    ciphertext: "cea7403d4d606b6e074ec5d3baf39d18",
    tag: "d0d1c8a799996bf0265b98b5d48ab919",
  },
  {
    name: "GCM specification, test case 15",
    key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    nonce: "cafebabefacedbaddecaf888",
    aad: "",
    plaintext:
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b391aafd255",
    ciphertext:
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662898015ad",
    tag: "b094dac5d93471bdec1a502270e3cc6c",
  },
  {
    name: "GCM specification, test case 16",
    key: "feffe9928665731c6d6a8f9467308308feffe9928665731c6d6a8f9467308308",
    nonce: "cafebabefacedbaddecaf888",
    aad: "feedfacedeadbeeffeedfacedeadbeefabaddad2",
    plaintext:
      "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a721c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
    ciphertext:
      "522dc1f099567d07f47f37a32a84427d643a8cdcbfe5c0c97598a2bd2555d1aa8cb08e48590dbb3da7b08b1056828838c5f61e6393ba7a0abcc9f662",
    tag: "76fc6ece0f4e1768cddf8853bb2d551b",
  },
  {
    name: "CAVP gcmEncryptExtIV256, empty",
    key: "b52c505a37d78eda5dd34f20c22540ea1b58963cf8e5bf8ffa85f9f2492505b4",
    nonce: "516c33929df5a3284ff463d7",
    aad: "",
    plaintext: "",
    ciphertext: "",
    tag: "bdc1ac884d332457a1d2664f168c76f0",
  },
  {
    name: "CAVP gcmEncryptExtIV256, one block",
    key: "31bdadd96698c204aa9ce1448ea94ae1fb4a9a0b3c9d773b51bb1822666b8f22",
    nonce: "0d18e06c7c725ac9e362e1ce",
    aad: "",
    plaintext: "2db5168e932556f8089a0622981d017d",
    ciphertext: "fa4362189661d163fcd6a56d8bf0405a",
    tag: "d636ac1bbedd5cc3ee727dc2ab4a9489",
  },
  {
    name: "CAVP gcmEncryptExtIV256, one block and additional data",
    key: "92e11dcdaa866f5ce790fd24501f92509aacf4cb8b1339d50c9c1240935dd08b",
    nonce: "ac93a1a6145299bde902f21a",
    aad: "1e0889016f67601c8ebea4943bc23ad6",
    plaintext: "2d71bcfa914e4ac045b2aa60955fad24",
    ciphertext: "8995ae2e6df3dbf96fac7b7137bae67f",
    tag: "eca5aa77d51d4a0a14d9c51e1da474ab",
  },
];

describe("published vectors", () => {
  test.each(gcmVectors)("$name seals and opens", ({ key, nonce, aad, plaintext, ciphertext, tag }) => {
    const [k, n, a, p] = [key, nonce, aad, plaintext].map(hexToBytes) as [
      Uint8Array,
      Uint8Array,
      Uint8Array,
      Uint8Array,
    ];
    expect(bytesToHex(ciphers.aes256GcmSeal(k, n, a, p))).toBe(ciphertext + tag);
    expect(ciphers.aes256GcmOpen(k, n, a, hexToBytes(ciphertext + tag))).toEqual(p);
  });

  test("FIPS 197 appendix C.3: one block under AES-256", () => {
    const key = hexToBytes("000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f");
    const block = hexToBytes("00112233445566778899aabbccddeeff");
    expect(bytesToHex(ciphers.aes256Ctr(key, block, new Uint8Array(16)))).toBe("8ea2b7ca516745bfeafc49904b496089");
  });

  test("SP 800-38A F.5.5: CTR-AES256", () => {
    const key = hexToBytes("603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4");
    const block = hexToBytes("f0f1f2f3f4f5f6f7f8f9fafbfcfdfeff");
    const plaintext = hexToBytes(
      "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e5130c81c46a35ce411e5fbc1191a0a52eff69f2445df4f9b17ad2b417be66c3710",
    );
    expect(bytesToHex(ciphers.aes256Ctr(key, block, plaintext))).toBe(
      "601ec313775789a5b7a7f504bbf3d228f443e3ca4d62b59aca84e990cacaf5c52b0930daa23de94ce87017ba2d84988ddfc9c58db67aada613c2dd08457941a6",
    );
  });
});

describe(`against @noble/ciphers, FOGBOW_SEED=${seed}`, () => {
  test("GCM seals the same bytes and opens them, at every length from 0 to 300 and at random", () => {
    for (let i = 0; i < 10_000; i++) {
      const [key, nonce] = [random(32), random(12)];
      const plaintext = random(i <= 300 ? i : randomBelow(301));
      const aad = random(i % 3 === 0 ? 0 : randomBelow(70));
      const sealed = ciphers.aes256GcmSeal(key, nonce, aad, plaintext);
      expectSame(sealed, gcm(key, nonce, aad).encrypt(plaintext));
      expectSame(ciphers.aes256GcmOpen(key, nonce, aad, sealed), plaintext);
    }
  });

  test("GCM agrees for keys, nonces and plaintexts of all zeroes, all ones and single bits", () => {
    const extremes = (length: number): Uint8Array[] => [
      new Uint8Array(length),
      new Uint8Array(length).fill(0xff),
      Uint8Array.from({ length }, (_, i) => (i === 0 ? 0x80 : 0)),
      Uint8Array.from({ length }, (_, i) => (i === length - 1 ? 1 : 0)),
    ];
    for (const key of extremes(32)) {
      for (const nonce of extremes(12)) {
        for (const plaintext of [...extremes(16), ...extremes(144)]) {
          const sealed = ciphers.aes256GcmSeal(key, nonce, plaintext, plaintext);
          expectSame(sealed, gcm(key, nonce, plaintext).encrypt(plaintext));
        }
      }
    }
  });

  test("CTR agrees while the low 64 bits do not wrap", () => {
    for (let i = 0; i < 10_000; i++) {
      const [key, block, data] = [random(32), random(16), random(i <= 300 ? i : randomBelow(301))];
      block[8] = 0; // Keeps the low half far from its end, where the two counters differ.
      expectSame(ciphers.aes256Ctr(key, block, data), ctr(key, block).encrypt(data));
    }
  });

  test("a long message takes many passes", () => {
    const [key, nonce, plaintext, aad] = [random(32), random(12), random(100_003), random(1_001)];
    const sealed = ciphers.aes256GcmSeal(key, nonce, aad, plaintext);
    expectSame(sealed, gcm(key, nonce, aad).encrypt(plaintext));
    expectSame(ciphers.aes256GcmOpen(key, nonce, aad, sealed), plaintext);
  });
});

describe("the memo's counter", () => {
  /** CTR straight from its definition: the low eight bytes of the block count modulo 2⁶⁴. */
  function plainCtr(key: Uint8Array, block: Uint8Array, data: Uint8Array): Uint8Array {
    const low = new DataView(block.buffer, block.byteOffset).getBigUint64(8);
    return data.map((byte, i) => {
      const counter = block.slice();
      new DataView(counter.buffer).setBigUint64(8, BigInt.asUintN(64, low + BigInt(i >> 4)));
      return byte ^ (ecb(key, { disablePadding: true }).encrypt(counter)[i % 16] as number);
    });
  }

  test.each([0n, 1n, 2n, 7n, 8n, 9n])(
    "wraps at 2⁶⁴ and leaves the upper half alone, %i blocks before the end",
    (before) => {
      const [key, block, data] = [random(32), random(16), random(200)];
      new DataView(block.buffer).setBigUint64(8, BigInt.asUintN(64, -1n - before));
      expect(ciphers.aes256Ctr(key, block, data)).toEqual(plainCtr(key, block, data));
    },
  );

  test("wraps with the upper half all ones", () => {
    const [key, block, data] = [random(32), new Uint8Array(16).fill(0xff), random(66)];
    expect(ciphers.aes256Ctr(key, block, data)).toEqual(plainCtr(key, block, data));
  });
});

describe("refusals", () => {
  const [key, nonce, aad, plaintext] = [random(32), random(12), random(20), random(40)];
  const sealed = ciphers.aes256GcmSeal(key, nonce, aad, plaintext);

  test("one flipped bit anywhere does not open", () => {
    const flips = (bytes: Uint8Array): Uint8Array[] =>
      Array.from({ length: 8 * bytes.length }, (_, i) => {
        const flipped = bytes.slice();
        flipped[i >> 3] = (flipped[i >> 3] as number) ^ (1 << (i & 7));
        return flipped;
      });
    for (const bad of flips(sealed)) expect(ciphers.aes256GcmOpen(key, nonce, aad, bad)).toBeUndefined();
    for (const bad of flips(key)) expect(ciphers.aes256GcmOpen(bad, nonce, aad, sealed)).toBeUndefined();
    for (const bad of flips(nonce)) expect(ciphers.aes256GcmOpen(key, bad, aad, sealed)).toBeUndefined();
    for (const bad of flips(aad)) expect(ciphers.aes256GcmOpen(key, nonce, bad, sealed)).toBeUndefined();
  });

  test("a cut or grown message does not open", () => {
    for (let length = 16; length < sealed.length; length++) {
      expect(ciphers.aes256GcmOpen(key, nonce, aad, sealed.subarray(0, length))).toBeUndefined();
    }
    expect(ciphers.aes256GcmOpen(key, nonce, aad, concatBytes(sealed, none, new Uint8Array(1)))).toBeUndefined();
    expect(ciphers.aes256GcmOpen(key, nonce, concatBytes(aad, new Uint8Array(1)), sealed)).toBeUndefined();
  });

  test("wrong lengths are one typed error", () => {
    for (const length of [0, 16, 31, 33]) {
      expectError(() => ciphers.aes256GcmSeal(random(length), nonce, aad, plaintext), "invalid-length");
      expectError(() => ciphers.aes256GcmOpen(random(length), nonce, aad, sealed), "invalid-length");
      expectError(() => ciphers.aes256Ctr(random(length), random(16), plaintext), "invalid-length");
    }
    for (const length of [0, 11, 13, 16])
      expectError(() => ciphers.aes256GcmSeal(key, random(length), aad, plaintext), "invalid-length");
    for (const length of [0, 8, 15, 17])
      expectError(() => ciphers.aes256Ctr(key, random(length), plaintext), "invalid-length");
    for (const length of [0, 15])
      expectError(() => ciphers.aes256GcmOpen(key, nonce, aad, random(length)), "invalid-length");
  });
});

describe("memory", () => {
  test("nothing of a secret stays", () => {
    const [key, nonce, aad, plaintext] = [random(32), random(12), random(33), random(250)];
    const sealed = ciphers.aes256GcmSeal(key, nonce, aad, plaintext);
    expectNothingLeft({
      aes256GcmSeal: ({ ciphers }) => ciphers.aes256GcmSeal(key, nonce, aad, plaintext),
      aes256GcmOpen: ({ ciphers }) => ciphers.aes256GcmOpen(key, nonce, aad, sealed),
      "aes256GcmOpen, wrong tag": ({ ciphers }) => ciphers.aes256GcmOpen(key, random(12), aad, sealed),
      aes256Ctr: ({ ciphers }) => ciphers.aes256Ctr(key, random(16), plaintext),
    });
  });

  test("a refused message leaves zeroes in place of its plaintext before the face clears it", () => {
    const left = watchKernel().instance.exchange((io) => {
      const inputs = [
        io.put(random(32)),
        io.put(random(12)),
        io.put(none),
        0,
        io.put(random(40)),
        40,
        io.put(random(16)),
      ];
      const out = io.reserve(40);
      expect(io.exports.aesGcmOpen?.(out, ...inputs)).toBe(0);
      return io.take(out, 40);
    });
    expect(left).toEqual(new Uint8Array(40));
  });
});
