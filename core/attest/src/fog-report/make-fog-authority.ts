// A Fog authority of one's own: root, intermediate, and the Ed25519 key of a report service, with their certificates. For
// development and tests; an operator's root stays offline with whoever vouches for the operator.
import { concatBytes, fromHex, type Random } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { toPem } from "../der/pem.ts";
import { derCommonName } from "../der/write-der.ts";
import {
  type CertificateFields,
  type CertificateSigner,
  ed25519Spki,
  issueCertificate,
  issuerExtensions,
  leafExtensions,
} from "../x509/issue-certificate.ts";

/** What an authority is called, and how long it lasts. */
export interface FogAuthorityOptions {
  /** The beginning of the names in its certificates. */
  readonly name: string;
  /** Milliseconds since 1970, both included. */
  readonly notBefore: number;
  readonly notAfter: number;
}

/** What an authority is made with. */
export interface FogAuthorityParts {
  /** Usually RSA keys, which the platform makes. */
  readonly root: CertificateSigner;
  readonly intermediate: CertificateSigner;
  readonly random: Random;
}

/** The files of an authority, as report services and makers of addresses take them. */
export interface FogAuthority {
  readonly rootPem: string;
  /** Leaf first. */
  readonly chainPem: string;
  /** The report service's key in PKCS #8: a secret. */
  readonly keyPem: string;
  /** DER certificates, leaf first. */
  readonly chain: readonly Uint8Array[];
  /** The report service's key. Wipe it when the files are written. */
  readonly key: Ed25519PrivateKey;
}

/** PKCS #8 of an Ed25519 seed (RFC 8410 §7), up to the seed. */
const PKCS8_PREFIX = fromHex("302e020100300506032b657004220420");
const SERIAL_BYTES = 16;

/** Makes an authority with a fresh key for the report service. */
export async function makeFogAuthority(
  { name, notBefore, notAfter }: FogAuthorityOptions,
  { root, intermediate, random }: FogAuthorityParts,
): Promise<FogAuthority> {
  const key = Ed25519PrivateKey.random(random);
  const names = {
    root: derCommonName(`${name} root`),
    intermediate: derCommonName(`${name} intermediate`),
    leaf: derCommonName(`${name} report signer`),
  };
  const issue = (
    fields: Pick<CertificateFields, "issuer" | "subject" | "spki" | "extensions">,
    signer: CertificateSigner,
  ): Promise<Uint8Array> => issueCertificate({ ...fields, serial: freshSerial(random), notBefore, notAfter }, signer);

  const rootDer = await issue(
    { issuer: names.root, subject: names.root, spki: root.spki, extensions: issuerExtensions() },
    root,
  );
  const intermediateDer = await issue(
    { issuer: names.root, subject: names.intermediate, spki: intermediate.spki, extensions: issuerExtensions(0) },
    root,
  );
  const spki = ed25519Spki(key.publicKey());
  const leafDer = await issue(
    { issuer: names.intermediate, subject: names.leaf, spki, extensions: leafExtensions() },
    intermediate,
  );
  const chain = [leafDer, intermediateDer, rootDer];
  return {
    rootPem: toPem(rootDer),
    chainPem: chain.map((der) => toPem(der)).join(""),
    keyPem: toPem(concatBytes(PKCS8_PREFIX, key.expose()), "PRIVATE KEY"),
    chain,
    key,
  };
}

/** A positive number that nobody has used before. */
function freshSerial(random: Random): Uint8Array {
  const serial = random(SERIAL_BYTES);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40; // Never zero, and of one length.
  return serial;
}
