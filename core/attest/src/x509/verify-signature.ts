// Verifying signatures of certificates, revocation lists, quotes and signed JSON, with WebCrypto; Ed25519 strictly, with
// core-crypto, as browsers differ in which of its signatures they accept.
import { concatBytes } from "@fogbow/core-bytes";
import { ed25519Verify } from "@fogbow/core-crypto";
import { readDocument } from "../der/assert-der.ts";
import { TAG } from "../der/read-der.ts";
import { readUnsigned } from "../der/values.ts";
import { type AlgorithmParameters, subtleCrypto } from "../web-crypto.ts";
import { COORDINATE_BYTES, type SubjectPublicKey } from "./public-key.ts";
import { fitsKey, type HashName, type SignatureAlgorithm } from "./signature-algorithm.ts";

/**
 * Whether `signature`, encoded as in certificates, is one of `message` by the holder of `key`. Malformed signatures, keys
 * of another kind and points off their curve are simply false. Rejects with `web-crypto-unavailable`.
 */
export async function verifySignature(
  algorithm: SignatureAlgorithm,
  key: SubjectPublicKey,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (!fitsKey(algorithm, key)) {
    return false;
  }
  if (key.kind === "ed25519") {
    return ed25519Verify(key.key, message, signature);
  }
  switch (algorithm.kind) {
    case "ecdsa": {
      const halves = key.kind === "ec" ? joinHalves(signature, COORDINATE_BYTES[key.curve]) : undefined;
      return halves !== undefined && (await verifyEcdsa(key, algorithm.hash, halves, message));
    }
    case "rsa-pkcs1":
      return await verifyWith({ name: "RSASSA-PKCS1-v1_5", hash: algorithm.hash }, key, signature, message);
    case "rsa-pss": {
      const { hash, saltLength } = algorithm;
      return await verifyWith({ name: "RSA-PSS", hash, saltLength }, key, signature, message);
    }
    case "ed25519":
      return false; // Its keys were dealt with above.
  }
}

/** Whether the signature r ‖ s, as in quotes and Intel's JSON, is one of `message` by the holder of a key on a curve. */
export async function verifyEcdsa(
  key: SubjectPublicKey,
  hash: HashName,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  if (key.kind !== "ec" || signature.length !== 2 * COORDINATE_BYTES[key.curve]) {
    return false;
  }
  return await verifyWith({ name: "ECDSA", hash, namedCurve: key.curve }, key, signature, message);
}

async function verifyWith(
  parameters: AlgorithmParameters,
  key: SubjectPublicKey,
  signature: Uint8Array,
  message: Uint8Array,
): Promise<boolean> {
  const subtle = subtleCrypto();
  try {
    const imported = await subtle.importKey("spki", key.spki, parameters, false, ["verify"]);
    return await subtle.verify(parameters, imported, signature, message);
  } catch {
    return false; // The key is no point of its curve, or the engine finds it or the signature malformed.
  }
}

/** r ‖ s of the sequence of two integers in certificates; undefined if it is none or they are too long. */
function joinHalves(signature: Uint8Array, length: number): Uint8Array | undefined {
  try {
    return readDocument(signature, (outer) => {
      const reader = outer.enter(TAG.sequence);
      const halves = [readUnsigned(reader), readUnsigned(reader)].map((half) => padStart(half, length));
      reader.assertEnd();
      return halves.some((half) => half === undefined)
        ? undefined
        : concatBytes(...halves.filter((half) => half !== undefined));
    });
  } catch {
    return undefined; // Not DER.
  }
}

function padStart(integer: Uint8Array, length: number): Uint8Array | undefined {
  if (integer.length > length) {
    return undefined;
  }
  const padded = new Uint8Array(length);
  padded.set(integer, length - integer.length);
  return padded;
}
