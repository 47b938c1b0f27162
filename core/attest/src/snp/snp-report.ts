// Attestation reports of AMD's SEV-SNP (SEV Secure Nested Paging Firmware ABI, table "ATTESTATION_REPORT"; spec 04 §12.2).
import { readLe32, readLe64 } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";

/** Bytes of a report. */
export const SNP_REPORT_BYTES = 1_184;

/** Bytes of a report that its signature is over. */
const SIGNED_BYTES = 0x2a0;

/** Bytes of each half of the signature as it is written, and as P-384 needs. */
const HALF_BYTES = 72;
const P384_BYTES = 48;

const ECDSA_P384_SHA384 = 1;
const POLICY_MIGRATION_AGENT = 18n;
const POLICY_DEBUG = 19n;

/** AMD's product lines; how security versions are written differs. */
export type SnpProduct = "Milan" | "Genoa" | "Turin";

/** The security versions of a platform's firmware. */
export interface SnpTcb {
  readonly bootLoader: number;
  readonly tee: number;
  readonly snp: number;
  readonly microcode: number;
  /** Of the controller that Turin has; 0 on others. */
  readonly fmc: number;
}

/** What the secure processor says about a virtual machine. Byte strings are views of the report. */
export interface SnpReport {
  readonly version: number;
  /** The security version of the guest. */
  readonly guestSvn: number;
  /** Whether the policy of the guest lets the host debug it. */
  readonly isDebug: boolean;
  /** Whether that policy lets the host move the guest with an agent, which then reads its memory. */
  readonly isMigratable: boolean;
  /** The privilege level that asked for the report: 0, the most privileged, to 3. */
  readonly vmpl: number;
  /** Which key signed: 0 the chip's (VCEK), 1 the cloud's (VLEK). */
  readonly signingKey: number;
  /** What the guest binds the report to: 64 bytes. */
  readonly reportData: Uint8Array;
  /** The launch measurement: 48 bytes. */
  readonly measurement: Uint8Array;
  /** What the launcher named: 32 bytes. */
  readonly hostData: Uint8Array;
  /** The security versions that the signing key stands for, as written: 8 bytes. */
  readonly reportedTcb: Uint8Array;
  /** 64 bytes. */
  readonly chipId: Uint8Array;
  /** What was signed: 672 bytes. */
  readonly signedBytes: Uint8Array;
  /** r ‖ s, most significant byte first: 96 bytes. */
  readonly signature: Uint8Array;
}

/** Reads a report of 1184 bytes: later versions than 2 fill what was reserved. Throws `snp-report-malformed`. */
export function parseSnpReport(bytes: Uint8Array): SnpReport {
  if (bytes.length !== SNP_REPORT_BYTES) {
    throw malformed(`A SEV-SNP report has ${SNP_REPORT_BYTES} bytes, this one has ${bytes.length}.`);
  }
  const version = readLe32(bytes, 0x000);
  if (version < 2) {
    throw malformed(`SEV-SNP reports have version 2 or later, this one has ${version}.`);
  }
  const algorithm = readLe32(bytes, 0x034);
  if (algorithm !== ECDSA_P384_SHA384) {
    throw malformed(`SEV-SNP reports are signed with ECDSA over P-384 (1), this one with ${algorithm}.`);
  }
  if (bytes.subarray(SIGNED_BYTES + 2 * HALF_BYTES).some((byte) => byte !== 0)) {
    throw malformed("There is something after the signature of the SEV-SNP report.");
  }
  const policy = readLe64(bytes, 0x008);
  const at = (offset: number, length: number): Uint8Array => bytes.subarray(offset, offset + length);
  const signature = new Uint8Array(2 * P384_BYTES);
  signature.set(readHalf(at(SIGNED_BYTES, HALF_BYTES)), 0);
  signature.set(readHalf(at(SIGNED_BYTES + HALF_BYTES, HALF_BYTES)), P384_BYTES);
  return {
    version,
    guestSvn: readLe32(bytes, 0x004),
    isDebug: ((policy >> POLICY_DEBUG) & 1n) === 1n,
    isMigratable: ((policy >> POLICY_MIGRATION_AGENT) & 1n) === 1n,
    vmpl: readLe32(bytes, 0x030),
    signingKey: (readLe32(bytes, 0x048) >> 2) & 0x07,
    reportData: at(0x050, 64),
    measurement: at(0x090, 48),
    hostData: at(0x0c0, 32),
    reportedTcb: at(0x180, 8),
    chipId: at(0x1a0, 64),
    signedBytes: at(0, SIGNED_BYTES),
    signature,
  };
}

/** The security versions of 8 bytes, in the order of the product line. */
export function readSnpTcb(bytes: Uint8Array, product: SnpProduct): SnpTcb {
  const [b0 = 0, b1 = 0, b2 = 0, b3 = 0, , , b6 = 0, microcode = 0] = bytes;
  return product === "Turin"
    ? { fmc: b0, bootLoader: b1, tee: b2, snp: b3, microcode }
    : { fmc: 0, bootLoader: b0, tee: b1, snp: b6, microcode };
}

/** Half of a signature: 72 bytes, least significant first, of which P-384 fills 48. */
function readHalf(bytes: Uint8Array): Uint8Array {
  if (bytes.subarray(P384_BYTES).some((byte) => byte !== 0)) {
    throw malformed("The signature of the SEV-SNP report is longer than P-384's.");
  }
  return bytes.slice(0, P384_BYTES).reverse();
}

function malformed(message: string): AttestError {
  return new AttestError("snp-report-malformed", message);
}
