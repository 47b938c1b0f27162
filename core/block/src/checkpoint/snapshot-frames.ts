// The records of a snapshot in a file, each after its length.
import { be32, concatBytes, readBe32 } from "@fogbow/core-bytes";
import { BlockError } from "../error.ts";
import { SNAPSHOT_RECORD_BYTES_MAX } from "../limits.ts";

const LENGTH_BYTES = 4;

/** A record as it is in the file. */
export function frameSnapshotRecord(encoded: Uint8Array): Uint8Array {
  return concatBytes(be32(encoded.length), encoded);
}

/**
 * The records of a file that comes in pieces. Throws `malformed-snapshot`, naming the record, for one that is too long or cut
 * short.
 */
export async function* splitSnapshot(pieces: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array, void, undefined> {
  let rest: Uint8Array = new Uint8Array();
  let records = 0;
  for await (const piece of pieces) {
    rest = concatBytes(rest, piece);
    for (;;) {
      if (rest.length < LENGTH_BYTES) break;
      const length = readBe32(rest.subarray(0, LENGTH_BYTES));
      if (length > SNAPSHOT_RECORD_BYTES_MAX) throw malformed(records + 1, `has ${length} bytes`);
      if (rest.length < LENGTH_BYTES + length) break;
      yield rest.slice(LENGTH_BYTES, LENGTH_BYTES + length);
      rest = rest.subarray(LENGTH_BYTES + length);
      records += 1;
    }
  }
  if (rest.length > 0) throw malformed(records + 1, "is cut short");
}

function malformed(record: number, what: string): BlockError {
  return new BlockError("malformed-snapshot", `Record ${record} of the snapshot ${what}.`);
}
