// Public addresses: what a sender needs (spec 01 §2.4).
import { equalBytes } from "@fogbow/core-bytes";
import { type PublicKey, schnorrSign } from "@fogbow/core-crypto";
import type { AccountKey, ViewAccountKey } from "./account-key.ts";
import { DEFAULT_SUBADDRESS, subaddress, subaddressPublicKeys } from "./subaddress.ts";

/** The signing context of {@link PublicAddress.fogAuthoritySig}. */
export const FOG_AUTHORITY_CONTEXT = "Fog authority signature";

/** What a sender needs. With an empty `fogReportUrl` the other two Fog fields are empty too. */
export interface PublicAddress {
  /** *C*. */
  readonly viewPublicKey: PublicKey;
  /** *D*. */
  readonly spendPublicKey: PublicKey;
  /** Where to ask for the key that Fog hints are encrypted to; empty without Fog. */
  readonly fogReportUrl: string;
  /** Which report there is meant; usually empty. */
  readonly fogReportId: string;
  /** The owner's signature, by the subaddress view private key, over the Fog authority's key: 64 bytes. */
  readonly fogAuthoritySig: Uint8Array;
}

/**
 * The address of a subaddress. One account, index and Fog always give the same bytes: the signature is deterministic.
 * A view-only account cannot sign, so its addresses have no Fog. Throws `out-of-range`.
 */
export function publicAddress(account: AccountKey | ViewAccountKey, index: bigint = DEFAULT_SUBADDRESS): PublicAddress {
  const keys = subaddressPublicKeys(account, index);
  if (!("spendPrivateKey" in account) || account.fogReportUrl === "") {
    return { ...keys, fogReportUrl: "", fogReportId: "", fogAuthoritySig: new Uint8Array() };
  }
  return {
    ...keys,
    fogReportUrl: account.fogReportUrl,
    fogReportId: account.fogReportId,
    fogAuthoritySig: signFogAuthority(account, index),
  };
}

/** Whether two addresses are the same in every field, Fog included. */
export function equalAddresses(a: PublicAddress, b: PublicAddress): boolean {
  return (
    equalBytes(a.viewPublicKey, b.viewPublicKey) &&
    equalBytes(a.spendPublicKey, b.spendPublicKey) &&
    a.fogReportUrl === b.fogReportUrl &&
    a.fogReportId === b.fogReportId &&
    equalBytes(a.fogAuthoritySig, b.fogAuthoritySig)
  );
}

/** Signs the authority's key as it is, also when it is empty. */
function signFogAuthority(account: AccountKey, index: bigint): Uint8Array {
  const { viewPrivateKey, spendPrivateKey } = subaddress(account, index);
  try {
    return schnorrSign(FOG_AUTHORITY_CONTEXT, viewPrivateKey, account.fogAuthoritySpki);
  } finally {
    viewPrivateKey.wipe();
    spendPrivateKey.wipe();
  }
}
