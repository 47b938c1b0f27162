// What a quote proves: every check of spec 04 §7.1 and §7.2 but those against a policy. Nothing ends it early.
import { concatBytes, equalBytes, toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { showTime } from "../der/time.ts";
import { type ChainFinding, findChain } from "../evidence/chain-finding.ts";
import type { IntelCollateral } from "../evidence/evidence.ts";
import { Findings } from "../evidence/findings.ts";
import type { ProblemCode } from "../evidence/problem.ts";
import { checkTdAttributes, checkTdxModule, isDebugTd, standingWithModule } from "../tdx/check-td.ts";
import type { TdReport } from "../tdx/td-report.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type PckExtension, parsePckExtension } from "../x509/pck-extension.ts";
import { ecPublicKey } from "../x509/public-key.ts";
import type { RevocationList } from "../x509/revocation-list.ts";
import { verifyEcdsa } from "../x509/verify-signature.ts";
import { checkQe } from "./check-qe.ts";
import { matchSgxLevel, matchTdxLevel } from "./match-level.ts";
import { type ParsedCollateral, parseCollateral, parsePckChain } from "./parse-collateral.ts";
import type { QeIdentity } from "./qe-identity.ts";
import { parseQuote, type Quote } from "./quote.ts";
import { isDebugEnclave, type SgxReportBody } from "./report-body.ts";
import type { Standing, TcbInfo } from "./tcb-info.ts";
import { ACCEPTABLE_TCB_STATUSES, type TcbStatus } from "./tcb-status.ts";

/** By which rules a quote is judged. */
export interface QuoteRules {
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
  /** Whether the host may look into the enclave. */
  readonly allowDebug: boolean;
  /** Reads the certificates of the reference's software mode, which name a value twice and another PCE (spec 04 §9). */
  readonly softwareMode?: boolean;
}

/** What a quote proves about its enclave and platform, and whether the proof holds. */
export interface QuoteAppraisal {
  readonly findings: Findings;
  readonly body: SgxReportBody | TdReport;
  /** Undefined when the platform is below every level. */
  readonly tcbStatus: TcbStatus | undefined;
  readonly advisories: readonly string[];
  /** When the level was current, in milliseconds since 1970. */
  readonly tcbDate: number | undefined;
  readonly evaluationDataNumber: number;
  /** The last instant at which nothing has expired; undefined when a chain does not hold. */
  readonly validUntil: number | undefined;
}

/**
 * Judges a quote with its collateral, which may have been parsed before. It says what the platform vouches for, and not
 * whether that is to be trusted: the caller compares the measurement. Throws what parsing a quote, collateral or a
 * certificate throws. Rejects with `web-crypto-unavailable`.
 */
export async function appraiseQuote(
  quoteBytes: Uint8Array,
  collateral: IntelCollateral | ParsedCollateral,
  rules: QuoteRules,
): Promise<QuoteAppraisal> {
  return await appraiseParsedQuote(parseQuote(quoteBytes), collateral, rules);
}

/** Like {@link appraiseQuote}, of a quote that was parsed before. */
export async function appraiseParsedQuote(
  quote: Quote,
  collateral: IntelCollateral | ParsedCollateral,
  rules: QuoteRules,
): Promise<QuoteAppraisal> {
  const parsed =
    typeof collateral.tcbInfo === "string"
      ? parseCollateral(collateral as IntelCollateral)
      : (collateral as ParsedCollateral); // Told apart by what `tcbInfo` is.
  const pckChain = parsePckChain(quote.pckChainPem);
  const leaf = first(pckChain);
  const duplicates = rules.softwareMode === true ? "first-wins" : "refuse";
  const platform: Platform = {
    quote,
    collateral: parsed,
    pckChain,
    leaf,
    pck: parsePckExtension(leaf, { duplicates }),
  };

  const findings = new Findings();
  findings.group("collateral-kind", checkKind(platform, rules));
  const validUntil = await appendChains(findings, platform, rules);
  findings.group("tcb-info", await checkTcbInfo(parsed, rules));
  findings.group("qe-identity", await checkQeIdentity(parsed, rules));
  findings.group("qe-report", checkQe(quote.qeReport, parsed.qeIdentity));
  findings.group("signatures", await checkSignatures(platform));
  const standing = appendStanding(findings, platform);
  findings.group("enclave", checkEnclave(quote.body, rules));
  return {
    findings,
    body: quote.body,
    tcbStatus: standing?.status,
    advisories: standing?.advisories ?? [],
    tcbDate: standing?.date,
    evaluationDataNumber: Math.min(parsed.tcbInfo.evaluationDataNumber, parsed.qeIdentity.evaluationDataNumber),
    validUntil: minimum([validUntil, parsed.tcbInfo.nextUpdate - 1, parsed.qeIdentity.nextUpdate - 1]),
  };
}

/** Everything that is judged together. */
interface Platform {
  readonly quote: Quote;
  readonly collateral: ParsedCollateral;
  readonly pckChain: readonly Certificate[];
  readonly leaf: Certificate;
  readonly pck: PckExtension;
}

/** Whether the collateral is the one for this platform. Comes first, as everything else fails less readably (T32). */
function checkKind({ quote, collateral, pck }: Platform, { softwareMode }: QuoteRules): Findings {
  const findings = new Findings();
  const { tcbInfo, qeIdentity } = collateral;
  const same = (id: string, problem: ProblemCode, actual: string, expected: string): void =>
    findings.add(id, { ok: actual === expected, problem, expected, actual });
  const isTdx = quote.body.kind === "tdx";
  same("tcb-info-id", "collateral-kind", tcbInfo.id, isTdx ? "TDX" : "SGX");
  same("qe-identity-id", "collateral-kind", qeIdentity.id, isTdx ? "TD_QE" : "QE");
  same("tcb-info-version", "collateral-kind", `version ${tcbInfo.version}`, "version 3");
  same("qe-identity-version", "collateral-kind", `version ${qeIdentity.version}`, "version 2");
  same("fmspc", "fmspc-mismatch", toHex(tcbInfo.fmspc), toHex(pck.fmspc));
  if (softwareMode !== true) {
    same("pce-id", "pce-id-mismatch", toHex(tcbInfo.pceId), toHex(pck.pceId));
  }
  return findings;
}

async function appendChains(
  findings: Findings,
  { pckChain, collateral }: Platform,
  rules: QuoteRules,
): Promise<number | undefined> {
  const { tcbInfoIssuerChain, qeIdentityIssuerChain, pckCrlIssuerChain, rootCaCrl, pckCrl } = collateral;
  const verify = (
    id: string,
    what: string,
    chain: readonly Certificate[],
    crls: readonly RevocationList[],
  ): Promise<ChainFinding> => findChain(id, what, { ...rules, chain, anchors: [rules.root], crls });
  const chains = await Promise.all([
    verify("tcb-info-chain", "the TCB info", tcbInfoIssuerChain, [rootCaCrl]),
    verify("qe-identity-chain", "the quoting enclave's identity", qeIdentityIssuerChain, [rootCaCrl]),
    verify("pck-crl-chain", "the PCK revocation list", pckCrlIssuerChain, [rootCaCrl]),
    verify("pck-chain", "the platform's key", pckChain, [rootCaCrl, pckCrl]),
  ]);
  for (const chain of chains) {
    findings.append(chain.findings);
  }
  findings.append(checkSigner("tcb-info-signer", tcbInfoIssuerChain, rules));
  findings.append(checkSigner("qe-identity-signer", qeIdentityIssuerChain, rules));
  return minimum(chains.map(({ validUntil }) => validUntil));
}

/**
 * The root itself certifies who speaks for Intel. Keys of platforms are certified below it: one that was drawn out of a
 * broken platform could otherwise sign TCB info which says that nothing is wrong with it.
 */
function checkSigner(id: string, chain: readonly Certificate[], { root }: QuoteRules): Findings {
  const findings = new Findings();
  const signer = first(chain);
  findings.add(id, {
    ok: equalBytes(signer.issuer, root.subject) && !signer.isCa,
    problem: "chain-invalid",
    expected: "a signer that the root certifies itself, and that certifies nobody",
    actual: signer.isCa
      ? "an authority"
      : equalBytes(signer.issuer, root.subject)
        ? "one"
        : "one that another certifies",
  });
  return findings;
}

async function checkTcbInfo({ tcbInfo, tcbInfoIssuerChain }: ParsedCollateral, rules: QuoteRules): Promise<Findings> {
  return await checkSignedJson(tcbInfo, first(tcbInfoIssuerChain), { ...rules, problem: "tcb-info-signature" });
}

async function checkQeIdentity(
  { qeIdentity, qeIdentityIssuerChain }: ParsedCollateral,
  rules: QuoteRules,
): Promise<Findings> {
  return await checkSignedJson(qeIdentity, first(qeIdentityIssuerChain), {
    ...rules,
    problem: "qe-identity-signature",
  });
}

async function checkSignedJson(
  { signed, issueDate, nextUpdate }: TcbInfo | QeIdentity,
  signer: Certificate,
  { at, problem }: QuoteRules & { readonly problem: ProblemCode },
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

/** The unbroken line from the platform's certificate over the quoting enclave and the attestation key to the quote. */
async function checkSignatures({ quote, leaf }: Platform): Promise<Findings> {
  const findings = new Findings();
  const signature = (id: string, problem: ProblemCode, ok: boolean, by: string): void =>
    findings.add(id, { ok, problem, expected: by, actual: said(ok) });
  const { qeReport, qeReportSignature, attestationKey, qeAuthData } = quote;
  const qeSigned = await verifyEcdsa(leaf.publicKey, "SHA-256", qeReportSignature, qeReport.bytes);
  signature("qe-report-signature", "qe-report-signature", qeSigned, "signed by the platform's certificate");
  const bound = concatBytes(kernel().hashes.sha256(attestationKey, qeAuthData), new Uint8Array(32));
  const isBound = equalBytes(bound, qeReport.reportData);
  findings.add("attestation-key", {
    ok: isBound,
    problem: "attestation-key-unbound",
    expected: toHex(bound),
    actual: toHex(qeReport.reportData),
  });
  const key = ecPublicKey("P-256", attestationKey);
  const quoteSigned = await verifyEcdsa(key, "SHA-256", quote.signature, quote.signedBytes);
  signature("quote-signature", "quote-signature", quoteSigned, "signed by the attestation key");
  return findings;
}

/** How up to date the platform is; undefined when it is below every level. */
function appendStanding(findings: Findings, { quote, collateral, pck }: Platform): Standing | undefined {
  const { tcbInfo } = collateral;
  const { body } = quote;
  const module = body.kind === "tdx" ? checkTdxModule(body, tcbInfo) : undefined;
  if (module !== undefined) {
    findings.group("tdx-module", module.findings);
  }
  const level = body.kind === "tdx" ? matchTdxLevel(tcbInfo, pck, body.teeTcbSvn) : matchSgxLevel(tcbInfo, pck);
  findings.add("tcb-level", {
    ok: level !== undefined,
    problem: "tcb-level-unknown",
    expected: "a level that the platform meets",
    actual: level?.status ?? `none for components ${pck.componentSvns.join(",")} and PCE ${pck.pceSvn}`,
  });
  const standing = level === undefined ? undefined : standingWithModule(level, module?.level);
  if (standing !== undefined) {
    findings.add("tcb-status", {
      ok: ACCEPTABLE_TCB_STATUSES.includes(standing.status),
      problem: "tcb-out-of-date",
      expected: `one of ${ACCEPTABLE_TCB_STATUSES.join(", ")}`,
      actual: [standing.status, ...standing.advisories].join(", "),
    });
  }
  return standing;
}

function checkEnclave(body: SgxReportBody | TdReport, { allowDebug }: QuoteRules): Findings {
  const findings = new Findings();
  const isDebug = body.kind === "tdx" ? isDebugTd(body) : isDebugEnclave(body);
  findings.add("debug", {
    ok: allowDebug || !isDebug,
    problem: "debug-enabled",
    expected: allowDebug ? "anything" : "not started for debugging",
    actual: isDebug ? "started for debugging" : "not started for debugging",
  });
  if (body.kind === "tdx") {
    findings.append(checkTdAttributes(body));
  }
  return findings;
}

function said(ok: boolean): string {
  return ok ? "so signed" : "not so signed";
}

function first(chain: readonly Certificate[]): Certificate {
  return chain[0] as Certificate; // Parsing refuses an empty chain.
}

/** The smallest; undefined when one is missing. */
function minimum(values: readonly (number | undefined)[]): number | undefined {
  const known = values.filter((value) => value !== undefined);
  return known.length === values.length ? Math.min(...known) : undefined;
}
