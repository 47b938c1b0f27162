// What the host may know of a transaction (spec 05 §5): nothing of what it spends, pays or says.
import type { KeptTx } from "./transaction-store.ts";

/** A transaction's context as `encodeMessage` takes it. */
export interface TxContextInit {
  readonly txHash: Uint8Array;
  readonly highestIndices: bigint[];
  readonly keyImages: Uint8Array[];
  readonly outputPublicKeys: Uint8Array[];
  readonly tombstoneBlock: bigint;
  readonly isWellFormed: boolean;
}

/** The context of a transaction. The priority, which tells of the fee, stays here. */
export function txContext({ facts, isWellFormed }: KeptTx): TxContextInit {
  return {
    txHash: facts.txHash,
    highestIndices: [...facts.highestIndexes],
    keyImages: [...facts.keyImages],
    outputPublicKeys: [...facts.outputPublicKeys],
    tombstoneBlock: facts.tombstoneBlock,
    isWellFormed,
  };
}
