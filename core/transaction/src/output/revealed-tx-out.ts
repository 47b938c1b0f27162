// An output together with the secret that opens its amount and nothing else, as signed contingent inputs show it to
// whoever fills them (spec 01 §5.5).
import { type Amount, Secret } from "@fogbow/core-bytes";
import {
  decodeMessage,
  encodeMessage,
  type RevealedTxOut as RevealedTxOutMessage,
  RevealedTxOutSchema,
  readBytes,
  readPresent,
} from "@fogbow/core-wire";
import { TransactionError } from "../error.ts";
import { MESSAGE_BYTES_MAX } from "../limits.ts";
import { maskAmountV2, tryUnmaskAmountV2, type UnmaskedAmount } from "./masked-amount.ts";
import type { TxOut } from "./tx-out.ts";
import { type TxOutInit, txOutFromWire, txOutToWire } from "./tx-out-codec.ts";
import { amountSharedSecret, exposeSharedSecret } from "./tx-out-shared-secret.ts";

/** An output whose amount, of version 2, can be opened by whoever holds this. */
export interface RevealedTxOut {
  readonly txOut: TxOut;
  /** 32 bytes. */
  readonly amountSharedSecret: Secret;
}

/** Reveals the amount of an output. Throws `invalid-revealed-tx-out` unless its masked amount is of version 2. */
export function revealTxOut(txOut: TxOut, sharedSecret: Secret): RevealedTxOut {
  return { txOut: withAmountV2(txOut), amountSharedSecret: amountSharedSecret(sharedSecret) };
}

/** The amount of a revealed output. Throws `inconsistent-commitment` when the secret is of another output. */
export function openRevealedTxOut(revealed: RevealedTxOut): UnmaskedAmount {
  const unmasked = tryUnmaskAmountV2(withAmountV2(revealed.txOut).maskedAmount, revealed.amountSharedSecret);
  if (unmasked === undefined) {
    throw new TransactionError("inconsistent-commitment", "The amount shared secret is of another output.");
  }
  return unmasked;
}

/**
 * The same output for another amount, as filling a part of an order needs it. The secret, and with it masks and
 * blinding, stay; whoever holds the secret can tell both amounts.
 */
export function replaceAmount(revealed: RevealedTxOut, amount: Amount): TxOut {
  return { ...withAmountV2(revealed.txOut), maskedAmount: maskAmountV2(amount, revealed.amountSharedSecret) };
}

/** A revealed output as `encodeMessage` takes it. */
export interface RevealedTxOutInit {
  readonly txOut: TxOutInit;
  readonly amountSharedSecret: Uint8Array;
}

/** A revealed output as bytes. Errors as `encodeTxOut`, `invalid-revealed-tx-out` and `invalid-shared-secret`. */
export function encodeRevealedTxOut(revealed: RevealedTxOut): Uint8Array {
  return encodeMessage(RevealedTxOutSchema, revealedTxOutToWire(revealed));
}

/** A revealed output from bytes. Errors as `decodeTxOut`, and `invalid-revealed-tx-out`. */
export function decodeRevealedTxOut(encoded: Uint8Array): RevealedTxOut {
  return revealedTxOutFromWire(decodeMessage(RevealedTxOutSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX }));
}

/** A revealed output as a message, to be put into larger ones. Errors as {@link encodeRevealedTxOut}. */
export function revealedTxOutToWire(revealed: RevealedTxOut): RevealedTxOutInit {
  const { txOut, amountSharedSecret } = revealed;
  return { txOut: txOutToWire(withAmountV2(txOut)), amountSharedSecret: exposeSharedSecret(amountSharedSecret) };
}

/** A revealed output from a message. Errors as {@link decodeRevealedTxOut}. */
export function revealedTxOutFromWire(message: RevealedTxOutMessage): RevealedTxOut {
  return {
    txOut: withAmountV2(txOutFromWire(readPresent(message.txOut, "tx_out"))),
    amountSharedSecret: new Secret(readBytes(message.amountSharedSecret, 32, "amount_shared_secret")),
  };
}

function withAmountV2(txOut: TxOut): TxOut {
  if (txOut.maskedAmount.version !== 2) {
    throw new TransactionError("invalid-revealed-tx-out", "Only amounts of version 2 can be revealed alone.");
  }
  return txOut;
}
