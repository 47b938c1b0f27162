// Certificates and revocation lists for tests, made to order: each part of them can be replaced by one that breaks a rule.
// Keys are fresh in every run; validity is wide and times are explicit, so that no test rots (T30).
import { generateKeyPairSync, type KeyObject, sign } from "node:crypto";
import { contextTag, TAG } from "../../src/der/read-der.ts";
import {
  derBits,
  derCommonName,
  derElement,
  derInteger,
  derObjectIdentifier,
  derSequence,
  derTime,
} from "../../src/der/write-der.ts";
import { type Certificate, parseCertificate } from "../../src/x509/certificate.ts";
import type { Extension } from "../../src/x509/extensions.ts";
import {
  type CertificateSigner,
  derExtensions,
  issuerExtensions,
  leafExtensions,
  RSA_SHA256,
} from "../../src/x509/issue-certificate.ts";
import { parseCrl, type RevocationList } from "../../src/x509/revocation-list.ts";

export const NOT_BEFORE: number = Date.UTC(2020, 0, 1);
export const AT: number = Date.UTC(2026, 0, 1);
export const NOT_AFTER: number = Date.UTC(2070, 0, 1);

const ECDSA_SHA256: Uint8Array = derSequence(derObjectIdentifier("1.2.840.10045.4.3.2"));
export const ECDSA_SHA384: Uint8Array = derSequence(derObjectIdentifier("1.2.840.10045.4.3.3"));
const ED25519: Uint8Array = derSequence(derObjectIdentifier("1.3.101.112"));
const SHA384 = derSequence(derObjectIdentifier("2.16.840.1.101.3.4.2.2"), derElement(TAG.null));
export const RSA_PSS_SHA384: Uint8Array = derSequence(
  derObjectIdentifier("1.2.840.113549.1.1.10"),
  derSequence(
    derElement(contextTag(0), SHA384),
    derElement(contextTag(1), derSequence(derObjectIdentifier("1.2.840.113549.1.1.8"), SHA384)),
    derElement(contextTag(2), derInteger(Uint8Array.of(48))),
  ),
);

/** Someone with a name and a key that signs. */
export interface Party extends CertificateSigner {
  readonly name: Uint8Array;
}

export function ecParty(name: string, curve: "P-256" | "P-384" = "P-256"): Party {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: curve });
  const hash = curve === "P-256" ? "sha256" : "sha384";
  const algorithm = curve === "P-256" ? ECDSA_SHA256 : ECDSA_SHA384;
  return party(name, publicKey, algorithm, (message) => sign(hash, message, privateKey));
}

export function rsaParty(name: string, bits: number = 2048): Party {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: bits });
  return party(name, publicKey, RSA_SHA256, (message) => sign("sha256", message, privateKey));
}

export function pssParty(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
  const RSA_PKCS1_PSS_PADDING = 6;
  const key = { key: privateKey, padding: RSA_PKCS1_PSS_PADDING, saltLength: 48 };
  return party(name, publicKey, RSA_PSS_SHA384, (message) => sign("sha384", message, key));
}

export function ed25519Party(name: string): Party {
  const { privateKey, publicKey } = generateKeyPairSync("ed25519");
  return party(name, publicKey, ED25519, (message) => sign(null, message, privateKey));
}

function party(
  name: string,
  key: KeyObject,
  algorithm: Uint8Array,
  signer: (message: Uint8Array) => Uint8Array,
): Party {
  const spki = new Uint8Array(key.export({ type: "spki", format: "der" }));
  return { name: derCommonName(name), spki, algorithm, sign: (message) => new Uint8Array(signer(message)) };
}

/** What of a certificate is not as usual. `undefined` in `version` leaves the field out. */
export interface CertificateChanges {
  readonly version?: Uint8Array | undefined;
  /** The INTEGER's content. */
  readonly serial?: Uint8Array;
  readonly issuerName?: Uint8Array;
  readonly subjectName?: Uint8Array;
  readonly notBefore?: number;
  readonly notAfter?: number;
  readonly validity?: Uint8Array;
  readonly spki?: Uint8Array;
  readonly extensions?: readonly Extension[];
  /** Instead of the extensions' list. */
  readonly rawExtensions?: Uint8Array;
  /** The algorithm that is signed; the other stands beside the signature. */
  readonly signedAlgorithm?: Uint8Array;
  readonly statedAlgorithm?: Uint8Array;
  readonly signature?: Uint8Array;
  /** After everything else inside what is signed. */
  readonly trailing?: Uint8Array;
}

const VERSION_3 = derElement(contextTag(0), derInteger(Uint8Array.of(2)));

/** The DER of a certificate: an issuer's unless the extensions are changed. */
export function makeCertificate(issuer: Party, subject: Party, changes: CertificateChanges = {}): Uint8Array {
  const {
    version = VERSION_3,
    serial = Uint8Array.of(7),
    notBefore = NOT_BEFORE,
    notAfter = NOT_AFTER,
    extensions = issuerExtensions(),
  } = changes;
  const tbs = derSequence(
    ...("version" in changes && changes.version === undefined ? [] : [version]),
    derElement(TAG.integer, serial),
    changes.signedAlgorithm ?? issuer.algorithm,
    changes.issuerName ?? issuer.name,
    changes.validity ?? derSequence(derTime(notBefore), derTime(notAfter)),
    changes.subjectName ?? subject.name,
    changes.spki ?? subject.spki,
    ...(changes.rawExtensions === undefined
      ? extensions.length === 0
        ? []
        : [derElement(contextTag(3), derExtensions(extensions))]
      : [changes.rawExtensions]),
    ...(changes.trailing === undefined ? [] : [changes.trailing]),
  );
  const signature = changes.signature ?? signNow(issuer, tbs);
  return derSequence(tbs, changes.statedAlgorithm ?? issuer.algorithm, derBits(signature));
}

/** A certificate of an issuer, or with changes of anyone. */
export function certificate(issuer: Party, subject: Party, changes: CertificateChanges = {}): Certificate {
  return parseCertificate(makeCertificate(issuer, subject, changes));
}

/** A certificate of somebody who issues nothing. */
export function leafCertificate(issuer: Party, subject: Party, changes: CertificateChanges = {}): Certificate {
  return certificate(issuer, subject, { extensions: leafExtensions(), ...changes });
}

/** What of a revocation list is not as usual. */
export interface CrlChanges {
  readonly version?: Uint8Array;
  readonly issuerName?: Uint8Array;
  readonly thisUpdate?: number;
  /** `undefined` leaves the field out. */
  readonly nextUpdate?: number | undefined;
  /** Contents of serial numbers. */
  readonly revoked?: readonly Uint8Array[];
  readonly entryExtensions?: readonly Extension[];
  readonly extensions?: readonly Extension[];
  readonly signedAlgorithm?: Uint8Array;
  readonly signature?: Uint8Array;
}

/** The DER of a revocation list that names nobody unless it is told to. */
export function makeCrl(issuer: Party, changes: CrlChanges = {}): Uint8Array {
  const {
    thisUpdate = NOT_BEFORE,
    nextUpdate = NOT_AFTER,
    revoked = [],
    entryExtensions = [],
    extensions = [],
  } = changes;
  const entries = revoked.map((serial) =>
    derSequence(
      derElement(TAG.integer, serial),
      derTime(thisUpdate),
      ...(entryExtensions.length === 0 ? [] : [derExtensions(entryExtensions)]),
    ),
  );
  const tbs = derSequence(
    changes.version ?? derInteger(Uint8Array.of(1)),
    changes.signedAlgorithm ?? issuer.algorithm,
    changes.issuerName ?? issuer.name,
    derTime(thisUpdate),
    ...("nextUpdate" in changes && changes.nextUpdate === undefined ? [] : [derTime(nextUpdate)]),
    ...(entries.length === 0 ? [] : [derSequence(...entries)]),
    ...(extensions.length === 0 ? [] : [derElement(contextTag(0), derExtensions(extensions))]),
  );
  return derSequence(tbs, issuer.algorithm, derBits(changes.signature ?? signNow(issuer, tbs)));
}

export function crl(issuer: Party, changes: CrlChanges = {}): RevocationList {
  return parseCrl(makeCrl(issuer, changes));
}

/** The parties here sign at once. */
function signNow(signer: Party, message: Uint8Array): Uint8Array {
  const signature = signer.sign(message);
  if (!(signature instanceof Uint8Array)) {
    throw new Error("A test party signs at once.");
  }
  return signature;
}
