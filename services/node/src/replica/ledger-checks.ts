// What only the ledger can tell about a transaction (spec 05 §2.4.7): its tombstone, what it spends and what it makes. A
// ledger that cannot be read counts as one that has it all.
import { TOMBSTONE_DISTANCE_MAX, TRANSACTION_VALIDATION_NUMBERS } from "@fogbow/core-transaction";
import type { LedgerReader } from "@fogbow/ledger-db";
import type { KnownTx } from "./known-txs.ts";

const { ok } = TRANSACTION_VALIDATION_NUMBERS;

/** The number of `ProposeTxResult` for a well-formed transaction in the next block. */
export function checkAgainstLedger(tx: KnownTx, ledger: LedgerReader): number {
  try {
    const next = ledger.numBlocks();
    if (tx.tombstoneBlock <= next) return TRANSACTION_VALIDATION_NUMBERS["tombstone-block-exceeded"];
    if (tx.tombstoneBlock > next + TOMBSTONE_DISTANCE_MAX) {
      return TRANSACTION_VALIDATION_NUMBERS["tombstone-block-too-far"];
    }
    if (tx.keyImages.some((image) => ledger.containsKeyImage(image))) {
      return TRANSACTION_VALIDATION_NUMBERS["contains-spent-key-image"];
    }
    if (tx.outputPublicKeys.some((key) => ledger.containsPublicKey(key))) {
      return TRANSACTION_VALIDATION_NUMBERS["contains-existing-output-public-key"];
    }
    return ok;
  } catch {
    return TRANSACTION_VALIDATION_NUMBERS.ledger;
  }
}
