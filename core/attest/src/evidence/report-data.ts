// What ties evidence to a key: 64 bytes of report data, half of them the hash of the contents (spec 04 §5.1).
import { bytes, concatBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import type { ReportDataContents } from "./evidence.ts";

/** Bytes of the nonce in report data. */
export const NONCE_BYTES = 16;

/** The report data for these contents: 64 bytes. Throws `invalid-length` (core-bytes) for a part of another length. */
export function reportDataOf({ nonce, key, customIdentity }: ReportDataContents): Uint8Array {
  const parts = [bytes(nonce, NONCE_BYTES, "The nonce"), bytes(key, 32, "The key")];
  if (customIdentity !== undefined) {
    parts.push(bytes(customIdentity, 32, "The custom identity")); // Zeros are hashed, absence is not (T13).
  }
  return concatBytes(kernel().hashes.sha256(...parts), new Uint8Array(32));
}
