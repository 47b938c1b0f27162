// Memos of a transaction that merges outputs of one account and pays nobody (spec 01 §6.6).
import { type Amount, u64 } from "@fogbow/core-bytes";
import { TransactionError } from "../../error.ts";
import type { MemoPayload } from "../memo.ts";
import { encodeMemo } from "../memo-codec.ts";
import {
  addAmounts,
  assertOneToken,
  type ChangeMemoContext,
  DEFAULT_MEMO_FEE,
  type MemoBuilder,
  type OutputMemoContext,
} from "./memo-builder.ts";

/** What the memos tell. */
export interface DefragmentationOptions {
  /** Groups the transactions of one defragmentation; 0 by default. */
  readonly defragmentationId?: bigint;
}

/** One main output that everything is merged into, then a change output of value 0. */
export class DefragmentationMemoBuilder implements MemoBuilder {
  readonly #id: bigint;
  #fee = DEFAULT_MEMO_FEE;
  #wroteMain = false;
  #wroteChange = false;

  /** Throws BytesError `out-of-range` for an id beyond 64 bits. */
  constructor(options: DefragmentationOptions = {}) {
    this.#id = u64(options.defragmentationId ?? 0n);
  }

  /** Throws `fee-after-output` once the main output's memo has named the fee. */
  setFee(fee: Amount): void {
    if (this.#wroteMain) {
      throw new TransactionError("fee-after-output", "Set the fee before adding the main output.");
    }
    this.#fee = fee;
  }

  /** Throws `multiple-outputs`, `mixed-token-ids`, `amount-too-large`, `fee-too-large`. */
  memoForOutput({ amount }: OutputMemoContext): MemoPayload {
    if (this.#wroteMain) {
      throw new TransactionError("multiple-outputs", "A defragmentation has one output besides the change.");
    }
    const totalOutlay = addAmounts(amount, this.#fee).value;
    const memo = this.#memo({ fee: this.#fee.value, totalOutlay });
    this.#wroteMain = true;
    return memo;
  }

  /** Throws `missing-output`, `multiple-change-outputs`, `change-not-zero`, `mixed-token-ids`. */
  memoForChange({ amount }: ChangeMemoContext): MemoPayload {
    if (!this.#wroteMain) {
      throw new TransactionError("missing-output", "Add the main output before the change output.");
    }
    if (this.#wroteChange) {
      throw new TransactionError("multiple-change-outputs", "A transaction has one change output here.");
    }
    if (amount.value !== 0n) {
      throw new TransactionError("change-not-zero", "The change output of a defragmentation has value 0.");
    }
    assertOneToken(amount, this.#fee);
    this.#wroteChange = true;
    return this.#memo({ fee: 0n, totalOutlay: 0n });
  }

  #memo(sums: { readonly fee: bigint; readonly totalOutlay: bigint }): MemoPayload {
    return encodeMemo({ kind: "defragmentation", ...sums, defragmentationId: this.#id });
  }
}
