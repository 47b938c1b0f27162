// How a record is kept in a file, so that a torn one is recognised: `"fbvj" ‖ sequence ‖ slot ‖ length ‖ record ‖ crc32c`,
// integers little-endian, the checksum over all before it.
import { utf8 } from "@fogbow/core-bytes";
import { RECORD_BYTES_MAX } from "../limits.ts";
import { ByteReader, ByteWriter, malformed } from "./bytes.ts";
import { crc32c } from "./crc32c.ts";

/** A record with its place in the order of writing. */
export interface Frame {
  /** Higher in what was written later. */
  readonly sequence: bigint;
  readonly slot: bigint;
  readonly record: Uint8Array;
}

const MAGIC = utf8("fbvj");

/** A frame as a file holds it. Throws `malformed-record` for a record of more than 8 MiB. */
export function encodeFrame({ sequence, slot, record }: Frame): Uint8Array {
  if (record.length > RECORD_BYTES_MAX) throw malformed("it is too long");
  const out = new ByteWriter();
  out.raw(MAGIC);
  out.u64(sequence);
  out.u64(slot);
  out.bytes(record);
  out.u32(crc32c(out.finish()));
  return out.finish();
}

/** What a file holds; undefined when it does not begin with a whole frame. What follows is left of a longer one before. */
export function tryDecodeFrame(bytes: Uint8Array): Frame | undefined {
  try {
    const input = new ByteReader(bytes);
    if (input.raw(MAGIC.length).some((byte, i) => byte !== MAGIC[i])) return undefined;
    const frame = { sequence: input.u64(), slot: input.u64(), record: input.bytes() };
    return crc32c(bytes.subarray(0, input.at)) === input.u32() ? frame : undefined;
  } catch {
    return undefined; // It ends before its time.
  }
}
