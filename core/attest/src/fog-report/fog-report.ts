// What a Fog operator publishes for senders, and its messages (report.proto; spec 03 §6.1, spec 04 §10.1).
import {
  type DcapEvidence,
  DcapEvidenceSchema,
  decodeMessage,
  encodeMessage,
  type Report,
  ReportResponseSchema,
  type VerificationReport,
  VerificationReportSchema,
  WireError,
} from "@fogbow/core-wire";
import { AttestError } from "../error.ts";
import { REPORT_EVIDENCE_BYTES_MAX, REPORT_RESPONSE_BYTES_MAX, REPORTS_MAX } from "./limits.ts";

/** Evidence in a report, as it was encoded. Whether it convinces, or is complete, is decided where it is verified. */
export interface FogReportEvidence {
  /** `dcap`: an `external.DcapEvidence`; `verification-report`: an older `external.VerificationReport`. */
  readonly kind: "dcap" | "verification-report";
  readonly encoded: Uint8Array;
}

/** The key of an ingest enclave with the evidence that the enclave holds it. */
export interface FogReport {
  /** Which addresses it is for; usually empty. */
  readonly fogReportId: string;
  readonly evidence: FogReportEvidence | undefined;
  /** A transaction that uses the key has no later tombstone block. */
  readonly pubkeyExpiry: bigint;
}

/** All reports of an operator, signed together. */
export interface FogReportResponse {
  readonly reports: readonly FogReport[];
  /** DER certificates: the signer of the reports first, the authority that addresses name last. */
  readonly chain: readonly Uint8Array[];
  /** Ed25519 over the digest of the reports: 64 bytes. */
  readonly signature: Uint8Array;
}

/** The message of an answer. Throws `report-malformed`. */
export function encodeReportResponse({ reports, chain, signature }: FogReportResponse): Uint8Array {
  return refusing(() =>
    encodeMessage(
      ReportResponseSchema,
      {
        reports: reports.map(({ fogReportId, evidence, pubkeyExpiry }) => ({
          fogReportId,
          pubkeyExpiry,
          attestationEvidence: evidence === undefined ? { case: undefined } : evidenceMessage(evidence),
        })),
        chain: [...chain],
        signature,
      },
      { bytesMax: REPORT_RESPONSE_BYTES_MAX },
    ),
  );
}

/** An answer of its message. Its signature is not verified here. Throws `report-malformed`. */
export function decodeReportResponse(bytes: Uint8Array): FogReportResponse {
  return refusing(() => {
    const message = decodeMessage(ReportResponseSchema, bytes, { bytesMax: REPORT_RESPONSE_BYTES_MAX });
    if (message.reports.length > REPORTS_MAX) {
      throw new AttestError("report-malformed", `An answer has at most ${REPORTS_MAX} reports.`);
    }
    return {
      reports: message.reports.map(readReport),
      chain: message.chain.map((der) => der.slice()),
      signature: message.signature.slice(),
    };
  });
}

/** Evidence as a message, by its name in a report. */
export type EvidenceMessage =
  | { readonly case: "dcapEvidence"; readonly value: DcapEvidence }
  | { readonly case: "verificationReport"; readonly value: VerificationReport };

/** Evidence, decoded. Throws `report-malformed`. */
export function evidenceMessage({ kind, encoded }: FogReportEvidence): EvidenceMessage {
  const limits = { bytesMax: REPORT_EVIDENCE_BYTES_MAX };
  return refusing(() =>
    kind === "dcap"
      ? { case: "dcapEvidence", value: decodeMessage(DcapEvidenceSchema, encoded, limits) }
      : { case: "verificationReport", value: decodeMessage(VerificationReportSchema, encoded, limits) },
  );
}

function readReport({ fogReportId, attestationEvidence, pubkeyExpiry }: Report): FogReport {
  return { fogReportId, evidence: readEvidence(attestationEvidence), pubkeyExpiry };
}

function readEvidence(message: Report["attestationEvidence"]): FogReportEvidence | undefined {
  const limits = { bytesMax: REPORT_EVIDENCE_BYTES_MAX };
  switch (message.case) {
    case "dcapEvidence":
      return { kind: "dcap", encoded: encodeMessage(DcapEvidenceSchema, message.value, limits) };
    case "verificationReport":
      return {
        kind: "verification-report",
        encoded: encodeMessage(VerificationReportSchema, message.value, limits),
      };
    case undefined:
      return undefined;
  }
}

function refusing<T>(make: () => T): T {
  try {
    return make();
  } catch (cause) {
    if (cause instanceof WireError) {
      throw new AttestError("report-malformed", `This is no answer of a report service. ${cause.message}`, { cause });
    }
    throw cause;
  }
}
