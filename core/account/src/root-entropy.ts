// Legacy accounts: both keys from 32 bytes of root entropy (spec 01 §2.2).
import { type Secret, utf8, wipeBytes } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { type AccountKey, accountKey } from "./account-key.ts";
import { AccountError } from "./error.ts";
import type { FogSettings } from "./fog-settings.ts";

/** Bytes of a root entropy. */
export const ROOT_ENTROPY_BYTES = 32;

/** The account of a root entropy of 32 bytes, which stays the caller's. Throws `bad-entropy-length`. */
export function accountKeyFromRootEntropy(rootEntropy: Secret, fog: Partial<FogSettings> = {}): AccountKey {
  checkRootEntropy(rootEntropy);
  return accountKey({
    viewPrivateKey: derive(rootEntropy, "view"),
    spendPrivateKey: derive(rootEntropy, "spend"),
    ...fog,
  });
}

/** Throws `bad-entropy-length` unless the root entropy is 32 bytes. */
export function checkRootEntropy(rootEntropy: Secret): void {
  if (rootEntropy.length !== ROOT_ENTROPY_BYTES) {
    throw new AccountError("bad-entropy-length", "A root entropy is 32 bytes.");
  }
}

/** narrow(HKDF-BLAKE2b-256(entropy, no salt, info, 32)): one of the few 32-byte reductions in the protocol. */
function derive(rootEntropy: Secret, info: "view" | "spend"): PrivateKey {
  const { hashes, scalars } = kernel();
  const okm = hashes.hkdf("blake2b256", {
    ikm: rootEntropy.expose(),
    salt: new Uint8Array(),
    info: utf8(info),
    length: 32,
  });
  try {
    return new PrivateKey(scalars.reduce(okm));
  } finally {
    wipeBytes(okm);
  }
}
