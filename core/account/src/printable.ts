// Printable codes: what people copy, print and scan (spec 01 §3). Four kinds, told apart by `kind`.
import { wipeBytes } from "@fogbow/core-bytes";
import { decodeMessage, encodeMessage, type PrintableWrapper, PrintableWrapperSchema } from "@fogbow/core-wire";
import { publicAddressFromWire, publicAddressToWire } from "./address-codec.ts";
import { frameCode, unframeCode } from "./code-frame.ts";
import { AccountError } from "./error.ts";
import { type GiftCode, giftCodeFromWire, giftCodeToWire } from "./gift-code.ts";
import { CODE_BYTES_MAX } from "./limits.ts";
import { type PaymentRequest, paymentRequestFromWire, paymentRequestToWire } from "./payment-request.ts";
import type { PublicAddress } from "./public-address.ts";
import { type TransferPayload, transferPayloadFromWire, transferPayloadToWire } from "./transfer-payload.ts";

/** What a code can hold. */
export type PrintableCode =
  | { readonly kind: "public-address"; readonly publicAddress: PublicAddress }
  | { readonly kind: "payment-request"; readonly paymentRequest: PaymentRequest }
  | { readonly kind: "transfer-payload"; readonly transferPayload: TransferPayload }
  | { readonly kind: "gift-code"; readonly giftCode: GiftCode };

/**
 * The base58 text of a code. Transfer payloads and gift codes are money: so is their text. Throws `code-too-long`, and
 * WireError `unencodable-message` for a memo with half a surrogate pair or an integer beyond 64 bits.
 */
export function encodePrintable(code: PrintableCode): string {
  const payload = encodeMessage(PrintableWrapperSchema, { wrapper: toWrapper(code) });
  try {
    return frameCode(payload);
  } finally {
    wipeBytes(payload);
  }
}

/**
 * The content of a base58 text. Throws `foreign-prefix`, `code-too-long`, `bad-base58`, `code-too-short`,
 * `bad-code-checksum` or `unknown-code-kind`; WireError `malformed-message`, `missing-field` or `wrong-length`;
 * CryptoError `invalid-public-key` or `invalid-private-key`.
 */
export function decodePrintable(text: string): PrintableCode {
  const payload = unframeCode(text);
  try {
    return fromWrapper(decodeMessage(PrintableWrapperSchema, payload, { bytesMax: CODE_BYTES_MAX }).wrapper);
  } finally {
    wipeBytes(payload);
  }
}

/** The wrapper's oneof; its return type is left to the message it goes into. */
function toWrapper(code: PrintableCode) {
  switch (code.kind) {
    case "public-address":
      return { case: "publicAddress", value: publicAddressToWire(code.publicAddress) } as const;
    case "payment-request":
      return { case: "paymentRequest", value: paymentRequestToWire(code.paymentRequest) } as const;
    case "transfer-payload":
      return { case: "transferPayload", value: transferPayloadToWire(code.transferPayload) } as const;
    case "gift-code":
      return { case: "txOutGiftCode", value: giftCodeToWire(code.giftCode) } as const;
    default:
      return code satisfies never;
  }
}

function fromWrapper(wrapper: PrintableWrapper["wrapper"]): PrintableCode {
  switch (wrapper.case) {
    case "publicAddress":
      return { kind: "public-address", publicAddress: publicAddressFromWire(wrapper.value) };
    case "paymentRequest":
      return { kind: "payment-request", paymentRequest: paymentRequestFromWire(wrapper.value) };
    case "transferPayload":
      return { kind: "transfer-payload", transferPayload: transferPayloadFromWire(wrapper.value) };
    case "txOutGiftCode":
      return { kind: "gift-code", giftCode: giftCodeFromWire(wrapper.value) };
    case undefined:
      throw new AccountError("unknown-code-kind", "This code holds nothing that this version knows.");
    default:
      return wrapper satisfies never;
  }
}
