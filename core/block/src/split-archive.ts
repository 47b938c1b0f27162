// Cuts a merged archive file into its blocks without decoding them: a merged file can be large, one block of it is not,
// and a file that is cut off still gives the blocks before the cut.
import { BlockError } from "./error.ts";

/** Field 1 of wire type 2: a length and so many bytes. The message has no other field. */
const BLOCKS_TAG = 0x0a;

/** The encoded blocks of a merged archive that starts with `firstIndex`. Throws `malformed-archive` where it is damaged. */
export function* splitArchive(encoded: Uint8Array, firstIndex: bigint): Generator<Uint8Array, void, undefined> {
  let position = 0;
  for (let blockIndex = firstIndex; position < encoded.length; blockIndex += 1n) {
    const refuse = (what: string): never => {
      throw new BlockError("malformed-archive", `Block ${blockIndex}: the merged archive ${what}.`, { blockIndex });
    };
    if (encoded[position] !== BLOCKS_TAG) {
      refuse("holds something that is not a block");
    }
    const length = readLength(encoded, position + 1) ?? refuse("is cut off in a length");
    const end = length.end + length.value;
    if (end > encoded.length) {
      refuse("is cut off");
    }
    yield encoded.subarray(length.end, end);
    position = end;
  }
}

/** A base-128 integer of at most five bytes; undefined when there is none. */
function readLength(encoded: Uint8Array, start: number): { readonly value: number; readonly end: number } | undefined {
  let value = 0;
  for (let i = 0; i < 5; i++) {
    const byte = encoded[start + i];
    if (byte === undefined) {
      return undefined;
    }
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) {
      return { value, end: start + i + 1 };
    }
  }
  return undefined;
}
