// A certificate authority for the servers of one network (RFC 5280, RFC 6125): for networks that one makes for oneself, whose
// members trust it and nobody else.
import { type Random, utf8 } from "@fogbow/core-bytes";
import { toPem } from "../der/pem.ts";
import { derCommonName, derElement, derObjectIdentifier, derSequence } from "../der/write-der.ts";
import type { Extension } from "./extensions.ts";
import {
  type CertificateFields,
  type CertificateSigner,
  issueCertificate,
  issuerExtensions,
  leafExtensions,
} from "./issue-certificate.ts";

/** DER AlgorithmIdentifier of ECDSA with SHA-256. */
export const ECDSA_SHA256: Uint8Array = derSequence(derObjectIdentifier("1.2.840.10045.4.3.2"));

/** What an authority is called, and how long its certificates last. */
export interface TlsAuthorityOptions {
  readonly name: string;
  /** Milliseconds since 1970, both included. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** An authority. Who has its signer can speak for every server: it is best forgotten once all have certificates. */
export interface TlsAuthority {
  /** Its own certificate, which callers trust. */
  readonly certificatePem: string;
  /** The certificate of a server at a host, a name or an IPv4 address, whose key this is (DER SubjectPublicKeyInfo). */
  readonly issue: (host: string, spki: Uint8Array) => Promise<string>;
}

const SUBJECT_ALT_NAME = "2.5.29.17";
const EXTENDED_KEY_USAGE = "2.5.29.37";
const SERVER_AUTH = "1.3.6.1.5.5.7.3.1";
const DNS_NAME = 0x82;
const IP_ADDRESS = 0x87;
const SERIAL_BYTES = 16;

/** Makes an authority whose certificates nobody may pass on. */
export async function makeTlsAuthority(
  { name, notBefore, notAfter }: TlsAuthorityOptions,
  { signer, random }: { readonly signer: CertificateSigner; readonly random: Random },
): Promise<TlsAuthority> {
  const issuer = derCommonName(name);
  const issue = async (fields: Pick<CertificateFields, "subject" | "spki" | "extensions">): Promise<string> =>
    toPem(await issueCertificate({ ...fields, issuer, serial: freshSerial(random), notBefore, notAfter }, signer));
  return {
    certificatePem: await issue({ subject: issuer, spki: signer.spki, extensions: issuerExtensions(0) }),
    issue: (host, spki) =>
      issue({ subject: derCommonName(host), spki, extensions: [...leafExtensions(), ...serverExtensions(host)] }),
  };
}

/** Which server it is: callers look at this, and not at the subject. */
function serverExtensions(host: string): Extension[] {
  const address = /^\d{1,3}(\.\d{1,3}){3}$/.test(host) ? Uint8Array.from(host.split(".").map(Number)) : undefined;
  const name = address === undefined ? derElement(DNS_NAME, utf8(host)) : derElement(IP_ADDRESS, address);
  return [
    { oid: SUBJECT_ALT_NAME, critical: false, value: derSequence(name) },
    { oid: EXTENDED_KEY_USAGE, critical: false, value: derSequence(derObjectIdentifier(SERVER_AUTH)) },
  ];
}

/** A positive number that nobody has used before. */
function freshSerial(random: Random): Uint8Array {
  const serial = random(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40; // Never zero, and of one length.
  return serial;
}
