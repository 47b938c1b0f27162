// Extensions of certificates and revocation lists (RFC 5280 §4.2, §5.2): the list itself, and those that chains are
// verified by.
import { readDocument } from "../der/assert-der.ts";
import { type DerReader, malformed, TAG } from "../der/read-der.ts";
import { readDefaultFalse, readObjectIdentifier, readSmallInteger } from "../der/values.ts";
import { AttestError } from "../error.ts";
import { EXTENSIONS_MAX } from "./limits.ts";

/** An extension whose value is DER of its own, except where its owner says otherwise. */
export interface Extension {
  /** In dotted decimal. */
  readonly oid: string;
  readonly critical: boolean;
  readonly value: Uint8Array;
}

/** The extensions that are looked at, by name. */
export const EXTENSION = {
  keyUsage: "2.5.29.15",
  basicConstraints: "2.5.29.19",
  crlNumber: "2.5.29.20",
  reasonCode: "2.5.29.21",
  invalidityDate: "2.5.29.24",
  deltaCrlIndicator: "2.5.29.27",
  issuingDistributionPoint: "2.5.29.28",
  certificateIssuer: "2.5.29.29",
  nameConstraints: "2.5.29.30",
  authorityKeyIdentifier: "2.5.29.35",
  policyConstraints: "2.5.29.36",
  inhibitAnyPolicy: "2.5.29.54",
} as const;

/** A list of extensions, none of them twice. Throws `der-malformed` and `duplicate-extension`. */
export function readExtensions(reader: DerReader): Extension[] {
  const items = reader.enter(TAG.sequence);
  const extensions: Extension[] = [];
  if (items.isAtEnd) {
    throw malformed("A list of extensions is empty.");
  }
  while (!items.isAtEnd) {
    const item = items.enter(TAG.sequence);
    const extension = {
      oid: readObjectIdentifier(item),
      critical: readDefaultFalse(item),
      value: item.content(TAG.octetString),
    };
    item.assertEnd();
    if (extensions.some(({ oid }) => oid === extension.oid)) {
      throw new AttestError("duplicate-extension", `The extension ${extension.oid} is there twice.`);
    }
    extensions.push(extension);
    if (extensions.length > EXTENSIONS_MAX) {
      throw malformed(`There are more than ${EXTENSIONS_MAX} extensions.`);
    }
  }
  return extensions;
}

/** The value of an extension; undefined when it is not there. */
export function extensionValue(extensions: readonly Extension[], oid: string): Uint8Array | undefined {
  return extensions.find((extension) => extension.oid === oid)?.value;
}

/** Whether a key may issue certificates, and over how many certificates of issuers (undefined: any number). */
export interface BasicConstraints {
  readonly isCa: boolean;
  readonly pathLength: number | undefined;
}

/** Basic constraints; without the extension a key issues nothing. Throws `der-malformed`. */
export function readBasicConstraints(extensions: readonly Extension[]): BasicConstraints {
  const value = extensionValue(extensions, EXTENSION.basicConstraints);
  if (value === undefined) {
    return { isCa: false, pathLength: undefined };
  }
  return readDocument(value, (outer) => {
    const reader = outer.enter(TAG.sequence);
    const isCa = readDefaultFalse(reader);
    const pathLength = reader.isAtEnd ? undefined : readSmallInteger(reader);
    reader.assertEnd();
    if (!isCa && pathLength !== undefined) {
      throw malformed("A path length is stated for a key that may not issue certificates.");
    }
    return { isCa, pathLength };
  });
}

/** What a key may be used for, of the uses that are looked at. */
export interface KeyUsage {
  readonly digitalSignature: boolean;
  readonly keyCertSign: boolean;
  readonly crlSign: boolean;
}

/** Key usage; undefined without the extension, which allows every use. Throws `der-malformed`. */
export function readKeyUsage(extensions: readonly Extension[]): KeyUsage | undefined {
  const value = extensionValue(extensions, EXTENSION.keyUsage);
  if (value === undefined) {
    return undefined;
  }
  const content = readDocument(value, (reader) => reader.content(TAG.bitString));
  const [, bits = 0, more = 0] = content;
  // DER would leave out bits at the end that are not set (X.690 §11.2.2); AMD writes them.
  if (content.length < 2 || content.length > 3 || (bits | more) === 0) {
    throw malformed("Key usage names no use, or more than there are.");
  }
  return { digitalSignature: (bits & 0x80) !== 0, keyCertSign: (bits & 0x04) !== 0, crlSign: (bits & 0x02) !== 0 };
}
