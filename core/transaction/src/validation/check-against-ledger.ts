// What only the ledger can tell about a transaction (spec 02 §6.2).
import type { Tx } from "../tx/tx.ts";
import { checkTombstone } from "./check-structure.ts";
import type { TransactionValidationCode } from "./transaction-code.ts";

/** What validation asks the ledger. */
export interface SpentAndMade {
  /** Whether the output with this key image, 32 bytes, is spent. */
  containsKeyImage(keyImage: Uint8Array): boolean;
  /** Whether an output with this public key, 32 bytes, exists. */
  containsTxOutPublicKey(publicKey: Uint8Array): boolean;
}

/** A ledger, and how long it is. */
export interface LedgerState {
  readonly ledger: SpentAndMade;
  /** Blocks in the ledger, which is the index of the block being built. */
  readonly blockCount: bigint;
  /** Outputs in the ledger. */
  readonly txOutCount: bigint;
}

/**
 * Whether a transaction fits the ledger. In order: membership proofs of trees that the ledger never had, the tombstone
 * block, spent key images, existing output keys. Throws only what the ledger throws.
 */
export function checkAgainstLedger(tx: Tx, { ledger, blockCount, txOutCount }: LedgerState): TransactionValidationCode {
  const { inputs, outputs, tombstoneBlock } = tx.prefix;
  if (inputs.some(({ proofs }) => proofs.some(({ highestIndex }) => highestIndex >= txOutCount))) {
    return "ledger-tx-out-index-out-of-bounds";
  }
  const tombstone = checkTombstone(tombstoneBlock, blockCount);
  if (tombstone !== undefined) return tombstone;
  if (tx.signature.ringSignatures.some(({ keyImage }) => ledger.containsKeyImage(keyImage))) {
    return "contains-spent-key-image";
  }
  if (outputs.some(({ publicKey }) => ledger.containsTxOutPublicKey(publicKey))) {
    return "contains-existing-output-public-key";
  }
  return "ok";
}
