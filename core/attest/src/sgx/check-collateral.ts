// Whether collateral is what Intel said: its chains, its signatures and its times (spec 04 §7.2, checks 1, 2, 4 and 5). Which
// platform it is about is compared by who has a quote, or asked for it.
import { equalBytes } from "@fogbow/core-bytes";
import { showTime } from "../der/time.ts";
import { type ChainFinding, findChain } from "../evidence/chain-finding.ts";
import { Findings } from "../evidence/findings.ts";
import type { ProblemCode } from "../evidence/problem.ts";
import type { Certificate } from "../x509/certificate.ts";
import { verifyEcdsa, verifySignature } from "../x509/verify-signature.ts";
import type { ParsedCollateral } from "./parse-collateral.ts";
import type { SignedJson } from "./signed-json.ts";

/** By which rules collateral is judged. */
export interface CollateralRules {
  /** The root that every chain must end at. */
  readonly root: Certificate;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** Whether certificates must be valid at that time. */
  readonly checkCertificateTimes: boolean;
  /** Whether revocation lists must be fresh at that time. */
  readonly checkCrlTimes: boolean;
  /** Whether every certificate below the root needs a revocation list. */
  readonly requireCrls: boolean;
}

/** Judges all of the collateral but the list that the platform's own certificate is looked up in. */
export async function checkCollateral(collateral: ParsedCollateral, rules: CollateralRules): Promise<ChainFinding> {
  const { tcbInfo, tcbInfoIssuerChain, qeIdentity, qeIdentityIssuerChain, pckCrlIssuerChain, rootCaCrl } = collateral;
  const verify = (id: string, what: string, chain: readonly Certificate[]): Promise<ChainFinding> =>
    findChain(id, what, { ...rules, chain, anchors: [rules.root], crls: [rootCaCrl] });
  const chains = await Promise.all([
    verify("tcb-info-chain", "the TCB info", tcbInfoIssuerChain),
    verify("qe-identity-chain", "the quoting enclave's identity", qeIdentityIssuerChain),
    verify("pck-crl-chain", "the PCK revocation list", pckCrlIssuerChain),
  ]);
  const findings = new Findings();
  for (const chain of chains) {
    findings.append(chain.findings);
  }
  findings.append(checkSigner("tcb-info-signer", tcbInfoIssuerChain, rules));
  findings.append(checkSigner("qe-identity-signer", qeIdentityIssuerChain, rules));
  const signed = (text: SignedText, chain: readonly Certificate[], problem: ProblemCode): Promise<Findings> =>
    checkSignedJson(text, leafOf(chain), { at: rules.at, problem });
  findings.group("tcb-info", await signed(tcbInfo, tcbInfoIssuerChain, "tcb-info-signature"));
  findings.group("qe-identity", await signed(qeIdentity, qeIdentityIssuerChain, "qe-identity-signature"));
  const ends = [...chains.map(({ validUntil }) => validUntil), tcbInfo.nextUpdate - 1, qeIdentity.nextUpdate - 1];
  return { findings, validUntil: earliest(ends) };
}

/** Whether one of the authorities that came with the platforms' revocation list signed it. */
export async function isPckCrlSigned({ pckCrl, pckCrlIssuerChain }: ParsedCollateral): Promise<boolean> {
  const issuer = pckCrlIssuerChain.find(({ subject }) => equalBytes(subject, pckCrl.issuer));
  const { signatureAlgorithm, signature, tbs } = pckCrl;
  return issuer !== undefined && (await verifySignature(signatureAlgorithm, issuer.publicKey, signature, tbs));
}

/**
 * The root itself certifies who speaks for Intel. Keys of platforms are certified below it: one that was drawn out of a
 * broken platform could otherwise sign TCB info which says that nothing is wrong with it.
 */
function checkSigner(id: string, chain: readonly Certificate[], { root }: CollateralRules): Findings {
  const findings = new Findings();
  const signer = leafOf(chain);
  const isBelowRoot = equalBytes(signer.issuer, root.subject);
  findings.add(id, {
    ok: isBelowRoot && !signer.isCa,
    problem: "chain-invalid",
    expected: "a signer that the root certifies itself, and that certifies nobody",
    actual: signer.isCa ? "an authority" : isBelowRoot ? "one" : "one that another certifies",
  });
  return findings;
}

/** A signed object with the window it is valid in. */
interface SignedText {
  readonly signed: SignedJson;
  /** Milliseconds since 1970; valid until before `nextUpdate`. */
  readonly issueDate: number;
  readonly nextUpdate: number;
}

async function checkSignedJson(
  { signed, issueDate, nextUpdate }: SignedText,
  signer: Certificate,
  { at, problem }: { readonly at: number; readonly problem: ProblemCode },
): Promise<Findings> {
  const findings = new Findings();
  const isSigned = await verifyEcdsa(signer.publicKey, "SHA-256", signed.signature, signed.signedBytes);
  findings.add("signature", { ok: isSigned, problem, expected: "signed by its chain's leaf", actual: said(isSigned) });
  const actual = `checked at ${showTime(at)}`;
  const [issued, ends] = [showTime(issueDate), showTime(nextUpdate)];
  // Written so that a time that is no number is outside of every window.
  const [isIssued, isCurrent] = [at >= issueDate, at < nextUpdate];
  findings.add("issued", { ok: isIssued, problem: "collateral-not-yet-valid", expected: `issued ${issued}`, actual });
  findings.add("current", { ok: isCurrent, problem: "collateral-expired", expected: `valid before ${ends}`, actual });
  return findings;
}

/** How a check of a signature ends, in words. */
export function said(ok: boolean): string {
  return ok ? "so signed" : "not so signed";
}

/** The first certificate of a chain. */
export function leafOf(chain: readonly Certificate[]): Certificate {
  return chain[0] as Certificate; // Parsing refuses an empty chain.
}

/** The earliest of some instants; undefined when one is missing. */
export function earliest(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? Math.min(...known) : undefined;
}
