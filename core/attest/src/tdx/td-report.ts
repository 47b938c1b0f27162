// The body of a TDX quote: what the TDX module says about a confidential virtual machine (spec 04 §12.2).
import { ByteReader } from "../evidence/byte-reader.ts";

/** Bytes of the body of TDX 1.0, which quotes of version 4 carry. */
export const TD_REPORT_BYTES = 584;

/** Bytes of the body of TDX 1.5, which quotes of version 5 may carry. */
export const TD_REPORT_15_BYTES = 648;

/** What the TDX module says about a virtual machine. Byte strings are views of the quote. */
export interface TdReport {
  readonly kind: "tdx";
  /** The whole body: 584 bytes, or 648 of TDX 1.5. */
  readonly bytes: Uint8Array;
  /** The security versions of the TDX module and what is below it: 16 bytes. */
  readonly teeTcbSvn: Uint8Array;
  /** The hash of the key that signed the TDX module: 48 bytes, zeros for Intel's. */
  readonly mrSignerSeam: Uint8Array;
  /** 8 bytes. */
  readonly seamAttributes: Uint8Array;
  /** 8 bytes. */
  readonly tdAttributes: Uint8Array;
  /** The measurement of the firmware image: 48 bytes. */
  readonly mrTd: Uint8Array;
  /** 48 bytes. */
  readonly mrConfigId: Uint8Array;
  /** 48 bytes. */
  readonly mrOwner: Uint8Array;
  /** 48 bytes. */
  readonly mrOwnerConfig: Uint8Array;
  /** The four registers measured at run time, 48 bytes each: firmware configuration, kernel, system, runtime. */
  readonly rtmrs: readonly Uint8Array[];
  /** What the virtual machine binds the report to: 64 bytes. */
  readonly reportData: Uint8Array;
  /** The measurement of a service machine, 48 bytes; undefined in TDX 1.0. */
  readonly mrServiceTd: Uint8Array | undefined;
}

/** Reads a body of 584 or 648 bytes. Throws `quote-malformed` for another length. */
export function parseTdReport(bytes: Uint8Array): TdReport {
  const reader = new ByteReader(bytes, "quote-malformed", "A TDX report");
  const teeTcbSvn = reader.take(16);
  reader.take(48); // MRSEAM: the module is judged by its signer and security version.
  const mrSignerSeam = reader.take(48);
  const seamAttributes = reader.take(8);
  const tdAttributes = reader.take(8);
  reader.take(8); // XFAM.
  const mrTd = reader.take(48);
  const mrConfigId = reader.take(48);
  const mrOwner = reader.take(48);
  const mrOwnerConfig = reader.take(48);
  const rtmrs = [reader.take(48), reader.take(48), reader.take(48), reader.take(48)];
  const reportData = reader.take(64);
  let mrServiceTd: Uint8Array | undefined;
  if (reader.remaining > 0) {
    reader.take(16); // TEE_TCB_SVN_2: the module that was loaded later; levels are stated for the first.
    mrServiceTd = reader.take(48);
  }
  reader.end();
  return {
    kind: "tdx",
    bytes,
    teeTcbSvn,
    mrSignerSeam,
    seamAttributes,
    tdAttributes,
    mrTd,
    mrConfigId,
    mrOwner,
    mrOwnerConfig,
    rtmrs,
    reportData,
    mrServiceTd,
  };
}
