// Parsing revocation lists: only complete ones of version 2 are read, and nothing about them is passed over.
import "../reflect-metadata.ts";
import { concatBytes, utf8 } from "@fogbow/core-bytes";
import * as peculiar from "@peculiar/x509";
import { describe, expect, test } from "vitest";
import { derBits, derInteger, derSequence, derTime } from "../../src/der/write-der.ts";
import { EXTENSION } from "../../src/x509/extensions.ts";
import { derExtensions } from "../../src/x509/issue-certificate.ts";
import { isRevoked, parseCrl } from "../../src/x509/revocation-list.ts";
import { verifySignature } from "../../src/x509/verify-signature.ts";
import { expectCode } from "../expect-code.ts";
import { AT, type CrlChanges, crl, ECDSA_SHA384, ecParty, makeCrl, NOT_AFTER, NOT_BEFORE } from "./test-authority.ts";

const root = ecParty("Root");
const parse = (changes: CrlChanges) => parseCrl(makeCrl(root, changes));
const extension = (oid: string, critical = false) => ({ oid, critical, value: derSequence() });

test("a list says which serial numbers are revoked, by whom and for how long", () => {
  const revoked = [Uint8Array.of(7), Uint8Array.of(0, 0x99, 1)];
  const list = parse({
    revoked,
    entryExtensions: [extension(EXTENSION.reasonCode), extension(EXTENSION.invalidityDate, true)],
    extensions: [extension(EXTENSION.crlNumber), extension(EXTENSION.authorityKeyIdentifier)],
  });
  expect(list).toMatchObject({ issuer: root.name, thisUpdate: NOT_BEFORE, nextUpdate: NOT_AFTER });
  expect(revoked.every((serial) => isRevoked(list, serial))).toBe(true);
  expect(isRevoked(list, Uint8Array.of(0x99, 1))).toBe(false);
  expect(isRevoked(list, Uint8Array.of(8))).toBe(false);
});

test("a list of 10 000 entries is read", () => {
  const revoked = Array.from({ length: 10_000 }, (_, i) => Uint8Array.of(1, i >> 8, i & 0xff));
  expect(parse({ revoked }).revoked.size).toBe(10_000);
});

test("a list that another library made is read and believed", async () => {
  const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" };
  const keys = await crypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
  const made = await peculiar.X509CrlGenerator.create({
    issuer: "CN=Differential",
    thisUpdate: new Date(NOT_BEFORE),
    nextUpdate: new Date(NOT_AFTER),
    signingAlgorithm: algorithm,
    signingKey: keys.privateKey,
    entries: [{ serialNumber: "0102", revocationDate: new Date(AT), reason: peculiar.X509CrlReason.keyCompromise }],
  });
  const list = parseCrl(new Uint8Array(made.rawData));
  const spki = new Uint8Array(await crypto.subtle.exportKey("spki", keys.publicKey));
  const key = { kind: "ec", curve: "P-256", spki } as const;
  expect(list).toMatchObject({ thisUpdate: NOT_BEFORE, nextUpdate: NOT_AFTER, revoked: new Set(["0102"]) });
  expect(await verifySignature(list.signatureAlgorithm, key, list.signature, list.tbs)).toBe(true);
});

describe("refused is", () => {
  test.each([
    ["a delta", { extensions: [extension(EXTENSION.deltaCrlIndicator, true)] }],
    ["a delta that does not insist", { extensions: [extension(EXTENSION.deltaCrlIndicator)] }],
    ["a partitioned list", { extensions: [extension(EXTENSION.issuingDistributionPoint, true)] }],
    ["a partitioned list that does not insist", { extensions: [extension(EXTENSION.issuingDistributionPoint)] }],
    ["a list that demands an unknown rule", { extensions: [extension("1.2.3", true)] }],
    ["an indirect list", { revoked: [root.name], entryExtensions: [extension(EXTENSION.certificateIssuer, true)] }],
    [
      "an indirect list that does not insist",
      { revoked: [root.name], entryExtensions: [extension(EXTENSION.certificateIssuer)] },
    ],
    ["an entry that demands an unknown rule", { revoked: [root.name], entryExtensions: [extension("1.2.3", true)] }],
  ] satisfies [string, CrlChanges][])("%s: crl-unsupported", (_, changes) => {
    const short = "revoked" in changes ? { ...changes, revoked: [Uint8Array.of(5)] } : changes;
    expectCode(() => parse(short), "crl-unsupported");
  });

  test.each([
    ["a list without an end", { nextUpdate: undefined }],
    ["version 1", { version: new Uint8Array() }],
    ["version 3", { version: derInteger(Uint8Array.of(2)) }],
    ["another algorithm signed than stated", { signedAlgorithm: ECDSA_SHA384 }],
    ["a serial number of 22 bytes", { revoked: [new Uint8Array(22).fill(1)] }],
    ["a serial number of none", { revoked: [new Uint8Array()] }],
  ] satisfies [string, CrlChanges][])("%s: crl-malformed", (_, changes) => {
    expectCode(() => parse(changes), "crl-malformed");
  });

  test("nothing, garbage, a certificate's text, a list cut anywhere and a list with something after it: crl-malformed", () => {
    const der = makeCrl(root, { revoked: [Uint8Array.of(1)] });
    for (let length = 0; length < der.length; length++) {
      expectCode(() => parseCrl(der.subarray(0, length)), "crl-malformed");
    }
    expectCode(() => parseCrl(concatBytes(der, Uint8Array.of(0))), "crl-malformed");
    expectCode(() => parseCrl(utf8("-----BEGIN X509 CRL-----")), "crl-malformed");
  });

  test("a fourth part beside the signature, an entry with a fourth part, and one without a time: crl-malformed", () => {
    const good = parse({});
    const parts = [good.tbs, root.algorithm, derBits(good.signature)];
    expect(derSequence(...parts)).toEqual(good.der);
    expectCode(() => parseCrl(derSequence(...parts, derSequence())), "crl-malformed");

    const serial = derInteger(Uint8Array.of(5));
    const extensions = derExtensions([extension(EXTENSION.reasonCode)]);
    const withEntry = (...fields: Uint8Array[]): Uint8Array => {
      const version = derInteger(Uint8Array.of(1));
      const times = [derTime(NOT_BEFORE), derTime(NOT_AFTER)];
      const entries = derSequence(derSequence(...fields));
      const tbs = derSequence(version, root.algorithm, root.name, ...times, entries);
      return derSequence(tbs, root.algorithm, derBits(good.signature));
    };
    expect(parseCrl(withEntry(serial, derTime(AT), extensions)).revoked.size).toBe(1);
    expectCode(() => parseCrl(withEntry(serial, derTime(AT), extensions, extensions)), "crl-malformed");
    expectCode(() => parseCrl(withEntry(serial, serial)), "crl-malformed");
  });

  test("an extension that is there twice: duplicate-extension", () => {
    const twice = [extension(EXTENSION.crlNumber), extension(EXTENSION.crlNumber)];
    expectCode(() => parse({ extensions: twice }), "duplicate-extension");
  });

  test("a list of more than 1 MiB: crl-too-large", () => {
    expectCode(() => parseCrl(new Uint8Array(1_048_577)), "crl-too-large");
  });
});

test("a list does not change when the caller's bytes do", () => {
  const der = makeCrl(root);
  const list = parseCrl(der);
  der.fill(0);
  expect(list.issuer).toEqual(root.name);
});

test("the same list read twice is equal", () => {
  const der = makeCrl(root);
  expect(parseCrl(der)).toEqual(parseCrl(der));
  expect(crl(root).issuer).toEqual(root.name);
});
