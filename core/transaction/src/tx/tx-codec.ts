// Transactions as protobuf messages (spec 02 §5.4, §10).
import { tokenId, tokenValue } from "@fogbow/core-bytes";
import { type CompressedPoint, compressedPoint, curveScalar, type RingMlsag } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  type InputRules as InputRulesMessage,
  type RevealedTxOut as RevealedTxOutMessage,
  type RingMLSAG as RingMlsagMessage,
  readData,
  readPresent,
  type SignatureRctBulletproofs as SignatureMessage,
  type TxIn as TxInMessage,
  type Tx as TxMessage,
  type TxOut as TxOutMessage,
  type TxPrefix as TxPrefixMessage,
  TxPrefixSchema,
  TxSchema,
} from "@fogbow/core-wire";
import { TransactionError } from "../error.ts";
import { TX_BYTES_MAX } from "../limits.ts";
import type { TxOut } from "../output/tx-out.ts";
import { storedTxOutFromWire, type TxOutInit, txOutToWire } from "../output/tx-out-codec.ts";
import type { ClaimedTxOut, InputRules } from "./input-rules.ts";
import { type MembershipProofInit, membershipProofFromWire, membershipProofToWire } from "./membership-proof-codec.ts";
import type { SignatureRctBulletproofs, Tx, TxIn, TxPrefix } from "./tx.ts";
import { tryReadTx } from "./tx-reader.ts";

/** A transaction as the published protobuf message, fields in ascending order. */
export function encodeTx(tx: Tx): Uint8Array {
  return encodeMessage(TxSchema, txToWire(tx));
}

/**
 * A transaction from the published protobuf message. Points are only measured and proofs only read: validation follows.
 * Scalars of ring signatures are reduced modulo ℓ. Throws WireError, and TransactionError
 * `unknown-masked-amount-version` for an output without an amount that is known here or `invalid-masked-amount`.
 */
export function decodeTx(encoded: Uint8Array): Tx {
  const plain = encoded instanceof Uint8Array && encoded.length <= TX_BYTES_MAX ? tryReadTx(encoded) : undefined;
  return plain ?? txFromWire(decodeMessage(TxSchema, encoded, { bytesMax: TX_BYTES_MAX }));
}

/** A transaction without its signature as bytes. */
export function encodeTxPrefix(prefix: TxPrefix): Uint8Array {
  return encodeMessage(TxPrefixSchema, txPrefixToWire(prefix));
}

/** A transaction without its signature from bytes. Errors as {@link decodeTx}. */
export function decodeTxPrefix(encoded: Uint8Array): TxPrefix {
  return txPrefixFromWire(decodeMessage(TxPrefixSchema, encoded, { bytesMax: TX_BYTES_MAX }));
}

/** A wrapped byte string of a message. */
interface Data {
  readonly data: Uint8Array;
}

/** A transaction as `encodeMessage` takes it. */
export interface TxInit {
  readonly prefix: TxPrefixInit;
  readonly signature: SignatureInit;
  readonly feeMapDigest: Uint8Array;
}

/** A transaction without its signature as `encodeMessage` takes it. */
export interface TxPrefixInit {
  readonly inputs: TxInInit[];
  readonly outputs: TxOutInit[];
  readonly fee: bigint;
  readonly tombstoneBlock: bigint;
  readonly feeTokenId: bigint;
}

/** An input as `encodeMessage` takes it. */
export interface TxInInit {
  readonly ring: TxOutInit[];
  readonly proofs: MembershipProofInit[];
  readonly inputRules?: InputRulesInit;
}

/** An input's rules as `encodeMessage` takes them. */
export interface InputRulesInit {
  readonly requiredOutputs: TxOutInit[];
  readonly maxTombstoneBlock: bigint;
  readonly partialFillOutputs: ClaimedTxOutInit[];
  readonly partialFillChange?: ClaimedTxOutInit;
  readonly minPartialFillValue: bigint;
}

interface ClaimedTxOutInit {
  readonly txOut: TxOutInit;
  readonly amountSharedSecret: Uint8Array;
}

/** A transaction's signature as `encodeMessage` takes it. */
export interface SignatureInit {
  readonly ringSignatures: RingMlsagInit[];
  readonly pseudoOutputCommitments: Data[];
  readonly rangeProofBytes: Uint8Array;
  readonly rangeProofs: Uint8Array[];
  readonly pseudoOutputTokenIds: bigint[];
  readonly outputTokenIds: bigint[];
}

/** A ring signature as `encodeMessage` takes it. */
export interface RingMlsagInit {
  readonly cZero: Data;
  readonly responses: Data[];
  readonly keyImage: Data;
}

/** A transaction as a message, to be put into larger ones. */
export function txToWire(tx: Tx): TxInit {
  return {
    prefix: txPrefixToWire(tx.prefix),
    signature: signatureToWire(tx.signature),
    feeMapDigest: tx.feeMapDigest,
  };
}

/** A transaction from a message. Errors as {@link decodeTx}. */
export function txFromWire(message: TxMessage): Tx {
  return {
    prefix: txPrefixFromWire(readPresent(message.prefix, "prefix")),
    signature: signatureFromWire(readPresent(message.signature, "signature")),
    feeMapDigest: message.feeMapDigest.slice(),
  };
}

/** A transaction without its signature as a message, to be put into larger ones. */
export function txPrefixToWire(prefix: TxPrefix): TxPrefixInit {
  return {
    inputs: prefix.inputs.map(txInToWire),
    outputs: prefix.outputs.map(txOutToWire),
    fee: prefix.fee,
    tombstoneBlock: prefix.tombstoneBlock,
    feeTokenId: prefix.feeTokenId,
  };
}

/** A transaction without its signature from a message. Errors as {@link decodeTx}. */
export function txPrefixFromWire(message: TxPrefixMessage): TxPrefix {
  return {
    inputs: message.inputs.map(txInFromWire),
    outputs: message.outputs.map(txOutOfTxFromWire),
    fee: tokenValue(message.fee),
    feeTokenId: tokenId(message.feeTokenId),
    tombstoneBlock: message.tombstoneBlock,
  };
}

/** An input as a message, to be put into larger ones. */
export function txInToWire(input: TxIn): TxInInit {
  return {
    ring: input.ring.map(txOutToWire),
    proofs: input.proofs.map(membershipProofToWire),
    ...(input.inputRules && { inputRules: inputRulesToWire(input.inputRules) }),
  };
}

/** An input from a message. Errors as {@link decodeTx}. */
export function txInFromWire(message: TxInMessage): TxIn {
  return {
    ring: message.ring.map(txOutOfTxFromWire),
    proofs: message.proofs.map(membershipProofFromWire),
    inputRules: message.inputRules && inputRulesFromWire(message.inputRules),
  };
}

function inputRulesToWire(rules: InputRules): InputRulesInit {
  return {
    requiredOutputs: rules.requiredOutputs.map(txOutToWire),
    maxTombstoneBlock: rules.maxTombstoneBlock,
    partialFillOutputs: rules.partialFillOutputs.map(claimedToWire),
    ...(rules.partialFillChange && { partialFillChange: claimedToWire(rules.partialFillChange) }),
    minPartialFillValue: rules.minPartialFillValue,
  };
}

function inputRulesFromWire(message: InputRulesMessage): InputRules {
  return {
    requiredOutputs: message.requiredOutputs.map(txOutOfTxFromWire),
    maxTombstoneBlock: message.maxTombstoneBlock,
    partialFillOutputs: message.partialFillOutputs.map(claimedFromWire),
    partialFillChange: message.partialFillChange && claimedFromWire(message.partialFillChange),
    minPartialFillValue: message.minPartialFillValue,
  };
}

function claimedToWire({ txOut, amountSharedSecret }: ClaimedTxOut): ClaimedTxOutInit {
  return { txOut: txOutToWire(txOut), amountSharedSecret };
}

function claimedFromWire(message: RevealedTxOutMessage): ClaimedTxOut {
  return {
    txOut: txOutOfTxFromWire(readPresent(message.txOut, "tx_out")),
    amountSharedSecret: message.amountSharedSecret.slice(),
  };
}

/** A signature as a message, to be put into larger ones. */
export function signatureToWire(signature: SignatureRctBulletproofs): SignatureInit {
  return {
    ringSignatures: signature.ringSignatures.map(ringMlsagToWire),
    pseudoOutputCommitments: signature.pseudoOutputCommitments.map(dataToWire),
    rangeProofBytes: signature.rangeProofBytes,
    rangeProofs: [...signature.rangeProofs],
    pseudoOutputTokenIds: [...signature.pseudoOutputTokenIds],
    outputTokenIds: [...signature.outputTokenIds],
  };
}

/** A signature from a message. Throws WireError. */
export function signatureFromWire(message: SignatureMessage): SignatureRctBulletproofs {
  return {
    ringSignatures: message.ringSignatures.map(ringMlsagFromWire),
    pseudoOutputCommitments: message.pseudoOutputCommitments.map((commitment) =>
      pointFromWire(commitment, "pseudo_output_commitments"),
    ),
    rangeProofBytes: message.rangeProofBytes.slice(),
    rangeProofs: message.rangeProofs.map((proof) => proof.slice()),
    pseudoOutputTokenIds: message.pseudoOutputTokenIds.map(tokenId),
    outputTokenIds: message.outputTokenIds.map(tokenId),
  };
}

/** A ring signature as a message, to be put into larger ones. */
export function ringMlsagToWire(mlsag: RingMlsag): RingMlsagInit {
  return {
    cZero: { data: mlsag.cZero },
    responses: mlsag.responses.map(dataToWire),
    keyImage: { data: mlsag.keyImage },
  };
}

/** A ring signature from a message; its scalars are reduced modulo ℓ. Throws WireError. */
export function ringMlsagFromWire(message: RingMlsagMessage): RingMlsag {
  return {
    cZero: scalarFromWire(message.cZero, "c_zero"),
    responses: message.responses.map((response) => scalarFromWire(response, "responses")),
    keyImage: pointFromWire(message.keyImage, "key_image"),
  };
}

/** An output inside a transaction. A version of masked amounts that is unknown here looks as if there were none. */
function txOutOfTxFromWire(message: TxOutMessage): TxOut {
  if (message.maskedAmount.case === undefined) {
    throw new TransactionError("unknown-masked-amount-version", "An output has no amount in a version known here.");
  }
  return storedTxOutFromWire(message);
}

function dataToWire(data: Uint8Array): Data {
  return { data };
}

function pointFromWire(message: Data | undefined, field: string): CompressedPoint {
  return compressedPoint(readData(message, 32, field));
}

function scalarFromWire(message: Data | undefined, field: string): Uint8Array {
  return curveScalar(readData(message, 32, field));
}
