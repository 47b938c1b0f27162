// The oblivious ledger of spec 03 §5.7 as a plain array of outputs and the plain tree of spec 02 §7, with the same answers.
import {
  KernelError,
  type NewOutput,
  type ObliviousLedger,
  type ObliviousLedgerOptions,
  type ObliviousLedgers,
} from "@fogbow/kernel";
import { blake2b } from "@noble/hashes/blake2.js";
import { concatBytes, utf8ToBytes } from "@noble/hashes/utils.js";

const TX_OUT_BYTES_MAX = 287;

/** Ledgers that show everything. */
export const modelLedgers: ObliviousLedgers = { create: (options) => new ModelLedger(options) };

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
    if (indices.length % 8 !== 0) throw new KernelError("invalid-length", "Eight bytes an index.");
    const view = new DataView(indices.buffer, indices.byteOffset, indices.length);
    return concatBytes(
      ...Array.from({ length: indices.length / 8 }, (_, i) => this.#result(view.getBigUint64(8 * i, true))),
    );
  }

  /** log2 of the leaves, empty ones included. */
  get #height(): number {
    return Math.ceil(Math.log2(Math.max(1, this.numTxOuts)));
  }

  /** A node, nil where there are no outputs. */
  #node(height: number, i: number): Uint8Array {
    return this.#heights[height]?.[i] ?? NIL;
  }

  /** A field `results`: index, code, proof, output, and padding up to the one length. */
  #result(index: bigint): Uint8Array {
    const exists = index < BigInt(this.numTxOuts);
    const txOut = exists ? (this.#txOuts[Number(index)] as Uint8Array) : new Uint8Array();
    const proof = this.#proof(exists ? Number(index) : 0);
    const head = concatBytes(Uint8Array.of(0x09), le(index, 8), Uint8Array.of(0x15), le(exists ? 2n : 1n, 4));
    const body = concatBytes(head, nested(0x22, exists ? proof : new Uint8Array()), nested(0x1a, txOut));
    const whole = head.length + 3 + proof.length + 3 + TX_OUT_BYTES_MAX;
    const padding = new Uint8Array(whole - body.length);
    return nested(0x0a, concatBytes(body, Uint8Array.of(0xa2, 0x06), twoBytes(padding.length), padding));
  }

  #proof(index: number): Uint8Array {
    const bytes = Math.max(1, Math.ceil(this.#height / 7));
    const element = (height: number, i: number): Uint8Array => {
      const [from, to] = [i * 2 ** height, (i + 1) * 2 ** height - 1];
      const range = concatBytes(varint(0x08, from, bytes), varint(0x10, to, bytes));
      const hashField = short(0x12, short(0x0a, this.#node(height, i)));
      return short(0x1a, concatBytes(short(0x0a, range), hashField));
    };
    const siblings = Array.from({ length: this.#height }, (_, height) => element(height, (index >> height) ^ 1));
    const highest = Math.max(0, this.numTxOuts - 1);
    return concatBytes(varint(0x08, index, bytes), varint(0x10, highest, bytes), element(0, index), ...siblings);
  }
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
