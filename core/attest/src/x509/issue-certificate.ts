// Issuing certificates (X.509 version 3, RFC 5280 §4), for authorities of our own: in development, and in tests.
import { contextTag, TAG } from "../der/read-der.ts";
import { derBits, derElement, derInteger, derObjectIdentifier, derSequence, derTime } from "../der/write-der.ts";
import { EXTENSION, type Extension } from "./extensions.ts";

/** A key that signs certificates. Where it is, and who makes it, is the caller's matter. */
export interface CertificateSigner {
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  /** DER AlgorithmIdentifier of its signatures. */
  readonly algorithm: Uint8Array;
  /** A signature as certificates hold it. */
  readonly sign: (message: Uint8Array) => Uint8Array | Promise<Uint8Array>;
}

/** What a certificate says. */
export interface CertificateFields {
  /** Positive, at most 20 bytes; unique for the issuer. */
  readonly serial: Uint8Array;
  /** DER names. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970, both included. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly extensions: readonly Extension[];
}

const VERSION_3 = Uint8Array.of(2);

/** DER AlgorithmIdentifier of RSA PKCS #1 v1.5 with SHA-256, the signature of most authorities. */
export const RSA_SHA256: Uint8Array = derSequence(derObjectIdentifier("1.2.840.113549.1.1.11"), derElement(TAG.null));

/** DER SubjectPublicKeyInfo of 32 bytes of Ed25519 key (RFC 8410 §4). */
export function ed25519Spki(publicKey: Uint8Array): Uint8Array {
  return derSequence(derSequence(derObjectIdentifier("1.3.101.112")), derBits(publicKey));
}

/** The DER of a certificate, signed. */
export async function issueCertificate(fields: CertificateFields, signer: CertificateSigner): Promise<Uint8Array> {
  const tbs = derSequence(
    derElement(contextTag(0), derInteger(VERSION_3)),
    derInteger(fields.serial),
    signer.algorithm,
    fields.issuer,
    derSequence(derTime(fields.notBefore), derTime(fields.notAfter)),
    fields.subject,
    fields.spki,
    ...(fields.extensions.length === 0 ? [] : [derElement(contextTag(3), derExtensions(fields.extensions))]),
  );
  return derSequence(tbs, signer.algorithm, derBits(await signer.sign(tbs)));
}

/** A list of extensions. */
export function derExtensions(extensions: readonly Extension[]): Uint8Array {
  return derSequence(
    ...extensions.map(({ oid, critical, value }) =>
      derSequence(
        derObjectIdentifier(oid),
        ...(critical ? [derElement(TAG.boolean, Uint8Array.of(0xff))] : []),
        derElement(TAG.octetString, value),
      ),
    ),
  );
}

/** The critical extensions of an issuer: it may sign certificates and revocation lists. */
export function issuerExtensions(pathLength?: number): Extension[] {
  const isCa = derElement(TAG.boolean, Uint8Array.of(0xff));
  const length = pathLength === undefined ? [] : [derInteger(Uint8Array.of(pathLength))];
  return [
    { oid: EXTENSION.basicConstraints, critical: true, value: derSequence(isCa, ...length) },
    { oid: EXTENSION.keyUsage, critical: true, value: derElement(TAG.bitString, Uint8Array.of(1, 0x06)) },
  ];
}

/** The critical extensions of a leaf: it signs data, and no certificates. */
export function leafExtensions(): Extension[] {
  return [
    { oid: EXTENSION.basicConstraints, critical: true, value: derSequence() },
    { oid: EXTENSION.keyUsage, critical: true, value: derElement(TAG.bitString, Uint8Array.of(7, 0x80)) },
  ];
}
