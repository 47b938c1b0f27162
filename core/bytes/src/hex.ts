// Hexadecimal text for byte strings (RFC 4648 §8). Hex lives at the edges: files, logs, tests.
import { hex } from "@scure/base";
import { assertBytes } from "./bytes.ts";
import { BytesError } from "./error.ts";

/** Bytes as lower-case hexadecimal. Throws `invalid-length` for what is no byte string. */
export function toHex(bytes: Uint8Array): string {
  assertBytes(bytes, "What is written in hex");
  return hex.encode(bytes);
}

/** Bytes of hexadecimal text in either case. Throws `invalid-hex`, without repeating the text. */
export function fromHex(text: string): Uint8Array {
  try {
    return hex.decode(text);
  } catch {
    // The library's message quotes the text, which may be a key: it is not kept as the cause.
    throw new BytesError("invalid-hex", "Expected an even number of hexadecimal digits.");
  }
}
