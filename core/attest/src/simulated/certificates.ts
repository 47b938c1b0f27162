// The certificates and revocation lists of simulated platforms (RFC 5280), signed with keys that protect nobody.
import { concatBytes } from "@fogbow/core-bytes";
import { contextTag, TAG } from "../der/read-der.ts";
import { derBits, derElement, derInteger, derObjectIdentifier, derSequence, derTime } from "../der/write-der.ts";
import { ecPublicKey } from "../x509/public-key.ts";
import { type SimulatedKey, simulatedSign } from "./ecdsa.ts";
import { derNumber, derOctets } from "./write-der.ts";

/** An extension of a certificate. */
export interface SimulatedExtension {
  readonly oid: string;
  readonly critical: boolean;
  /** DER. */
  readonly value: Uint8Array;
}

/** What a certificate says. */
export interface SimulatedCertificate {
  readonly serial: number;
  /** DER names. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** The public point: 64 bytes x ‖ y. */
  readonly publicKey: Uint8Array;
  readonly extensions: readonly SimulatedExtension[];
}

/** A certificate signed with the issuer's key, as DER. */
export function writeCertificate(certificate: SimulatedCertificate, issuerKey: SimulatedKey): Uint8Array {
  const { serial, issuer, subject, notBefore, notAfter, publicKey, extensions } = certificate;
  const tbs = derSequence(
    derElement(contextTag(0), derNumber(2)),
    derNumber(serial),
    ECDSA_WITH_SHA256,
    issuer,
    derSequence(derTime(notBefore), derTime(notAfter)),
    subject,
    ecPublicKey("P-256", publicKey).spki,
    derElement(contextTag(3), derSequence(...extensions.map(writeExtension))),
  );
  return signed(tbs, issuerKey);
}

/** What a revocation list says. */
export interface SimulatedCrl {
  /** A DER name. */
  readonly issuer: Uint8Array;
  /** Milliseconds since 1970. */
  readonly thisUpdate: number;
  readonly nextUpdate: number;
  /** Serial numbers. */
  readonly revoked: readonly number[];
}

/** A revocation list signed with the issuer's key, as DER. */
export function writeCrl(
  { issuer, thisUpdate, nextUpdate, revoked }: SimulatedCrl,
  issuerKey: SimulatedKey,
): Uint8Array {
  const entries = revoked.map((serial) => derSequence(derNumber(serial), derTime(thisUpdate)));
  const tbs = derSequence(
    derNumber(1),
    ECDSA_WITH_SHA256,
    issuer,
    derTime(thisUpdate),
    derTime(nextUpdate),
    ...(entries.length === 0 ? [] : [derSequence(...entries)]),
    derElement(contextTag(0), derSequence(writeExtension({ oid: "2.5.29.20", critical: false, value: derNumber(1) }))),
  );
  return signed(tbs, issuerKey);
}

/** Basic constraints and key usage of a key that issues certificates, or of one that signs other things. */
export function usage(kind: "authority" | "signer"): SimulatedExtension[] {
  const isAuthority = kind === "authority";
  const basic = derSequence(...(isAuthority ? [derElement(TAG.boolean, Uint8Array.of(0xff))] : []));
  // keyCertSign and cRLSign, or digitalSignature and nonRepudiation.
  const uses = derElement(TAG.bitString, isAuthority ? Uint8Array.of(1, 0x06) : Uint8Array.of(6, 0xc0));
  return [
    { oid: "2.5.29.19", critical: true, value: basic },
    { oid: "2.5.29.15", critical: true, value: uses },
  ];
}

const ECDSA_WITH_SHA256 = derSequence(derObjectIdentifier("1.2.840.10045.4.3.2"));

function writeExtension({ oid, critical, value }: SimulatedExtension): Uint8Array {
  const flag = critical ? [derElement(TAG.boolean, Uint8Array.of(0xff))] : [];
  return derSequence(derObjectIdentifier(oid), ...flag, derOctets(value));
}

function signed(tbs: Uint8Array, key: SimulatedKey): Uint8Array {
  const signature = simulatedSign(key, tbs);
  const halves = derSequence(derInteger(signature.subarray(0, 32)), derInteger(signature.subarray(32)));
  return derSequence(concatBytes(tbs, ECDSA_WITH_SHA256, derBits(halves)));
}
