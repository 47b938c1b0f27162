// Text as UTF-8 (RFC 3629), strict in both directions: no replacement characters, byte order marks are kept.
import { assertBytes } from "./bytes.ts";
import { BytesError } from "./error.ts";

// Every engine has these encoders (WHATWG Encoding), but the `es2023` library does not declare them.
declare const TextEncoder: new () => { encode(text: string): Uint8Array };
declare const TextDecoder: new (
  label: "utf-8",
  options: { readonly fatal: boolean; readonly ignoreBOM: boolean },
) => { decode(bytes: Uint8Array): string };

/** Longer text is left to the encoder, which is the faster one from about there on. */
const SHORT_TEXT_END = 65;
const ENCODER = new TextEncoder();
const DECODER = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** Text as UTF-8 bytes. Throws `invalid-utf8` for what is no text, or holds a surrogate without its pair. */
export function utf8(text: string): Uint8Array {
  if (typeof text !== "string") {
    throw new BytesError("invalid-utf8", "Only text has a UTF-8 form."); // The encoder would write "undefined".
  }
  const ascii = tryAscii(text);
  if (ascii !== undefined) return ascii;
  if (/\p{Surrogate}/u.test(text)) {
    throw new BytesError("invalid-utf8", "The text holds half a surrogate pair, which has no UTF-8 form.");
  }
  return ENCODER.encode(text);
}

/** Short text without letters of other alphabets, which nearly all labels and names are: the encoder takes ten times as long. */
function tryAscii(text: string): Uint8Array | undefined {
  const { length } = text;
  if (length >= SHORT_TEXT_END) return undefined;
  const bytes = new Uint8Array(length);
  for (let i = 0; i < length; i++) {
    const code = text.charCodeAt(i);
    if (code > 0x7f) return undefined;
    bytes[i] = code;
  }
  return bytes;
}

/** Text of UTF-8 bytes. Throws `invalid-utf8` on anything that is not the shortest form of a code point. */
export function fromUtf8(bytes: Uint8Array): string {
  try {
    assertBytes(bytes, "UTF-8");
    return DECODER.decode(bytes);
  } catch {
    throw new BytesError("invalid-utf8", "The bytes are not UTF-8 text.");
  }
}
