// The oblivious ledger of spec 03 §5.7 as a plain array of outputs and the plain tree of spec 02 §7, with the same answers.
import {
  KernelError,
  type LedgerParts,
  type LedgerShard,
  type LedgerShardOptions,
  type NewOutput,
  type ObliviousLedger,
  type ObliviousLedgerOptions,
  type ObliviousLedgers,
} from "@fogbow/kernel";
import { blake2b } from "@noble/hashes/blake2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const TX_OUT_BYTES_MAX = 287;

/** Ledgers that show everything. */
export const modelLedgers: ObliviousLedgers = {
  create: (options) => new ModelLedger(options),
  createShard: (options) => new ModelShard(options),
  combine,
};

const hash = (tag: string, ...parts: readonly Uint8Array[]): Uint8Array =>
  blake2b(concatBytes(utf8ToBytes(tag), ...parts), { dkLen: 32 });
const NIL = hash("mc_tx_out_merkle_nil");

class ModelLedger implements ObliviousLedger {
  readonly capacity: number;
  readonly #txOuts: Uint8Array[] = [];
  /** The hashes of each height, from the leaves up. */
  #heights: Uint8Array[][] = [[]];

  constructor({ capacity, seed }: ObliviousLedgerOptions) {
    if (seed.length !== 32) throw new KernelError("invalid-length", "The seed must be 32 bytes.");
    this.capacity = capacity;
  }

  get numTxOuts(): number {
    return this.#txOuts.length;
  }

  get isNearlyFull(): boolean {
    return this.numTxOuts >= 0.9 * this.capacity;
  }

  root(): Uint8Array {
    return this.#node(this.#height, 0);
  }

  append(outputs: readonly NewOutput[]): void {
    if (outputs.some((output) => output.txOut.length < 32 || output.txOut.length > 287 || output.hash.length !== 32)) {
      throw new KernelError("invalid-length", "Wrong length.");
    }
    if (this.numTxOuts + outputs.length > this.capacity) throw new KernelError("ledger-full", "No room.");
    const before = this.numTxOuts;
    this.#txOuts.push(...outputs.map(({ txOut }) => txOut.slice()));
    this.#heights[0]?.push(...outputs.map((output) => hash("mc_tx_out_merkle_leaf", output.hash)));
    for (let height = 1; height <= this.#height; height++) {
      const nodes = this.#heights[height] ?? [];
      this.#heights[height] = nodes;
      // The nodes over what is new, or all of a height that the tree did not have before.
      for (let i = Math.min(before >> height, nodes.length); i << height < this.numTxOuts; i++) {
        nodes[i] = hash("mc_tx_out_merkle_node", this.#node(height - 1, 2 * i), this.#node(height - 1, 2 * i + 1));
      }
    }
  }

  resultBytes(): number {
    return this.#result(2n ** 64n - 1n).length;
  }

  results(indices: Uint8Array): Uint8Array {
    return concatBytes(...indicesIn(indices).map((index) => this.#result(index)));
  }

  /** log2 of the leaves, empty ones included. */
  get #height(): number {
    return Math.ceil(Math.log2(Math.max(1, this.numTxOuts)));
  }

  /** A node, nil where there are no outputs. */
  #node(height: number, i: number): Uint8Array {
    return this.#heights[height]?.[i] ?? NIL;
  }

  #result(index: bigint): Uint8Array {
    const txOut = index < BigInt(this.numTxOuts) ? this.#txOuts[Number(index)] : undefined;
    return encodeResult({ index, txOut, path: this.path(Number(index), this.#height), numTxOuts: this.numTxOuts });
  }

  /** The TxOut with an index, or undefined. */
  protected txOut(index: number): Uint8Array | undefined {
    return this.#txOuts[index];
  }

  /** The leaf, and the siblings up to a height. */
  protected path(index: number, heights: number): Uint8Array[] {
    const siblings = Array.from({ length: heights }, (_, height) =>
      this.#node(height, Math.floor(index / 2 ** height) ^ 1),
    );
    return [this.#node(0, index), ...siblings];
  }
}

/** A block of 320 bytes, which begins with how many bytes the TxOut lacks. */
const RECORD_BYTES = 320;

/** A shard: its outputs begin at some index. */
class ModelShard extends ModelLedger implements LedgerShard {
  readonly #first: number;
  readonly #heights: number;

  constructor({ first, ...options }: LedgerShardOptions) {
    super(options);
    this.#first = first;
    this.#heights = Math.log2(options.capacity);
  }

  parts(indices: Uint8Array): Uint8Array {
    return concatBytes(...indicesIn(indices).map((index) => this.#part(Number(index) - this.#first)));
  }

  #part(index: number): Uint8Array {
    const part = new Uint8Array(RECORD_BYTES + 32 * (1 + this.#heights));
    const txOut = this.txOut(index);
    if (txOut === undefined) return part;
    part[0] = TX_OUT_BYTES_MAX - txOut.length;
    part.set(txOut, 1);
    part.set(concatBytes(...this.path(index, this.#heights)), RECORD_BYTES);
    return part;
  }
}

/** Looks up which shard has each output, and puts the levels above it on top of its path. */
function combine({ indices, parts, shardCapacity, numTxOuts, nodes }: LedgerParts): Uint8Array {
  const below = Math.log2(shardCapacity);
  const partBytes = RECORD_BYTES + 32 * (1 + below);
  const height = Math.max(0, Math.ceil(Math.log2(Math.max(1, numTxOuts))));
  const roots = nodes.length / 64;
  const hashAt = (place: number): Uint8Array => nodes.subarray(32 * place, 32 * place + 32);
  const results = indicesIn(indices).map((index, i) => {
    if (index >= BigInt(numTxOuts)) return encodeResult({ index, txOut: undefined, path: nilPath(height), numTxOuts });
    const shard = Math.floor(Number(index) / shardCapacity);
    const part = (parts[shard] ?? new Uint8Array()).subarray(i * partBytes, (i + 1) * partBytes);
    const path = Array.from({ length: 1 + height }, (_, k) => {
      if (k <= below) return part.subarray(RECORD_BYTES + 32 * k, RECORD_BYTES + 32 * (k + 1));
      const above = k - 1 - below;
      const sibling = (shard >> above) ^ 1;
      const isThere = sibling * 2 ** (k - 1) < numTxOuts;
      return isThere ? hashAt(1 + 2 * roots - (2 * roots) / 2 ** above + sibling) : NIL;
    });
    return encodeResult({ index, txOut: part.slice(1, 1 + TX_OUT_BYTES_MAX - (part[0] ?? 0)), path, numTxOuts });
  });
  return concatBytes(...results);
}

const nilPath = (height: number): Uint8Array[] => Array.from({ length: 1 + height }, () => NIL);

/** Eight bytes each, little-endian. */
function indicesIn(indices: Uint8Array): bigint[] {
  if (indices.length % 8 !== 0) throw new KernelError("invalid-length", "Eight bytes an index.");
  const view = new DataView(indices.buffer, indices.byteOffset, indices.length);
  return Array.from({ length: indices.length / 8 }, (_, i) => view.getBigUint64(8 * i, true));
}

/** What a result tells; without a TxOut that there is none. */
interface ToldResult {
  readonly index: bigint;
  readonly txOut: Uint8Array | undefined;
  /** The leaf and its siblings. */
  readonly path: readonly Uint8Array[];
  readonly numTxOuts: number;
}

/** A field `results`: index, code, proof, output, and padding up to the one length. */
function encodeResult({ index, txOut = new Uint8Array(), path, numTxOuts }: ToldResult): Uint8Array {
  const exists = txOut.length > 0;
  const proof = encodeProof(exists ? Number(index) : 0, path, numTxOuts);
  const head = concatBytes(Uint8Array.of(0x09), le(index, 8), Uint8Array.of(0x15), le(exists ? 2n : 1n, 4));
  const body = concatBytes(head, nested(0x22, exists ? proof : new Uint8Array()), nested(0x1a, txOut));
  const whole = head.length + 3 + proof.length + 3 + TX_OUT_BYTES_MAX;
  const padding = new Uint8Array(whole - body.length);
  return nested(0x0a, concatBytes(body, Uint8Array.of(0xa2, 0x06), twoBytes(padding.length), padding));
}

function encodeProof(index: number, [leaf = NIL, ...siblings]: readonly Uint8Array[], numTxOuts: number): Uint8Array {
  const bytes = Math.max(1, Math.ceil(siblings.length / 7));
  const element = (height: number, i: number, node: Uint8Array): Uint8Array => {
    const [from, to] = [i * 2 ** height, (i + 1) * 2 ** height - 1];
    const range = concatBytes(varint(0x08, from, bytes), varint(0x10, to, bytes));
    return short(0x1a, concatBytes(short(0x0a, range), short(0x12, short(0x0a, node))));
  };
  const highest = Math.max(0, numTxOuts - 1);
  return concatBytes(
    varint(0x08, index, bytes),
    varint(0x10, highest, bytes),
    element(0, index, leaf),
    ...siblings.map((node, height) => element(height, (index >> height) ^ 1, node)),
  );
}

/** `bytes` bytes of a number, little-endian. */
const le = (value: bigint, bytes: number): Uint8Array =>
  Uint8Array.from({ length: bytes }, (_, i) => Number((value >> BigInt(8 * i)) & 255n));

/** A tag and a varint of that many bytes, however small the number is. */
const varint = (tag: number, value: number, bytes: number): Uint8Array =>
  Uint8Array.from([
    tag,
    ...Array.from({ length: bytes }, (_, i) => ((value >> (7 * i)) & 127) | (i + 1 < bytes ? 128 : 0)),
  ]);

const twoBytes = (length: number): Uint8Array => varint(0, length, 2).subarray(1);

/** A field of bytes with a length of one byte, and one with a length of two. */
const short = (tag: number, bytes: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(tag, bytes.length), bytes);
const nested = (tag: number, bytes: Uint8Array): Uint8Array =>
  concatBytes(Uint8Array.of(tag), twoBytes(bytes.length), bytes);
