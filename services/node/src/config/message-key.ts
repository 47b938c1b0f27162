// The keys that nodes sign their messages with, as text: hex, or DER (RFC 8410) in base64, with the alphabet of URLs in URIs.
import { type Bytes, bytes, fromHex, toHex, wipeBytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, isEd25519PublicKey } from "@fogbow/core-crypto";
import { ConfigError, type ConfigPlace } from "./error.ts";

const KEY_BYTES = 32;
/** SubjectPublicKeyInfo of Ed25519, up to the key. */
const SPKI_PREFIX = "302a300506032b6570032100";
/** PrivateKeyInfo of Ed25519, up to the seed; PKCS#8 version 2 has more behind it. */
const PKCS8_PREFIX = "302e020100300506032b657004220420";

/** A public key of 64 hexadecimal digits or DER in base64. Throws `invalid-message-key`. */
export function parseMessageKey(text: string, place: ConfigPlace): Bytes<32> {
  const key = /^[0-9a-fA-F]{64}$/.test(text) ? fromHex(text) : afterPrefix(decodeBase64(text), SPKI_PREFIX);
  if (key === undefined || !isEd25519PublicKey(key)) {
    const message = "It is no Ed25519 public key: 64 hexadecimal digits, or DER in base64 for URLs.";
    throw new ConfigError("invalid-message-key", place, message, { values: [text, "an Ed25519 public key"] });
  }
  return bytes(key, KEY_BYTES, "A message key");
}

/** A public key as `consensus-msg-key` has it: DER in base64 with the alphabet of URLs, padded. */
export function formatMessageKey(publicKey: Uint8Array): string {
  const der = Buffer.concat([fromHex(SPKI_PREFIX), publicKey]);
  return der.toString("base64").replaceAll("+", "-").replaceAll("/", "_");
}

/** A private key: DER in base64, or the same as PEM. Throws `invalid-message-key`, without repeating the text. */
export function parseMessageSigner(text: string, place: ConfigPlace): Ed25519PrivateKey {
  const body = /-----BEGIN PRIVATE KEY-----([A-Za-z0-9+/=\s]+)-----END PRIVATE KEY-----/.exec(text)?.[1] ?? text;
  const der = decodeBase64(body.replace(/\s+/g, ""));
  try {
    const seed = afterPrefix(der, PKCS8_PREFIX);
    if (seed === undefined) {
      throw new ConfigError(
        "invalid-message-key",
        place,
        "It is no Ed25519 private key in DER (PKCS#8), base64 or PEM.",
      );
    }
    return new Ed25519PrivateKey(seed);
  } finally {
    if (der !== undefined) wipeBytes(der);
  }
}

/** A private key as PEM. */
export function formatMessageSigner(key: Ed25519PrivateKey): string {
  const der = Buffer.concat([fromHex(PKCS8_PREFIX), key.expose()]);
  const pem = `-----BEGIN PRIVATE KEY-----\n${der.toString("base64")}\n-----END PRIVATE KEY-----\n`;
  wipeBytes(der);
  return pem;
}

/** A public key in PEM, as tokens.json names signers. Throws `invalid-signer-key`. */
export function parsePemPublicKey(pem: string, place: ConfigPlace): Bytes<32> {
  const body = /^\s*-----BEGIN PUBLIC KEY-----([A-Za-z0-9+/=\s]+)-----END PUBLIC KEY-----\s*$/.exec(pem)?.[1] ?? "";
  const key = afterPrefix(decodeBase64(body.replace(/\s+/g, "")), SPKI_PREFIX);
  if (key === undefined || !isEd25519PublicKey(key)) {
    throw new ConfigError("invalid-signer-key", place, "It is no Ed25519 public key in PEM.");
  }
  return bytes(key, KEY_BYTES, "A signer's key");
}

/** The 32 bytes behind a prefix, if there is nothing else: copied, so that the rest can be wiped. */
function afterPrefix(der: Uint8Array | undefined, prefix: string): Uint8Array | undefined {
  const length = prefix.length / 2;
  if (der?.length !== length + KEY_BYTES || toHex(der.subarray(0, length)) !== prefix) return undefined;
  return new Uint8Array(der.subarray(length));
}

/** Base64 of either alphabet, padded or not; undefined for what is none. */
function decodeBase64(text: string): Uint8Array | undefined {
  const body = text
    .replaceAll("-", "+")
    .replaceAll("_", "/")
    .replace(/={0,2}$/, "");
  const decoded = Buffer.from(body, "base64"); // Skips what it does not know: hence the comparison.
  return decoded.toString("base64").replace(/=+$/, "") === body ? decoded : undefined;
}
