// Memos from which both sides can recover their payment history from the ledger alone: recipients learn who paid them,
// senders whom they paid (spec 01 §6.6, "recoverable transaction history").
import { shortAddressHash } from "@fogbow/core-account";
import { type Amount, type Bytes, bytes, type TokenId, tokenValue } from "@fogbow/core-bytes";
import { TransactionError } from "../../error.ts";
import type { MemoPayload } from "../memo.ts";
import { encodeMemo } from "../memo-codec.ts";
import { createSenderMemo, type SenderCredential } from "../sender-memo.ts";
import {
  addAmounts,
  assertOneToken,
  type ChangeMemoContext,
  DEFAULT_MEMO_FEE,
  type MemoBuilder,
  type OutputMemoContext,
} from "./memo-builder.ts";

/** What the memos tell. Everything is left out by default. */
export interface RecoverableHistoryOptions {
  /** Names the sender to the recipients. The builder does not wipe it. */
  readonly credential?: SenderCredential;
  /** The payment request that the payment answers. Excludes a payment intent id. */
  readonly paymentRequestId?: bigint;
  /** The payment intent that the payment fulfils. Excludes a payment request id. */
  readonly paymentIntentId?: bigint;
  /** Whether the change tells where the payment went. */
  readonly destinationMemo?: boolean;
}

const RECIPIENTS_MAX = 0xff;

/** Sender memos for the recipients and a destination memo for oneself. */
export class RecoverableHistoryMemoBuilder implements MemoBuilder {
  readonly #options: RecoverableHistoryOptions;
  #fee = DEFAULT_MEMO_FEE;
  /** What all payments so far come to. */
  #outlay: Amount | undefined;
  #recipientCount = 0;
  /** Of the last recipient; zeros before there is one. */
  #recipientHash: Bytes<16> = bytes(new Uint8Array(16), 16, "recipient hash");
  #wroteDestination = false;

  constructor(options: RecoverableHistoryOptions) {
    this.#options = options;
  }

  /** Throws `fee-after-change` once a destination memo has named the fee. */
  setFee(fee: Amount): void {
    if (this.#wroteDestination) {
      throw new TransactionError("fee-after-change", "Set the fee before adding the change output.");
    }
    this.#fee = fee;
  }

  /**
   * A sender memo, or Unused without a credential. Throws `outputs-after-change`, `mixed-token-ids`,
   * `amount-too-large`, `too-many-recipients`, `conflicting-payment-ids`.
   */
  memoForOutput({ amount, recipient, txOutPublicKey }: OutputMemoContext): MemoPayload {
    if (this.#wroteDestination) {
      throw new TransactionError("outputs-after-change", "Add the payments before the change output.");
    }
    const outlay = addAmounts(this.#outlayIn(amount.tokenId), amount);
    if (this.#recipientCount === RECIPIENTS_MAX) {
      throw new TransactionError("too-many-recipients", `A destination memo counts at most ${RECIPIENTS_MAX} outputs.`);
    }
    const memo = this.#senderMemo({ amount, recipient, txOutPublicKey });
    // Nothing above has changed the builder, so an output that was refused is not counted.
    this.#outlay = outlay;
    this.#recipientCount += 1;
    this.#recipientHash = bytes(shortAddressHash(recipient), 16, "recipient hash");
    return memo;
  }

  /**
   * A destination memo, or Unused when they are not wanted. Throws `multiple-change-outputs`, `mixed-token-ids`,
   * `amount-too-large`, `fee-too-large`, `conflicting-payment-ids`.
   */
  memoForChange({ amount }: ChangeMemoContext): MemoPayload {
    if (this.#options.destinationMemo !== true) {
      return encodeMemo({ kind: "unused" });
    }
    if (this.#wroteDestination) {
      throw new TransactionError("multiple-change-outputs", "A transaction has one change output here.");
    }
    const outlay = this.#outlayIn(amount.tokenId);
    assertOneToken(outlay, amount);
    const memo = this.#destinationMemo(addAmounts(outlay, this.#fee).value);
    this.#wroteDestination = true;
    return memo;
  }

  /** The outlay so far. Until there is one, its token is that of the first amount. */
  #outlayIn(tokenId: TokenId): Amount {
    return this.#outlay ?? { value: tokenValue(0n), tokenId };
  }

  #senderMemo({ recipient, txOutPublicKey }: OutputMemoContext): MemoPayload {
    const { credential, paymentRequestId, paymentIntentId } = this.#options;
    if (credential === undefined) {
      return encodeMemo({ kind: "unused" });
    }
    this.#assertOnePaymentId();
    const parts = { credential, recipientViewPublicKey: recipient.viewPublicKey, txOutPublicKey };
    if (paymentRequestId !== undefined) {
      return createSenderMemo({ kind: "authenticated-sender-with-payment-request-id", paymentRequestId }, parts);
    }
    if (paymentIntentId !== undefined) {
      return createSenderMemo({ kind: "authenticated-sender-with-payment-intent-id", paymentIntentId }, parts);
    }
    return createSenderMemo({ kind: "authenticated-sender" }, parts);
  }

  #destinationMemo(totalOutlay: bigint): MemoPayload {
    const { paymentRequestId, paymentIntentId } = this.#options;
    this.#assertOnePaymentId();
    const destination = {
      recipientHash: this.#recipientHash,
      recipientCount: this.#recipientCount,
      fee: this.#fee.value,
      totalOutlay,
    };
    if (paymentRequestId !== undefined) {
      return encodeMemo({ kind: "destination-with-payment-request-id", ...destination, paymentRequestId });
    }
    if (paymentIntentId !== undefined) {
      return encodeMemo({ kind: "destination-with-payment-intent-id", ...destination, paymentIntentId });
    }
    return encodeMemo({ kind: "destination", ...destination });
  }

  #assertOnePaymentId(): void {
    if (this.#options.paymentRequestId !== undefined && this.#options.paymentIntentId !== undefined) {
      throw new TransactionError("conflicting-payment-ids", "Name a payment request or a payment intent, not both.");
    }
  }
}
