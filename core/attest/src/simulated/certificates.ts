// The certificates and revocation lists of simulated platforms (RFC 5280), signed with keys that protect nobody.
import { concatBytes } from "@fogbow/core-bytes";
import { contextTag, TAG } from "../der/read-der.ts";
import { ecPublicKey } from "../x509/public-key.ts";
import { type SimulatedKey, simulatedSign } from "./ecdsa.ts";
import {
  bitString,
  element,
  integer,
  longInteger,
  objectIdentifier,
  octetString,
  sequence,
  time,
} from "./write-der.ts";

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
  const tbs = sequence(
    element(contextTag(0), integer(2)),
    integer(serial),
    ECDSA_WITH_SHA256,
    issuer,
    sequence(time(notBefore), time(notAfter)),
    subject,
    ecPublicKey("P-256", publicKey).spki,
    element(contextTag(3), sequence(...extensions.map(writeExtension))),
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
  const entries = revoked.map((serial) => sequence(integer(serial), time(thisUpdate)));
  const tbs = sequence(
    integer(1),
    ECDSA_WITH_SHA256,
    issuer,
    time(thisUpdate),
    time(nextUpdate),
    ...(entries.length === 0 ? [] : [sequence(...entries)]),
    element(contextTag(0), sequence(writeExtension({ oid: "2.5.29.20", critical: false, value: integer(1) }))),
  );
  return signed(tbs, issuerKey);
}

/** Basic constraints and key usage of a key that issues certificates, or of one that signs other things. */
export function usage(kind: "authority" | "signer"): SimulatedExtension[] {
  const isAuthority = kind === "authority";
  const basic = sequence(...(isAuthority ? [element(TAG.boolean, Uint8Array.of(0xff))] : []));
  // keyCertSign and cRLSign, or digitalSignature and nonRepudiation.
  const uses = element(TAG.bitString, isAuthority ? Uint8Array.of(1, 0x06) : Uint8Array.of(6, 0xc0));
  return [
    { oid: "2.5.29.19", critical: true, value: basic },
    { oid: "2.5.29.15", critical: true, value: uses },
  ];
}

const ECDSA_WITH_SHA256 = sequence(objectIdentifier("1.2.840.10045.4.3.2"));

function writeExtension({ oid, critical, value }: SimulatedExtension): Uint8Array {
  const flag = critical ? [element(TAG.boolean, Uint8Array.of(0xff))] : [];
  return sequence(objectIdentifier(oid), ...flag, octetString(value));
}

function signed(tbs: Uint8Array, key: SimulatedKey): Uint8Array {
  const signature = simulatedSign(key, tbs);
  const halves = sequence(longInteger(signature.subarray(0, 32)), longInteger(signature.subarray(32)));
  return sequence(concatBytes(tbs, ECDSA_WITH_SHA256, bitString(halves)));
}
