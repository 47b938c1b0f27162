// Quotes of Intel's DCAP: version 3 about SGX enclaves (spec 04 §6.1), versions 4 and 5 about TDX machines (§12.2).

import { AttestError } from "../error.ts";
import { ByteReader } from "../evidence/byte-reader.ts";
import { isP256Point, isP256Signature } from "../evidence/p256.ts";
import { parseTdReport, TD_REPORT_15_BYTES, TD_REPORT_BYTES, type TdReport } from "../tdx/td-report.ts";
import { parseReportBody, REPORT_BODY_BYTES, type SgxReportBody } from "./report-body.ts";

/** The most bytes of a quote: Intel's have about 5 000. */
export const QUOTE_BYTES_MAX = 65_536;

/** A quote, taken apart. Byte strings are views of it. */
export interface Quote {
  readonly version: 3 | 4 | 5;
  /** What the quote is about. */
  readonly body: SgxReportBody | TdReport;
  /** What the attestation key signed: header and body. */
  readonly signedBytes: Uint8Array;
  /** By the attestation key: 64 bytes r ‖ s. */
  readonly signature: Uint8Array;
  /** A P-256 point: 64 bytes x ‖ y. */
  readonly attestationKey: Uint8Array;
  /** The report of the quoting enclave, which vouches for the attestation key. */
  readonly qeReport: SgxReportBody;
  /** By the key of the platform's certificate: 64 bytes r ‖ s. */
  readonly qeReportSignature: Uint8Array;
  /** What the quoting enclave hashed after the attestation key; may be empty. */
  readonly qeAuthData: Uint8Array;
  /** The certificates of the platform, leaf first, as PEM. */
  readonly pckChainPem: Uint8Array;
}

const ECDSA_P256 = 2;
const TEE_SGX = 0;
const TEE_TDX = 0x81;
const CERTIFICATION_PCK_CHAIN = 5;
const CERTIFICATION_QE_REPORT = 6;

/** Bytes before the body. */
const HEADER_BYTES = 48;

/**
 * Takes a quote apart. Bytes after the stated end of the signature data are ignored, as some platforms pad.
 * Throws `quote-malformed` or `quote-unsupported`.
 */
export function parseQuote(bytes: Uint8Array): Quote {
  if (bytes.length > QUOTE_BYTES_MAX) {
    throw malformed(`A quote has at most ${QUOTE_BYTES_MAX} bytes, this one has ${bytes.length}.`);
  }
  const reader = new ByteReader(bytes, "quote-malformed", "The quote");
  const version = readVersion(reader);
  const body = readBody(reader, version);
  const signedBytes = bytes.subarray(0, reader.offset);
  const signatureData = new ByteReader(reader.take(reader.u32()), "quote-malformed", "The signature data of the quote");
  const signature = readSignature(signatureData, "signature");
  const attestationKey = signatureData.take(64);
  if (!isP256Point(attestationKey)) {
    throw malformed("The attestation key of the quote is not a point of P-256.");
  }
  const certified = version === 3 ? signatureData : readCertification(signatureData, CERTIFICATION_QE_REPORT);
  const qeReport = parseReportBody(certified.take(REPORT_BODY_BYTES));
  const qeReportSignature = readSignature(certified, "quoting enclave's signature");
  const qeAuthData = certified.take(certified.u16());
  const chain = readCertification(certified, CERTIFICATION_PCK_CHAIN);
  const pckChainPem = chain.take(chain.remaining);
  certified.end();
  signatureData.end();
  return {
    version,
    body,
    signedBytes,
    signature,
    attestationKey,
    qeReport,
    qeReportSignature,
    qeAuthData,
    pckChainPem,
  };
}

function readVersion(reader: ByteReader): 3 | 4 | 5 {
  const version = reader.u16();
  const keyType = reader.u16();
  const teeType = reader.u32();
  if (version !== 3 && version !== 4 && version !== 5) {
    throw unsupported(`Quotes have version 3, 4 or 5, this one has ${version}.`);
  }
  if (keyType !== ECDSA_P256) {
    throw unsupported(`Quotes are signed with ECDSA over P-256 (2), this one with key type ${keyType}.`);
  }
  if (teeType !== (version === 3 ? TEE_SGX : TEE_TDX)) {
    throw unsupported(`A quote of version ${version} is not verified about a platform of type ${teeType}.`);
  }
  reader.take(HEADER_BYTES - reader.offset); // Security versions and ids that only inform.
  return version;
}

function readBody(reader: ByteReader, version: 3 | 4 | 5): SgxReportBody | TdReport {
  switch (version) {
    case 3:
      return parseReportBody(reader.take(REPORT_BODY_BYTES));
    case 4:
      return parseTdReport(reader.take(TD_REPORT_BYTES));
    case 5: {
      const type = reader.u16();
      const length = reader.u32();
      if (TDX_DESCRIPTORS.get(type) !== length) {
        throw unsupported(`A body of type ${type} and ${length} bytes is not one of a TDX machine.`);
      }
      return parseTdReport(reader.take(length));
    }
  }
}

/** The types of bodies in quotes of version 5, with their bytes: TDX 1.0 and 1.5. */
const TDX_DESCRIPTORS: ReadonlyMap<number, number> = new Map([
  [2, TD_REPORT_BYTES],
  [3, TD_REPORT_15_BYTES],
]);

function readCertification(reader: ByteReader, expectedType: number): ByteReader {
  const type = reader.u16();
  const data = reader.take(reader.u32());
  if (type !== expectedType) {
    throw unsupported(`Certification data of type ${expectedType} is verified here, this quote has type ${type}.`);
  }
  return new ByteReader(data, "quote-malformed", "The certification data of the quote");
}

function readSignature(reader: ByteReader, what: string): Uint8Array {
  const signature = reader.take(64);
  if (!isP256Signature(signature)) {
    throw malformed(`The ${what} in the quote is not a pair of numbers below the order of P-256.`);
  }
  return signature;
}

function malformed(message: string): AttestError {
  return new AttestError("quote-malformed", message);
}

function unsupported(message: string): AttestError {
  return new AttestError("quote-unsupported", message);
}
