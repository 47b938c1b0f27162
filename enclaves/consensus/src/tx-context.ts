// What the host may know of a transaction (spec 05 §5): nothing of what it spends, pays or says.
import type { EnclaveState } from "./enclave-state.ts";
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

/**
 * The context of a transaction. The priority, which tells of the fee, stays here; so do key images and public keys if the node
 * forgets, whose host knows both by their tags.
 */
export function txContext({ facts, isWellFormed }: KeptTx, { kept }: Pick<EnclaveState, "kept">): TxContextInit {
  const vault = kept?.vault;
  return {
    txHash: facts.txHash,
    highestIndices: [...facts.highestIndexes],
    keyImages: facts.keyImages.map((image) => vault?.keyImageTag(image) ?? image),
    outputPublicKeys: facts.outputPublicKeys.map((key) => vault?.publicKeyTag(key) ?? key),
    tombstoneBlock: facts.tombstoneBlock,
    isWellFormed,
  };
}
