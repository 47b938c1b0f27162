// The frame of a printable code (spec 01 §3): base58 of a checksum and a payload.
import { concatBytes, crc32, le32, readLe32, wipeBytes } from "@fogbow/core-bytes";
import { base58 } from "@scure/base";
import { AccountError } from "./error.ts";
import { CODE_BYTES_MAX, CODE_LENGTH_MAX } from "./limits.ts";

const CHECKSUM_BYTES = 4;
const FOREIGN_SCHEME = /^[a-z][a-z0-9+.-]*:/i;
const FOREIGN_CHARACTER = /[^1-9A-HJ-NP-Za-km-z]/u;

/** base58(LE32(crc32(payload)) ‖ payload). Throws `code-too-long`. */
export function frameCode(payload: Uint8Array): string {
  const framed = concatBytes(le32(crc32(payload)), payload);
  try {
    expectAtMost(CODE_BYTES_MAX, framed.length);
    return base58.encode(framed);
  } finally {
    wipeBytes(framed); // Gift codes and transfer payloads are secret.
  }
}

/**
 * The payload of a code, at least one byte, in a new array. Throws `foreign-prefix` for a URI of any scheme,
 * `code-too-long`, `bad-base58`, `code-too-short` or `bad-code-checksum`.
 */
export function unframeCode(code: string): Uint8Array {
  if (typeof code !== "string") {
    throw new AccountError("bad-base58", "A code is text.");
  }
  if (FOREIGN_SCHEME.test(code)) {
    throw new AccountError("foreign-prefix", "This is a link of some scheme, not a MobileCoin code.");
  }
  expectAtMost(CODE_LENGTH_MAX, code.length);
  const foreign = code.search(FOREIGN_CHARACTER);
  if (foreign >= 0) {
    throw new AccountError("bad-base58", `Character ${foreign + 1} of this code is not a base58 character.`);
  }
  const framed = base58.decode(code);
  try {
    return checkedPayload(framed);
  } finally {
    wipeBytes(framed);
  }
}

/** A copy of the payload, when the checksum before it matches. */
function checkedPayload(framed: Uint8Array): Uint8Array {
  expectAtMost(CODE_BYTES_MAX, framed.length);
  if (framed.length <= CHECKSUM_BYTES) {
    throw new AccountError("code-too-short", "This code is too short to hold anything.");
  }
  if (crc32(framed.subarray(CHECKSUM_BYTES)) !== readLe32(framed)) {
    throw new AccountError("bad-code-checksum", "This code was mistyped or cut: its checksum does not match.");
  }
  return framed.slice(CHECKSUM_BYTES);
}

function expectAtMost(limit: number, length: number): void {
  if (length > limit) {
    throw new AccountError("code-too-long", `A code has at most ${CODE_LENGTH_MAX} characters.`);
  }
}
