// Attestation evidence as protobuf messages (spec 02 §10).
import type { IntelCollateral } from "@fogbow/core-attest";
import type {
  BlockMetadataContents,
  Collateral as CollateralMessage,
  DcapEvidence as DcapEvidenceMessage,
  VerificationReport as VerificationReportMessage,
} from "@fogbow/core-wire";
import type { AttestationEvidence, DcapEvidence, VerificationReport } from "./attestation-evidence.ts";

/** Evidence as `encodeMessage` takes it inside metadata. */
export type EvidenceInit =
  | { readonly case: "verificationReport"; readonly value: VerificationReportInit }
  | { readonly case: "dcapEvidence"; readonly value: DcapEvidenceInit };

interface VerificationReportInit {
  readonly sig: { readonly contents: Uint8Array };
  readonly chain: Uint8Array[];
  readonly httpBody: string;
}

interface DcapEvidenceInit {
  readonly quote?: { readonly data: Uint8Array };
  readonly collateral?: CollateralInit;
  readonly reportData?: { readonly nonce: Uint8Array; readonly key: Uint8Array; readonly customIdentity: Uint8Array };
}

interface CollateralInit
  extends Omit<IntelCollateral, "pckCrlIssuerChain" | "tcbInfoIssuerChain" | "qeIdentityIssuerChain"> {
  readonly pckCrlIssuerChain: Uint8Array[];
  readonly tcbInfoIssuerChain: Uint8Array[];
  readonly qeIdentityIssuerChain: Uint8Array[];
}

/** Evidence as a message inside metadata. */
export function evidenceToWire(evidence: AttestationEvidence): EvidenceInit {
  switch (evidence.kind) {
    case "verification-report": {
      const { signature, chain, httpBody } = evidence.report;
      return { case: "verificationReport", value: { sig: { contents: signature }, chain: [...chain], httpBody } };
    }
    case "dcap":
      return { case: "dcapEvidence", value: dcapToWire(evidence.evidence) };
  }
}

/** Evidence from a message inside metadata; undefined when there is none. */
export function evidenceFromWire(oneof: BlockMetadataContents["attestationEvidence"]): AttestationEvidence | undefined {
  switch (oneof.case) {
    case "verificationReport":
      return { kind: "verification-report", report: reportFromWire(oneof.value) };
    case "dcapEvidence":
      return { kind: "dcap", evidence: dcapFromWire(oneof.value) };
    case undefined:
      return undefined;
  }
}

function dcapToWire({ quote, collateral, reportData }: DcapEvidence): DcapEvidenceInit {
  return {
    ...(quote && { quote: { data: quote } }),
    ...(collateral && { collateral: collateralToWire(collateral) }),
    ...(reportData && { reportData }),
  };
}

function collateralToWire(collateral: IntelCollateral): CollateralInit {
  return {
    ...collateral,
    pckCrlIssuerChain: [...collateral.pckCrlIssuerChain],
    tcbInfoIssuerChain: [...collateral.tcbInfoIssuerChain],
    qeIdentityIssuerChain: [...collateral.qeIdentityIssuerChain],
  };
}

function reportFromWire({ sig, chain, httpBody }: VerificationReportMessage): VerificationReport {
  return { signature: sig?.contents.slice() ?? new Uint8Array(), chain: copies(chain), httpBody: httpBody ?? "" };
}

function dcapFromWire({ quote, collateral, reportData }: DcapEvidenceMessage): DcapEvidence {
  return {
    quote: quote?.data.slice(),
    collateral: collateral && collateralFromWire(collateral),
    reportData: reportData && {
      nonce: reportData.nonce.slice(),
      key: reportData.key.slice(),
      customIdentity: reportData.customIdentity.slice(),
    },
  };
}

function collateralFromWire(message: CollateralMessage): IntelCollateral {
  return {
    pckCrlIssuerChain: copies(message.pckCrlIssuerChain),
    rootCaCrl: message.rootCaCrl.slice(),
    pckCrl: message.pckCrl.slice(),
    tcbInfoIssuerChain: copies(message.tcbInfoIssuerChain),
    tcbInfo: message.tcbInfo,
    qeIdentityIssuerChain: copies(message.qeIdentityIssuerChain),
    qeIdentity: message.qeIdentity,
  };
}

/** Copies that outlive the bytes the message was decoded from. */
function copies(values: readonly Uint8Array[]): readonly Uint8Array[] {
  return values.map((value) => value.slice());
}
