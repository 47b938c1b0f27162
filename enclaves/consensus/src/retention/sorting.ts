// All key images of the ledger that ends with a block, on their way to its checkpoint.
import type { Checkpoint, LedgerSummary } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import type { EnclaveState } from "../enclave-state.ts";
import { ConsensusError } from "../error.ts";
import { keptLedger } from "./kept-ledger-of.ts";
import { KeyImageSorter } from "./key-image-sorter.ts";

/** One ledger, whose key images are being sorted while others may follow it. */
export interface Sorting {
  readonly blockId: Uint8Array;
  /** The ledger as of that block. */
  readonly summary: LedgerSummary;
  readonly sorter: KeyImageSorter;
  /** Whether a pass has ended, and is not hashed whole. */
  isHashing: boolean;
  /** What there is to sign, once all are in order. */
  checkpoint: Checkpoint | undefined;
}

/** The one of a block: the one that was begun, or a new one. Throws ConsensusError `unknown-parent`. */
export function sortingOf(state: EnclaveState, blockId: Uint8Array): Sorting {
  const begun = state.sorting;
  if (begun !== undefined && equalBytes(begun.blockId, blockId)) return begun;
  const summary = (state.summed ?? keptLedger(state)).summaryOf(blockId);
  const sorting: Sorting = { blockId, summary, sorter: new KeyImageSorter(), isHashing: false, checkpoint: undefined };
  state.sorting = sorting;
  return sorting;
}

/** The checkpoint of a block, whose key images were sorted. Throws ConsensusError `unsorted-key-images`. */
export function sortedCheckpoint({ sorting }: EnclaveState, blockId: Uint8Array): Checkpoint {
  const isSorted = sorting !== undefined && equalBytes(sorting.blockId, blockId);
  if (isSorted && sorting.checkpoint !== undefined) return sorting.checkpoint;
  throw new ConsensusError("unsorted-key-images", "The key images of the ledger that ends with this block come first.");
}
