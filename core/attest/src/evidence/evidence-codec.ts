// Evidence as protobuf: external.DcapEvidence (spec 04 §5) and fogbow.attest.SevSnpEvidence (§12.4).
import {
  DcapEvidenceSchema,
  decodeMessage,
  type EnclaveReportDataContents,
  encodeMessage,
  SevSnpEvidenceSchema,
  WireError,
} from "@fogbow/core-wire";
import { AttestError } from "../error.ts";
import type { DcapEvidence, Evidence, ReportDataContents, SevSnpEvidence } from "./evidence.ts";
import { NONCE_BYTES } from "./report-data.ts";

/** The most bytes of encoded evidence: Intel's has 15 000 to 25 000. */
export const EVIDENCE_BYTES_MAX = 262_144;

/** The most certificates in one chain of evidence. */
const EVIDENCE_CHAIN_MAX = 10;

/**
 * Decodes an `external.DcapEvidence`. Byte strings of the result are views of `bytes`. Throws `evidence-malformed`,
 * `evidence-too-large`, `evidence-field-missing` or `evidence-length-mismatch`.
 */
export function decodeDcapEvidence(bytes: Uint8Array): DcapEvidence {
  const message = decode(() => decodeMessage(DcapEvidenceSchema, bytes, { bytesMax: EVIDENCE_BYTES_MAX }));
  const quote = present(message.quote, "quote").data;
  const collateral = present(message.collateral, "collateral");
  return {
    kind: "dcap",
    quote: filled(quote, "quote"),
    collateral: {
      pckCrlIssuerChain: chain(collateral.pckCrlIssuerChain, "pck_crl_issuer_chain"),
      rootCaCrl: filled(collateral.rootCaCrl, "root_ca_crl"),
      pckCrl: filled(collateral.pckCrl, "pck_crl"),
      tcbInfoIssuerChain: chain(collateral.tcbInfoIssuerChain, "tcb_info_issuer_chain"),
      tcbInfo: filled(collateral.tcbInfo, "tcb_info"),
      qeIdentityIssuerChain: chain(collateral.qeIdentityIssuerChain, "qe_identity_issuer_chain"),
      qeIdentity: filled(collateral.qeIdentity, "qe_identity"),
    },
    reportData: readContents(message.reportData),
  };
}

/**
 * Decodes a `fogbow.attest.SevSnpEvidence`. Byte strings of the result are views of `bytes`. Throws as
 * {@link decodeDcapEvidence} does.
 */
export function decodeSevSnpEvidence(bytes: Uint8Array): SevSnpEvidence {
  const message = decode(() => decodeMessage(SevSnpEvidenceSchema, bytes, { bytesMax: EVIDENCE_BYTES_MAX }));
  return {
    kind: "sev-snp",
    report: filled(message.report, "report"),
    certificates: chain(message.certificates, "certificates"),
    crl: message.crl,
    reportData: readContents(message.reportData),
  };
}

/** The bytes of evidence, as they travel and are hashed. Throws `message-too-large` (core-wire). */
export function encodeEvidence(evidence: Evidence): Uint8Array {
  const { nonce, key, customIdentity } = evidence.reportData;
  const reportData = { nonce, key, customIdentity: customIdentity ?? new Uint8Array() };
  const limits = { bytesMax: EVIDENCE_BYTES_MAX };
  if (evidence.kind === "sev-snp") {
    const { report, certificates, crl } = evidence;
    return encodeMessage(SevSnpEvidenceSchema, { report, certificates: [...certificates], crl, reportData }, limits);
  }
  const { pckCrlIssuerChain, tcbInfoIssuerChain, qeIdentityIssuerChain, ...others } = evidence.collateral;
  const collateral = {
    ...others,
    pckCrlIssuerChain: [...pckCrlIssuerChain],
    tcbInfoIssuerChain: [...tcbInfoIssuerChain],
    qeIdentityIssuerChain: [...qeIdentityIssuerChain],
  };
  return encodeMessage(DcapEvidenceSchema, { quote: { data: evidence.quote }, collateral, reportData }, limits);
}

function decode<T>(read: () => T): T {
  try {
    return read();
  } catch (cause) {
    if (!(cause instanceof WireError)) {
      throw cause;
    }
    const code = cause.code === "message-too-large" ? "evidence-too-large" : "evidence-malformed";
    throw new AttestError(code, `The evidence cannot be decoded. ${cause.message}`, { cause });
  }
}

function readContents(message: EnclaveReportDataContents | undefined): ReportDataContents {
  const { nonce, key, customIdentity } = present(message, "report_data");
  const contents = customIdentity.length === 0 ? { nonce, key } : { nonce, key, customIdentity };
  assertContents(contents);
  return contents;
}

/** Throws `evidence-length-mismatch` unless the nonce has 16 bytes, and the key and a custom identity 32. */
export function assertContents({ nonce, key, customIdentity }: ReportDataContents): void {
  exactly(nonce, NONCE_BYTES, "nonce");
  exactly(key, 32, "key");
  if (customIdentity !== undefined) {
    exactly(customIdentity, 32, "custom_identity");
  }
}

function present<T>(value: T | undefined, field: string): T {
  if (value === undefined) {
    throw new AttestError("evidence-field-missing", `The evidence lacks its field ${field}.`);
  }
  return value;
}

function filled<T extends { readonly length: number }>(value: T, field: string): T {
  if (value.length === 0) {
    throw new AttestError("evidence-malformed", `The field ${field} of the evidence is empty.`);
  }
  return value;
}

function chain(certificates: readonly Uint8Array[], field: string): readonly Uint8Array[] {
  filled(certificates, field);
  if (certificates.length > EVIDENCE_CHAIN_MAX) {
    throw new AttestError(
      "evidence-malformed",
      `The field ${field} of the evidence has ${certificates.length} certificates, at most ${EVIDENCE_CHAIN_MAX} are read.`,
    );
  }
  return certificates;
}

function exactly(value: Uint8Array, length: number, field: string): void {
  if (value.length !== length) {
    throw new AttestError(
      "evidence-length-mismatch",
      `The field ${field} of the evidence has ${value.length} bytes, not ${length}.`,
    );
  }
}
