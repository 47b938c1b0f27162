// SIGSTRUCT, the signed description of an SGX enclave that `gramine-sgx-sign` writes (Intel SDM vol. 3D, spec 04 §11).
import { createHash } from "node:crypto";
import { equalBytes, fromHex, readLe32, toHex } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";

const BYTES = 1808;
const HEADER = fromHex("06000000e10000000000010000000000");
const HEADER_2 = fromHex("01010000600000006000000001000000");
const MODULUS = 128;
const MODULUS_BYTES = 384;
const EXPONENT = 512;
const ATTRIBUTES = 928;
const ATTRIBUTE_DEBUG = 0x02;
const ENCLAVE_HASH = 960;
const PRODUCT_ID = 1024;
const SECURITY_VERSION = 1026;

/** The identity that a SIGSTRUCT gives an enclave. Its signature is for the processor to check. */
export interface SigstructIdentity {
  /** 64 hex digits. */
  readonly mrenclave: string;
  /** SHA-256 of the little-endian modulus, 64 hex digits. */
  readonly mrsigner: string;
  readonly productId: number;
  readonly securityVersion: number;
  /** Whether the enclave may be debugged, which leaves it no secrets. */
  readonly debug: boolean;
}

/** Reads a SIGSTRUCT. Throws {@link RuntimeError} `invalid-sigstruct`. */
export function readSigstruct(bytes: Uint8Array): SigstructIdentity {
  if (bytes.length !== BYTES) throw invalid(`is ${BYTES} bytes, this file has ${bytes.length}`);
  if (!equalBytes(bytes.subarray(0, 16), HEADER) || !equalBytes(bytes.subarray(24, 40), HEADER_2)) {
    throw invalid("begins with other bytes");
  }
  if (readLe32(bytes, EXPONENT) !== 3) throw invalid("has the public exponent 3");
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  const modulus = bytes.subarray(MODULUS, MODULUS + MODULUS_BYTES);
  return {
    mrenclave: toHex(bytes.subarray(ENCLAVE_HASH, ENCLAVE_HASH + 32)),
    mrsigner: createHash("sha256").update(modulus).digest("hex"),
    productId: view.getUint16(PRODUCT_ID, true),
    securityVersion: view.getUint16(SECURITY_VERSION, true),
    debug: (view.getUint8(ATTRIBUTES) & ATTRIBUTE_DEBUG) !== 0,
  };
}

function invalid(problem: string): RuntimeError {
  return new RuntimeError("invalid-sigstruct", `A SIGSTRUCT ${problem}.`);
}
