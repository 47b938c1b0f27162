// The simple values of DER (ITU-T X.690) that the simulated platform writes beside those of `der/write-der.ts`.
import { be32, utf8 } from "@fogbow/core-bytes";
import { TAG } from "../der/read-der.ts";
import { derElement, derInteger, derObjectIdentifier, derSequence } from "../der/write-der.ts";

const PRINTABLE_STRING = 0x13;
const UTF8_STRING = 0x0c;

/** An integer from 0 to 2³² − 1. */
export function derNumber(value: number): Uint8Array {
  return derInteger(be32(value));
}

/** An octet string. */
export function derOctets(bytes: Uint8Array): Uint8Array {
  return derElement(TAG.octetString, bytes);
}

/** A name of attributes, in order. Countries are printable strings, everything else UTF-8. */
export function derName(...attributes: readonly (readonly [oid: string, value: string])[]): Uint8Array {
  return derSequence(
    ...attributes.map(([oid, value]) => {
      const tag = oid === COUNTRY ? PRINTABLE_STRING : UTF8_STRING;
      return derElement(TAG.set, derSequence(derObjectIdentifier(oid), derElement(tag, utf8(value))));
    }),
  );
}

/** The attributes of names (X.520). */
export const COMMON_NAME = "2.5.4.3";
export const COUNTRY = "2.5.4.6";
export const LOCALITY = "2.5.4.7";
export const STATE = "2.5.4.8";
export const ORGANIZATION = "2.5.4.10";
