// Certificate chains, from a leaf to a pinned anchor (RFC 5280 §6, without policies and name constraints, which no chain
// here uses and which are refused), and what revocation lists say about them. Spec 04 §7.2.
import { equalBytes } from "@fogbow/core-bytes";
import type { Check } from "../check.ts";
import { showTime } from "../der/time.ts";
import type { Certificate } from "./certificate.ts";
import { EXTENSION } from "./extensions.ts";
import { CHAIN_LENGTH_MAX, CHAIN_PARTS_MAX } from "./limits.ts";
import { isRevoked, type RevocationList } from "./revocation-list.ts";
import { verifySignature } from "./verify-signature.ts";

/** Why a chain does not hold, the most telling first. */
export const CHAIN_PROBLEMS = [
  "chain-empty", // There is no certificate.
  "chain-too-long", // There are more certificates, anchors or lists than are looked at.
  "chain-broken", // A certificate is not followed by that of its issuer.
  "untrusted-root", // The chain does not end at a pinned anchor.
  "issuer-not-ca", // A certificate in the place of an issuer may not issue certificates.
  "issuer-key-usage", // An issuer's key may be used, but not to sign certificates.
  "path-too-long", // More issuers follow than an issuer allows.
  "unknown-critical-extension", // A certificate demands that a rule unknown here be followed.
  "certificate-revoked", // The issuer has revoked a certificate.
  "certificate-signature", // A certificate is not signed by its issuer's key.
  "crl-missing", // No revocation list of a certificate's issuer is there, and one is required.
  "crl-signature", // A revocation list is not signed by the issuer's key.
  "crl-key-usage", // The issuer's key may not be used to sign revocation lists.
  "certificate-not-yet-valid", // The time is before a certificate's validity.
  "certificate-expired", // The time is after a certificate's validity.
  "crl-not-yet-valid", // The time is before a revocation list was made.
  "crl-expired", // The time is after a new revocation list was due.
] as const;

/** Why a chain does not hold. */
export type ChainProblem = (typeof CHAIN_PROBLEMS)[number];

/** What a chain is verified with. */
export interface ChainQuestion {
  /** Leaf first. The anchor itself may stand at the end or be left out. */
  readonly chain: readonly Certificate[];
  /** Trusted as they are pinned, by name and key. */
  readonly anchors: readonly Certificate[];
  /** Lists of issuers that are not in the chain are passed over. */
  readonly crls: readonly RevocationList[];
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether certificates must be valid at that time. */
  readonly checkCertificateTimes: boolean;
  /** Whether revocation lists must be fresh at that time. */
  readonly checkCrlTimes: boolean;
  /** Whether there must be a list for every certificate below the anchor. */
  readonly requireCrls: boolean;
}

/** Whether a chain holds. All checks are made, also after one has failed. */
export interface ChainVerdict {
  readonly ok: boolean;
  /** The first of `problems`. */
  readonly problem?: ChainProblem;
  /** Everything that is wrong, in the order of {@link CHAIN_PROBLEMS}. */
  readonly problems: readonly ChainProblem[];
  readonly checks: readonly Check[];
  /** The last instant at which everything holds whose times are checked (Infinity: nothing is); of a chain that holds. */
  readonly validUntil?: number;
}

/**
 * Whether each certificate is issued by the next and the last is, or is issued by, a pinned anchor, with everything that
 * issuing takes; and whether a list that the issuer signed names any of them. A list is believed only after its
 * signature has been verified with the key of the issuer in this chain. Rejects with `web-crypto-unavailable`.
 */
export async function verifyChain(question: ChainQuestion): Promise<ChainVerdict> {
  const { chain, anchors, crls } = question;
  const top = chain[chain.length - 1];
  if (top === undefined) {
    return refuse("chain-empty", "at least one certificate", "none");
  }
  if (chain.length > CHAIN_LENGTH_MAX || anchors.length > CHAIN_PARTS_MAX || crls.length > CHAIN_PARTS_MAX) {
    return refuse("chain-too-long", `at most ${CHAIN_LENGTH_MAX} certificates`, `${chain.length}`);
  }
  const pinned = anchors.find((anchor) => isSameAuthority(anchor, top));
  const anchor = pinned ?? (await findIssuer(top, anchors));
  const below = pinned === undefined ? chain : chain.slice(0, -1);
  const path: Path = {
    certificates: anchor === undefined ? below : [...below, anchor],
    isAnchored: anchor !== undefined,
  };

  const results = [anchorResult(path.isAnchored)];
  for (let i = 0; i < path.certificates.length; i++) {
    results.push(await checkCertificate(path, i, question));
  }
  return conclude(results, validUntil(path, question));
}

/** The certificates that are checked, the leaf first; the last is the pinned anchor, where there is one. */
interface Path {
  readonly certificates: readonly Certificate[];
  readonly isAnchored: boolean;
}

/** A check with the problems that it and its parts found. */
interface Result {
  readonly check: Check;
  readonly problems: readonly ChainProblem[];
}

/** Anchors are known by name and key, so that an authority may renew its certificate (spec 04 §9, §10.1). */
function isSameAuthority(a: Certificate, b: Certificate): boolean {
  return equalBytes(a.subject, b.subject) && equalBytes(a.spki, b.spki);
}

/** The anchor that issued a certificate: by name, and by signature where an authority is pinned with several keys. */
async function findIssuer(top: Certificate, anchors: readonly Certificate[]): Promise<Certificate | undefined> {
  const named = anchors.filter((anchor) => equalBytes(anchor.subject, top.issuer));
  for (const anchor of named) {
    if (await verifySignature(top.signatureAlgorithm, anchor.publicKey, top.signature, top.tbs)) {
      return anchor;
    }
  }
  // A root of the same name is a stranger; anything else claims to be issued by the anchor, and is shown not to be.
  return equalBytes(top.subject, top.issuer) ? undefined : named[0];
}

function anchorResult(isAnchored: boolean): Result {
  const expected = "a chain that ends at a pinned anchor";
  return judge("anchor", expected, isAnchored ? [] : ["untrusted-root"]);
}

async function checkCertificate(path: Path, i: number, question: ChainQuestion): Promise<Result> {
  const { certificates, isAnchored } = path;
  const certificate = certificates[i] as Certificate; // The caller counts over the certificates.
  const isAnchor = isAnchored && i === certificates.length - 1;
  const issuer = isAnchor ? certificate : certificates[i + 1];
  const parts = [checkTimes(certificate, question), checkCriticalExtensions(certificate)];
  if (i > 0) {
    parts.push(checkAuthority(certificate, certificates.slice(1, i)));
  }
  if (issuer !== undefined && !isAnchor) {
    parts.push(await checkIssued(certificate, issuer));
  }
  // A list is judged with the key of the issuer it names, and with no other.
  if (issuer !== undefined && equalBytes(certificate.issuer, issuer.subject)) {
    parts.push(...(await checkRevocation(certificate, issuer, { ...question, isAnchor })));
  }
  return {
    check: {
      id: `certificate-${i}`,
      ok: parts.every(({ check }) => check.ok),
      children: parts.map(({ check }) => check),
    },
    problems: parts.flatMap(({ problems }) => problems),
  };
}

function checkTimes({ notBefore, notAfter }: Certificate, { at, checkCertificateTimes }: ChainQuestion): Result {
  const found = checkCertificateTimes
    ? timeProblems({ from: notBefore, to: notAfter, at }, ["certificate-not-yet-valid", "certificate-expired"])
    : [];
  return judge("validity", `valid at ${showTime(at)}`, found, `${showTime(notBefore)} to ${showTime(notAfter)}`);
}

function timeProblems(
  { from, to, at }: { readonly from: number; readonly to: number; readonly at: number },
  [early, late]: readonly [early: ChainProblem, late: ChainProblem],
): ChainProblem[] {
  // Written so that a time that is no number is outside of every validity.
  return [...(at >= from ? [] : [early]), ...(at <= to ? [] : [late])];
}

/** Extensions that narrow what an issuer may issue count also when they are not marked critical. */
const NARROWING: readonly string[] = [
  EXTENSION.nameConstraints,
  EXTENSION.policyConstraints,
  EXTENSION.inhibitAnyPolicy,
];
const UNDERSTOOD: readonly string[] = [EXTENSION.basicConstraints, EXTENSION.keyUsage];

function checkCriticalExtensions({ extensions }: Certificate): Result {
  const unknown = extensions.filter(
    ({ oid, critical }) => NARROWING.includes(oid) || (critical && !UNDERSTOOD.includes(oid)),
  );
  const expected = "critical extensions of basic constraints and key usage only";
  const found: ChainProblem[] = unknown.length > 0 ? ["unknown-critical-extension"] : [];
  return judge("extensions", expected, found, unknown.map(({ oid }) => oid).join(", "));
}

/** Whether a certificate in the place of an issuer may be there, above the issuers `below`. */
function checkAuthority(certificate: Certificate, below: readonly Certificate[]): Result {
  const found: ChainProblem[] = [];
  if (!certificate.isCa) {
    found.push("issuer-not-ca");
  }
  if (certificate.keyUsage !== undefined && !certificate.keyUsage.keyCertSign) {
    found.push("issuer-key-usage");
  }
  // Issuers that renew their own key do not count (RFC 5280 §4.2.1.9).
  const counted = below.filter(({ subject, issuer }) => !equalBytes(subject, issuer)).length;
  if (certificate.pathLength !== undefined && counted > certificate.pathLength) {
    found.push("path-too-long");
  }
  return judge("authority", "an issuer that may issue certificates over this many others", found);
}

async function checkIssued(certificate: Certificate, issuer: Certificate): Promise<Result> {
  if (!equalBytes(certificate.issuer, issuer.subject)) {
    return judge("issuer", "followed by the certificate of its issuer", ["chain-broken"]);
  }
  const { signatureAlgorithm, signature, tbs } = certificate;
  const isSigned = await verifySignature(signatureAlgorithm, issuer.publicKey, signature, tbs);
  return judge("issuer", "signed by its issuer", isSigned ? [] : ["certificate-signature"]);
}

/** What the issuer's lists say of a certificate. Every list of that name must be sound: a forged one is no accident. */
async function checkRevocation(
  certificate: Certificate,
  issuer: Certificate,
  question: ChainQuestion & { readonly isAnchor: boolean },
): Promise<Result[]> {
  const lists = question.crls.filter((list) => equalBytes(list.issuer, certificate.issuer));
  if (lists.length === 0) {
    // Nobody stands above an anchor who could revoke it.
    const found: ChainProblem[] = question.requireCrls && !question.isAnchor ? ["crl-missing"] : [];
    return [judge("revocation", "a revocation list of its issuer", found)];
  }
  return await Promise.all(lists.map((list) => checkList(list, certificate, issuer, question)));
}

async function checkList(
  list: RevocationList,
  certificate: Certificate,
  issuer: Certificate,
  { at, checkCrlTimes }: ChainQuestion,
): Promise<Result> {
  const { signatureAlgorithm, signature, tbs, thisUpdate, nextUpdate } = list;
  const expected = "a sound revocation list that does not name it";
  const actual = `list of ${showTime(thisUpdate)} to ${showTime(nextUpdate)}`;
  if (!(await verifySignature(signatureAlgorithm, issuer.publicKey, signature, tbs))) {
    return judge("revocation", expected, ["crl-signature"], actual);
  }
  const found: ChainProblem[] = checkCrlTimes
    ? timeProblems({ from: thisUpdate, to: nextUpdate, at }, ["crl-not-yet-valid", "crl-expired"])
    : [];
  if (issuer.keyUsage !== undefined && !issuer.keyUsage.crlSign) {
    found.push("crl-key-usage");
  }
  if (isRevoked(list, certificate.serial)) {
    found.push("certificate-revoked"); // Also of a list that is no longer fresh: revocations are not taken back.
  }
  return judge("revocation", expected, found, actual);
}

function judge(id: string, expected: string, problems: readonly ChainProblem[], shown?: string): Result {
  const actual = [...problems, ...(shown === undefined || shown === "" ? [] : [shown])].join(": ");
  const ok = problems.length === 0;
  return { check: { id, ok, expected, ...(actual === "" ? {} : { actual }) }, problems };
}

function refuse(problem: ChainProblem, expected: string, actual: string): ChainVerdict {
  return conclude([judge("chain", expected, [problem], actual)], undefined);
}

function conclude(results: readonly Result[], until: number | undefined): ChainVerdict {
  const found = new Set(results.flatMap(({ problems }) => problems));
  const problems = CHAIN_PROBLEMS.filter((problem) => found.has(problem));
  const [problem] = problems;
  const checks = results.map(({ check }) => check);
  if (problem !== undefined) {
    return { ok: false, problem, problems, checks };
  }
  return { ok: true, problems, checks, ...(until === undefined ? {} : { validUntil: until }) };
}

/** When the first of the certificates, or of the lists that speak of them, ends, of those whose times count at all. */
function validUntil({ certificates }: Path, { crls, checkCertificateTimes, checkCrlTimes }: ChainQuestion): number {
  const lists = crls.filter(({ issuer }) => certificates.some((each) => equalBytes(each.issuer, issuer)));
  return Math.min(
    ...(checkCertificateTimes ? certificates.map(({ notAfter }) => notAfter) : []),
    ...(checkCrlTimes ? lists.map(({ nextUpdate }) => nextUpdate) : []),
  );
}
