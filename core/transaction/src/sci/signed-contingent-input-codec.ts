// Signed contingent inputs as protobuf messages (spec 02 §10).
import {
  decodeMessage,
  encodeMessage,
  readPresent,
  type SignedContingentInput as SignedContingentInputMessage,
  SignedContingentInputSchema,
} from "@fogbow/core-wire";
import { blockVersion } from "../block-version.ts";
import { SCI_BYTES_MAX } from "../limits.ts";
import {
  type UnmaskedAmountInit,
  unmaskedAmountFromWire,
  unmaskedAmountToWire,
} from "../output/unmasked-amount-codec.ts";
import {
  type RingMlsagInit,
  ringMlsagFromWire,
  ringMlsagToWire,
  type TxInInit,
  txInFromWire,
  txInToWire,
} from "../tx/tx-codec.ts";
import type { SignedContingentInput } from "./signed-contingent-input.ts";

const LIMITS = { bytesMax: SCI_BYTES_MAX };

/** A signed contingent input as bytes. Whoever has them can fill the offer. Throws WireError `message-too-large`. */
export function encodeSignedContingentInput(sci: SignedContingentInput): Uint8Array {
  return encodeMessage(SignedContingentInputSchema, signedContingentInputToWire(sci), LIMITS);
}

/** A signed contingent input from bytes; `validateSignedContingentInput` follows. Errors as `decodeTx`, and
 * `unknown-block-version`. */
export function decodeSignedContingentInput(encoded: Uint8Array): SignedContingentInput {
  return signedContingentInputFromWire(decodeMessage(SignedContingentInputSchema, encoded, LIMITS));
}

/** A signed contingent input as `encodeMessage` takes it. */
export interface SignedContingentInputInit {
  readonly blockVersion: number;
  readonly txIn: TxInInit;
  readonly mlsag: RingMlsagInit;
  readonly pseudoOutputAmount: UnmaskedAmountInit;
  readonly requiredOutputAmounts: UnmaskedAmountInit[];
  readonly txOutGlobalIndices: bigint[];
}

/** A signed contingent input as a message, to be put into larger ones. */
export function signedContingentInputToWire(sci: SignedContingentInput): SignedContingentInputInit {
  return {
    blockVersion: sci.blockVersion,
    txIn: txInToWire(sci.txIn),
    mlsag: ringMlsagToWire(sci.mlsag),
    pseudoOutputAmount: unmaskedAmountToWire(sci.pseudoOutputAmount),
    requiredOutputAmounts: sci.requiredOutputAmounts.map(unmaskedAmountToWire),
    txOutGlobalIndices: [...sci.txOutGlobalIndices],
  };
}

/** A signed contingent input from a message. Errors as {@link decodeSignedContingentInput}. */
export function signedContingentInputFromWire(message: SignedContingentInputMessage): SignedContingentInput {
  return {
    blockVersion: blockVersion(message.blockVersion ?? 0),
    txIn: txInFromWire(readPresent(message.txIn, "tx_in")),
    mlsag: ringMlsagFromWire(readPresent(message.mlsag, "mlsag")),
    pseudoOutputAmount: unmaskedAmountFromWire(readPresent(message.pseudoOutputAmount, "pseudo_output_amount")),
    requiredOutputAmounts: message.requiredOutputAmounts.map(unmaskedAmountFromWire),
    txOutGlobalIndices: [...message.txOutGlobalIndices],
  };
}
