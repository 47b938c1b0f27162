// Certificate chains: what holds, and that each rule broken alone gives its own code (RFC 5280 §6; spec 04 §7.2).
import { concatBytes } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { TAG } from "../../src/der/read-der.ts";
import { derElement, derObjectIdentifier, derSequence } from "../../src/der/write-der.ts";
import { EXTENSION, type Extension } from "../../src/x509/extensions.ts";
import { issuerExtensions, leafExtensions } from "../../src/x509/issue-certificate.ts";
import { type ChainQuestion, type ChainVerdict, verifyChain } from "../../src/x509/verify-chain.ts";
import {
  AT,
  certificate,
  crl,
  ecParty,
  ed25519Party,
  leafCertificate,
  NOT_AFTER,
  NOT_BEFORE,
  pssParty,
  rsaParty,
} from "./test-authority.ts";

const root = ecParty("Root");
const middle = ecParty("Middle");
const leaf = ecParty("Leaf");
const stranger = ecParty("Root"); // The same name, another key.

const ROOT = certificate(root, root, { serial: Uint8Array.of(1) });
const MIDDLE = certificate(root, middle, { serial: Uint8Array.of(2) });
const LEAF = leafCertificate(middle, leaf, { serial: Uint8Array.of(3) });

const GOOD: ChainQuestion = {
  chain: [LEAF, MIDDLE, ROOT],
  anchors: [ROOT],
  crls: [crl(root), crl(middle)],
  at: AT,
  checkCertificateTimes: true,
  checkCrlTimes: true,
  requireCrls: true,
};

const verify = (changes: Partial<ChainQuestion>): Promise<ChainVerdict> => verifyChain({ ...GOOD, ...changes });
const keyUsage = (...bits: number[]): Extension => ({
  oid: EXTENSION.keyUsage,
  critical: true,
  value: derElement(TAG.bitString, Uint8Array.of(...bits)),
});
const [CA_CONSTRAINTS] = issuerExtensions();
if (CA_CONSTRAINTS === undefined) throw new Error("Issuers have constraints.");

describe("a chain holds", () => {
  test("with its anchor or without it, and says until when", async () => {
    expect(await verify({})).toMatchObject({ ok: true, problems: [], validUntil: NOT_AFTER });
    expect((await verify({ chain: [LEAF, MIDDLE] })).ok).toBe(true);
    expect((await verify({ chain: [ROOT] })).ok).toBe(true);
  });

  test("until the first of its certificates or lists ends", async () => {
    const soon = AT + 5000;
    const short = leafCertificate(middle, leaf, { serial: Uint8Array.of(3), notAfter: soon });
    expect((await verify({ chain: [short, MIDDLE] })).validUntil).toBe(soon);
    const list = crl(middle, { nextUpdate: soon });
    expect((await verify({ crls: [crl(root), list] })).validUntil).toBe(soon);
    const elsewhere = crl(ecParty("Elsewhere"), { nextUpdate: soon });
    expect((await verify({ crls: [crl(root), crl(middle), elsewhere] })).validUntil).toBe(NOT_AFTER);
  });

  test("beyond what has ended, where the times of such things are not checked", async () => {
    const past = AT - 1000;
    const stale = { crls: [crl(root), crl(middle, { nextUpdate: past })], checkCrlTimes: false };
    expect((await verify(stale)).validUntil).toBe(NOT_AFTER);
    const expired = leafCertificate(middle, leaf, { serial: Uint8Array.of(3), notAfter: past });
    const chain = { chain: [expired, MIDDLE], checkCertificateTimes: false };
    expect((await verify({ ...chain, crls: [crl(root), crl(middle, { nextUpdate: AT + 1000 })] })).validUntil).toBe(
      AT + 1000,
    );
    expect((await verify({ ...stale, ...chain })).validUntil).toBe(Number.POSITIVE_INFINITY);
  });

  test("also when the authority has renewed its certificate with the same key", async () => {
    const renewed = certificate(root, root, { serial: Uint8Array.of(9), notAfter: NOT_BEFORE + 1000 });
    expect((await verify({ chain: [LEAF, MIDDLE, renewed] })).ok).toBe(true);
  });

  test.each([
    ["P-384", ecParty("Other", "P-384")],
    ["RSA with PKCS #1", rsaParty("Other")],
    ["RSA-PSS", pssParty("Other")],
    ["Ed25519", ed25519Party("Other")],
  ])("with signatures of %s, and not when one bit of them is flipped", async (_, other) => {
    const anchor = certificate(other, other);
    const issued = leafCertificate(other, leaf);
    const question = { ...GOOD, anchors: [anchor], crls: [crl(other)] };
    expect(await verifyChain({ ...question, chain: [issued] })).toMatchObject({ ok: true });
    const signature = issued.signature.slice();
    signature[20] = (signature[20] ?? 0) ^ 1;
    const verdict = await verifyChain({ ...question, chain: [{ ...issued, signature }] });
    expect(verdict.problems).toEqual(["certificate-signature"]);
  });

  test("by the one of several pinned keys of an authority that signed it", async () => {
    const other = certificate(stranger, stranger);
    expect((await verify({ chain: [LEAF, MIDDLE], anchors: [other, ROOT] })).ok).toBe(true);
  });
});

describe("each rule broken alone gives its own code:", () => {
  const expectProblem = async (changes: Partial<ChainQuestion>, ...problems: string[]): Promise<void> => {
    const verdict = await verify(changes);
    expect(verdict.problems).toEqual(problems);
    expect(verdict).toMatchObject({ ok: false, problem: problems[0] });
    expect(verdict.validUntil).toBeUndefined();
  };
  const leafOf = (changes: Parameters<typeof leafCertificate>[2]) =>
    leafCertificate(middle, leaf, { serial: Uint8Array.of(3), ...changes });
  const middleOf = (changes: Parameters<typeof certificate>[2]) =>
    certificate(root, middle, { serial: Uint8Array.of(2), ...changes });

  test("no certificate", () => expectProblem({ chain: [] }, "chain-empty"));

  test("too many certificates", () =>
    expectProblem({ chain: Array.from({ length: 11 }, () => MIDDLE) }, "chain-too-long"));

  test("too many anchors", () => expectProblem({ anchors: Array.from({ length: 33 }, () => ROOT) }, "chain-too-long"));

  test("too many lists", () => expectProblem({ crls: Array.from({ length: 33 }, () => crl(root)) }, "chain-too-long"));

  test("a missing link", () => expectProblem({ chain: [LEAF, ROOT] }, "chain-broken"));

  test("another root", () => {
    const other = certificate(ecParty("Other"), ecParty("Other"));
    return expectProblem({ anchors: [other], chain: [LEAF, MIDDLE, ROOT] }, "untrusted-root");
  });

  test("a root of the same name with another key", async () => {
    const forged = certificate(stranger, stranger);
    await expectProblem({ anchors: [forged] }, "untrusted-root");
    await expectProblem({ anchors: [forged], chain: [LEAF, MIDDLE] }, "certificate-signature", "crl-signature");
  });

  test("the anchor's key under another name, at the end of the chain or above it", async () => {
    const renamed = { ...root, name: ecParty("Renamed").name };
    const byRenamed = certificate(renamed, middle, { serial: Uint8Array.of(2) });
    const lists = { crls: [crl(renamed), crl(middle)] };
    await expectProblem({ chain: [LEAF, byRenamed, certificate(renamed, renamed)], ...lists }, "untrusted-root");
    await expectProblem({ chain: [LEAF, byRenamed], ...lists }, "untrusted-root");
  });

  test("no anchor", () => expectProblem({ anchors: [] }, "untrusted-root"));

  test("a certificate signed by a stranger in the issuer's name", () => {
    const forged = leafCertificate({ ...stranger, name: middle.name }, leaf);
    return expectProblem({ chain: [forged, MIDDLE, ROOT] }, "certificate-signature");
  });

  test("a signature of another kind than the issuer's key", async () => {
    const rsa = rsaParty("Middle");
    const forged = leafCertificate({ ...rsa, name: middle.name }, leaf);
    await expectProblem({ chain: [forged, MIDDLE, ROOT] }, "certificate-signature");
  });

  test("an issuer that is no authority", () =>
    expectProblem({ chain: [LEAF, middleOf({ extensions: [keyUsage(1, 0x06)] }), ROOT] }, "issuer-not-ca"));

  test("an issuer whose key signs no certificates", () => {
    const onlyLists = middleOf({ extensions: [CA_CONSTRAINTS, keyUsage(1, 0x02)] });
    return expectProblem({ chain: [LEAF, onlyLists, ROOT] }, "issuer-key-usage");
  });

  test("an issuer whose key signs no lists", () => {
    const noLists = middleOf({ extensions: [CA_CONSTRAINTS, keyUsage(2, 0x04)] });
    return expectProblem({ chain: [LEAF, noLists, ROOT] }, "crl-key-usage");
  });

  test("more issuers than the path length allows", () => {
    const narrow = certificate(root, root, { serial: Uint8Array.of(1), extensions: issuerExtensions(0) });
    return expectProblem({ anchors: [narrow] }, "path-too-long");
  });

  test("an unknown critical extension, in any certificate", async () => {
    const unknown = { oid: "1.2.3.4", critical: true, value: derSequence() };
    await expectProblem({ chain: [leafOf({ extensions: [unknown] }), MIDDLE] }, "unknown-critical-extension");
    const issuer = middleOf({ extensions: [...issuerExtensions(), unknown] });
    await expectProblem({ chain: [LEAF, issuer] }, "unknown-critical-extension");
    const harmless = leafOf({ extensions: [{ ...unknown, critical: false }] });
    expect((await verify({ chain: [harmless, MIDDLE] })).ok).toBe(true);
  });

  test.each([
    ["constraints of names", EXTENSION.nameConstraints],
    ["constraints of policies", EXTENSION.policyConstraints],
    ["the ban of any policy", EXTENSION.inhibitAnyPolicy],
  ])("%s, which are not followed, even when they are not critical", (_, oid) => {
    const narrow = { oid, critical: false, value: derSequence() };
    const issuer = middleOf({ extensions: [...issuerExtensions(), narrow] });
    return expectProblem({ chain: [LEAF, issuer] }, "unknown-critical-extension");
  });

  test("a certificate one second too early or too late", async () => {
    await expectProblem({ at: NOT_BEFORE - 1000, checkCrlTimes: false }, "certificate-not-yet-valid");
    await expectProblem({ at: NOT_AFTER + 1000, checkCrlTimes: false }, "certificate-expired");
    expect((await verify({ at: NOT_BEFORE })).ok).toBe(true);
    expect((await verify({ at: NOT_AFTER })).ok).toBe(true);
    const unchecked = { checkCertificateTimes: false, checkCrlTimes: false };
    expect((await verify({ at: NOT_AFTER + 1000, ...unchecked })).ok).toBe(true);
  });

  test("a time that is no number", () =>
    expectProblem(
      { at: Number.NaN },
      "certificate-not-yet-valid",
      "certificate-expired",
      "crl-not-yet-valid",
      "crl-expired",
    ));

  test("an anchor that has expired", () => {
    const old = certificate(root, root, { notAfter: AT - 1000 });
    return expectProblem({ anchors: [old] }, "certificate-expired");
  });

  test("a list one second too early or too late, unless lists' times do not count", async () => {
    const early = [crl(root), crl(middle, { thisUpdate: AT + 1000 })];
    const late = [crl(root), crl(middle, { nextUpdate: AT - 1000 })];
    await expectProblem({ crls: early }, "crl-not-yet-valid");
    await expectProblem({ crls: late }, "crl-expired");
    expect((await verify({ crls: early, checkCrlTimes: false })).ok).toBe(true);
    expect((await verify({ crls: late, checkCrlTimes: false })).ok).toBe(true);
  });

  test("a missing list, of either issuer, unless lists are optional", async () => {
    await expectProblem({ crls: [crl(root)] }, "crl-missing");
    await expectProblem({ crls: [crl(middle)] }, "crl-missing");
    await expectProblem({ crls: [] }, "crl-missing");
    expect((await verify({ crls: [], requireCrls: false })).ok).toBe(true);
  });

  test("a revoked leaf, issuer or anchor, also by a list that is not fresh", async () => {
    await expectProblem({ crls: [crl(root), crl(middle, { revoked: [LEAF.serial] })] }, "certificate-revoked");
    await expectProblem({ crls: [crl(root, { revoked: [MIDDLE.serial] }), crl(middle)] }, "certificate-revoked");
    await expectProblem({ crls: [crl(root, { revoked: [ROOT.serial] }), crl(middle)] }, "certificate-revoked");
    const stale = crl(middle, { revoked: [LEAF.serial], nextUpdate: AT - 1000 });
    await expectProblem({ crls: [crl(root), stale] }, "certificate-revoked", "crl-expired");
    const revoking = crl(middle, { revoked: [LEAF.serial] });
    await expectProblem({ crls: [crl(root), revoking, crl(middle)] }, "certificate-revoked");
    await expectProblem({ crls: [crl(root), crl(middle), revoking] }, "certificate-revoked");
    const other = crl(middle, { revoked: [Uint8Array.of(4)] });
    expect((await verify({ crls: [crl(root), other] })).ok).toBe(true);
  });

  test("a list by a stranger in the issuer's name, whether it names the leaf or nobody, even beside the right one", async () => {
    const forger = { ...stranger, name: middle.name };
    await expectProblem({ crls: [crl(root), crl(forger)] }, "crl-signature");
    await expectProblem({ crls: [crl(root), crl(forger, { revoked: [LEAF.serial] })] }, "crl-signature");
    await expectProblem({ crls: [crl(root), crl(middle), crl(forger)] }, "crl-signature");
    await expectProblem({ crls: [crl(forger), crl(root), crl(middle)] }, "crl-signature");
    await expectProblem({ crls: [crl(root), crl(forger)], requireCrls: false }, "crl-signature");
  });

  test("a list whose signature is empty or altered", async () => {
    const good = crl(middle);
    await expectProblem({ crls: [crl(root), { ...good, signature: new Uint8Array() }] }, "crl-signature");
    const tbs = concatBytes(good.tbs);
    tbs[tbs.length - 1] = (tbs[tbs.length - 1] ?? 0) ^ 1;
    await expectProblem({ crls: [crl(root), { ...good, tbs }] }, "crl-signature");
  });

  test("a list that only another key of the chain signed", () => {
    const byRoot = crl({ ...root, name: middle.name });
    return expectProblem({ crls: [crl(root), byRoot] }, "crl-signature");
  });

  test("a list of somebody else in place of the right one", () =>
    expectProblem({ crls: [crl(root), crl(ecParty("Elsewhere"))] }, "crl-missing"));
});

test("everything that is wrong is said, the most telling first, with a check for each certificate", async () => {
  const verdict = await verify({
    at: NOT_AFTER + 1000,
    crls: [crl(root, { revoked: [MIDDLE.serial] })],
  });
  expect(verdict.problems).toEqual(["certificate-revoked", "crl-missing", "certificate-expired", "crl-expired"]);
  expect(verdict.checks.map(({ id, ok }) => `${id} ${ok}`)).toEqual([
    "anchor true",
    "certificate-0 false",
    "certificate-1 false",
    "certificate-2 false",
  ]);
  const validity = verdict.checks[1]?.children?.find(({ id }) => id === "validity");
  expect(validity).toMatchObject({
    expected: "valid at 2070-01-01T00:00:01Z",
    actual: "certificate-expired: 2020-01-01T00:00:00Z to 2070-01-01T00:00:00Z",
  });
});

test("a self-issued intermediate does not count against the path length", async () => {
  const narrow = certificate(root, root, { serial: Uint8Array.of(1), extensions: issuerExtensions(0) });
  const rolled = { ...ecParty("Root"), name: root.name };
  const rollover = certificate(root, rolled, { serial: Uint8Array.of(5) });
  const issued = leafCertificate(rolled, leaf, { extensions: leafExtensions() });
  const verdict = await verify({ chain: [issued, rollover], anchors: [narrow], crls: [], requireCrls: false });
  expect(verdict.problems).toEqual([]);
});

test("an issuer's name in another encoding is another name", async () => {
  const printable = derSequence(
    derElement(
      TAG.set,
      derSequence(derObjectIdentifier("2.5.4.3"), derElement(0x13, new TextEncoder().encode("Middle"))),
    ),
  );
  const issued = leafCertificate(middle, leaf, { issuerName: printable });
  expect((await verify({ chain: [issued, MIDDLE] })).problem).toBe("chain-broken");
});
