// Certificates (X.509 version 3, RFC 5280 §4), parsed strictly. Whether one is to be trusted is decided by its chain.
import { equalBytes } from "@fogbow/core-bytes";
import { readDocument } from "../der/assert-der.ts";
import { contextTag, type DerReader, malformed, readAll, TAG } from "../der/read-der.ts";
import { readTime } from "../der/time.ts";
import { readOctetBits, readSmallInteger } from "../der/values.ts";
import { AttestError } from "../error.ts";
import {
  type BasicConstraints,
  type Extension,
  type KeyUsage,
  readBasicConstraints,
  readExtensions,
  readKeyUsage,
} from "./extensions.ts";
import { CERTIFICATE_BYTES_MAX, SERIAL_BYTES_MAX } from "./limits.ts";
import { parsePublicKey, type SubjectPublicKey } from "./public-key.ts";
import { parseSignatureAlgorithm, type SignatureAlgorithm } from "./signature-algorithm.ts";

/** A certificate. Byte fields are views of one copy of its DER and must not be changed. */
export interface Certificate extends BasicConstraints {
  readonly der: Uint8Array;
  /** What the signature is over. */
  readonly tbs: Uint8Array;
  /** The content of the INTEGER: at most 20 bytes, 21 with a leading zero. */
  readonly serial: Uint8Array;
  /** DER names, compared as bytes. */
  readonly issuer: Uint8Array;
  readonly subject: Uint8Array;
  /** Milliseconds since 1970, both included. */
  readonly notBefore: number;
  readonly notAfter: number;
  /** DER SubjectPublicKeyInfo. */
  readonly spki: Uint8Array;
  readonly publicKey: SubjectPublicKey;
  readonly extensions: readonly Extension[];
  /** Undefined when every use is allowed. */
  readonly keyUsage: KeyUsage | undefined;
  readonly signatureAlgorithm: SignatureAlgorithm;
  readonly signature: Uint8Array;
}

const VERSION_3 = 2;

/**
 * The certificate of its DER, which is copied. Throws `certificate-too-large`, `certificate-malformed`,
 * `duplicate-extension`, `unsupported-key` and `unsupported-signature-algorithm`.
 */
export function parseCertificate(der: Uint8Array): Certificate {
  if (der.length > CERTIFICATE_BYTES_MAX) {
    throw new AttestError("certificate-too-large", `A certificate has at most ${CERTIFICATE_BYTES_MAX} bytes here.`);
  }
  const copy = new Uint8Array(der);
  try {
    return readDocument(copy, (outer) => readCertificate(copy, outer.enter(TAG.sequence)));
  } catch (cause) {
    if (cause instanceof AttestError && cause.code === "der-malformed") {
      throw new AttestError("certificate-malformed", `This is no X.509 certificate. ${cause.message}`, { cause });
    }
    throw cause;
  }
}

function readCertificate(der: Uint8Array, reader: DerReader): Certificate {
  const tbs = reader.element(TAG.sequence);
  const algorithm = reader.element(TAG.sequence).encoded;
  const signature = readOctetBits(reader);
  reader.assertEnd();
  return readAll(tbs.content, (fields) => {
    const version = fields.optional(contextTag(0));
    if (version === undefined || readAll(version, readSmallInteger) !== VERSION_3) {
      throw malformed("Only certificates of version 3 are read: older ones cannot say who may issue.");
    }
    const serial = fields.content(TAG.integer);
    if (serial.length > SERIAL_BYTES_MAX) {
      throw malformed("A serial number has at most 20 bytes.");
    }
    if (!equalBytes(fields.element(TAG.sequence).encoded, algorithm)) {
      throw malformed("The signed algorithm is not the one beside the signature.");
    }
    const issuer = fields.element(TAG.sequence).encoded;
    const validity = fields.enter(TAG.sequence);
    const [notBefore, notAfter] = [readTime(validity), readTime(validity)];
    validity.assertEnd();
    const subject = fields.element(TAG.sequence).encoded;
    const spki = fields.element(TAG.sequence).encoded;
    const wrapped = fields.optional(contextTag(3)); // Unique identifiers, which none has any more, are refused.
    const extensions = wrapped === undefined ? [] : readAll(wrapped, readExtensions);
    return {
      der,
      tbs: tbs.encoded,
      serial,
      issuer,
      subject,
      notBefore,
      notAfter,
      spki,
      publicKey: parsePublicKey(spki),
      extensions,
      ...readBasicConstraints(extensions),
      keyUsage: readKeyUsage(extensions),
      signatureAlgorithm: parseSignatureAlgorithm(algorithm),
      signature,
    };
  });
}
