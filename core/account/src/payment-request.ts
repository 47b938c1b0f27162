// A payee's request: where to pay, and optionally how much and what for (spec 01 §3).
import { type TokenId, type TokenValue, tokenId, tokenValue } from "@fogbow/core-bytes";
import { readPresent, type PaymentRequest as WirePaymentRequest } from "@fogbow/core-wire";
import { publicAddressFromWire, publicAddressToWire } from "./address-codec.ts";
import type { PublicAddress } from "./public-address.ts";

/** A request for a payment. */
export interface PaymentRequest {
  readonly publicAddress: PublicAddress;
  /** In the token's smallest unit; 0 leaves it to the payer. */
  readonly value: TokenValue;
  readonly tokenId: TokenId;
  /** A note to the payer. */
  readonly memo: string;
  /** Comes back in the payer's memo; 64 bits, 0 for none. */
  readonly paymentId: bigint;
}

/** The request as its message. */
export function paymentRequestToWire(request: PaymentRequest): {
  publicAddress: ReturnType<typeof publicAddressToWire>;
  value: bigint;
  memo: string;
  tokenId: bigint;
  paymentId: bigint;
} {
  return {
    publicAddress: publicAddressToWire(request.publicAddress),
    value: request.value,
    memo: request.memo,
    tokenId: request.tokenId,
    paymentId: request.paymentId,
  };
}

/** The request in its message. Throws WireError `missing-field` or `wrong-length`, CryptoError `invalid-public-key`. */
export function paymentRequestFromWire(message: WirePaymentRequest): PaymentRequest {
  return {
    publicAddress: publicAddressFromWire(readPresent(message.publicAddress, "public_address")),
    value: tokenValue(message.value),
    tokenId: tokenId(message.tokenId),
    memo: message.memo,
    paymentId: message.paymentId,
  };
}
