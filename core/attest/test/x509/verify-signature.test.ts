// Signatures: those that hold, and that what is stated, what the key is and what is written must fit together.
import { generateKeyPairSync, sign } from "node:crypto";
import { concatBytes, utf8 } from "@fogbow/core-bytes";
import { afterEach, describe, expect, test, vi } from "vitest";
import { derElement, derInteger, derSequence } from "../../src/der/write-der.ts";
import { ecPublicKey, parsePublicKey } from "../../src/x509/public-key.ts";
import type { SignatureAlgorithm } from "../../src/x509/signature-algorithm.ts";
import { verifyEcdsa, verifySignature } from "../../src/x509/verify-signature.ts";
import { expectCode } from "../expect-code.ts";
import { ecParty, ed25519Party, type Party, pssParty, rsaParty } from "./test-authority.ts";

const MESSAGE = utf8("what is signed");
const signed = ({ sign: make }: Party): Uint8Array => make(MESSAGE) as Uint8Array; // Test parties sign at once.

const ALGORITHMS: readonly [SignatureAlgorithm, Party][] = [
  [{ kind: "ecdsa", hash: "SHA-256" }, ecParty("x")],
  [{ kind: "ecdsa", hash: "SHA-384" }, ecParty("x", "P-384")],
  [{ kind: "rsa-pkcs1", hash: "SHA-256" }, rsaParty("x")],
  [{ kind: "rsa-pss", hash: "SHA-384", saltLength: 48 }, pssParty("x")],
  [{ kind: "ed25519" }, ed25519Party("x")],
];

test("a signature holds under its own algorithm and key alone", async () => {
  for (const [i, [algorithm]] of ALGORITHMS.entries()) {
    for (const [j, [, party]] of ALGORITHMS.entries()) {
      const isValid = await verifySignature(algorithm, parsePublicKey(party.spki), signed(party), MESSAGE);
      expect(isValid, `${algorithm.kind} with the signature of ${ALGORITHMS[j]?.[0].kind}`).toBe(i === j);
    }
  }
});

test("a signature of another message, and of none, does not hold", async () => {
  for (const [algorithm, party] of ALGORITHMS) {
    const key = parsePublicKey(party.spki);
    expect(await verifySignature(algorithm, key, signed(party), utf8("another"))).toBe(false);
    expect(await verifySignature(algorithm, key, new Uint8Array(), MESSAGE)).toBe(false);
  }
});

describe("of an ECDSA signature", () => {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const key = parsePublicKey(new Uint8Array(publicKey.export({ type: "spki", format: "der" })));
  const make = (): Uint8Array =>
    new Uint8Array(sign("sha256", MESSAGE, { key: privateKey, dsaEncoding: "ieee-p1363" }));
  let raw = make();
  while ((raw[0] ?? 0) >= 0x80) raw = make(); // So that r needs no zero before it.
  const [r, s] = [raw.subarray(0, 32), raw.subarray(32)];
  const verifyDer = (der: Uint8Array) => verifySignature({ kind: "ecdsa", hash: "SHA-256" }, key, der, MESSAGE);

  test("both forms hold, each in its place", async () => {
    const der = derSequence(derInteger(r), derInteger(s));
    expect(await verifyDer(der)).toBe(true);
    expect(await verifyEcdsa(key, "SHA-256", raw, MESSAGE)).toBe(true);
    expect(await verifyDer(raw)).toBe(false);
    expect(await verifyEcdsa(key, "SHA-256", der, MESSAGE)).toBe(false);
    expect(await verifyEcdsa(key, "SHA-384", raw, MESSAGE)).toBe(false);
  });

  test.each([
    ["a third integer", derSequence(derInteger(r), derInteger(s), derInteger(s))],
    ["one integer", derSequence(derInteger(r))],
    ["something after it", concatBytes(derSequence(derInteger(r), derInteger(s)), Uint8Array.of(0))],
    ["a half of 33 bytes", derSequence(derInteger(concatBytes(Uint8Array.of(1), r)), derInteger(s))],
    ["a negative half", derSequence(derElement(2, concatBytes(Uint8Array.of(0xff), r)), derInteger(s))],
    ["a half with a needless zero", derSequence(derElement(2, concatBytes(Uint8Array.of(0), r)), derInteger(s))],
    ["halves of zero", derSequence(derInteger(new Uint8Array(1)), derInteger(new Uint8Array(1)))],
  ])("%s does not hold", async (_, der) => {
    expect(await verifyDer(der)).toBe(false);
  });

  test("a key of coordinates is the key of its certificate, and a point off the curve verifies nothing", async () => {
    const coordinates = key.spki.subarray(-64);
    expect(ecPublicKey("P-256", coordinates)).toEqual(key);
    const off = concatBytes(coordinates);
    off[63] = (off[63] ?? 0) ^ 1;
    expect(await verifyEcdsa(ecPublicKey("P-256", off), "SHA-256", raw, MESSAGE)).toBe(false);
    expectCode(() => ecPublicKey("P-256", coordinates.subarray(1)), "unsupported-key");
  });

  test("a key of coordinates on P-384 is one that Node reads", () => {
    const { publicKey: other } = generateKeyPairSync("ec", { namedCurve: "P-384" });
    const spki = new Uint8Array(other.export({ type: "spki", format: "der" }));
    expect(ecPublicKey("P-384", spki.subarray(-96)).spki).toEqual(spki);
  });
});

describe("without WebCrypto", () => {
  afterEach(() => {
    vi.unstubAllGlobals();
  });

  test("nothing is called valid or invalid: the caller is told", async () => {
    const [algorithm, party] = [{ kind: "ecdsa", hash: "SHA-256" } as const, ecParty("x")];
    const signature = signed(party);
    for (const crypto of [undefined, {}]) {
      vi.stubGlobal("crypto", crypto);
      const verifying = verifySignature(algorithm, parsePublicKey(party.spki), signature, MESSAGE);
      await expect(verifying).rejects.toMatchObject({ code: "web-crypto-unavailable" });
    }
  });
});
