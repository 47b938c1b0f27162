// Which signature a certificate or a revocation list bears: AlgorithmIdentifier of RFC 5758 (ECDSA), RFC 4055 (RSA) and
// RFC 8410 (Ed25519). SHA-1 and older are refused.
import { equalBytes } from "@fogbow/core-bytes";
import { contextTag, type DerReader, malformed, readAll, TAG } from "../der/read-der.ts";
import { readObjectIdentifier, readSmallInteger } from "../der/values.ts";
import { AttestError } from "../error.ts";
import type { SubjectPublicKey } from "./public-key.ts";

/** The hashes that signatures are over, as WebCrypto names them. */
export type HashName = "SHA-256" | "SHA-384" | "SHA-512";

/** How a signature was made. Salt lengths are in bytes. */
export type SignatureAlgorithm =
  | { readonly kind: "ecdsa"; readonly hash: HashName }
  | { readonly kind: "rsa-pkcs1"; readonly hash: HashName }
  | { readonly kind: "rsa-pss"; readonly hash: HashName; readonly saltLength: number }
  | { readonly kind: "ed25519" };

const ALGORITHMS: Readonly<Record<string, SignatureAlgorithm>> = {
  "1.2.840.10045.4.3.2": { kind: "ecdsa", hash: "SHA-256" },
  "1.2.840.10045.4.3.3": { kind: "ecdsa", hash: "SHA-384" },
  "1.2.840.10045.4.3.4": { kind: "ecdsa", hash: "SHA-512" },
  "1.2.840.113549.1.1.11": { kind: "rsa-pkcs1", hash: "SHA-256" },
  "1.2.840.113549.1.1.12": { kind: "rsa-pkcs1", hash: "SHA-384" },
  "1.2.840.113549.1.1.13": { kind: "rsa-pkcs1", hash: "SHA-512" },
  "1.3.101.112": { kind: "ed25519" },
};
const RSA_PSS = "1.2.840.113549.1.1.10";
const MASK_GENERATION_1 = "1.2.840.113549.1.1.8";
const HASHES: Readonly<Record<string, HashName>> = {
  "2.16.840.1.101.3.4.2.1": "SHA-256",
  "2.16.840.1.101.3.4.2.2": "SHA-384",
  "2.16.840.1.101.3.4.2.3": "SHA-512",
};
const HASH_BYTES: Readonly<Record<HashName, number>> = { "SHA-256": 32, "SHA-384": 48, "SHA-512": 64 };

/** The algorithm of an encoded AlgorithmIdentifier. Throws `der-malformed` and `unsupported-signature-algorithm`. */
export function parseSignatureAlgorithm(encoded: Uint8Array): SignatureAlgorithm {
  return readAll(encoded, (outer) => {
    const reader = outer.enter(TAG.sequence);
    const algorithm = readAlgorithm(reader);
    reader.assertEnd();
    return algorithm;
  });
}

function readAlgorithm(reader: DerReader): SignatureAlgorithm {
  const oid = readObjectIdentifier(reader);
  if (oid === RSA_PSS) {
    return readPss(reader.enter(TAG.sequence));
  }
  const algorithm = ALGORITHMS[oid];
  if (algorithm === undefined) {
    throw unsupported(`Signatures of algorithm ${oid} are not supported.`);
  }
  if (algorithm.kind === "rsa-pkcs1") {
    reader.content(TAG.null); // RFC 4055 §5: the parameters are NULL; those of the others are absent.
  }
  return algorithm;
}

/** RSASSA-PSS-params (RFC 4055 §3.1). The defaults are SHA-1 and so cannot be left out. */
function readPss(parameters: DerReader): SignatureAlgorithm {
  const hash = readAll(parameters.content(contextTag(0)), readHash);
  const mask = readAll(parameters.content(contextTag(1)), (outer) => {
    const reader = outer.enter(TAG.sequence);
    if (readObjectIdentifier(reader) !== MASK_GENERATION_1) {
      throw unsupported("RSA-PSS is supported with MGF1 only.");
    }
    const maskHash = readHash(reader);
    reader.assertEnd();
    return maskHash;
  });
  const saltLength = readAll(parameters.content(contextTag(2)), readSmallInteger);
  const trailer = parameters.optional(contextTag(3));
  // DER would leave the default trailer out; AMD writes it.
  if (trailer !== undefined && !equalBytes(trailer, Uint8Array.of(TAG.integer, 1, 1))) {
    throw unsupported("RSA-PSS has the trailer field 1.");
  }
  parameters.assertEnd();
  if (mask !== hash || saltLength !== HASH_BYTES[hash]) {
    throw unsupported("RSA-PSS is supported with one hash for both uses, and a salt as long as the hash.");
  }
  return { kind: "rsa-pss", hash, saltLength };
}

function readHash(outer: DerReader): HashName {
  const reader = outer.enter(TAG.sequence);
  const hash = HASHES[readObjectIdentifier(reader)];
  if (hash === undefined) {
    throw unsupported("Only SHA-256, SHA-384 and SHA-512 are supported.");
  }
  if (reader.nextTag === TAG.null && reader.content(TAG.null).length !== 0) {
    throw malformed("A null is not empty.");
  }
  reader.assertEnd();
  return hash;
}

/** Whether keys of this kind make signatures of this kind. */
export function fitsKey(algorithm: SignatureAlgorithm, key: SubjectPublicKey): boolean {
  switch (algorithm.kind) {
    case "ecdsa":
      return key.kind === "ec";
    case "rsa-pkcs1":
    case "rsa-pss":
      return key.kind === "rsa";
    case "ed25519":
      return key.kind === "ed25519";
  }
}

function unsupported(message: string): AttestError {
  return new AttestError("unsupported-signature-algorithm", message);
}
