// `check-txs`: whether transactions are well formed as of one moment of the ledger. The moment is the host's to tell: its
// proofs must lead to one root, and a block is formed only on the tree whose root that is.
import { TRANSACTION_VALIDATION_NUMBERS } from "@fogbow/core-transaction";
import { CheckTxsRequestSchema, CheckTxsResponseSchema, decodeMessage, encodeMessage } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";
import { assertNamed } from "../named-txs.ts";
import { readRootProofs } from "../root-proofs.ts";
import type { KeptTx } from "../transaction-store.ts";
import { verifyTxs } from "../verify-txs.ts";

/**
 * What is not well formed is forgotten, unless the host's own proofs are to blame. Throws ConsensusError
 * `proofs-of-different-times`, `root-mismatch`, `invalid-record` or `too-many-txs`, WireError, and TransactionError for proofs that lead nowhere.
 */
export const checkTxs: Call = async (input, state) => {
  const { currentIndex, rootProofs: proofs, txHashes } = decodeMessage(CheckTxsRequestSchema, input, DOOR);
  assertNamed(txHashes);
  const found = txHashes.map((hash) => state.txs.find(hash));
  const kept = [...new Set(found.filter((tx) => tx !== undefined))];
  const codes = await verifyTxs(kept, { currentIndex, rootProofs: readRootProofs(proofs, state).byLeaf }, state);
  const verdicts = new Map(kept.map((tx, i) => [tx, settle(tx, TRANSACTION_VALIDATION_NUMBERS[codes[i] ?? "ok"])]));

  function settle(tx: KeptTx, result: number): { readonly result: number; readonly isUnknown: boolean } {
    if (result === 0) return { result, isUnknown: !state.txs.accept(tx) };
    if (result !== TRANSACTION_VALIDATION_NUMBERS["invalid-ledger-context"]) state.txs.forget(tx.facts.txHash);
    return { result, isUnknown: false };
  }

  return encodeMessage(CheckTxsResponseSchema, {
    verdicts: found.map((tx) => (tx && verdicts.get(tx)) ?? { result: 0, isUnknown: true }),
  });
};
