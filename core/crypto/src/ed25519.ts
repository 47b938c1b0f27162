// Ed25519 signatures (RFC 8032, no prehash, no context) of blocks, block metadata and minting transactions. Verification
// is strict (spec 02 §5.5): where lenient rules accept a signature and strict ones do not, two nodes would fork.
import { type Random, Secret, toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { ed25519 } from "@noble/curves/ed25519.js";
import { bytesToNumberLE } from "@noble/curves/utils.js";
import { CryptoError } from "./error.ts";

const { Point } = ed25519;
type EdwardsPoint = typeof Point.BASE;

const KEY_BYTES = 32;
const SIGNATURE_BYTES = 64;

/** An Ed25519 private key: the 32-byte seed of RFC 8032 §5.1.5. */
export class Ed25519PrivateKey extends Secret {
  /** Computed at most once. */
  #publicKey: Uint8Array | undefined;

  /** Takes ownership of `bytes`. Throws `invalid-ed25519-private-key` unless they are 32. */
  constructor(bytes: Uint8Array) {
    if (!(bytes instanceof Uint8Array) || bytes.length !== KEY_BYTES) {
      throw new CryptoError("invalid-ed25519-private-key", "An Ed25519 private key is 32 bytes.");
    }
    super(bytes);
  }

  /** A private key of 32 random bytes. */
  static random(random: Random): Ed25519PrivateKey {
    return new Ed25519PrivateKey(random(KEY_BYTES));
  }

  /** The public key, 32 bytes. Not constant time. */
  publicKey(): Uint8Array {
    const seed = this.expose();
    this.#publicKey ??= ed25519.getPublicKey(seed);
    return this.#publicKey.slice();
  }
}

/**
 * Whether 32 bytes encode a point of the curve at all. Less than {@link ed25519Verify} asks of a key: the encoding need
 * not be canonical, and the point may be of small order. Nodes of MobileCoin read no message with a key that fails this.
 */
export function isEd25519PublicKey(bytes: Uint8Array): boolean {
  try {
    Point.fromBytes(bytes, true);
    return true;
  } catch {
    return false; // noble throws for whatever is no point.
  }
}

/** The 64-byte signature R ‖ S of `message`. The same inputs give the same bytes. Not constant time. */
export function ed25519Sign(privateKey: Ed25519PrivateKey, message: Uint8Array): Uint8Array {
  return ed25519.sign(message, privateKey.expose());
}

/**
 * Whether `signature` is one of `message` by the holder of `publicKey`: S is below ℓ, public key and R are canonical
 * encodings of points that are not of small order, and S·B = R + k·A holds as it stands, not only after multiplication by
 * the cofactor. Malformed bytes are simply false.
 */
export function ed25519Verify(publicKey: Uint8Array, message: Uint8Array, signature: Uint8Array): boolean {
  if (signature.length !== SIGNATURE_BYTES) return false;
  const { hashes, scalars } = kernel();
  const encodedR = signature.subarray(0, KEY_BYTES);
  const s = signature.subarray(KEY_BYTES);
  const a = keyPoint(publicKey);
  const r = decodeStrictly(encodedR);
  if (a === undefined || r === undefined || !scalars.isCanonical(s)) return false;
  const k = scalars.reduceWide(hashes.sha512(encodedR, publicKey, message));
  const expected = Point.BASE.multiplyUnsafe(bytesToNumberLE(s)).subtract(a.multiplyUnsafe(bytesToNumberLE(k)));
  return expected.equals(r);
}

/** Keys whose points are kept: those who sign blocks, consensus and minting are few, and sign often. */
const KEPT_KEYS_MAX = 64;
/** Verifications with one key after which its multiples are laid out: five of them pay for that. */
const USES_BEFORE_MULTIPLES = 4;
const MULTIPLES_WINDOW_BITS = 4;

const keptKeys = new Map<string, { readonly point: EdwardsPoint | undefined; uses: number }>();

/** {@link decodeStrictly} of a public key. Remembers the latest keys, and of those that come again a table of multiples. */
function keyPoint(publicKey: Uint8Array): EdwardsPoint | undefined {
  if (publicKey.length !== KEY_BYTES) return undefined;
  const name = toHex(publicKey);
  const kept = keptKeys.get(name) ?? { point: decodeStrictly(publicKey), uses: 0 };
  keptKeys.delete(name);
  keptKeys.set(name, kept); // The last one now.
  if (keptKeys.size > KEPT_KEYS_MAX) keptKeys.delete(keptKeys.keys().next().value as string); // There are some.
  if (++kept.uses === USES_BEFORE_MULTIPLES) kept.point?.precompute(MULTIPLES_WINDOW_BITS);
  return kept.point;
}

/** The point that 32 bytes encode, or undefined if they are not canonical or the point's order divides 8. */
function decodeStrictly(bytes: Uint8Array): EdwardsPoint | undefined {
  let point: EdwardsPoint;
  try {
    point = Point.fromBytes(bytes, false);
  } catch {
    return undefined; // noble throws for whatever is no point.
  }
  return point.isSmallOrder() ? undefined : point;
}
