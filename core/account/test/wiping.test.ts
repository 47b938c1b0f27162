// What this package derives on the way to a key, an address or a code is wiped. Outputs themselves are the caller's.
import { concatBytes, crc32, le32, le64, Secret, toHex, utf8 } from "@fogbow/core-bytes";
import { hashToScalar, PrivateKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { expect, test } from "vitest";
import {
  accountKeyFromMnemonic,
  accountKeyFromRootEntropy,
  decodeGiftCode,
  decodePrintable,
  encodeAccountKey,
  encodeGiftCode,
  encodePrintable,
  entropyFromMnemonic,
  parseKeyFile,
  publicAddress,
  seedFromEntropy,
  seedFromMnemonic,
  slip10Key,
  subaddress,
  subaddressPublicKeys,
} from "../src/index.ts";
import { rootEntropyOf, rootZero } from "./known-answers.ts";
import { codeOf } from "./refusal.ts";
import { wipedBy } from "./wiped.ts";

const PHRASE = "legal winner thank year wave sausage worth useful legal winner thank yellow";
const entropy = entropyFromMnemonic(PHRASE);
const seed = seedFromEntropy(entropy);
const slip10 = slip10Key(seed, 0);

/** Hs("mc_subaddress" ‖ a ‖ 1) of root-0. */
const indexScalar = (): string => {
  const index = new Uint8Array(32);
  index.set(le64(1n));
  return toHex(hashToScalar("mc_subaddress", rootZero().viewPrivateKey.expose(), index));
};

test("an account from words leaves no entropy, seed, SLIP-10 node or unreduced key", () => {
  const wiped = wipedBy(() => accountKeyFromMnemonic(PHRASE, 0));
  for (const secret of [entropy, seed, slip10]) {
    expect(wiped).toContain(toHex(secret.expose()));
  }
  for (const salt of ["mobilecoin-ristretto255-view", "mobilecoin-ristretto255-spend"]) {
    const options = { ikm: slip10.expose(), salt: utf8(salt), info: new Uint8Array(), length: 64 };
    expect(wiped).toContain(toHex(kernel().hashes.hkdf("sha512", options)));
  }
});

test("every node of SLIP-10 is wiped, the last one included", () => {
  const nodes = wipedBy(() => slip10Key(seed, 0)).filter((hex) => hex.length === 128);
  expect(new Set(nodes).size).toBe(4); // The master node and one for each step of the path.
  expect(nodes.some((node) => node.startsWith(toHex(slip10.expose())))).toBe(true);
});

test("a seed from words leaves no entropy", () => {
  expect(wipedBy(() => seedFromMnemonic(PHRASE))).toContain(toHex(entropy.expose()));
});

test("an account from root entropy leaves no unreduced key", () => {
  const wiped = wipedBy(() => accountKeyFromRootEntropy(rootEntropyOf(1)));
  for (const info of ["view", "spend"]) {
    const options = { ikm: rootEntropyOf(1).expose(), salt: new Uint8Array(), info: utf8(info), length: 32 };
    expect(wiped).toContain(toHex(kernel().hashes.hkdf("blake2b256", options)));
  }
});

test("a subaddress leaves no index scalar, which would tie it to the account", () => {
  const account = rootZero();
  expect(wipedBy(() => subaddress(account, 1n))).toContain(indexScalar());
  expect(wipedBy(() => subaddressPublicKeys(account, 1n))).toContain(indexScalar());
});

test("an address with Fog leaves no private key of its subaddress", () => {
  const account = { ...rootZero(), fogReportUrl: "fog://a" };
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, 1n);
  const wiped = wipedBy(() => publicAddress(account, 1n));
  expect(wiped).toContain(toHex(viewPrivateKey.expose()));
  expect(wiped).toContain(toHex(spendPrivateKey.expose()));
});

test("a code that is money leaves neither its bytes nor its payload, written or read", () => {
  const giftCode = {
    globalIndex: 7n,
    onetimePrivateKey: new PrivateKey(new Uint8Array(32).fill(1)),
    sharedSecret: new Secret(new Uint8Array(rootZero().viewPrivateKey.publicKey())),
  };
  const inner = encodeGiftCode(giftCode).expose();
  const payload = concatBytes(Uint8Array.of(0x22, inner.length), inner);
  const framed = concatBytes(le32(crc32(payload)), payload);
  const code = { kind: "gift-code", giftCode } as const;
  const text = encodePrintable(code);
  for (const wiped of [wipedBy(() => encodePrintable(code)), wipedBy(() => decodePrintable(text))]) {
    expect(wiped).toContain(toHex(payload));
    expect(wiped).toContain(toHex(framed));
  }
  expect(wipedBy(() => decodeGiftCode(inner))).toContain(toHex(giftCode.sharedSecret.expose()));
});

test("what is refused is wiped: an account too long to write, a root entropy of a wrong length", () => {
  const account = { ...rootZero(), fogAuthoritySpki: new Uint8Array(16_384) };
  const [encoded = ""] = wipedBy(() => codeOf(() => encodeAccountKey(account)));
  expect(encoded).toContain(toHex(account.spendPrivateKey.expose()));
  const file = JSON.stringify({ root_entropy: new Array(31).fill(9) });
  expect(wipedBy(() => codeOf(() => parseKeyFile(file)))).toContain("09".repeat(31));
});
