// Writes quotes of version 3 (spec 04 §6.1, §6.2) as the simulated platform signs them.
import { concatBytes, le32 } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { REPORT_BODY_BYTES } from "../sgx/report-body.ts";
import { type SimulatedKey, simulatedSign } from "./ecdsa.ts";

/** The fields of a report body that a simulated processor fills; everything else is zero. */
export interface ReportFields {
  /** 16 bytes: flags, then XFRM. */
  readonly attributes: Uint8Array;
  /** 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** 32 bytes. */
  readonly mrSigner: Uint8Array;
  /** From 0 to 65 535, like the security version. */
  readonly productId: number;
  readonly securityVersion: number;
  /** 64 bytes. */
  readonly reportData: Uint8Array;
}

/** A report body of 384 bytes. */
export function writeReportBody(fields: ReportFields): Uint8Array {
  const body = new Uint8Array(REPORT_BODY_BYTES);
  body.set(fields.attributes, 48);
  body.set(fields.mrEnclave, 64);
  body.set(fields.mrSigner, 128);
  body.set(le16(fields.productId), 256);
  body.set(le16(fields.securityVersion), 258);
  body.set(fields.reportData, 320);
  return body;
}

/** A quote before its parts are signed. */
export interface QuoteParts {
  /** What the quote is about: 384 bytes. */
  readonly body: Uint8Array;
  readonly attestationKey: SimulatedKey;
  /** The quoting enclave, without its report data. */
  readonly quotingEnclave: Omit<ReportFields, "reportData">;
  /** What the quoting enclave hashes after the attestation key. */
  readonly authData: Uint8Array;
  /** Its report data after the hash: 32 bytes, zeros unless stated. */
  readonly reportDataTail?: Uint8Array;
  /** The key of the platform's certificate. */
  readonly platformKey: SimulatedKey;
  /** PEM, leaf first. */
  readonly pckChain: Uint8Array;
}

/** A quote of version 3 with every signature that it needs. */
export function writeQuote({ body, ...others }: QuoteParts): Uint8Array {
  const header = concatBytes(le16(3), le16(ECDSA_P256), new Uint8Array(44));
  const signedBytes = concatBytes(header, body);
  const vouched = writeCertified(others);
  const signatureData = concatBytes(
    simulatedSign(others.attestationKey, signedBytes),
    others.attestationKey.xy,
    vouched,
  );
  return concatBytes(signedBytes, le32(signatureData.length), signatureData);
}

/** What vouches for the attestation key: the quoting enclave's report, its signature, and the platform's certificates. */
export function writeCertified(parts: Omit<QuoteParts, "body">): Uint8Array {
  const {
    attestationKey,
    quotingEnclave,
    authData,
    reportDataTail = new Uint8Array(32),
    platformKey,
    pckChain,
  } = parts;
  const bound = kernel().hashes.sha256(attestationKey.xy, authData);
  const qeReport = writeReportBody({ ...quotingEnclave, reportData: concatBytes(bound, reportDataTail) });
  return concatBytes(
    qeReport,
    simulatedSign(platformKey, qeReport),
    le16(authData.length),
    authData,
    le16(PCK_CHAIN),
    le32(pckChain.length),
    pckChain,
  );
}

const ECDSA_P256 = 2;
const PCK_CHAIN = 5;

/** 2 bytes, least significant first. */
export function le16(n: number): Uint8Array {
  return le32(n).slice(0, 2);
}
