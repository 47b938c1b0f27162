// Codes and links by which wallets are paid (spec 01 §3): those of an address, and those of a request for an amount.
import {
  decodePrintable,
  encodePrintable,
  mobUri,
  type PrintableCode,
  type PublicAddress,
  parseMobUri,
} from "@fogbow/core-account";
import { MOB, type Random, readBe64, type TokenId, tokenValue, U64_MAX } from "@fogbow/core-bytes";
import { orSdkError, SdkError } from "../error.ts";

/** What is asked for. */
export interface RequestOptions {
  /** In the token's smallest unit; the payer chooses without. */
  readonly amount?: bigint;
  readonly tokenId?: TokenId;
  /** A note to the payer, in the clear for whoever sees the code. */
  readonly memo?: string;
  /** By which the payment is known when it comes: 64 bits, and not 0. Drawn unless given. */
  readonly paymentRequestId?: bigint;
}

/** A request as it is shown and sent. */
export interface PaymentCode {
  /** Base58, to be copied or shown as a QR code. */
  readonly code: string;
  /** `mob:///b58/…`, which opens a wallet. */
  readonly link: string;
  /** What the entry of the payment has in `Wallet.history()`. */
  readonly paymentRequestId: bigint;
}

/** What a code says: hand it to `Wallet.pay`, with an amount where it has none. */
export interface ReadCode {
  readonly to: PublicAddress;
  readonly amount: bigint | undefined;
  readonly tokenId: TokenId;
  readonly memo: string;
  readonly paymentRequestId: bigint | undefined;
}

const ID_BYTES = 8;

/** The code and the link of a request. Throws SdkError `amount-invalid`, `code-invalid` for a memo that is too long. */
export function requestCode(to: PublicAddress, options: RequestOptions, random: Random): PaymentCode {
  const { amount = 0n, tokenId = MOB, memo = "", paymentRequestId = drawId(random) } = options;
  if (options.amount !== undefined && (amount < 1n || amount > U64_MAX)) {
    throw new SdkError("amount-invalid", "A request is for at least 1 and below 2^64 of the token's smallest unit.");
  }
  if (paymentRequestId < 1n || paymentRequestId > U64_MAX) {
    throw new SdkError("code-invalid", "A payment request's number is from 1 to 2^64 − 1.");
  }
  const paymentRequest = { publicAddress: to, value: tokenValue(amount), tokenId, memo, paymentId: paymentRequestId };
  const printable = { kind: "payment-request", paymentRequest } as const;
  return orSdkError("code-invalid", "The request does not fit into a code.", () => ({
    code: encodePrintable(printable),
    link: mobUri(printable),
    paymentRequestId,
  }));
}

/** Whom a code or a link pays, and how much. Throws SdkError `code-invalid`; codes that are money themselves are none here. */
export function readPaymentCode(text: string): ReadCode {
  const trimmed = text.trim();
  const read = /^mob:/i.test(trimmed) ? parseMobUri : decodePrintable;
  return payee(orSdkError("code-invalid", "This is no code or link of MobileCoin.", () => read(trimmed)));
}

function payee(code: PrintableCode): ReadCode {
  switch (code.kind) {
    case "public-address":
      return { to: code.publicAddress, amount: undefined, tokenId: MOB, memo: "", paymentRequestId: undefined };
    case "payment-request": {
      const { publicAddress, value, tokenId, memo, paymentId } = code.paymentRequest;
      return {
        to: publicAddress,
        amount: value === 0n ? undefined : value,
        tokenId,
        memo,
        paymentRequestId: paymentId === 0n ? undefined : paymentId,
      };
    }
    default:
      throw new SdkError("code-invalid", "This code holds money; it asks for none.");
  }
}

function drawId(random: Random): bigint {
  for (;;) {
    const id = readBe64(random(ID_BYTES));
    if (id > 0n) return id;
  }
}
