// The body of an SGX report: what the processor says about an enclave (spec 04 §6.2).
import { ByteReader } from "../evidence/byte-reader.ts";

/** Bytes of an SGX report body. */
export const REPORT_BODY_BYTES = 384;

/** What the processor says about an enclave. Byte strings are views of the report. */
export interface SgxReportBody {
  readonly kind: "sgx";
  /** The whole body: 384 bytes. */
  readonly bytes: Uint8Array;
  /** 4 bytes in the order of memory. */
  readonly miscSelect: Uint8Array;
  /** 16 bytes: flags, then XFRM. */
  readonly attributes: Uint8Array;
  /** The measurement of the enclave: 32 bytes. */
  readonly mrEnclave: Uint8Array;
  /** The hash of the key that signed the enclave: 32 bytes. */
  readonly mrSigner: Uint8Array;
  readonly productId: number;
  readonly securityVersion: number;
  /** What the enclave binds the report to: 64 bytes. */
  readonly reportData: Uint8Array;
}

/** Reads a report body of 384 bytes. Throws `quote-malformed` for another length. */
export function parseReportBody(bytes: Uint8Array): SgxReportBody {
  const reader = new ByteReader(bytes, "quote-malformed", "An SGX report");
  reader.take(16); // CPU SVN: the levels are matched with those in the certificate.
  const miscSelect = reader.take(4);
  reader.take(12 + 16); // Reserved, extended product id.
  const attributes = reader.take(16);
  const mrEnclave = reader.take(32);
  reader.take(32);
  const mrSigner = reader.take(32);
  reader.take(32 + 64); // Reserved, config id.
  const productId = reader.u16();
  const securityVersion = reader.u16();
  reader.take(2 + 42 + 16); // Config SVN, reserved, family id.
  const reportData = reader.take(64);
  reader.end();
  return {
    kind: "sgx",
    bytes,
    miscSelect,
    attributes,
    mrEnclave,
    mrSigner,
    productId,
    securityVersion,
    reportData,
  };
}

/** Whether an enclave can be looked into by its host: the DEBUG flag (bit 1). */
export function isDebugEnclave({ attributes }: SgxReportBody): boolean {
  return ((attributes[0] ?? 0) & 0x02) !== 0;
}
