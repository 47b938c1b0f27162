// Transaction summaries and what opens them as protobuf messages, as signing devices exchange them (spec 02 §10).
import { publicAddressFromWire, publicAddressToWire } from "@fogbow/core-account";
import { tokenId, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint, PrivateKey } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  readBytes,
  readData,
  readPresent,
  type TxInSummary as TxInSummaryMessage,
  type TxOutSummary as TxOutSummaryMessage,
  type TxOutSummaryUnblindingData as TxOutUnblindingDataMessage,
  type TxSummary as TxSummaryMessage,
  TxSummarySchema,
  TxSummaryUnblindingDataSchema,
} from "@fogbow/core-wire";
import { blockVersion } from "../block-version.ts";
import { TX_SUMMARY_BYTES_MAX } from "../limits.ts";
import { type MaskedAmountInit, maskedAmountFromWire, maskedAmountToWire } from "../output/tx-out-codec.ts";
import {
  type UnmaskedAmountInit,
  unmaskedAmountFromWire,
  unmaskedAmountToWire,
} from "../output/unmasked-amount-codec.ts";
import type { TxOutUnblindingData, TxSummaryUnblindingData } from "./check-tx-summary.ts";
import type { TxInSummary, TxOutSummary, TxSummary } from "./tx-summary.ts";

/** A summary as bytes. */
export function encodeTxSummary(summary: TxSummary): Uint8Array {
  return encodeMessage(TxSummarySchema, {
    outputs: summary.outputs.map(outputToWire),
    inputs: summary.inputs.map(({ pseudoOutputCommitment, inputRulesDigest }) => ({
      pseudoOutputCommitment: { data: pseudoOutputCommitment },
      inputRulesDigest,
    })),
    fee: summary.fee,
    feeTokenId: summary.feeTokenId,
    tombstoneBlock: summary.tombstoneBlock,
  });
}

/** A summary from bytes. Throws WireError and `invalid-masked-amount`. */
export function decodeTxSummary(encoded: Uint8Array): TxSummary {
  const message: TxSummaryMessage = decodeMessage(TxSummarySchema, encoded, { bytesMax: TX_SUMMARY_BYTES_MAX });
  return {
    outputs: message.outputs.map(outputFromWire),
    inputs: message.inputs.map(inputFromWire),
    fee: tokenValue(message.fee),
    feeTokenId: tokenId(message.feeTokenId),
    tombstoneBlock: message.tombstoneBlock,
  };
}

/** What opens a summary as bytes, which are as secret as the amounts and the private keys in it. */
export function encodeTxSummaryUnblindingData(data: TxSummaryUnblindingData): Uint8Array {
  return encodeMessage(TxSummaryUnblindingDataSchema, {
    blockVersion: data.blockVersion,
    outputs: data.outputs.map(txOutUnblindingDataToWire),
    inputs: data.inputs.map(unmaskedAmountToWire),
  });
}

/**
 * What opens a summary, from bytes. Throws WireError, `unknown-block-version`, and CryptoError `invalid-private-key` or
 * `invalid-public-key`.
 */
export function decodeTxSummaryUnblindingData(encoded: Uint8Array): TxSummaryUnblindingData {
  const message = decodeMessage(TxSummaryUnblindingDataSchema, encoded, { bytesMax: TX_SUMMARY_BYTES_MAX });
  return {
    blockVersion: blockVersion(message.blockVersion),
    outputs: message.outputs.map(txOutUnblindingDataFromWire),
    inputs: message.inputs.map(unmaskedAmountFromWire),
  };
}

/** What opens one output as `encodeMessage` takes it. */
export interface TxOutUnblindingDataInit {
  readonly unmaskedAmount: UnmaskedAmountInit;
  readonly address?: ReturnType<typeof publicAddressToWire>;
  readonly txPrivateKey?: { readonly data: Uint8Array };
}

/** What opens one output as a message, to be put into larger ones. */
export function txOutUnblindingDataToWire(data: TxOutUnblindingData): TxOutUnblindingDataInit {
  return {
    unmaskedAmount: unmaskedAmountToWire(data.unmaskedAmount),
    ...(data.address && { address: publicAddressToWire(data.address) }),
    ...(data.txPrivateKey && { txPrivateKey: { data: data.txPrivateKey.expose() } }),
  };
}

/** What opens one output, from a message. Errors as {@link decodeTxSummaryUnblindingData}. */
export function txOutUnblindingDataFromWire(message: TxOutUnblindingDataMessage): TxOutUnblindingData {
  return {
    unmaskedAmount: unmaskedAmountFromWire(readPresent(message.unmaskedAmount, "unmasked_amount")),
    address: message.address && publicAddressFromWire(message.address),
    txPrivateKey: message.txPrivateKey && new PrivateKey(readData(message.txPrivateKey, 32, "tx_private_key")),
  };
}

function outputToWire(output: TxOutSummary): {
  readonly maskedAmount: MaskedAmountInit;
  readonly targetKey: { readonly data: Uint8Array };
  readonly publicKey: { readonly data: Uint8Array };
  readonly associatedToInputRules: boolean;
} {
  return {
    maskedAmount: maskedAmountToWire(output.maskedAmount),
    targetKey: { data: output.targetKey },
    publicKey: { data: output.publicKey },
    associatedToInputRules: output.associatedToInputRules,
  };
}

function outputFromWire(message: TxOutSummaryMessage): TxOutSummary {
  return {
    maskedAmount: maskedAmountFromWire(message.maskedAmount),
    targetKey: compressedPoint(readData(message.targetKey, 32, "target_key")),
    publicKey: compressedPoint(readData(message.publicKey, 32, "public_key")),
    associatedToInputRules: message.associatedToInputRules,
  };
}

function inputFromWire(message: TxInSummaryMessage): TxInSummary {
  const digest = message.inputRulesDigest;
  return {
    pseudoOutputCommitment: compressedPoint(readData(message.pseudoOutputCommitment, 32, "pseudo_output_commitment")),
    inputRulesDigest: digest.length === 0 ? new Uint8Array(0) : readBytes(digest, 32, "input_rules_digest"),
  };
}
