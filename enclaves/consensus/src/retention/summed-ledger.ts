// The ledger of a node that keeps everything, summed up in its enclave for the sake of checkpoints: only what the enclave has
// seen block by block does it sign. The host has the blocks, and keeps the sum sealed between starts.
import { LedgerSummary, type NewBlock } from "@fogbow/core-block";
import { equalBytes, utf8 } from "@fogbow/core-bytes";
import type { Sealing } from "@fogbow/runtime-enclave";
import { ConsensusError } from "../error.ts";

const PURPOSE = utf8("fogbow-summed-ledger-v1");

/** A ledger, summed up to some block. */
export class SummedLedger {
  readonly #sealing: Sealing;
  #summary: LedgerSummary;

  private constructor(sealing: Sealing, summary: LedgerSummary) {
    this.#sealing = sealing;
    this.#summary = summary;
  }

  /** The sum of an earlier run, or of no blocks. Throws what sealing throws. */
  static open(sealed: Uint8Array, { sealing }: { readonly sealing: Sealing }): SummedLedger {
    const summary = sealed.length === 0 ? LedgerSummary.empty() : LedgerSummary.decode(sealing.unseal(sealed, PURPOSE));
    return new SummedLedger(sealing, summary);
  }

  /** Takes the next blocks, and seals the new sum. Throws BlockError for a block that is not the next; then none was taken. */
  extend(blocks: readonly NewBlock[]): Uint8Array {
    const next = LedgerSummary.decode(this.#summary.encode());
    for (const each of blocks) next.append(each);
    this.#summary = next;
    return this.#sealing.seal(next.encode(), PURPOSE, "signer");
  }

  /** The ledger that ends with a block, which stays as it is. Throws {@link ConsensusError} `unknown-parent`. */
  summaryOf(blockId: Uint8Array): LedgerSummary {
    const { block } = this.#summary;
    if (block !== undefined && equalBytes(block.id, blockId)) return LedgerSummary.decode(this.#summary.encode());
    throw new ConsensusError(
      "unknown-parent",
      "The enclave has summed up another ledger than one that ends with this block.",
    );
  }
}
