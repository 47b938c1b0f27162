// Where an account comes from, before its keys are derived: a recovery phrase or a root entropy, with its Fog.
import type { Secret } from "@fogbow/core-bytes";
import { accountKeyFromBip39Entropy } from "./account-from-mnemonic.ts";
import type { AccountKey } from "./account-key.ts";
import type { FogSettings } from "./fog-settings.ts";
import { accountKeyFromRootEntropy } from "./root-entropy.ts";

/** An account that is a recovery phrase. It holds the phrase's entropy, which is the phrase. */
export interface MnemonicIdentity extends FogSettings {
  readonly kind: "mnemonic";
  /** 16, 20, 24, 28 or 32 bytes. */
  readonly entropy: Secret;
  /** Which of the phrase's accounts; 32 bits. */
  readonly accountIndex: number;
}

/** A legacy account. */
export interface RootIdentity extends FogSettings {
  readonly kind: "root-entropy";
  /** 32 bytes. */
  readonly rootEntropy: Secret;
}

/** Either. */
export type Identity = MnemonicIdentity | RootIdentity;

/** The account's keys; the identity stays as it is. Throws `bad-entropy-length` or `out-of-range`. */
export function accountKeyFromIdentity(identity: Identity): AccountKey {
  switch (identity.kind) {
    case "mnemonic":
      return accountKeyFromBip39Entropy(identity.entropy, identity.accountIndex, identity);
    case "root-entropy":
      return accountKeyFromRootEntropy(identity.rootEntropy, identity);
    default:
      return identity satisfies never;
  }
}
