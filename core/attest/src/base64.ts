// Base64 (RFC 4648 §4), strict: padded, no other characters, unused bits zero.
import { AttestError } from "./error.ts";

const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const VALUES: ReadonlyMap<string, number> = new Map([...ALPHABET].map((character, value) => [character, value]));

/** The bytes of base64 text. Throws `base64-malformed`. */
export function fromBase64(text: string): Uint8Array {
  const digits = text.replace(/={1,2}$/, "");
  if (text.length % 4 !== 0 || text.length - digits.length > 2) {
    throw malformed();
  }
  const bytes = new Uint8Array(Math.floor((digits.length * 6) / 8));
  let bits = 0;
  let held = 0;
  let offset = 0;
  for (const digit of digits) {
    const value = VALUES.get(digit);
    if (value === undefined) {
      throw malformed();
    }
    held = (held << 6) | value;
    bits += 6;
    if (bits >= 8) {
      bits -= 8;
      bytes[offset++] = held >> bits;
      held &= (1 << bits) - 1;
    }
  }
  if (held !== 0 || bits === 6) {
    throw malformed(); // Bits that belong to no byte, or a lone digit.
  }
  return bytes;
}

/** Bytes as padded base64. */
export function toBase64(bytes: Uint8Array): string {
  let text = "";
  for (let i = 0; i < bytes.length; i += 3) {
    const [a = 0, b, c] = bytes.subarray(i, i + 3);
    text += ALPHABET.charAt(a >> 2) + ALPHABET.charAt(((a & 3) << 4) | ((b ?? 0) >> 4));
    text += b === undefined ? "=" : ALPHABET.charAt(((b & 15) << 2) | ((c ?? 0) >> 6));
    text += c === undefined ? "=" : ALPHABET.charAt(c & 63);
  }
  return text;
}

function malformed(): AttestError {
  return new AttestError("base64-malformed", "Expected padded base64 without spaces or line ends.");
}
