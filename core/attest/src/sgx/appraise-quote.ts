// What a quote proves: every check of spec 04 §7.1 and §7.2 but those against a policy. Nothing ends it early.
import { concatBytes, equalBytes, toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { type ChainFinding, findChain } from "../evidence/chain-finding.ts";
import type { IntelCollateral } from "../evidence/evidence.ts";
import { Findings } from "../evidence/findings.ts";
import type { ProblemCode } from "../evidence/problem.ts";
import { checkTdAttributes, checkTdxModule, isDebugTd, standingWithModule } from "../tdx/check-td.ts";
import type { TdReport } from "../tdx/td-report.ts";
import type { Certificate } from "../x509/certificate.ts";
import { type PckExtension, parsePckExtension } from "../x509/pck-extension.ts";
import { ecPublicKey } from "../x509/public-key.ts";
import { verifyEcdsa } from "../x509/verify-signature.ts";
import { type CollateralRules, checkCollateral, earliest, leafOf, said } from "./check-collateral.ts";
import { checkQe } from "./check-qe.ts";
import { matchSgxLevel, matchTdxLevel } from "./match-level.ts";
import { type ParsedCollateral, parseCollateral, parsePckChain } from "./parse-collateral.ts";
import { parseQuote, type Quote } from "./quote.ts";
import { isDebugEnclave, type SgxReportBody } from "./report-body.ts";
import type { Standing } from "./tcb-info.ts";
import { ACCEPTABLE_TCB_STATUSES, type TcbStatus } from "./tcb-status.ts";

/** By which rules a quote is judged. */
export interface QuoteRules extends CollateralRules {
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
  const leaf = leafOf(pckChain);
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
  const [chain, ofCollateral] = await Promise.all([findPckChain(platform, rules), checkCollateral(parsed, rules)]);
  findings.append(ofCollateral.findings);
  findings.append(chain.findings);
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
    validUntil: earliest([chain.validUntil, ofCollateral.validUntil]),
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

/** The chain of the platform's own certificate, which two lists speak of. */
async function findPckChain({ pckChain, collateral }: Platform, rules: QuoteRules): Promise<ChainFinding> {
  const crls = [collateral.rootCaCrl, collateral.pckCrl];
  return await findChain("pck-chain", "the platform's key", {
    ...rules,
    chain: pckChain,
    anchors: [rules.root],
    crls,
  });
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
