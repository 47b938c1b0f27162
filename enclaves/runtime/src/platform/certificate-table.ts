// The certificates beside an SEV-SNP report: entries of GUID 16 ‖ offset u32 ‖ length u32, ended by a zero GUID (AMD's
// guest-host communication block, "extended guest request").
import { fromHex, readLe32, toHex } from "@fogbow/core-bytes";
import { RuntimeError } from "../error.ts";

/** Entries of one table. */
export const CERTIFICATES_MAX = 16;

const ENTRY_BYTES = 24;

/** GUIDs as their bytes lie in the table: the first three groups little-endian. */
const GUIDS = [
  "63da758d-e664-4564-adc5-f4b93be8accd",
  "4ab7b379-bbac-4fe4-a02f-05aef327c782",
  "c0b406a4-a803-4952-9743-3fb6014cd0ae",
];

/**
 * The DER certificates of VCEK, ASK and ARK in this order; empty unless the table has all three. Throws
 * {@link RuntimeError} `platform-failure` for a table that points outside itself.
 */
export function readCertificateTable(table: Uint8Array): Uint8Array[] {
  const found = new Map<string, Uint8Array>();
  for (let i = 0; i < CERTIFICATES_MAX && table.length >= (i + 1) * ENTRY_BYTES; i++) {
    const guid = table.subarray(i * ENTRY_BYTES, i * ENTRY_BYTES + 16);
    if (guid.every((byte) => byte === 0)) break;
    const offset = readLe32(table, i * ENTRY_BYTES + 16);
    const length = readLe32(table, i * ENTRY_BYTES + 20);
    if (offset + length > table.length) {
      throw new RuntimeError("platform-failure", "The certificate table points outside itself.");
    }
    found.set(toHex(guid), table.slice(offset, offset + length));
  }
  const certificates = GUIDS.map((guid) => found.get(toHex(guidBytes(guid))));
  return certificates.every((each) => each !== undefined) ? (certificates as Uint8Array[]) : []; // All are there.
}

function guidBytes(text: string): Uint8Array {
  const [a = "", b = "", c = "", ...rest] = text.split("-").map((group) => fromHex(group));
  const reversed = [a, b, c].flatMap((group) => [...group].reverse());
  return Uint8Array.from([...reversed, ...rest.flatMap((group) => [...group])].map(Number));
}
