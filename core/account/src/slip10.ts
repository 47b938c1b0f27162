// The key material of an account from a BIP-39 seed: SLIP-0010 for ed25519 at m/44'/866'/account', every step hardened
// (spec 01 §2.1).
import { be32, Secret, utf8, wipeBytes } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
import { AccountError } from "./error.ts";

/** Bytes of a SLIP-10 key. */
export const SLIP10_KEY_BYTES = 32;

const SEED_BYTES = 64;
const HARDENED = 0x8000_0000;
const PURPOSE = 44;
const COIN_TYPE = 866;
const ACCOUNT_INDEX_MASK = 0x7fff_ffff;

/**
 * The 32-byte SLIP-10 key of an account, from its BIP-39 seed of 64 bytes. It is key material, never an Ed25519 key: it
 * is not clamped. The account index is 32 bits wide and its top bit is ignored, as in MobileCoin. Throws `out-of-range`
 * or `bad-entropy-length`.
 */
export function slip10Key(seed: Secret, accountIndex: number): Secret {
  if (seed.length !== SEED_BYTES) {
    throw new AccountError("bad-entropy-length", "A BIP-39 seed is 64 bytes.");
  }
  checkAccountIndex(accountIndex);
  const path = [PURPOSE, COIN_TYPE, accountIndex & ACCOUNT_INDEX_MASK];
  let node = kernel().hashes.hmac("sha512", utf8("ed25519 seed"), seed.expose());
  for (const index of path) {
    node = child(node, index);
  }
  const key = new Secret(node.slice(0, SLIP10_KEY_BYTES));
  wipeBytes(node);
  return key;
}

/** Throws `out-of-range` unless the index is a 32-bit unsigned integer. */
export function checkAccountIndex(accountIndex: number): void {
  if (!Number.isInteger(accountIndex) || accountIndex < 0 || accountIndex > 0xffff_ffff) {
    throw new AccountError("out-of-range", "An account index is an integer from 0 to 4294967295.");
  }
}

/** The hardened child of a node (32 bytes of key, 32 of chain code), which is wiped. */
function child(node: Uint8Array, index: number): Uint8Array {
  const key = node.subarray(0, 32);
  const chainCode = node.subarray(32);
  try {
    return kernel().hashes.hmac("sha512", chainCode, Uint8Array.of(0), key, be32(HARDENED + index));
  } finally {
    wipeBytes(node);
  }
}
