// Revocation lists (X.509 CRL version 2, RFC 5280 §5), complete ones only: a list of some of an issuer's certificates
// (delta, indirect, partitioned) says nothing about the others, and reading it as complete would hide revocations.
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { readDocument } from "../der/assert-der.ts";
import { contextTag, type DerReader, malformed, readAll, TAG } from "../der/read-der.ts";
import { readTime } from "../der/time.ts";
import { readOctetBits, readSmallInteger } from "../der/values.ts";
import { AttestError } from "../error.ts";
import { EXTENSION, type Extension, readExtensions } from "./extensions.ts";
import { CRL_BYTES_MAX, SERIAL_BYTES_MAX } from "./limits.ts";
import { parseSignatureAlgorithm, type SignatureAlgorithm } from "./signature-algorithm.ts";

/** A complete list of what an issuer has revoked. Believe it only once its signature has been verified. */
export interface RevocationList {
  readonly der: Uint8Array;
  /** What the signature is over. */
  readonly tbs: Uint8Array;
  /** The issuer's DER name. */
  readonly issuer: Uint8Array;
  /** Milliseconds since 1970, both included. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** The contents of the revoked serial numbers, in hex. */
  readonly revoked: ReadonlySet<string>;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
}

const VERSION_2 = 1;

/** The list's own extensions that may be passed over: they say which list it is, not what it covers. */
const LIST_EXTENSIONS: readonly string[] = [EXTENSION.crlNumber, EXTENSION.authorityKeyIdentifier];
const ENTRY_EXTENSIONS: readonly string[] = [EXTENSION.reasonCode, EXTENSION.invalidityDate];
const PARTIAL: readonly string[] = [
  EXTENSION.deltaCrlIndicator,
  EXTENSION.issuingDistributionPoint,
  EXTENSION.certificateIssuer,
];

/**
 * The revocation list of its DER, which is copied. Throws `crl-too-large`, `crl-malformed`, `crl-unsupported`,
 * `duplicate-extension` and `unsupported-signature-algorithm`.
 */
export function parseCrl(der: Uint8Array): RevocationList {
  if (der.length > CRL_BYTES_MAX) {
    throw new AttestError("crl-too-large", `A revocation list has at most ${CRL_BYTES_MAX} bytes here.`);
  }
  const copy = new Uint8Array(der);
  try {
    return readDocument(copy, (outer) => readList(copy, outer.enter(TAG.sequence)));
  } catch (cause) {
    if (cause instanceof AttestError && cause.code === "der-malformed") {
      throw new AttestError("crl-malformed", `This is no X.509 revocation list. ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/** Whether a list names a serial number, given as the content of its INTEGER. */
export function isRevoked(list: RevocationList, serial: Uint8Array): boolean {
  return list.revoked.has(toHex(serial));
}

function readList(der: Uint8Array, reader: DerReader): RevocationList {
  const tbs = reader.element(TAG.sequence);
  const algorithm = reader.element(TAG.sequence).encoded;
  const signature = readOctetBits(reader);
  reader.assertEnd();
  return readAll(tbs.content, (fields) => {
    if (readSmallInteger(fields) !== VERSION_2) {
      throw malformed("Only revocation lists of version 2 are read.");
    }
    if (!equalBytes(fields.element(TAG.sequence).encoded, algorithm)) {
      throw malformed("The signed algorithm is not the one beside the signature.");
    }
    const issuer = fields.element(TAG.sequence).encoded;
    const thisUpdate = readTime(fields);
    const nextUpdate = readTime(fields); // Optional in X.509, required by RFC 5280 §5.1.2.5: else a list never ends.
    const revoked = fields.nextTag === TAG.sequence ? readEntries(fields.enter(TAG.sequence)) : new Set<string>();
    const wrapped = fields.optional(contextTag(0));
    assertSupported(wrapped === undefined ? [] : readAll(wrapped, readExtensions), LIST_EXTENSIONS);
    const signatureAlgorithm = parseSignatureAlgorithm(algorithm);
    return { der, tbs: tbs.encoded, issuer, thisUpdate, nextUpdate, revoked, signatureAlgorithm, signature };
  });
}

function readEntries(entries: DerReader): Set<string> {
  const revoked = new Set<string>();
  while (!entries.isAtEnd) {
    const entry = entries.enter(TAG.sequence);
    const serial = entry.content(TAG.integer);
    if (serial.length > SERIAL_BYTES_MAX) {
      throw malformed("A serial number has at most 20 bytes.");
    }
    readTime(entry); // Since when: what is revoked is not trusted for any time.
    if (!entry.isAtEnd) {
      assertSupported(readExtensions(entry), ENTRY_EXTENSIONS);
    }
    entry.assertEnd();
    revoked.add(toHex(serial));
  }
  return revoked;
}

function assertSupported(extensions: readonly Extension[], known: readonly string[]): void {
  const unsupported = extensions.find(
    ({ oid, critical }) => PARTIAL.includes(oid) || (critical && !known.includes(oid)),
  );
  if (unsupported !== undefined) {
    throw new AttestError(
      "crl-unsupported",
      `The revocation list has the extension ${unsupported.oid}: it may not cover all certificates of its issuer.`,
    );
  }
}
