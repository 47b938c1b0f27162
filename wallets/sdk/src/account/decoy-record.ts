// A record that a wallet opens for each search key that has missed: else it would answer the sooner the less it found, and whoever
// watches the network would see that.
import type { PublicAddress } from "@fogbow/core-account";
import { MOB, type Random, tokenValue } from "@fogbow/core-bytes";
import {
  createTxOut,
  createTxOutRecord,
  decoyFogHint,
  encodeMemo,
  sealTxOutRecord,
  UNKNOWN_TIMESTAMP,
} from "@fogbow/core-transaction";

/** Of outputs that are received today. */
const BLOCK_VERSION = 3;

/** The sealed record of an output to this address, which is in no ledger. Draws randomness. */
export function decoyRecord(recipient: PublicAddress, random: Random): Uint8Array {
  const { txOut, sharedSecret } = createTxOut({
    blockVersion: BLOCK_VERSION,
    recipient,
    amount: { value: tokenValue(1n), tokenId: MOB },
    memo: encodeMemo({ kind: "unused" }),
    fogHint: decoyFogHint(random),
    random,
  });
  sharedSecret.wipe();
  const record = createTxOutRecord(txOut, { globalIndex: 0n, blockIndex: 0n, timestamp: UNKNOWN_TIMESTAMP });
  const owner = { searchKey: new Uint8Array(16), viewPublicKey: recipient.viewPublicKey };
  return sealTxOutRecord(record, owner, random).payload;
}
