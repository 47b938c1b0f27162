// The frame of a printable code (spec 01 §3): base58 of a checksum and a payload.
import { concatBytes, crc32, le32, readLe32 } from "@fogbow/core-bytes";
import { base58 } from "@scure/base";
import { AccountError } from "./error.ts";
import { CODE_LENGTH_MAX } from "./limits.ts";

const CHECKSUM_BYTES = 4;
const FOREIGN_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const FOREIGN_CHARACTER = /[^1-9A-HJ-NP-Za-km-z]/u;

/** base58(LE32(crc32(payload)) ‖ payload). Throws `code-too-long`. */
export function frameCode(payload: Uint8Array): string {
  const code = base58.encode(concatBytes(le32(crc32(payload)), payload));
  checkLength(code);
  return code;
}

/**
 * The payload of a code, at least one byte, in a new array. Throws `foreign-prefix` for a URI of any scheme,
 * `code-too-long`, `bad-base58`, `code-too-short` or `bad-code-checksum`.
 */
export function unframeCode(code: string): Uint8Array {
  if (FOREIGN_SCHEME.test(code)) {
    throw new AccountError("foreign-prefix", "This is a link of some scheme, not a MobileCoin code.");
  }
  checkLength(code);
  const foreign = code.search(FOREIGN_CHARACTER);
  if (foreign >= 0) {
    throw new AccountError("bad-base58", `Character ${foreign + 1} of this code is not a base58 character.`);
  }
  const framed = base58.decode(code);
  if (framed.length <= CHECKSUM_BYTES) {
    throw new AccountError("code-too-short", "This code is too short to hold anything.");
  }
  const payload = framed.slice(CHECKSUM_BYTES);
  const expected = readLe32(framed);
  framed.fill(0); // Gift codes and transfer payloads are secret.
  if (crc32(payload) !== expected) {
    payload.fill(0);
    throw new AccountError("bad-code-checksum", "This code was mistyped or cut: its checksum does not match.");
  }
  return payload;
}

function checkLength(code: string): void {
  if (code.length > CODE_LENGTH_MAX) {
    throw new AccountError("code-too-long", `A code has at most ${CODE_LENGTH_MAX} characters.`);
  }
}
