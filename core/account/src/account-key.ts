// Accounts: a pair of root scalars, and the view-only half of one (spec 01 §2).
import type { PrivateKey, PublicKey } from "@fogbow/core-crypto";
import { type FogSettings, fogSettings } from "./fog-settings.ts";

/** Everything that sees and spends what an account receives. */
export interface AccountKey extends FogSettings {
  /** The root view private key, *a*: opens amounts and memos of every subaddress. */
  readonly viewPrivateKey: PrivateKey;
  /** The root spend private key, *b*. */
  readonly spendPrivateKey: PrivateKey;
}

/** Sees what an account receives, and can neither spend it nor speak to Fog. */
export interface ViewAccountKey {
  /** The root view private key, *a*. */
  readonly viewPrivateKey: PrivateKey;
  /** The root spend public key, *B*. Never published: addresses hold keys of subaddresses. */
  readonly spendPublicKey: PublicKey;
}

/**
 * An account from its keys, without Fog unless settings are given. Takes ownership of the keys. Throws BytesError
 * `invalid-utf8` or `invalid-length` for Fog settings that are no text or no bytes.
 */
export function accountKey(
  keys: Pick<AccountKey, "viewPrivateKey" | "spendPrivateKey"> & Partial<FogSettings>,
): AccountKey {
  return { viewPrivateKey: keys.viewPrivateKey, spendPrivateKey: keys.spendPrivateKey, ...fogSettings(keys) };
}

/** The view-only half. It shares the view private key with `account`: wiping one wipes the other. */
export function viewAccountKey(account: AccountKey): ViewAccountKey {
  return { viewPrivateKey: account.viewPrivateKey, spendPublicKey: account.spendPrivateKey.publicKey() };
}

/** Wipes the private keys; the account cannot be used any more. */
export function wipeAccountKey(account: AccountKey): void {
  account.viewPrivateKey.wipe();
  account.spendPrivateKey.wipe();
}
