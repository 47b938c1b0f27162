// Accounts from recovery phrases (spec 01 §2.1): words, seed, SLIP-10 key, and from it both private keys.
import { type Secret, utf8, wipeBytes } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { type AccountKey, accountKey } from "./account-key.ts";
import { AccountError } from "./error.ts";
import type { FogSettings } from "./fog-settings.ts";
import { entropyFromMnemonic, seedFromEntropy } from "./mnemonic.ts";
import { checkAccountIndex, SLIP10_KEY_BYTES, slip10Key } from "./slip10.ts";

/**
 * The account of a recovery phrase at an account index, usually 0. Throws `bad-word-count`, `unknown-word`,
 * `bad-checksum` or `out-of-range`.
 */
export function accountKeyFromMnemonic(
  phrase: string,
  accountIndex: number,
  fog: Partial<FogSettings> = {},
): AccountKey {
  const entropy = entropyFromMnemonic(phrase);
  try {
    return accountKeyFromBip39Entropy(entropy, accountIndex, fog);
  } finally {
    entropy.wipe();
  }
}

/** As {@link accountKeyFromMnemonic}, from the entropy of the phrase. Throws `bad-entropy-length` or `out-of-range`. */
export function accountKeyFromBip39Entropy(
  entropy: Secret,
  accountIndex: number,
  fog: Partial<FogSettings> = {},
): AccountKey {
  checkAccountIndex(accountIndex); // Before the seed, which takes milliseconds.
  const seed = seedFromEntropy(entropy);
  try {
    const key = slip10Key(seed, accountIndex);
    try {
      return accountKeyFromSlip10Key(key, fog);
    } finally {
      key.wipe();
    }
  } finally {
    seed.wipe();
  }
}

/** The account of a 32-byte SLIP-10 key, which stays the caller's. Throws `bad-entropy-length`. */
export function accountKeyFromSlip10Key(slip10: Secret, fog: Partial<FogSettings> = {}): AccountKey {
  if (slip10.length !== SLIP10_KEY_BYTES) {
    throw new AccountError("bad-entropy-length", "A SLIP-10 key is 32 bytes.");
  }
  return accountKey({
    viewPrivateKey: derive(slip10, "mobilecoin-ristretto255-view"),
    spendPrivateKey: derive(slip10, "mobilecoin-ristretto255-spend"),
    ...fog,
  });
}

/** wide(HKDF-SHA512(key, salt, no info, 64)). */
function derive(slip10: Secret, salt: string): PrivateKey {
  const { hashes, scalars } = kernel();
  const okm = hashes.hkdf("sha512", { ikm: slip10.expose(), salt: utf8(salt), info: new Uint8Array(), length: 64 });
  try {
    return new PrivateKey(scalars.reduceWide(okm));
  } finally {
    wipeBytes(okm);
  }
}
