// Reads transactions straight from the bytes that encoders of this network write: every field once and in order, nothing
// unknown. A ring's proofs are hundreds of small messages, and making objects of the messages first, as for every other
// type, would cost as much as verifying a ring signature. Whatever is not so plain is left to the general reader of
// `tx-codec.ts`, which alone decides what is malformed: the two never differ in what they read.
import { type Bytes, tokenId, tokenValue } from "@fogbow/core-bytes";
import { type CompressedPoint, curveScalar, type RingMlsag } from "@fogbow/core-crypto";
import type { EncryptedMemo } from "../memo/encrypt-memo.ts";
import { MEMO_PAYLOAD_BYTES } from "../memo/memo.ts";
import type { MaskedAmount } from "../output/masked-amount.ts";
import { type EncryptedFogHint, FOG_HINT_BYTES, type TxOut } from "../output/tx-out.ts";
import type { TxOutMembershipElement, TxOutMembershipProof } from "./membership-proof.ts";
import type { SignatureRctBulletproofs, Tx, TxIn, TxPrefix } from "./tx.ts";

/** The transaction; undefined for what only the general reader can read or refuse. */
export function tryReadTx(encoded: Uint8Array): Tx | undefined {
  const reader = new PlainReader(encoded);
  try {
    return readTx(reader, encoded.length);
  } catch (error) {
    if (error === NOT_PLAIN) return undefined;
    throw error;
  }
}

/** Thrown for whatever is not plain. One object: a trace of calls, which nobody will see, would cost more than all else. */
const NOT_PLAIN = new Error("This encoding is not plain.");

function expectPlain(isPlain: boolean): asserts isPlain {
  if (!isPlain) throw NOT_PLAIN;
}

// Wire types of protobuf.
const VARINT = 0;
const BIT64 = 1;
const BYTES = 2;

/** A position in plain bytes. Lengths are checked against what holds them; every `end` is within the bytes. */
class PlainReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  #position = 0;

  constructor(bytes: Uint8Array) {
    // A plain view of them: the `slice` of a Buffer would not copy.
    this.#bytes = new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
  }

  get position(): number {
    return this.#position;
  }

  /** Whether the next field before `end` is this one; if so, its tag is read. Field numbers are below 16 here. */
  takeTag(field: number, wireType: number, end: number): boolean {
    if (this.#position >= end || this.#bytes[this.#position] !== ((field << 3) | wireType)) return false;
    this.#position += 1;
    return true;
  }

  /** The end of the message or byte string whose length comes next. */
  enter(end: number): number {
    const length = this.#varint(end);
    expectPlain(length <= end - this.#position);
    return this.#position + length;
  }

  /** Asserts that a message was read to its end. */
  leave(end: number): void {
    expectPlain(this.#position === end);
  }

  /** The bytes up to `end`, copied. */
  rest(end: number): Uint8Array {
    const bytes = this.#bytes.slice(this.#position, end);
    this.#position = end;
    return bytes;
  }

  /** A byte string field, copied; empty when it is not there. */
  bytes(field: number, end: number): Uint8Array {
    return this.takeTag(field, BYTES, end) ? this.rest(this.enter(end)) : new Uint8Array(0);
  }

  /** A field that holds a message with nothing but a byte string of `length` bytes, copied. */
  data<N extends number>(field: number, length: N, end: number): Bytes<N> {
    expectPlain(this.takeTag(field, BYTES, end));
    return this.dataInside(length, end);
  }

  /** The same after the field's tag. */
  dataInside<N extends number>(length: N, end: number): Bytes<N> {
    const start = this.#skipData(length, end);
    return this.#bytes.slice(start, this.#position) as Bytes<N>; // It has been measured.
  }

  /** The same as a view of `copy`, which holds the bytes from `copyStart` on. */
  dataView(field: number, length: number, end: number, copy: Uint8Array, copyStart: number): Uint8Array {
    expectPlain(this.takeTag(field, BYTES, end));
    const start = this.#skipData(length, end) - copyStart;
    return copy.subarray(start, start + length);
  }

  /** Bytes that are not read yet, copied. */
  copyUpTo(end: number): Uint8Array {
    return this.#bytes.slice(this.#position, end);
  }

  /** An unsigned 64-bit varint field; 0 when it is not there. */
  uint64(field: number, end: number): bigint {
    if (!this.takeTag(field, VARINT, end)) return 0n;
    return BigInt(this.#varint(end));
  }

  /** A fixed 64-bit field; 0 when it is not there. */
  fixed64(field: number, end: number): bigint {
    return this.takeTag(field, BIT64, end) ? this.#word(end) : 0n;
  }

  /** A packed list of fixed 64-bit numbers; empty when it is not there. */
  packedFixed64(field: number, end: number): bigint[] {
    const numbers: bigint[] = [];
    if (!this.takeTag(field, BYTES, end)) return numbers;
    const listEnd = this.enter(end);
    while (this.#position < listEnd) numbers.push(this.#word(listEnd));
    return numbers;
  }

  #word(end: number): bigint {
    expectPlain(this.#position + 8 <= end);
    const word = this.#view.getBigUint64(this.#position, true);
    this.#position += 8;
    return word;
  }

  /** Moves over tag, length and `length` bytes of field 1 that are all of a message, and returns where they begin. */
  #skipData(length: number, end: number): number {
    const messageEnd = this.enter(end);
    expectPlain(this.takeTag(1, BYTES, messageEnd));
    const dataEnd = this.enter(messageEnd);
    expectPlain(dataEnd === messageEnd && dataEnd - this.#position === length);
    const start = this.#position;
    this.#position = dataEnd;
    return start;
  }

  /** A base-128 integer below 2⁴⁹; a ledger will not have as many outputs, and a fee that large is left to others. */
  #varint(end: number): number {
    let value = 0;
    let weight = 1;
    for (let i = 0; i < 7; i++) {
      expectPlain(this.#position < end);
      const byte = this.#bytes[this.#position++] as number; // Below `end`, so within the bytes.
      value += (byte & 0x7f) * weight;
      if (byte < 0x80) return value;
      weight *= 128;
    }
    throw NOT_PLAIN;
  }
}

function readTx(reader: PlainReader, end: number): Tx {
  expectPlain(reader.takeTag(1, BYTES, end));
  const prefix = readPrefix(reader, reader.enter(end));
  expectPlain(reader.takeTag(2, BYTES, end));
  const signature = readSignature(reader, reader.enter(end));
  const feeMapDigest = reader.bytes(3, end);
  reader.leave(end);
  return { prefix, signature, feeMapDigest };
}

function readPrefix(reader: PlainReader, end: number): TxPrefix {
  const inputs: TxIn[] = [];
  while (reader.takeTag(1, BYTES, end)) inputs.push(readInput(reader, reader.enter(end)));
  const outputs: TxOut[] = [];
  while (reader.takeTag(2, BYTES, end)) outputs.push(readTxOut(reader, reader.enter(end)));
  const fee = tokenValue(reader.uint64(3, end));
  const tombstoneBlock = reader.uint64(4, end);
  const feeTokenId = tokenId(reader.fixed64(5, end));
  reader.leave(end);
  return { inputs, outputs, fee, feeTokenId, tombstoneBlock };
}

/** An input without rules. */
function readInput(reader: PlainReader, end: number): TxIn {
  const ring: TxOut[] = [];
  while (reader.takeTag(1, BYTES, end)) ring.push(readTxOut(reader, reader.enter(end)));
  const proofs: TxOutMembershipProof[] = [];
  while (reader.takeTag(2, BYTES, end)) proofs.push(readProof(reader, reader.enter(end)));
  reader.leave(end);
  return { ring, proofs, inputRules: undefined };
}

/** An amount of version 2 stands at the end, by its number, or at the beginning, where the reference library puts it. */
function readTxOut(reader: PlainReader, end: number): TxOut {
  const early = readAmount(reader, end, 1) ?? readAmount(reader, end, 6);
  const targetKey = point(reader.data(2, 32, end));
  const publicKey = point(reader.data(3, 32, end));
  const encryptedFogHint: EncryptedFogHint = reader.data(4, FOG_HINT_BYTES, end);
  const encryptedMemo: EncryptedMemo | undefined = reader.takeTag(5, BYTES, end)
    ? reader.dataInside(MEMO_PAYLOAD_BYTES, end)
    : undefined;
  const maskedAmount = early ?? readAmount(reader, end, 6);
  expectPlain(maskedAmount !== undefined);
  reader.leave(end);
  return { maskedAmount, targetKey, publicKey, encryptedFogHint, encryptedMemo };
}

/** The masked amount when this field is next: of version 1 in field 1, of version 2 in field 6. */
function readAmount(reader: PlainReader, end: number, field: 1 | 6): MaskedAmount | undefined {
  if (!reader.takeTag(field, BYTES, end)) return undefined;
  const amountEnd = reader.enter(end);
  const version = field === 1 ? 1 : 2;
  const commitment = point(reader.data(1, 32, amountEnd));
  const maskedValue = reader.fixed64(2, amountEnd);
  const maskedTokenId = reader.bytes(3, amountEnd);
  expectPlain(maskedTokenId.length === 8 || (version === 1 && maskedTokenId.length === 0));
  reader.leave(amountEnd);
  return { version, commitment, maskedValue, maskedTokenId };
}

function readProof(reader: PlainReader, end: number): TxOutMembershipProof {
  const copyStart = reader.position;
  const copy = reader.copyUpTo(end); // Of the whole proof, so that its hashes need none of their own.
  const index = reader.uint64(1, end);
  const highestIndex = reader.uint64(2, end);
  const elements: TxOutMembershipElement[] = [];
  while (reader.takeTag(3, BYTES, end)) {
    const elementEnd = reader.enter(end);
    expectPlain(reader.takeTag(1, BYTES, elementEnd));
    const rangeEnd = reader.enter(elementEnd);
    const from = reader.uint64(1, rangeEnd);
    const to = reader.uint64(2, rangeEnd);
    reader.leave(rangeEnd);
    const hash = reader.dataView(2, 32, elementEnd, copy, copyStart);
    reader.leave(elementEnd);
    elements.push({ range: { from, to }, hash });
  }
  reader.leave(end);
  return { index, highestIndex, elements };
}

function readSignature(reader: PlainReader, end: number): SignatureRctBulletproofs {
  const ringSignatures: RingMlsag[] = [];
  while (reader.takeTag(1, BYTES, end)) ringSignatures.push(readMlsag(reader, reader.enter(end)));
  const pseudoOutputCommitments: CompressedPoint[] = [];
  while (reader.takeTag(2, BYTES, end)) pseudoOutputCommitments.push(point(reader.dataInside(32, end)));
  const rangeProofBytes = reader.bytes(3, end);
  const rangeProofs: Uint8Array[] = [];
  while (reader.takeTag(4, BYTES, end)) rangeProofs.push(reader.rest(reader.enter(end)));
  const pseudoOutputTokenIds = reader.packedFixed64(5, end).map(tokenId);
  const outputTokenIds = reader.packedFixed64(6, end).map(tokenId);
  reader.leave(end);
  return {
    ringSignatures,
    pseudoOutputCommitments,
    rangeProofBytes,
    rangeProofs,
    pseudoOutputTokenIds,
    outputTokenIds,
  };
}

function readMlsag(reader: PlainReader, end: number): RingMlsag {
  const cZero = curveScalar(reader.data(1, 32, end));
  const responses: Uint8Array[] = [];
  while (reader.takeTag(2, BYTES, end)) responses.push(curveScalar(reader.dataInside(32, end)));
  const keyImage = point(reader.data(3, 32, end));
  reader.leave(end);
  return { cZero, responses, keyImage };
}

function point(bytes: Bytes<32>): CompressedPoint {
  return bytes as CompressedPoint; // Measured, which is all that the type says.
}
