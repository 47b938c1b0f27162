// Parsing certificates: what is read, that each deviation is refused with its code, and that Node reads the same.
import "../reflect-metadata.ts";
import { X509Certificate } from "node:crypto";
import { concatBytes, toHex, utf8 } from "@fogbow/core-bytes";
import * as peculiar from "@peculiar/x509";
import { describe, expect, test } from "vitest";
import { contextTag, TAG } from "../../src/der/read-der.ts";
import { derBits, derElement, derInteger, derObjectIdentifier, derSequence, derTime } from "../../src/der/write-der.ts";
import { parseCertificate } from "../../src/x509/certificate.ts";
import { EXTENSION } from "../../src/x509/extensions.ts";
import { issuerExtensions, leafExtensions } from "../../src/x509/issue-certificate.ts";
import { verifySignature } from "../../src/x509/verify-signature.ts";
import { expectCode } from "../expect-code.ts";
import {
  type CertificateChanges,
  ECDSA_SHA384,
  ecParty,
  ed25519Party,
  makeCertificate,
  NOT_AFTER,
  NOT_BEFORE,
  RSA_PSS_SHA384,
  rsaParty,
} from "./test-authority.ts";

const THREE = Uint8Array.of(3);
const NULL = derElement(TAG.null);
const RSA_OID = derObjectIdentifier("1.2.840.113549.1.1.1");
const RSA_SHA256_OID = derObjectIdentifier("1.2.840.113549.1.1.11");
const EC_OID = derObjectIdentifier("1.2.840.10045.2.1");
const P256_OID = derObjectIdentifier("1.2.840.10045.3.1.7");
const ECDSA_OID = derObjectIdentifier("1.2.840.10045.4.3.2");
const ED25519_OID = derObjectIdentifier("1.3.101.112");
const RSA = derSequence(RSA_OID, NULL);
const MODULUS = derInteger(new Uint8Array(256).fill(0xff));
const EXPONENT = derInteger(THREE);
const root = ecParty("Root");
const leaf = ecParty("Leaf");
const EC_BITS = derBits(leaf.spki.subarray(-65));
const parse = (changes: CertificateChanges) => parseCertificate(makeCertificate(root, leaf, changes));

describe("of a certificate is read", () => {
  test("its names, times, serial number, key and what an issuer may do", () => {
    const certificate = parse({ serial: Uint8Array.of(0, 0x99), extensions: issuerExtensions(3) });
    expect(certificate).toMatchObject({
      serial: Uint8Array.of(0, 0x99),
      issuer: root.name,
      subject: leaf.name,
      notBefore: NOT_BEFORE,
      notAfter: NOT_AFTER,
      spki: leaf.spki,
      publicKey: { kind: "ec", curve: "P-256" },
      isCa: true,
      pathLength: 3,
      keyUsage: { digitalSignature: false, keyCertSign: true, crlSign: true },
      signatureAlgorithm: { kind: "ecdsa", hash: "SHA-256" },
    });
  });

  test("that a leaf issues nothing, and that one without extensions neither", () => {
    expect(parse({ extensions: leafExtensions() })).toMatchObject({
      isCa: false,
      pathLength: undefined,
      keyUsage: { digitalSignature: true, keyCertSign: false, crlSign: false },
    });
    expect(parse({ extensions: [] })).toMatchObject({ isCa: false, keyUsage: undefined, extensions: [] });
  });

  test("what does not change when the caller's bytes do", () => {
    const der = makeCertificate(root, leaf);
    const certificate = parseCertificate(der);
    der.fill(0);
    expect(certificate.subject).toEqual(leaf.name);
  });

  test.each([
    ["P-384", ecParty("x", "P-384")],
    ["RSA", rsaParty("x")],
    ["Ed25519", ed25519Party("x")],
  ])("a key and a signature of %s", (_, party) => {
    const certificate = parseCertificate(makeCertificate(party, party));
    expect(certificate.publicKey.spki).toEqual(party.spki);
  });

  test("the parameters of RSA-PSS, also with the trailer that AMD writes", () => {
    expect(parse({ signedAlgorithm: RSA_PSS_SHA384, statedAlgorithm: RSA_PSS_SHA384 }).signatureAlgorithm).toEqual({
      kind: "rsa-pss",
      hash: "SHA-384",
      saltLength: 48,
    });
    const explicit = pssWith((parameters) => concatBytes(parameters, trailer()));
    expect(parse({ signedAlgorithm: explicit, statedAlgorithm: explicit }).signatureAlgorithm.kind).toBe("rsa-pss");
  });
});

describe("refused as malformed is", () => {
  const refused: readonly [what: string, changes: CertificateChanges][] = [
    ["another version", { version: derElement(contextTag(0), derInteger(Uint8Array.of(1))) }],
    ["no version", { version: undefined }],
    ["a serial number of 22 bytes", { serial: new Uint8Array(22).fill(1) }],
    ["a serial number with a needless zero", { serial: Uint8Array.of(0, 1) }],
    ["another algorithm signed than stated", { signedAlgorithm: ECDSA_SHA384 }],
    ["a third time", { validity: derSequence(derTime(0), derTime(0), derTime(0)) }],
    ["a time with fractions", { validity: derSequence(derTime(0), generalized("20200101000000.5Z")) }],
    ["a time with something after it", { validity: derSequence(derTime(0), generalized("20210101000000Z0")) }],
    ["a time in another zone", { validity: derSequence(derTime(0), generalized("20200101000000+0100")) }],
    ["a day that never was", { validity: derSequence(derTime(0), generalized("20210229000000Z")) }],
    ["a month 13", { validity: derSequence(derTime(0), generalized("20211301000000Z")) }],
    ["an hour 24", { validity: derSequence(derTime(0), generalized("20210101240000Z")) }],
    ["a minute 60", { validity: derSequence(derTime(0), generalized("20210101006000Z")) }],
    ["a second 60", { validity: derSequence(derTime(0), generalized("20210101000060Z")) }],
    ["something after the extensions", { trailing: derSequence() }],
    ["an issuer's unique identifier", { rawExtensions: derElement(0x81, Uint8Array.of(0)) }],
    ["an empty list of extensions", { rawExtensions: derElement(contextTag(3), derSequence()) }],
    ["a criticality that is false and written", { rawExtensions: extensionsWith(Uint8Array.of(0)) }],
    ["a criticality of another byte", { rawExtensions: extensionsWith(Uint8Array.of(1)) }],
    [
      "basic constraints with a remainder",
      withExtension(EXTENSION.basicConstraints, concatBytes(derSequence(), derSequence())),
    ],
    [
      "a path length of no issuer",
      withExtension(EXTENSION.basicConstraints, derSequence(derInteger(Uint8Array.of(1)))),
    ],
    [
      "a negative path length",
      withExtension(EXTENSION.basicConstraints, derSequence(TRUE(), derElement(2, Uint8Array.of(0xff)))),
    ],
    [
      "a path length with a needless zero",
      withExtension(EXTENSION.basicConstraints, derSequence(TRUE(), derElement(2, Uint8Array.of(0, 1)))),
    ],
    [
      "key usage with bits that are none of its own",
      withExtension(EXTENSION.keyUsage, derElement(TAG.bitString, Uint8Array.of(7, 0x84))),
    ],
    ["an RSA key of 1 024 bits behind zeros", { spki: rsaKey(new Uint8Array(300).fill(0xff, 172), THREE) }],
    [
      "an RSA key with the exponent 1 behind zeros",
      { spki: rsaKey(new Uint8Array(257).fill(0xff, 1), Uint8Array.of(0, 0, 1)) },
    ],
    [
      "basic constraints of three parts",
      withExtension(EXTENSION.basicConstraints, derSequence(TRUE(), derInteger(THREE), derInteger(THREE))),
    ],
    ["an extension of four parts", { rawExtensions: extensionsWith(Uint8Array.of(0xff), derSequence()) }],
    ["a key of three parts", { spki: derSequence(RSA, derBits(derSequence(MODULUS, EXPONENT)), derSequence()) }],
    ["an RSA key of three numbers", { spki: spkiOf(RSA, derSequence(MODULUS, EXPONENT, EXPONENT)) }],
    ["an RSA key without parameters", { spki: spkiOf(derSequence(RSA_OID), derSequence(MODULUS, EXPONENT)) }],
    [
      "an RSA key with two parameters",
      { spki: spkiOf(derSequence(RSA_OID, NULL, NULL), derSequence(MODULUS, EXPONENT)) },
    ],
    ["an elliptic-curve key with two parameters", { spki: derSequence(derSequence(EC_OID, P256_OID, NULL), EC_BITS) }],
    ["an Ed25519 key with a parameter", { spki: spkiOf(derSequence(ED25519_OID, NULL), new Uint8Array(32)) }],
    ["a signature of RSA without parameters", algorithmOf(RSA_SHA256_OID)],
    ["a signature of RSA with two parameters", algorithmOf(RSA_SHA256_OID, NULL, NULL)],
    ["a signature of ECDSA with a parameter", algorithmOf(ECDSA_OID, NULL)],
    ["a signature of Ed25519 with a parameter", algorithmOf(ED25519_OID, NULL)],
    ["key usage of nothing", withExtension(EXTENSION.keyUsage, derElement(TAG.bitString, Uint8Array.of(0)))],
    ["key usage of zeros", withExtension(EXTENSION.keyUsage, derElement(TAG.bitString, Uint8Array.of(0, 0)))],
    [
      "key usage of three bytes",
      withExtension(EXTENSION.keyUsage, derElement(TAG.bitString, Uint8Array.of(0, 1, 1, 1))),
    ],
    ["65 extensions", { extensions: Array.from({ length: 65 }, (_, i) => extension(`1.2.3.${i}`)) }],
  ];

  test.each(refused)("%s", (_, changes) => {
    expectCode(() => parse(changes), "certificate-malformed");
  });

  test("anything after the certificate, and a certificate cut anywhere", () => {
    const der = makeCertificate(root, leaf);
    expectCode(() => parseCertificate(concatBytes(der, Uint8Array.of(0))), "certificate-malformed");
    for (let length = 0; length < der.length; length++) {
      expectCode(() => parseCertificate(der.subarray(0, length)), "certificate-malformed");
    }
  });

  test("a fourth part beside the signature, which nobody would have signed", () => {
    const { der, tbs, signature } = parseCertificate(makeCertificate(root, leaf));
    const parts = [tbs, root.algorithm, derBits(signature)];
    expect(derSequence(...parts)).toEqual(der);
    expectCode(() => parseCertificate(derSequence(...parts, derSequence())), "certificate-malformed");
  });

  test("a signature that is no whole number of bytes", () => {
    const der = makeCertificate(root, leaf);
    const bits = derBits(Uint8Array.of(0x80));
    bits[2] = 7;
    const parts = new Uint8Array(der);
    const tbs = parseCertificate(parts).tbs;
    expectCode(() => parseCertificate(derSequence(tbs, root.algorithm, bits)), "certificate-malformed");
  });
});

describe("refused with a code of its own is", () => {
  test("a certificate of more than 16 384 bytes", () => {
    const value = new Uint8Array(17_000);
    expectCode(() => parse({ extensions: [{ oid: "1.2.3", critical: false, value }] }), "certificate-too-large");
  });

  test("an extension that is there twice", () => {
    expectCode(() => parse({ extensions: [extension("1.2.3"), extension("1.2.3")] }), "duplicate-extension");
  });

  test.each([
    ["an RSA key of 1 024 bits", rsaParty("x", 1024).spki],
    ["an RSA key of 2 047 bits", rsaKey(new Uint8Array(256).fill(0x7f), THREE)],
    ["an RSA key with an even exponent", rsaSpki(256, Uint8Array.of(2))],
    ["an RSA key with the exponent 1", rsaSpki(256, Uint8Array.of(1))],
    ["an RSA key with an exponent of five bytes", rsaSpki(256, Uint8Array.of(1, 0, 0, 0, 1))],
    ["an RSA key of 8 200 bits", rsaSpki(1025, Uint8Array.of(3))],
    ["a key of another curve", ecSpki("1.3.132.0.10", 65)],
    ["a compressed point", ecSpki("1.2.840.10045.3.1.7", 33)],
    ["a point in the hybrid form", ecSpki("1.2.840.10045.3.1.7", 65, 6)],
    ["a short Ed25519 key", derSequence(derSequence(derObjectIdentifier("1.3.101.112")), derBits(new Uint8Array(31)))],
    [
      "a key of an unknown kind",
      derSequence(derSequence(derObjectIdentifier("1.3.101.110")), derBits(new Uint8Array(32))),
    ],
  ])("%s", (_, spki) => {
    expectCode(() => parse({ spki }), "unsupported-key");
  });

  test.each([
    ["RSA with SHA-1", derSequence(derObjectIdentifier("1.2.840.113549.1.1.5"), derElement(TAG.null))],
    ["ECDSA with SHA-1", derSequence(derObjectIdentifier("1.2.840.10045.4.1"))],
    ["RSA-PSS with SHA-1, its default", pssWith(() => new Uint8Array())],
    ["RSA-PSS with another salt", pssWith((_, hash, mask) => concatBytes(hash, mask, salt(32)))],
    ["RSA-PSS with another mask", pssWith((_, hash) => concatBytes(hash, maskField(hashField(), "1.2.3"), salt(48)))],
    ["RSA-PSS with two trailers", pssWith((parameters) => concatBytes(parameters, trailer(), trailer()))],
    ["RSA-PSS with another trailer", pssWith((parameters) => concatBytes(parameters, trailer(2)))],
    ["RSA-PSS with two hashes", pssWith((_, hash) => concatBytes(hash, otherMask(), salt(48)))],
  ])("a signature of %s", (_, algorithm) => {
    const changes = { signedAlgorithm: algorithm, statedAlgorithm: algorithm };
    let code: unknown;
    try {
      parse(changes);
    } catch (error) {
      code = (error as { code?: unknown }).code; // Either code is a refusal; which depends on what is missing.
    }
    expect(["unsupported-signature-algorithm", "certificate-malformed"]).toContain(code);
  });
});

describe("Node reads the same", () => {
  const cases = [
    ["ECDSA", ecParty("x")],
    ["P-384", ecParty("x", "P-384")],
    ["RSA", rsaParty("x")],
    ["Ed25519", ed25519Party("x")],
  ] as const;

  test.each(cases)("of certificates with %s keys of ours", async (_, party) => {
    await expectSameAsNode(makeCertificate(party, party, { serial: Uint8Array.of(0x12, 0x34) }));
  });

  test.each([
    ["ECDSA", { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" }],
    ["P-384", { name: "ECDSA", namedCurve: "P-384", hash: "SHA-384" }],
    [
      "RSA",
      { name: "RSASSA-PKCS1-v1_5", hash: "SHA-256", publicExponent: Uint8Array.of(1, 0, 1), modulusLength: 2048 },
    ],
    ["Ed25519", { name: "Ed25519" }],
  ])("of certificates with %s keys that another library made", async (_, algorithm) => {
    const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
    if (!("privateKey" in keys)) throw new Error("These algorithms make pairs.");
    const made = await peculiar.X509CertificateGenerator.createSelfSigned({
      name: "CN=Differential, O=Tests",
      keys,
      serialNumber: "0102030405",
      notBefore: new Date(NOT_BEFORE),
      notAfter: new Date(NOT_AFTER),
      signingAlgorithm: algorithm,
      extensions: [
        new peculiar.BasicConstraintsExtension(true, 2, true),
        new peculiar.KeyUsagesExtension(peculiar.KeyUsageFlags.keyCertSign | peculiar.KeyUsageFlags.cRLSign, true),
        await peculiar.SubjectKeyIdentifierExtension.create(keys.publicKey),
      ],
    });
    const certificate = await expectSameAsNode(new Uint8Array(made.rawData));
    expect(certificate).toMatchObject({ isCa: true, pathLength: 2, keyUsage: { keyCertSign: true, crlSign: true } });
  });

  async function expectSameAsNode(der: Uint8Array): Promise<ReturnType<typeof parseCertificate>> {
    const ours = parseCertificate(der);
    const theirs = new X509Certificate(der);
    expect(toHex(ours.serial).replace(/^00/, "")).toBe(theirs.serialNumber.toLowerCase());
    expect(ours.notBefore).toBe(Date.parse(theirs.validFrom));
    expect(ours.notAfter).toBe(Date.parse(theirs.validTo));
    expect(ours.isCa).toBe(theirs.ca);
    expect(ours.spki).toEqual(new Uint8Array(theirs.publicKey.export({ type: "spki", format: "der" })));
    const { signatureAlgorithm, publicKey, signature, tbs } = ours;
    expect(await verifySignature(signatureAlgorithm, publicKey, signature, tbs)).toBe(theirs.verify(theirs.publicKey));
    return ours;
  }
});

function generalized(text: string): Uint8Array {
  return derElement(TAG.generalizedTime, utf8(text));
}

function extension(oid: string) {
  return { oid, critical: false, value: derSequence() };
}

function withExtension(oid: string, value: Uint8Array): CertificateChanges {
  return { extensions: [{ oid, critical: true, value }] };
}

/** One extension whose criticality is written as these bytes. */
function extensionsWith(critical: Uint8Array, ...more: readonly Uint8Array[]): Uint8Array {
  const item = derSequence(
    derObjectIdentifier("1.2.3"),
    derElement(TAG.boolean, critical),
    derElement(TAG.octetString, derSequence()),
    ...more,
  );
  return derElement(contextTag(3), derSequence(item));
}

function TRUE(): Uint8Array {
  return derElement(TAG.boolean, Uint8Array.of(0xff));
}

function rsaSpki(modulusBytes: number, exponent: Uint8Array): Uint8Array {
  return rsaKey(new Uint8Array(modulusBytes + 1).fill(0xff, 1), exponent);
}

/** An RSA key of the contents of its two integers. */
function rsaKey(modulus: Uint8Array, exponent: Uint8Array): Uint8Array {
  return spkiOf(RSA, derSequence(derElement(TAG.integer, modulus), derElement(TAG.integer, exponent)));
}

function spkiOf(algorithm: Uint8Array, key: Uint8Array): Uint8Array {
  return derSequence(algorithm, derBits(key));
}

/** The algorithm of the signature, in both places. */
function algorithmOf(...parts: readonly Uint8Array[]): CertificateChanges {
  const algorithm = derSequence(...parts);
  return { signedAlgorithm: algorithm, statedAlgorithm: algorithm };
}

function ecSpki(curve: string, length: number, form = 4): Uint8Array {
  const point = new Uint8Array(length).fill(form);
  const algorithm = derSequence(derObjectIdentifier("1.2.840.10045.2.1"), derObjectIdentifier(curve));
  return derSequence(algorithm, derBits(point));
}

function hashField(oid = "2.16.840.1.101.3.4.2.2"): Uint8Array {
  return derSequence(derObjectIdentifier(oid), derElement(TAG.null));
}

function maskField(hash: Uint8Array, oid = "1.2.840.113549.1.1.8"): Uint8Array {
  return derElement(contextTag(1), derSequence(derObjectIdentifier(oid), hash));
}

function otherMask(): Uint8Array {
  return maskField(hashField("2.16.840.1.101.3.4.2.1"));
}

function trailer(value = 1): Uint8Array {
  return derElement(contextTag(3), derInteger(Uint8Array.of(value)));
}

function salt(length: number): Uint8Array {
  return derElement(contextTag(2), derInteger(Uint8Array.of(length)));
}

/** RSA-PSS with parameters made from the usual ones: all of them, hash and mask. */
function pssWith(change: (parameters: Uint8Array, hash: Uint8Array, mask: Uint8Array) => Uint8Array): Uint8Array {
  const hash = derElement(contextTag(0), hashField());
  const mask = maskField(hashField());
  const parameters = change(concatBytes(hash, mask, salt(48)), hash, mask);
  return derSequence(derObjectIdentifier("1.2.840.113549.1.1.10"), derSequence(parameters));
}
