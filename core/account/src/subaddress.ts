// Subaddresses: 2⁶⁴ unlinkable key pairs of one account (spec 01 §2.3).
import { le64, U64_MAX, wipeBytes } from "@fogbow/core-bytes";
import { hashToScalar, PrivateKey, type PublicKey, publicKey } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import type { AccountKey, ViewAccountKey } from "./account-key.ts";
import { AccountError } from "./error.ts";

/** The published address, and the one Fog knows. */
export const DEFAULT_SUBADDRESS: bigint = 0n;
/** Receives change; an output here proves that a destination memo is the owner's. */
export const CHANGE_SUBADDRESS: bigint = U64_MAX - 1n;
/** Receives outputs set aside for gift codes. */
export const GIFT_CODE_SUBADDRESS: bigint = U64_MAX - 2n;
/** Reserved: means "none". */
export const INVALID_SUBADDRESS: bigint = U64_MAX;

/** The private keys of a subaddress. */
export interface SubaddressKeys {
  /** *c*: opens Fog records, signs the Fog authority, checks memos. */
  readonly viewPrivateKey: PrivateKey;
  /** *d*: spends, authenticates memos. */
  readonly spendPrivateKey: PrivateKey;
}

/** The public keys of a subaddress. */
export interface SubaddressPublicKeys {
  /** *C = c·G*. */
  readonly viewPublicKey: PublicKey;
  /** *D = d·G*. */
  readonly spendPublicKey: PublicKey;
}

/** The private keys at an index: d = m + b and c = a·d. Throws `out-of-range` for an index beyond 64 bits. */
export function subaddress(account: AccountKey, index: bigint): SubaddressKeys {
  const { scalars } = kernel();
  const m = indexScalar(account.viewPrivateKey, index);
  try {
    const d = scalars.add(m, account.spendPrivateKey.expose());
    const c = scalars.multiply(account.viewPrivateKey.expose(), d);
    return { viewPrivateKey: new PrivateKey(c), spendPrivateKey: new PrivateKey(d) };
  } finally {
    wipeBytes(m);
  }
}

/** The public keys at an index, also for a view-only account: D = m·G + B and C = a·D. Throws `out-of-range`. */
export function subaddressPublicKeys(account: AccountKey | ViewAccountKey, index: bigint): SubaddressPublicKeys {
  const { ristretto } = kernel();
  const rootSpendPublicKey =
    "spendPrivateKey" in account ? account.spendPrivateKey.publicKey() : account.spendPublicKey;
  const m = indexScalar(account.viewPrivateKey, index);
  try {
    const spendPublicKey = publicKey(ristretto.add(ristretto.multiplyBase(m), rootSpendPublicKey));
    const viewPublicKey = publicKey(ristretto.multiply(account.viewPrivateKey.expose(), spendPublicKey));
    return { viewPublicKey, spendPublicKey };
  } finally {
    wipeBytes(m);
  }
}

/** m = Hs("mc_subaddress" ‖ a ‖ index), the index as a scalar of 32 bytes. */
function indexScalar(viewPrivateKey: PrivateKey, index: bigint): Uint8Array {
  if (typeof index !== "bigint" || index < 0n || index > U64_MAX) {
    throw new AccountError("out-of-range", "A subaddress index is an integer from 0 to 2^64 − 1.");
  }
  const scalar = new Uint8Array(32);
  scalar.set(le64(index));
  return hashToScalar("mc_subaddress", viewPrivateKey.expose(), scalar);
}
