// Writing DER (ITU-T X.690 §10), as far as certificates need it.
import { concatBytes, utf8 } from "@fogbow/core-bytes";
import { AttestError } from "../error.ts";
import { TAG } from "./read-der.ts";
import { showTime } from "./time.ts";

const UTF8_STRING = 0x0c;
const LENGTH_MAX = 0xff_ffff;

/** An element of a tag with its contents one after another. Throws `der-malformed` above 16 MiB. */
export function derElement(tag: number, ...contents: readonly Uint8Array[]): Uint8Array {
  const content = concatBytes(...contents);
  return concatBytes(Uint8Array.of(tag), lengthBytes(content.length), content);
}

/** A sequence of elements. */
export function derSequence(...elements: readonly Uint8Array[]): Uint8Array {
  return derElement(TAG.sequence, ...elements);
}

/** A positive integer of its bytes, most significant first. */
export function derInteger(magnitude: Uint8Array): Uint8Array {
  const start = magnitude.findIndex((byte) => byte !== 0);
  const digits = start < 0 ? Uint8Array.of(0) : magnitude.subarray(start);
  return derElement(TAG.integer, (digits[0] ?? 0) >= 0x80 ? Uint8Array.of(0) : new Uint8Array(), digits);
}

/** Whole bytes as a bit string. */
export function derBits(bytes: Uint8Array): Uint8Array {
  return derElement(TAG.bitString, Uint8Array.of(0), bytes);
}

/** An object identifier in dotted decimal. */
export function derObjectIdentifier(dotted: string): Uint8Array {
  const [first = 0, second = 0, ...others] = dotted.split(".").map(Number);
  return derElement(TAG.objectIdentifier, ...[first * 40 + second, ...others].map(base128));
}

/** A name that consists of a common name alone. */
export function derCommonName(text: string): Uint8Array {
  const attribute = derSequence(derObjectIdentifier("2.5.4.3"), derElement(UTF8_STRING, utf8(text)));
  return derSequence(derElement(TAG.set, attribute));
}

/** An instant in milliseconds since 1970, to the second, in the form that RFC 5280 §4.1.2.5 demands for its year. */
export function derTime(time: number): Uint8Array {
  const digits = `${showTime(time).replace(/[-:TZ]/g, "")}Z`;
  const isShort = digits >= "1950" && digits < "2050";
  return derElement(isShort ? TAG.utcTime : TAG.generalizedTime, utf8(isShort ? digits.slice(2) : digits));
}

function lengthBytes(length: number): Uint8Array {
  if (length > LENGTH_MAX) {
    throw new AttestError("der-malformed", `An element of more than ${LENGTH_MAX} bytes is not written.`);
  }
  const digits = [length >>> 16, (length >>> 8) & 0xff, length & 0xff];
  const start = digits.findIndex((byte) => byte !== 0);
  const shortest = start < 0 ? [0] : digits.slice(start);
  return length < 0x80 ? Uint8Array.of(length) : Uint8Array.of(0x80 | shortest.length, ...shortest);
}

/** A part of an object identifier: seven bits a byte, the most significant first. */
function base128(part: number): Uint8Array {
  const digits = [part % 128];
  for (let rest = Math.floor(part / 128); rest > 0; rest = Math.floor(rest / 128)) {
    digits.unshift((rest % 128) | 0x80);
  }
  return Uint8Array.from(digits);
}
