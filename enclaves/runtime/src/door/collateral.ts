// What the host brings for a quote, on its way through the door: the messages in which it also travels within evidence.
import { decodeDcapEvidence, type IntelCollateral } from "@fogbow/core-attest";
import {
  CollateralSchema,
  DcapEvidenceSchema,
  decodeMessage,
  encodeMessage,
  SevSnpEvidenceSchema,
} from "@fogbow/core-wire";

/** What AMD says about a machine, DER. */
export interface AmdCollateral {
  /** VCEK, ASK, ARK; empty when the machine's own table of certificates has them. */
  readonly certificates: readonly Uint8Array[];
  /** Of the ARK. */
  readonly crl: Uint8Array;
}

/** What a vendor says about the machine that a quote comes from. */
export type Collateral = IntelCollateral | AmdCollateral;

/** Bytes of collateral that the host may bring. */
const COLLATERAL_BYTES_MAX = 262_144;

const LIMITS = { bytesMax: COLLATERAL_BYTES_MAX };

/** As `external.Collateral`, or the fields of `fogbow.attest.SevSnpEvidence`. Throws WireError `message-too-large`. */
export function encodeCollateral(collateral: Collateral): Uint8Array {
  if ("crl" in collateral) {
    const { certificates, crl } = collateral;
    return encodeMessage(SevSnpEvidenceSchema, { certificates: [...certificates], crl }, LIMITS);
  }
  const { pckCrlIssuerChain, tcbInfoIssuerChain, qeIdentityIssuerChain, ...others } = collateral;
  const chains = {
    pckCrlIssuerChain: [...pckCrlIssuerChain],
    tcbInfoIssuerChain: [...tcbInfoIssuerChain],
    qeIdentityIssuerChain: [...qeIdentityIssuerChain],
  };
  return encodeMessage(CollateralSchema, { ...others, ...chains }, LIMITS);
}

/** Reads Intel's, as strictly as a client will: within evidence for this quote. Throws WireError and AttestError. */
export function decodeIntelCollateral(bytes: Uint8Array, quote: Uint8Array): IntelCollateral {
  const collateral = decodeMessage(CollateralSchema, bytes, LIMITS);
  const reportData = { nonce: new Uint8Array(16), key: new Uint8Array(32) };
  const evidence = encodeMessage(DcapEvidenceSchema, { quote: { data: quote }, collateral, reportData });
  return decodeDcapEvidence(evidence).collateral;
}

/** Reads AMD's. Throws WireError. */
export function decodeAmdCollateral(bytes: Uint8Array): AmdCollateral {
  const { certificates, crl } = decodeMessage(SevSnpEvidenceSchema, bytes, LIMITS);
  return { certificates, crl };
}
