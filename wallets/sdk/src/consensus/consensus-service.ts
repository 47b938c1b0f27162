// What a wallet needs of the network that decides (spec 05 §2.8, §4).
import type { FeeMap, Tx } from "@fogbow/core-transaction";

/** Where a node's ledger ends, and what a transaction costs. */
export interface NodeInfo {
  /** Blocks; the next one has this index. */
  readonly blockCount: bigint;
  readonly blockVersion: number;
  readonly minimumFees: FeeMap;
}

/** What became of a transaction. */
export type TxOutcome =
  | { readonly kind: "in-block"; readonly blockIndex: bigint }
  /** Its tombstone block has come without it: it will never be in a block. */
  | { readonly kind: "expired" };

/** A node, as a wallet asks it. */
export interface ConsensusService {
  /** Where the ledger ends, and what a transaction costs. Throws SdkError, and the signal's reason. */
  info(signal?: AbortSignal): Promise<NodeInfo>;
  /** Proposes a transaction. Throws SdkError, and the signal's reason. */
  propose(tx: Tx, signal?: AbortSignal): Promise<void>;
  /** Waits until a transaction is in a block, or cannot be any more. Throws SdkError, and the signal's reason. */
  outcome(txHash: Uint8Array, tombstoneBlock: bigint, signal?: AbortSignal): Promise<TxOutcome>;
}
