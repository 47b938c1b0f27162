// The versioned crypto box (spec 01 §7.1): public-key authenticated encryption over ristretto255 with HKDF-BLAKE2b-512
// and AES-256-GCM. Fog hints and Fog records are boxes.
import { concatBytes, type Random, utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { CryptoError } from "./error.ts";
import { keyExchange, PrivateKey } from "./private-key.ts";
import { type PublicKey, tryPublicKey } from "./public-key.ts";

/** How many bytes a box is longer than its plaintext: ephemeral key 32, tag 16, major and minor version. */
export const BOX_OVERHEAD_BYTES = 50;

const KEY_BYTES = 32;
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
const MAJOR_VERSION = 1;
const MINOR_VERSION = 0;
const SALT = utf8("dei-salty-box");
const INFO = utf8("aead-key-iv");
const NO_AAD = new Uint8Array();

/**
 * Boxes `plaintext` for the holder of `recipient`: ciphertext ‖ ephemeral key ‖ tag ‖ 01 00. Draws 64 random bytes, for
 * the ephemeral key.
 */
export function sealBox(recipient: PublicKey, plaintext: Uint8Array, random: Random): Uint8Array {
  const ephemeral = PrivateKey.random(random);
  try {
    const sealed = withBoxKey(ephemeral, recipient, (key, nonce) =>
      kernel().ciphers.aes256GcmSeal(key, nonce, NO_AAD, plaintext),
    );
    const ciphertext = sealed.subarray(0, plaintext.length);
    const tag = sealed.subarray(plaintext.length);
    return concatBytes(ciphertext, ephemeral.publicKey(), tag, Uint8Array.of(MAJOR_VERSION, MINOR_VERSION));
  } finally {
    ephemeral.wipe();
  }
}

/**
 * The plaintext of a box. Throws `box-too-short`, `box-wrong-magic`, `box-unknown-algorithm` or `box-invalid-key` for
 * bytes that are no box, which anyone can see, and `box-not-opened` for a box that is not ours or was altered. Servers,
 * which must not act on the difference, open hints in the kernel instead.
 */
export function openBox(privateKey: PrivateKey, cryptogram: Uint8Array): Uint8Array {
  const { ciphertext, ephemeralKey, tag } = parseBox(cryptogram);
  const plaintext = withBoxKey(privateKey, ephemeralKey, (key, nonce) =>
    kernel().ciphers.aes256GcmOpen(key, nonce, NO_AAD, concatBytes(ciphertext, tag)),
  );
  if (plaintext === undefined) {
    throw new CryptoError("box-not-opened", "The box is for another key or was altered.");
  }
  return plaintext;
}

/** Takes a box apart from its end. */
function parseBox(cryptogram: Uint8Array): {
  readonly ciphertext: Uint8Array;
  readonly ephemeralKey: PublicKey;
  readonly tag: Uint8Array;
} {
  if (!(cryptogram instanceof Uint8Array) || cryptogram.length < BOX_OVERHEAD_BYTES) {
    throw new CryptoError("box-too-short", `A box is at least ${BOX_OVERHEAD_BYTES} bytes.`);
  }
  const footer = cryptogram.subarray(cryptogram.length - BOX_OVERHEAD_BYTES);
  const [majorVersion, minorVersion] = footer.subarray(KEY_BYTES + TAG_BYTES);
  if (majorVersion !== MAJOR_VERSION) {
    throw new CryptoError("box-wrong-magic", "The bytes do not end like a box of major version 1.");
  }
  if (minorVersion !== MINOR_VERSION) {
    throw new CryptoError("box-unknown-algorithm", "The box uses an algorithm (minor version) other than 0.");
  }
  const ephemeralKey = tryPublicKey(footer.subarray(0, KEY_BYTES));
  if (ephemeralKey === undefined) {
    throw new CryptoError("box-invalid-key", "The ephemeral key of the box is not a ristretto255 point.");
  }
  return {
    ciphertext: cryptogram.subarray(0, cryptogram.length - BOX_OVERHEAD_BYTES),
    ephemeralKey,
    tag: footer.subarray(KEY_BYTES, KEY_BYTES + TAG_BYTES),
  };
}

/**
 * Lends the AES key and nonce that both sides derive from the shared point, and wipes them. The nonce needs no
 * randomness of its own: a fresh ephemeral key makes both fresh.
 */
function withBoxKey<T>(
  privateKey: PrivateKey,
  publicKey: PublicKey,
  use: (key: Uint8Array, nonce: Uint8Array) => T,
): T {
  const ikm = keyExchange(privateKey, publicKey);
  const secrets: Uint8Array[] = [ikm];
  try {
    const length = KEY_BYTES + NONCE_BYTES;
    const okm = kernel().hashes.hkdf("blake2b512", { ikm, salt: SALT, info: INFO, length });
    secrets.push(okm);
    return use(okm.subarray(0, KEY_BYTES), okm.subarray(KEY_BYTES));
  } finally {
    wipeBytes(...secrets);
  }
}
