// Unsigned transactions, their rings and their signing data as protobuf messages (spec 02 §10).
import { Secret, tokenId, tokenValue } from "@fogbow/core-bytes";
import { compressedPoint, curveScalar, PrivateKey } from "@fogbow/core-crypto";
import {
  type Amount as AmountMessage,
  type CurveScalar as CurveScalarMessage,
  decodeMessage,
  encodeMessage,
  type InputRing as InputRingMessage,
  type InputSecret as InputSecretMessage,
  type ReducedTxOut as ReducedTxOutMessage,
  readData,
  readPresent,
  SigningDataSchema,
  UnsignedTxSchema,
} from "@fogbow/core-wire";
import { blockVersion } from "../block-version.ts";
import { TX_BYTES_MAX } from "../limits.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import type { InputRing, OnetimeKeySource, ReducedTxOut } from "./input-ring.ts";
import type { SigningData } from "./signing-data.ts";
import {
  type RingMlsagInit,
  ringMlsagFromWire,
  ringMlsagToWire,
  txPrefixFromWire,
  txPrefixToWire,
} from "./tx-codec.ts";
import { txOutUnblindingDataFromWire, txOutUnblindingDataToWire } from "./tx-summary-codec.ts";
import type { UnsignedTx } from "./unsigned-tx.ts";

/** An unsigned transaction as bytes, which are as secret as its amounts and the keys in it. */
export function encodeUnsignedTx(unsigned: UnsignedTx): Uint8Array {
  return encodeMessage(UnsignedTxSchema, {
    txPrefix: txPrefixToWire(unsigned.prefix),
    rings: unsigned.rings.map(inputRingToWire),
    blockVersion: unsigned.blockVersion,
    txOutUnblindingData: unsigned.outputs.map(txOutUnblindingDataToWire),
  });
}

/**
 * An unsigned transaction from bytes; blindings are reduced modulo ℓ. Throws WireError, `unknown-block-version`,
 * `unknown-masked-amount-version`, `invalid-masked-amount`, and CryptoError `invalid-private-key` or
 * `invalid-public-key`.
 */
export function decodeUnsignedTx(encoded: Uint8Array): UnsignedTx {
  const message = decodeMessage(UnsignedTxSchema, encoded, { bytesMax: TX_BYTES_MAX });
  return {
    blockVersion: blockVersion(message.blockVersion),
    prefix: txPrefixFromWire(readPresent(message.txPrefix, "tx_prefix")),
    rings: message.rings.map(inputRingFromWire),
    outputs: message.txOutUnblindingData.map(txOutUnblindingDataFromWire),
  };
}

/** Signing data as bytes, which are as secret as the amounts of the inputs. */
export function encodeSigningData(data: SigningData): Uint8Array {
  return encodeMessage(SigningDataSchema, {
    mlsagSigningDigest: data.mlsagSigningDigest,
    pseudoOutputBlindings: data.pseudoOutputBlindings.map(secretToWire),
    pseudoOutputCommitments: data.pseudoOutputCommitments.map((commitment) => ({ data: commitment })),
    rangeProofBytes: data.rangeProofBytes,
    rangeProofs: [...data.rangeProofs],
    pseudoOutputTokenIds: [...data.pseudoOutputTokenIds],
    outputTokenIds: [...data.outputTokenIds],
  });
}

/** Signing data from bytes; blindings are reduced modulo ℓ. Throws WireError. */
export function decodeSigningData(encoded: Uint8Array): SigningData {
  const message = decodeMessage(SigningDataSchema, encoded, { bytesMax: TX_BYTES_MAX });
  return {
    mlsagSigningDigest: message.mlsagSigningDigest.slice(),
    pseudoOutputBlindings: message.pseudoOutputBlindings.map(blindingFromWire),
    pseudoOutputCommitments: message.pseudoOutputCommitments.map((commitment) =>
      compressedPoint(readData(commitment, 32, "pseudo_output_commitments")),
    ),
    rangeProofBytes: message.rangeProofBytes.slice(),
    rangeProofs: message.rangeProofs.map((proof) => proof.slice()),
    pseudoOutputTokenIds: message.pseudoOutputTokenIds.map(tokenId),
    outputTokenIds: message.outputTokenIds.map(tokenId),
  };
}

/** Bytes in a message of their own. */
export interface Data {
  readonly data: Uint8Array;
}

/** An amount with its blinding as `encodeMessage` takes them. */
export interface AmountAndBlinding {
  readonly amount: { readonly value: bigint; readonly tokenId: bigint };
  readonly blinding: Data;
}

/** A ring as `encodeMessage` takes it. */
export type InputRingInit =
  | {
      readonly case: "signable";
      readonly value: {
        readonly members: { readonly publicKey: Data; readonly targetKey: Data; readonly commitment: Data }[];
        readonly realInputIndex: number;
        readonly inputSecret: AmountAndBlinding & { readonly onetimeKeyDeriveData: OnetimeKeyInit };
      };
    }
  | {
      readonly case: "presigned";
      readonly value: { readonly mlsag: RingMlsagInit; readonly pseudoOutputSecret: AmountAndBlinding };
    };

/** What finds a ring's key as `encodeMessage` takes it. */
export type OnetimeKeyInit =
  | { readonly case: "onetimePrivateKey"; readonly value: Data }
  | { readonly case: "subaddressIndex"; readonly value: bigint };

/** A ring as a message, to be put into larger ones. */
export function inputRingToWire(ring: InputRing): { readonly inputRing: InputRingInit } {
  if (ring.kind === "presigned") {
    const value = { mlsag: ringMlsagToWire(ring.mlsag), pseudoOutputSecret: amountToWire(ring.pseudoOutput) };
    return { inputRing: { case: "presigned", value } };
  }
  const value = {
    members: ring.members.map(({ publicKey, targetKey, commitment }) => ({
      publicKey: { data: publicKey },
      targetKey: { data: targetKey },
      commitment: { data: commitment },
    })),
    realInputIndex: ring.realIndex,
    inputSecret: { onetimeKeyDeriveData: onetimeKeyToWire(ring.onetimeKey), ...amountToWire(ring.amount) },
  };
  return { inputRing: { case: "signable", value } };
}

/** A ring from a message. Errors as {@link decodeUnsignedTx}. */
export function inputRingFromWire({ inputRing }: InputRingMessage): InputRing {
  if (inputRing.case === "presigned") {
    const { mlsag, pseudoOutputSecret } = inputRing.value;
    return {
      kind: "presigned",
      mlsag: ringMlsagFromWire(readPresent(mlsag, "mlsag")),
      pseudoOutput: amountFromWire(readPresent(pseudoOutputSecret, "pseudo_output_secret")),
    };
  }
  const ring = readPresent(inputRing.value, "input_ring");
  const secret = readPresent(ring.inputSecret, "input_secret");
  return {
    kind: "signable",
    members: ring.members.map(memberFromWire),
    realIndex: ring.realInputIndex,
    amount: amountFromWire(secret),
    onetimeKey: onetimeKeyFromWire(secret.onetimeKeyDeriveData),
  };
}

function memberFromWire(message: ReducedTxOutMessage): ReducedTxOut {
  return {
    publicKey: compressedPoint(readData(message.publicKey, 32, "public_key")),
    targetKey: compressedPoint(readData(message.targetKey, 32, "target_key")),
    commitment: compressedPoint(readData(message.commitment, 32, "commitment")),
  };
}

function onetimeKeyToWire(source: OnetimeKeySource): OnetimeKeyInit {
  return source.kind === "onetime-private-key"
    ? { case: "onetimePrivateKey", value: { data: source.onetimePrivateKey.expose() } }
    : { case: "subaddressIndex", value: source.subaddressIndex };
}

function onetimeKeyFromWire(oneof: InputSecretMessage["onetimeKeyDeriveData"]): OnetimeKeySource {
  if (oneof.case === "subaddressIndex") {
    return { kind: "subaddress-index", subaddressIndex: oneof.value };
  }
  const key = readData(oneof.value, 32, "onetime_private_key");
  return { kind: "onetime-private-key", onetimePrivateKey: new PrivateKey(key) };
}

function amountToWire({ value, tokenId, blinding }: UnmaskedAmount): AmountAndBlinding {
  return { amount: { value, tokenId }, blinding: secretToWire(blinding) };
}

function amountFromWire(message: {
  readonly amount?: AmountMessage | undefined;
  readonly blinding?: CurveScalarMessage | undefined;
}): UnmaskedAmount {
  const amount = readPresent(message.amount, "amount");
  return {
    value: tokenValue(amount.value),
    tokenId: tokenId(amount.tokenId),
    blinding: blindingFromWire(message.blinding),
  };
}

function secretToWire(secret: Secret): Data {
  return { data: secret.expose() };
}

function blindingFromWire(message: CurveScalarMessage | undefined): Secret {
  const bytes = readData(message, 32, "blinding");
  try {
    return new Secret(curveScalar(bytes));
  } finally {
    bytes.fill(0);
  }
}
