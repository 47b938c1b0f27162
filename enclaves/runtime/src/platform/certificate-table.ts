// The certificates beside an SEV-SNP report: entries of GUID 16 ‖ offset u32 LE ‖ length u32 LE, ended by a zero GUID (AMD's
// GHCB specification, "SNP extended guest request"). GUIDs lie in the table in the order of their digits (RFC 4122).
import { readLe32, toHex } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";

/** Entries of one table. */
const CERTIFICATES_MAX = 16;

const GUID_BYTES = 16;
const ENTRY_BYTES = 24;

const VCEK = "63da758de6644564adc5f4b93be8accd";
const ASK = "4ab7b379bbac4fe4a02f05aef327c782";
const ARK = "c0b406a4a803495297433fb6014cd0ae";

/**
 * The DER certificates of VCEK, ASK and ARK in this order; empty unless the table has all three. Throws
 * {@link RuntimeError} `platform-failure` for a table that points outside itself.
 */
export function readCertificateTable(table: Uint8Array): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (let i = 0; i < CERTIFICATES_MAX && table.length >= (i + 1) * ENTRY_BYTES; i++) {
    const guid = table.subarray(i * ENTRY_BYTES, i * ENTRY_BYTES + GUID_BYTES);
    if (guid.every((byte) => byte === 0)) break;
    const offset = readLe32(table, i * ENTRY_BYTES + GUID_BYTES);
    const length = readLe32(table, i * ENTRY_BYTES + GUID_BYTES + 4);
    if (offset + length > table.length) {
      throw new RuntimeError("platform-failure", "The certificate table points outside itself.");
    }
    found.set(toHex(guid), table.slice(offset, offset + length));
  }
  const chain = [VCEK, ASK, ARK].flatMap((guid) => found.get(guid) ?? []);
  return chain.length === 3 ? chain : [];
}
