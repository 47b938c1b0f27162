// Text as UTF-8 (RFC 3629), strict in both directions: no replacement characters, byte order marks are kept.
import { assertBytes } from "./bytes.ts";
import { BytesError } from "./error.ts";

// Every engine has these encoders (WHATWG Encoding), but the `es2023` library does not declare them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** Text as UTF-8 bytes. Throws `invalid-utf8` for what is no text, or holds a surrogate without its pair. */
export function utf8(text: string): Uint8Array {
  if (typeof text !== "string") {
    throw new BytesError("invalid-utf8", "Only text has a UTF-8 form."); // The encoder would write "undefined".
  }
  if (/\p{Surrogate}/u.test(text)) {
    throw new BytesError("invalid-utf8", "The text holds half a surrogate pair, which has no UTF-8 form.");
  }
  return new TextEncoder().encode(text);
}

/** Text of UTF-8 bytes. Throws `invalid-utf8` on anything that is not the shortest form of a code point. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    assertBytes(bytes, "UTF-8");
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw new BytesError("invalid-utf8", "The bytes are not UTF-8 text.");
  }
}
