// Memos on the change of the three transactions in a gift code's life: funding it, redeeming one's own, and taking it
// back (spec 01 §6.6).
import { type Amount, u64 } from "@fogbow/core-bytes";
import type { PublicKey } from "@fogbow/core-crypto";
import { TransactionError } from "../../error.ts";
import { giftShortHash } from "../gift-short-hash.ts";
import type { Memo, MemoPayload } from "../memo.ts";
import {
  encodeMemo,
  GIFT_CODE_FUNDING_NOTE_BYTES_MAX,
  GIFT_CODE_SENDER_NOTE_BYTES_MAX,
  memoFee,
  memoNote,
} from "../memo-codec.ts";
import {
  assertOneToken,
  type ChangeMemoContext,
  DEFAULT_MEMO_FEE,
  type MemoBuilder,
  type OutputMemoContext,
} from "./memo-builder.ts";

/** What the three have in common: one change memo, which names the fee. */
abstract class GiftCodeMemoBuilder implements MemoBuilder {
  #fee = DEFAULT_MEMO_FEE;
  #wroteChange = false;

  /** Throws `fee-too-large` beyond 56 bits, `fee-after-change` once the memo has named the fee. */
  setFee(fee: Amount): void {
    memoFee(fee.value);
    if (this.#wroteChange) {
      throw new TransactionError("fee-after-change", "Set the fee before adding the change output.");
    }
    this.#fee = fee;
  }

  /** Refuses, unless the kind of transaction has another output than the change. */
  memoForOutput(_context: OutputMemoContext): MemoPayload {
    throw new TransactionError("output-not-allowed", "This transaction has a change output only.");
  }

  /** Throws `multiple-change-outputs`, `mixed-token-ids`. */
  memoForChange({ amount }: ChangeMemoContext): MemoPayload {
    if (this.#wroteChange) {
      throw new TransactionError("multiple-change-outputs", "A transaction has one change output here.");
    }
    assertOneToken(amount, this.#fee);
    const memo = encodeMemo(this.changeMemo(this.#fee.value));
    this.#wroteChange = true;
    return memo;
  }

  protected get wroteChange(): boolean {
    return this.#wroteChange;
  }

  protected abstract changeMemo(fee: bigint): Memo;
}

/** For funding a gift code: an Unused memo on the gift, and a note on the change that points at it. */
export class GiftCodeFundingMemoBuilder extends GiftCodeMemoBuilder {
  readonly #note: string;
  #giftPublicKey: PublicKey | undefined;

  /** Throws `memo-too-long` when the note has more than 53 bytes of UTF-8. */
  constructor(options: { readonly note: string }) {
    super();
    memoNote(options.note, GIFT_CODE_FUNDING_NOTE_BYTES_MAX);
    this.#note = options.note;
  }

  /** Throws `outputs-after-change`, `multiple-outputs`. */
  override memoForOutput({ txOutPublicKey }: OutputMemoContext): MemoPayload {
    if (this.wroteChange) {
      throw new TransactionError("outputs-after-change", "Add the gift before the change output.");
    }
    if (this.#giftPublicKey !== undefined) {
      throw new TransactionError("multiple-outputs", "Funding a gift code has one output besides the change.");
    }
    this.#giftPublicKey = txOutPublicKey;
    return encodeMemo({ kind: "unused" });
  }

  /** Throws `missing-output` when the gift was not added. */
  protected override changeMemo(fee: bigint): Memo {
    if (this.#giftPublicKey === undefined) {
      throw new TransactionError("missing-output", "Add the gift before the change output.");
    }
    return { kind: "gift-code-funding", giftHash: giftShortHash(this.#giftPublicKey), fee, note: this.#note };
  }
}

/** For redeeming a gift code: everything goes to one change output, with a note. */
export class GiftCodeSenderMemoBuilder extends GiftCodeMemoBuilder {
  readonly #note: string;

  /** Throws `memo-too-long` when the note has more than 57 bytes of UTF-8. */
  constructor(options: { readonly note: string }) {
    super();
    memoNote(options.note, GIFT_CODE_SENDER_NOTE_BYTES_MAX);
    this.#note = options.note;
  }

  protected override changeMemo(fee: bigint): Memo {
    return { kind: "gift-code-sender", fee, note: this.#note };
  }
}

/** For taking back a gift code: everything goes to one change output, which names the gift. */
export class GiftCodeCancellationMemoBuilder extends GiftCodeMemoBuilder {
  readonly #globalIndex: bigint;

  /** `globalIndex` is that of the gift's output in the ledger. Throws BytesError `out-of-range` beyond 64 bits. */
  constructor(options: { readonly globalIndex: bigint }) {
    super();
    this.#globalIndex = u64(options.globalIndex);
  }

  protected override changeMemo(fee: bigint): Memo {
    return { kind: "gift-code-cancellation", globalIndex: this.#globalIndex, fee };
  }
}
