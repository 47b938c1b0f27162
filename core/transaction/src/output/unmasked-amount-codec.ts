// An amount with its blinding as a protobuf message (spec 01 §5.5).
import { Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
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

/** An unmasked amount as bytes, which are as secret as the amount. */
export function encodeUnmaskedAmount(amount: UnmaskedAmount): Uint8Array {
  return encodeMessage(UnmaskedAmountSchema, unmaskedAmountToWire(amount));
}

/** An unmasked amount from bytes; the blinding is reduced modulo ℓ. Throws WireError. */
export function decodeUnmaskedAmount(encoded: Uint8Array): UnmaskedAmount {
  return unmaskedAmountFromWire(decodeMessage(UnmaskedAmountSchema, encoded, { bytesMax: MESSAGE_BYTES_MAX }));
}

/** An unmasked amount as a message, to be put into larger ones. */
export function unmaskedAmountToWire({ value, tokenId, blinding }: UnmaskedAmount): UnmaskedAmountInit {
  return { value, tokenId, blinding: { data: blinding.expose() } };
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
