// Public keys as certificates hold them: SubjectPublicKeyInfo (RFC 5280 §4.1.2.7) of RSA (RFC 3279), elliptic-curve
// (RFC 5480) and Ed25519 keys (RFC 8410). Other kinds, short RSA keys and other curves are refused.
import { concatBytes, fromHex } from "@fogbow/core-bytes";
import { readDocument } from "../der/assert-der.ts";
import { type DerReader, TAG } from "../der/read-der.ts";
import { readObjectIdentifier, readOctetBits, readUnsigned } from "../der/values.ts";
import { AttestError } from "../error.ts";
import { RSA_BITS_MAX } from "./limits.ts";

/** The curves that signatures are verified on. */
export type Curve = "P-256" | "P-384";

/** A public key with its DER SubjectPublicKeyInfo. */
export type SubjectPublicKey =
  | { readonly kind: "rsa"; readonly spki: Uint8Array; readonly bits: number }
  | { readonly kind: "ec"; readonly spki: Uint8Array; readonly curve: Curve }
  | { readonly kind: "ed25519"; readonly spki: Uint8Array; readonly key: Uint8Array };

const RSA_BITS_MIN = 2_048;
const RSA_EXPONENT_BYTES_MAX = 4; // Longer ones only make verification slow.

const RSA_ENCRYPTION = "1.2.840.113549.1.1.1";
const EC_PUBLIC_KEY = "1.2.840.10045.2.1";
const ED25519 = "1.3.101.112";
const CURVES: Readonly<Record<string, Curve>> = { "1.2.840.10045.3.1.7": "P-256", "1.3.132.0.34": "P-384" };

/** Bytes of one coordinate, and of each half of a signature. */
export const COORDINATE_BYTES: Readonly<Record<Curve, number>> = { "P-256": 32, "P-384": 48 };

/** A key of its SubjectPublicKeyInfo. Throws `der-malformed` and `unsupported-key`. */
export function parsePublicKey(spki: Uint8Array): SubjectPublicKey {
  return readDocument(spki, (outer) => {
    const reader = outer.enter(TAG.sequence);
    const algorithm = reader.enter(TAG.sequence);
    const oid = readObjectIdentifier(algorithm);
    const key = parseKey(spki, { oid, parameters: algorithm, bits: readOctetBits(reader) });
    algorithm.assertEnd();
    reader.assertEnd();
    return key;
  });
}

/** What a SubjectPublicKeyInfo consists of. */
interface KeyParts {
  readonly oid: string;
  readonly parameters: DerReader;
  readonly bits: Uint8Array;
}

function parseKey(spki: Uint8Array, { oid, parameters, bits }: KeyParts): SubjectPublicKey {
  switch (oid) {
    case RSA_ENCRYPTION:
      parameters.content(TAG.null);
      return { kind: "rsa", spki, bits: rsaBits(bits) };
    case EC_PUBLIC_KEY:
      return { kind: "ec", spki, curve: curveOf(readObjectIdentifier(parameters), bits) };
    case ED25519:
      if (bits.length !== 32) {
        throw unsupported("An Ed25519 key is 32 bytes.");
      }
      return { kind: "ed25519", spki, key: bits };
    default:
      throw unsupported(`Keys of algorithm ${oid} are not supported.`);
  }
}

/** Held to DER, as zeros before a short modulus would make it look long enough, and engines pass over them. */
function rsaBits(encoded: Uint8Array): number {
  const { modulus, exponent } = readDocument(encoded, (outer) => {
    const reader = outer.enter(TAG.sequence);
    const parts = { modulus: readUnsigned(reader), exponent: readUnsigned(reader) };
    reader.assertEnd();
    return parts;
  });
  const first = modulus[0] ?? 0;
  const bits = modulus.length * 8 - (first === 0 ? 0 : Math.clz32(first) - 24);
  if (bits < RSA_BITS_MIN || bits > RSA_BITS_MAX) {
    throw unsupported(`An RSA key has ${RSA_BITS_MIN} to ${RSA_BITS_MAX} bits, not ${bits}.`);
  }
  const small = exponent.length === 1 && (exponent[0] ?? 0) < 3;
  const even = ((exponent[exponent.length - 1] ?? 0) & 1) === 0;
  if (exponent.length > RSA_EXPONENT_BYTES_MAX || small || even) {
    throw unsupported("The exponent of an RSA key is odd, at least 3, and below 2³².");
  }
  return bits;
}

function curveOf(oid: string, point: Uint8Array): Curve {
  const curve = CURVES[oid];
  if (curve === undefined) {
    throw unsupported(`The curve ${oid} is not supported.`);
  }
  // Whether the point is on the curve is checked when a signature is verified with it.
  if (point[0] !== 0x04 || point.length !== 1 + 2 * COORDINATE_BYTES[curve]) {
    throw unsupported(`A ${curve} key is an uncompressed point.`);
  }
  return curve;
}

const SPKI_PREFIXES: Readonly<Record<Curve, Uint8Array>> = {
  "P-256": fromHex("3059301306072a8648ce3d020106082a8648ce3d03010703420004"),
  "P-384": fromHex("3076301006072a8648ce3d020106052b8104002203620004"),
};

/** The key whose coordinates are x ‖ y, as in quotes. Throws `unsupported-key` for another length. */
export function ecPublicKey(curve: Curve, coordinates: Uint8Array): SubjectPublicKey {
  if (coordinates.length !== 2 * COORDINATE_BYTES[curve]) {
    throw unsupported(`The coordinates of a ${curve} key are ${2 * COORDINATE_BYTES[curve]} bytes.`);
  }
  return { kind: "ec", spki: concatBytes(SPKI_PREFIXES[curve], coordinates), curve };
}

function unsupported(message: string): AttestError {
  return new AttestError("unsupported-key", message);
}
