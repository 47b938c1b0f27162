// The evidence in handshake payloads (spec 04 §2.6, §12.4): a peer's request holds a bare `external.DcapEvidence`, every
// answer a wrapper. What the evidence proves is decided elsewhere; here it is found, and tied to the handshake's key.
import { equalBytes } from "@fogbow/core-bytes";
import {
  DcapEvidenceSchema,
  decodeMessage,
  EvidenceWrapperSchema,
  encodeMessage,
  SevSnpEvidenceSchema,
  VerificationReportSchema,
} from "@fogbow/core-wire";
import { AttestError } from "../error.ts";
import { KEY_BYTES } from "./key-pair.ts";
import { PAYLOAD_BYTES_MAX } from "./limits.ts";

/** Evidence by the message that holds it. */
export type EvidenceKind =
  | "dcap" // `external.DcapEvidence`: an SGX or TDX quote, or a simulated one.
  | "sev-snp" // `fogbow.attest.SevSnpEvidence`.
  | "epid"; // `external.VerificationReport`, from older servers.

/** Evidence as it was received or is to be sent. */
export interface EvidenceMessage {
  readonly kind: EvidenceKind;
  /** The protobuf message that `kind` names. */
  readonly bytes: Uint8Array;
}

/** Evidence together with the key that the other side has shown to hold. */
export interface PeerEvidence extends EvidenceMessage {
  /**
   * The other side's static X25519 key, 32 bytes. Report data of `dcap` and `sev-snp` evidence names it. In `epid`
   * evidence it is the first half of the report data, which whoever verifies the report must compare.
   */
  readonly key: Uint8Array;
}

const LIMITS = { bytesMax: PAYLOAD_BYTES_MAX };

/** The payload of an answer: the wrapper, or for `epid` the bare report. Throws WireError `message-too-large`. */
export function encodeAnswerPayload({ kind, bytes }: EvidenceMessage): Uint8Array {
  switch (kind) {
    case "dcap":
      return encodeMessage(EvidenceWrapperSchema, { dcapEvidence: bytes }, LIMITS);
    case "sev-snp":
      return encodeMessage(EvidenceWrapperSchema, { sevSnpEvidence: bytes }, LIMITS);
    case "epid":
      return bytes;
  }
}

/** The payload of a peer's request: `dcap` evidence is bare, `sev-snp` wrapped. Peers do not show `epid` evidence. */
export function encodeRequestPayload(evidence: EvidenceMessage & { readonly kind: "dcap" | "sev-snp" }): Uint8Array {
  return evidence.kind === "dcap" ? evidence.bytes : encodeAnswerPayload(evidence);
}

/** The evidence in an answer's payload. Throws `evidence-malformed`, or `evidence-not-wrapped` for bare evidence. */
export function decodeAnswerPayload(payload: Uint8Array): EvidenceMessage {
  const { dcapEvidence, sevSnpEvidence } = decode(EvidenceWrapperSchema, payload);
  if (dcapEvidence.length > 0) return { kind: "dcap", bytes: dcapEvidence.slice() };
  if (sevSnpEvidence.length > 0) return { kind: "sev-snp", bytes: sevSnpEvidence.slice() };
  if (isReport(payload)) return { kind: "epid", bytes: payload.slice() };
  // Bare evidence has the fields of a report, but what they hold is none.
  if (tryEvidenceKey({ kind: "dcap", bytes: payload }) !== undefined) {
    throw new AttestError("evidence-not-wrapped", "The answer holds evidence without its wrapper.");
  }
  throw new AttestError("evidence-malformed", "The answer holds no evidence.");
}

/** The evidence in the payload of a peer's request. Throws as {@link bindEvidence} does, or `evidence-wrapped`. */
export function decodeRequestPayload(payload: Uint8Array): EvidenceMessage {
  const { dcapEvidence, sevSnpEvidence } = decode(EvidenceWrapperSchema, payload);
  if (dcapEvidence.length > 0) {
    throw new AttestError("evidence-wrapped", "A peer's request holds its evidence without a wrapper.");
  }
  if (sevSnpEvidence.length > 0) return { kind: "sev-snp", bytes: sevSnpEvidence.slice() };
  const evidence: EvidenceMessage = { kind: "dcap", bytes: payload.slice() };
  evidenceKey(evidence);
  return evidence;
}

/**
 * Ties evidence to the handshake it came with: the other side's static key must be the one that the evidence names, on
 * both roles (spec 04 §5.3). Throws `missing-remote-identity`, `bad-remote-identity`, `evidence-malformed`,
 * `evidence-field-missing` or `evidence-length-mismatch`.
 */
export function bindEvidence(evidence: EvidenceMessage, remoteStaticKey: Uint8Array | undefined): PeerEvidence {
  if (remoteStaticKey === undefined) {
    throw new AttestError("missing-remote-identity", "The handshake has not shown a static key of the other side.");
  }
  if (evidence.kind !== "epid" && !equalBytes(evidenceKey(evidence), remoteStaticKey)) {
    throw new AttestError("bad-remote-identity", "The evidence is bound to another key than that of the handshake.");
  }
  return { ...evidence, key: remoteStaticKey };
}

/** The key that `dcap` or `sev-snp` evidence names. Throws as {@link bindEvidence} does. */
function evidenceKey({ kind, bytes }: EvidenceMessage): Uint8Array {
  const { reportData } = decode(kind === "sev-snp" ? SevSnpEvidenceSchema : DcapEvidenceSchema, bytes);
  if (reportData === undefined) {
    throw new AttestError("evidence-field-missing", "The evidence lacks its field report_data.");
  }
  if (reportData.key.length !== KEY_BYTES) {
    throw new AttestError("evidence-length-mismatch", `The field key of the evidence must be ${KEY_BYTES} bytes.`);
  }
  return reportData.key;
}

function tryEvidenceKey(evidence: EvidenceMessage): Uint8Array | undefined {
  try {
    return evidenceKey(evidence);
  } catch {
    return undefined; // The caller has an error of its own.
  }
}

/** Whether bytes are a report that Intel's service may have signed: a signature, DER certificates and JSON. */
function isReport(bytes: Uint8Array): boolean {
  try {
    const { sig, chain, httpBody = "" } = decodeMessage(VerificationReportSchema, bytes, LIMITS);
    const isDer = (certificate: Uint8Array): boolean => certificate[0] === 0x30;
    return (sig?.contents.length ?? 0) > 0 && chain.length > 0 && chain.every(isDer) && httpBody.startsWith("{");
  } catch {
    return false; // The caller has an error of its own.
  }
}

function decode<Schema extends Parameters<typeof decodeMessage>[0]>(
  schema: Schema,
  bytes: Uint8Array,
): ReturnType<typeof decodeMessage<Schema>> {
  try {
    return decodeMessage(schema, bytes, LIMITS);
  } catch (cause) {
    throw new AttestError("evidence-malformed", `The payload is no ${schema.name}.`, { cause });
  }
}
