// Trust in memos that an account writes to itself: they carry no MAC, but only the account can send to its change
// subaddress without being told that address (spec 01 §6.5).
import { CHANGE_SUBADDRESS, publicAddress, type ViewAccountKey } from "@fogbow/core-account";
import { equalBytes } from "@fogbow/core-bytes";
import type { PublicKey } from "@fogbow/core-crypto";

/**
 * Whether a destination or defragmentation memo may be believed: the output that carries it was sent to the change
 * subaddress. `subaddressSpendPublicKey` is the one recovered from that output. Constant time.
 */
export function verifySelfAddressedMemo(account: ViewAccountKey, subaddressSpendPublicKey: PublicKey): boolean {
  return equalBytes(publicAddress(account, CHANGE_SUBADDRESS).spendPublicKey, subaddressSpendPublicKey);
}
