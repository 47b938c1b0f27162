// Makes evidence for an enclave's key, and verifies it before anybody else sees it (spec 04 §5.1, §13).
import {
  AttestError,
  createPolicy,
  type Evidence,
  type EvidenceMessage,
  encodeEvidence,
  explainVerdict,
  type ReportDataContents,
  reportDataOf,
  type Verdict,
  verifyEvidence,
} from "@fogbow/core-attest";
import type { Random } from "@fogbow/core-bytes";
import { WireError } from "@fogbow/core-wire";
import { decodeAmdCollateral, decodeIntelCollateral } from "../door/collateral.ts";
import { RuntimeError } from "../error.ts";
import { readCertificateTable } from "../platform/certificate-table.ts";
import type { Platform, Quote } from "../platform/platform.ts";

/** What evidence is made with. */
export interface EvidenceParts {
  readonly platform: Platform;
  readonly random: Random;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Asks the host for what Intel or AMD say about a quote's machine. It authenticates itself. */
  readonly collateral: (quote: Uint8Array) => Promise<Uint8Array>;
}

const NONCE_BYTES = 16;

/**
 * Evidence that binds a key, with a fresh nonce. Throws {@link RuntimeError} `evidence-refused` when it does not verify
 * by itself, `evidence-unavailable` without collateral, `platform-failure`.
 */
export async function makeEvidence(
  { key, customIdentity }: Omit<ReportDataContents, "nonce">,
  parts: EvidenceParts,
): Promise<EvidenceMessage> {
  const nonce = parts.random(NONCE_BYTES);
  const contents: ReportDataContents = customIdentity === undefined ? { nonce, key } : { nonce, key, customIdentity };
  const quote = await parts.platform.quote(reportDataOf(contents));
  const evidence = await complete(quote, contents, parts);
  assertConvincing(await verifyOwn(evidence, key, parts));
  return { kind: evidence.kind, bytes: encodeEvidence(evidence) };
}

async function complete(quote: Quote, reportData: ReportDataContents, parts: EvidenceParts): Promise<Evidence> {
  if (quote.kind === "sev-snp") {
    const { report, certificateTable } = quote;
    const { certificates, crl } = await decoded(async () => decodeAmdCollateral(await parts.collateral(report)));
    const chain = certificates.length > 0 ? certificates : readCertificateTable(certificateTable);
    return { kind: "sev-snp", report, certificates: chain, crl, reportData };
  }
  const collateral =
    quote.collateral ??
    (await decoded(async () => decodeIntelCollateral(await parts.collateral(quote.quote), quote.quote)));
  return { kind: "dcap", quote: quote.quote, collateral, reportData };
}

async function decoded<T>(body: () => Promise<T>): Promise<T> {
  try {
    return await body();
  } catch (cause) {
    if (!(cause instanceof AttestError) && !(cause instanceof WireError)) throw cause;
    throw new RuntimeError("evidence-unavailable", `The host's collateral cannot be read. ${cause.message}`, { cause });
  }
}

function verifyOwn(evidence: Evidence, key: Uint8Array, { platform, now }: EvidenceParts): Promise<Verdict> {
  const policy = createPolicy({
    measurements: [{ identity: platform.identity }],
    platforms: [platform.evidencePlatform],
  });
  return verifyEvidence({ evidence, policy, at: now(), handshakeKey: key });
}

/** Whether the machine is up to date enough is for clients to say; that the evidence is ours and whole is for us. */
const FOR_CLIENTS: ReadonlySet<string> = new Set(["tcb-status-refused", "advisory-refused"]);

function assertConvincing({ problems }: Verdict): void {
  const ours = problems.filter(({ code }) => !FOR_CLIENTS.has(code));
  const explanation = explainVerdict({ problems: ours });
  if (explanation !== undefined) {
    const message = `Our own evidence does not verify, and is not published. ${explanation.message} (${explanation.code})`;
    throw new RuntimeError("evidence-refused", message);
  }
}
