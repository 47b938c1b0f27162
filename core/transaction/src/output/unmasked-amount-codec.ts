// An amount with its blinding as a protobuf message (spec 01 §5.5).
import { bytes, Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import {
  decodeMessage,
  encodeMessage,
  readData,
  type UnmaskedAmount as UnmaskedAmountMessage,
  UnmaskedAmountSchema,
} from "@fogbow/core-wire";
import { kernel } from "@fogbow/kernel";
import { MESSAGE_BYTES_MAX } from "../limits.ts";
import type { UnmaskedAmount } from "./masked-amount.ts";

/** An unmasked amount as `encodeMessage` takes it. */
export interface UnmaskedAmountInit {
  readonly value: bigint;
  readonly tokenId: bigint;
  readonly blinding: { readonly data: Uint8Array };
}

/** An unmasked amount as bytes, which are as secret as it is. Throws BytesError `out-of-range` and `invalid-length`. */
export function encodeUnmaskedAmount(amount: UnmaskedAmount): Uint8Array {
  return encodeMessage(UnmaskedAmountSchema, unmaskedAmountToWire(amount));
}

/** An unmasked amount from bytes; the blinding is reduced modulo ℓ. Throws WireError. */
export function decodeUnmaskedAmount(encoded: Uint8Array): UnmaskedAmount {
  return unmaskedAmountFromWire(decodeMessage(UnmaskedAmountSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX }));
}

/** An unmasked amount as a message, to be put into larger ones. Errors as {@link encodeUnmaskedAmount}. */
export function unmaskedAmountToWire(amount: UnmaskedAmount): UnmaskedAmountInit {
  return {
    value: tokenValue(amount.value),
    tokenId: tokenId(amount.tokenId),
    blinding: { data: bytes(amount.blinding.expose(), 32, "blinding") },
  };
}

/** An unmasked amount from a message; the blinding is reduced modulo ℓ. Throws WireError. */
export function unmaskedAmountFromWire(message: UnmaskedAmountMessage): UnmaskedAmount {
  const blinding = readData(message.blinding, 32, "blinding");
  try {
    return {
      value: tokenValue(message.value),
      tokenId: tokenId(message.tokenId),
      blinding: new Secret(kernel().scalars.reduce(blinding)),
    };
  } finally {
    blinding.fill(0);
  }
}
