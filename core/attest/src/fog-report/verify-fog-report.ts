// What a sender verifies before it encrypts a hint to a recipient's Fog, in the order of spec 04 §10.2. The first thing that
// is wrong ends it, as everything later relies on everything earlier.
import { FOG_AUTHORITY_CONTEXT } from "@fogbow/core-account";
import { equalBytes } from "@fogbow/core-bytes";
import { ed25519Verify, type PublicKey, SIGNATURE_BYTES, schnorrVerify, tryPublicKey } from "@fogbow/core-crypto";
import type { Check } from "../check.ts";
import type { FogReport, FogReportEvidence, FogReportResponse } from "./fog-report.ts";
import { tryNormaliseFogUrl } from "./fog-url.ts";
import { type ReportChainProblem, verifyReportChain } from "./report-chain.ts";
import { reportDigest } from "./report-digest.ts";

/** Why a report is not to be used. */
export type FogReportProblem =
  | "fog-url-missing" // The address has no Fog.
  | "fog-url-malformed" // The address names what is no URL of a report service.
  | "report-response-missing" // No answer of the report service that the address names is there.
  | "authority-signature-missing" // The address says nothing about who may speak for its Fog.
  | "authority-signature-malformed" // What the address says about that is not 64 bytes with the marker bit.
  | "reports-empty" // The report service publishes nothing at present.
  | ReportChainProblem // The report service's certificates do not hold.
  | "authority-signature-invalid" // The owner of the address signed another root.
  | "report-signature-invalid" // The reports are not signed with the key of the first certificate.
  | "report-id-missing" // No report has the id that the address names.
  | "evidence-missing" // The report has no evidence.
  | "evidence-rejected" // The evidence does not show a trusted enclave.
  | "ingress-key-malformed" // What the enclave attests is no key to encrypt hints to.
  | "tombstone-too-late"; // The transaction could land after the key expires.

/** The Fog fields and the view public key of an address. */
export interface FogAddress {
  readonly viewPublicKey: PublicKey;
  readonly fogReportUrl: string;
  readonly fogReportId: string;
  readonly fogAuthoritySig: Uint8Array;
}

/**
 * Whether evidence shows a trusted ingest enclave, by the policy of the caller: debug refused, and trusted identities of
 * ingest enclaves only. Of evidence that does, the 32 bytes that the enclave attested as its ingress key.
 */
export type EvidenceVerdict =
  | {
      readonly ok: true;
      readonly ingressKey: Uint8Array;
      readonly validUntil?: number;
      readonly checks?: readonly Check[];
    }
  | { readonly ok: false; readonly reason: string; readonly checks?: readonly Check[] };

/** What a report is verified with. */
export interface FogReportQuestion {
  readonly address: FogAddress;
  /** Answers of report services, by URL in the form of {@link tryNormaliseFogUrl}. */
  readonly responses: ReadonlyMap<string, FogReportResponse>;
  /** Milliseconds since 1970. */
  readonly at: number;
  /** The tombstone block of the transaction, where it is already chosen. */
  readonly tombstoneBlock?: bigint;
}

/** What a report is verified by, besides its signatures. */
export interface FogReportParts {
  readonly verifyEvidence: (evidence: FogReportEvidence) => Promise<EvidenceVerdict>;
}

/** Whether, and for how long, hints may be encrypted to a key. */
export type FogReportVerdict =
  | {
      readonly ok: true;
      readonly ingressKey: PublicKey;
      /** No transaction that uses the key may have a later tombstone block. */
      readonly pubkeyExpiry: bigint;
      /** The last instant, in milliseconds since 1970, at which all of this holds. */
      readonly validUntil: number;
      readonly checks: readonly Check[];
    }
  | {
      readonly ok: false;
      readonly problem: FogReportProblem;
      /** What went wrong and what to do, for people. */
      readonly message: string;
      readonly checks: readonly Check[];
    };

const MARKER_BIT = 0x80;
const IDENTITY = new Uint8Array(32);

/**
 * Whether a recipient's report may be used. Nothing of the answer is believed before the chain, the owner's signature over
 * its root and the signature over the reports have been verified. Rejects with `web-crypto-unavailable`, and with
 * `report-malformed` for reports that no message held.
 */
export async function verifyFogReport(question: FogReportQuestion, parts: FogReportParts): Promise<FogReportVerdict> {
  const steps = new Steps();
  try {
    return await verify(question, parts, steps);
  } catch (error) {
    if (error instanceof Refusal) {
      return { ok: false, problem: error.problem, message: error.message, checks: steps.checks };
    }
    throw error;
  }
}

async function verify(
  { address, responses, at, tombstoneBlock }: FogReportQuestion,
  { verifyEvidence }: FogReportParts,
  steps: Steps,
): Promise<FogReportVerdict> {
  const response = findResponse(address, responses, steps);
  assertAuthoritySignature(address, steps);
  steps.demand("reports", response.reports.length > 0, "reports-empty", "The report service publishes nothing.");

  const chain = await verifyReportChain(response.chain, at);
  steps.add({ id: "report-chain", ok: chain.ok, children: chain.checks });
  if (!chain.ok) {
    throw new Refusal(chain.problem, "The report service's certificates do not hold. Check this device's clock.");
  }
  steps.demand(
    "authority",
    schnorrVerify(FOG_AUTHORITY_CONTEXT, address.viewPublicKey, chain.rootSpki, address.fogAuthoritySig),
    "authority-signature-invalid",
    "The recipient trusts another Fog operator than the one that answered. Ask the recipient for a new address.",
  );
  steps.demand(
    "report-signature",
    ed25519Verify(chain.reportKey, reportDigest(response.reports), response.signature),
    "report-signature-invalid",
    "The reports were altered, or not signed by the report service. Fetch them again.",
  );

  const report = response.reports.find(({ fogReportId }) => fogReportId === address.fogReportId);
  if (report === undefined) {
    steps.refuse("report-id", "report-id-missing", "The operator publishes no report for this kind of address.");
  }
  const evidence = await checkEvidence(report, verifyEvidence, steps);
  const ingressKey = tryPublicKey(evidence.ingressKey);
  // Other Fog enclaves attest 32 zero bytes (spec 04 §5.2). They encode the identity, under which everybody could read.
  if (ingressKey === undefined || equalBytes(ingressKey, IDENTITY)) {
    steps.refuse("ingress-key", "ingress-key-malformed", "The enclave attests no key that hints can be encrypted to.");
  }
  steps.demand(
    "tombstone",
    tombstoneBlock === undefined || tombstoneBlock <= report.pubkeyExpiry,
    "tombstone-too-late",
    `Choose a tombstone block of at most ${report.pubkeyExpiry}, or get newer reports.`,
  );
  const validUntil = Math.min(chain.validUntil, evidence.validUntil ?? Number.POSITIVE_INFINITY);
  return { ok: true, ingressKey, pubkeyExpiry: report.pubkeyExpiry, validUntil, checks: steps.checks };
}

function findResponse(
  { fogReportUrl }: FogAddress,
  responses: ReadonlyMap<string, FogReportResponse>,
  steps: Steps,
): FogReportResponse {
  steps.demand("fog-url", fogReportUrl !== "", "fog-url-missing", "The recipient does not use Fog.");
  const url = tryNormaliseFogUrl(fogReportUrl);
  if (url === undefined) {
    steps.refuse("fog-url", "fog-url-malformed", "The recipient's address names no report service.");
  }
  const response = responses.get(url);
  if (response === undefined) {
    steps.refuse("response", "report-response-missing", "Fetch the reports from the address's report service first.");
  }
  return response;
}

function assertAuthoritySignature({ fogAuthoritySig }: FogAddress, steps: Steps): void {
  const isThere = fogAuthoritySig.length > 0;
  const message = "The recipient's address is incomplete. Ask for a new one.";
  steps.demand("authority-signature", isThere, "authority-signature-missing", message);
  const isMarked = ((fogAuthoritySig[SIGNATURE_BYTES - 1] ?? 0) & MARKER_BIT) !== 0;
  const isFormed = fogAuthoritySig.length === SIGNATURE_BYTES && isMarked;
  steps.demand("authority-signature", isFormed, "authority-signature-malformed", message);
}

async function checkEvidence(
  { evidence }: FogReport,
  verifyEvidence: FogReportParts["verifyEvidence"],
  steps: Steps,
): Promise<EvidenceVerdict & { readonly ok: true }> {
  if (evidence === undefined) {
    steps.refuse("evidence", "evidence-missing", "The report shows no enclave.");
  }
  const verdict = await verifyEvidence(evidence);
  steps.add({ id: "evidence", ok: verdict.ok, ...(verdict.checks === undefined ? {} : { children: verdict.checks }) });
  if (!verdict.ok) {
    throw new Refusal("evidence-rejected", verdict.reason);
  }
  return verdict;
}

/** Ends a verification. It never leaves this file. */
class Refusal extends Error {
  readonly problem: FogReportProblem;

  constructor(problem: FogReportProblem, message: string) {
    super(message);
    this.problem = problem;
  }
}

/** The checks made so far. */
class Steps {
  readonly checks: Check[] = [];

  add(check: Check): void {
    this.checks.push(check);
  }

  demand(id: string, ok: boolean, problem: FogReportProblem, message: string): void {
    this.add({ id, ok });
    if (!ok) {
      throw new Refusal(problem, message);
    }
  }

  refuse(id: string, problem: FogReportProblem, message: string): never {
    this.add({ id, ok: false });
    throw new Refusal(problem, message);
  }
}
