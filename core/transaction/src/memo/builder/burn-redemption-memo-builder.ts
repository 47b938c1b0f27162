// Memos of a transaction that burns tokens and tells their issuer what to redeem them for (spec 01 §6.6).
import { burnAddress, equalAddresses, shortAddressHash } from "@fogbow/core-account";
import { type Amount, type Bytes, bytes } from "@fogbow/core-bytes";
import { TransactionError } from "../../error.ts";
import { MEMO_DATA_BYTES, type MemoPayload } from "../memo.ts";
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
export interface BurnRedemptionOptions {
  /** 64 bytes in the issuer's own format. */
  readonly data: Uint8Array;
  /** Whether the change tells of the burn; not by default. */
  readonly destinationMemo?: boolean;
}

/** One output to the burn address, with the redemption data, and a destination memo for oneself. */
export class BurnRedemptionMemoBuilder implements MemoBuilder {
  readonly #data: Bytes<64>;
  readonly #withDestination: boolean;
  #fee = DEFAULT_MEMO_FEE;
  #burned: Amount | undefined;
  #wroteDestination = false;

  /** Throws BytesError `invalid-length` unless there are 64 bytes of data. */
  constructor(options: BurnRedemptionOptions) {
    bytes(options.data, MEMO_DATA_BYTES, "burn redemption data");
    this.#data = bytes(new Uint8Array(options.data), MEMO_DATA_BYTES, "burn redemption data");
    this.#withDestination = options.destinationMemo ?? false;
  }

  /** Throws `fee-after-change` once a destination memo has named the fee. */
  setFee(fee: Amount): void {
    if (this.#wroteDestination) {
      throw new TransactionError("fee-after-change", "Set the fee before adding the change output.");
    }
    this.#fee = fee;
  }

  /** The redemption data. Throws `recipient-not-allowed` unless it goes to the burn address, `multiple-outputs`. */
  memoForOutput({ amount, recipient }: OutputMemoContext): MemoPayload {
    if (!equalAddresses(recipient, burnAddress())) {
      throw new TransactionError("recipient-not-allowed", "A burn redemption pays the burn address only.");
    }
    if (this.#burned !== undefined) {
      throw new TransactionError("multiple-outputs", "A burn redemption has one output besides the change.");
    }
    this.#burned = amount;
    return encodeMemo({ kind: "burn-redemption", data: this.#data });
  }

  /**
   * A destination memo naming the burn address, or Unused when it is not wanted. Throws `multiple-change-outputs`,
   * `missing-output`, `mixed-token-ids`, `amount-too-large`, `fee-too-large`.
   */
  memoForChange({ amount }: ChangeMemoContext): MemoPayload {
    if (!this.#withDestination) {
      return encodeMemo({ kind: "unused" });
    }
    if (this.#wroteDestination) {
      throw new TransactionError("multiple-change-outputs", "A transaction has one change output here.");
    }
    if (this.#burned === undefined) {
      throw new TransactionError("missing-output", "Add the burn output before the change output.");
    }
    assertOneToken(this.#burned, amount);
    const memo = encodeMemo({
      kind: "destination",
      recipientHash: bytes(shortAddressHash(burnAddress()), 16, "recipient hash"),
      recipientCount: 1,
      fee: this.#fee.value,
      totalOutlay: addAmounts(this.#burned, this.#fee).value,
    });
    this.#wroteDestination = true;
    return memo;
  }
}
