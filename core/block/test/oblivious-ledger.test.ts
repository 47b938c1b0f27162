// The kernel's oblivious ledger (spec 03 §5.7) against this package's plain tree: what it answers is what any reader of the
// messages understands, and every proof is the one that a node makes.
import { bytes, fromHex } from "@fogbow/core-bytes";
import { membershipProofFromWire, verifyMembershipProofOfHash } from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  GetOutputsResponseSchema,
  type OutputResult,
  OutputResultCode,
  TxOutSchema,
} from "@fogbow/core-wire";
import { createKernel, createShardedLedger, kernel, type NewOutput, type ObliviousLedger } from "@fogbow/kernel";
import { describe, expect, test } from "vitest";
import { appendToTree, proveLeaf, type TreeStore, treeRoot } from "../src/index.ts";
import { KNOWN_BLOCKS } from "./known-blocks.ts";

/** `FOGBOW_LARGE_LEDGER=1` asks for every index of the small ledgers. */
const isLarge = process.env.FOGBOW_LARGE_LEDGER === "1";
const LARGEST = 2 ** 17;
const SMALL = 1_100;

const hashOf = (text: string): Uint8Array => kernel().hashes.sha256(new TextEncoder().encode(text));

/** Reproducible numbers below n. */
let drawn = 0;
const below = (n: number): number => new DataView(hashOf(`number ${drawn++}`).buffer).getUint32(0) % n;

/** Outputs of the three eras, each different: without a memo, with one, and with a masked token id. */
const TEMPLATES = [KNOWN_BLOCKS[0], KNOWN_BLOCKS[1], KNOWN_BLOCKS[1]].map(({ outputs }, era) => {
  const message = decodeMessage(TxOutSchema, fromHex(outputs[0] as string), { bytesMax: 1_000 });
  if (era === 2 && message.maskedAmount.value !== undefined)
    message.maskedAmount.value.maskedTokenId = hashOf("token id").slice(0, 8);
  return message;
});

function newOutput(index: number): NewOutput {
  const message = TEMPLATES[index % 3];
  if (message?.publicKey === undefined) throw new Error("The published outputs have public keys.");
  message.publicKey.data = hashOf(`public key ${index}`);
  const txOut = encodeMessage(TxOutSchema, message);
  return { txOut, hash: kernel().hashes.blake2b256(txOut) };
}

/** The plain tree beside an oblivious ledger. */
class Both implements TreeStore {
  readonly outputs: NewOutput[] = [];
  readonly ledger: ObliviousLedger;
  readonly #nodes = new Map<bigint, Uint8Array>();

  constructor(ledger: ObliviousLedger) {
    this.ledger = ledger;
  }

  // A node's first leaf and its width together are its number in the whole tree.
  get({ from, to }: { from: bigint; to: bigint }): Uint8Array | undefined {
    return this.#nodes.get((from + to) * 2n ** 20n + to - from);
  }

  put({ from, to }: { from: bigint; to: bigint }, hash: Uint8Array): void {
    this.#nodes.set((from + to) * 2n ** 20n + to - from, hash);
  }

  append(count: number): void {
    const size = this.outputs.length;
    const outputs = Array.from({ length: count }, (_, i) => newOutput(size + i));
    appendToTree(
      this,
      BigInt(size),
      outputs.map(({ hash }) => hash),
    );
    this.ledger.append(outputs);
    this.outputs.push(...outputs);
    expect(this.ledger.root()).toEqual(new Uint8Array(treeRoot(this, BigInt(this.outputs.length)).hash));
  }

  /** Asks for indices as a client does and compares each answer. */
  expectAnswers(indices: readonly (number | bigint)[]): void {
    const answer = this.ledger.results(new Uint8Array(BigUint64Array.from(indices, BigInt).buffer));
    const { results } = decodeMessage(GetOutputsResponseSchema, answer, { bytesMax: answer.length });
    expect(results.map(({ index }) => index)).toEqual(indices.map(BigInt));
    for (const result of results) this.#expectAnswer(result);
  }

  #expectAnswer({ index, resultCode, output, proof }: OutputResult): void {
    const size = BigInt(this.outputs.length);
    if (index >= size) {
      expect(resultCode).toBe(OutputResultCode.DoesNotExist);
      expect(output && encodeMessage(TxOutSchema, output).length).toBe(0);
      expect(proof?.elements).toEqual([]);
      return;
    }
    const { txOut, hash } = this.outputs[Number(index)] as NewOutput; // Below the size.
    expect(resultCode).toBe(OutputResultCode.Exists);
    expect(output && Buffer.from(encodeMessage(TxOutSchema, output)).equals(txOut)).toBe(true);
    if (proof === undefined) throw new Error("A result has a proof.");
    const decoded = membershipProofFromWire(proof);
    const plain = proveLeaf(this, size, index);
    expect(decoded.index).toBe(plain.index);
    expect(decoded.highestIndex).toBe(plain.highestIndex);
    expect(decoded.elements.length).toBe(plain.elements.length);
    for (const [i, { range, hash }] of plain.elements.entries()) {
      const same = decoded.elements[i];
      expect(same?.range).toEqual(range);
      expect(Buffer.from(same?.hash ?? []).equals(hash)).toBe(true);
    }
    expect(verifyMembershipProofOfHash(bytes(hash, 32, "hash"), decoded, treeRoot(this, size).hash)).toBe(true);
  }
}

const oneMemory = (capacity: number): ObliviousLedger =>
  createKernel().ledgers.create({ capacity, seed: hashOf(`seed ${capacity}`) });

let seeds = 0;
const inShards = (capacity: number): ObliviousLedger =>
  createShardedLedger(
    { capacity, shardCapacity: 8_192 },
    { createKernel: () => createKernel(), random: () => hashOf(`seed of shard ${seeds++}`) },
  );

test("outputs have the lengths of the three eras", () => {
  expect([0, 1, 2].map((index) => newOutput(index).txOut.length)).toEqual([207, 277, 287]);
});

describe("what the oblivious ledger answers is what the plain tree proves", () => {
  test(`for every number of outputs up to ${SMALL}`, () => {
    const both = new Both(oneMemory(2 ** 12));
    both.expectAnswers([0, 1]);
    for (let size = 1; size <= SMALL; size++) {
      both.append(1);
      const some = [0, size - 1, size, size & ~7, size >> 1, below(size), below(size)];
      both.expectAnswers(isLarge ? Array.from({ length: size + 1 }, (_, i) => i) : some);
    }
  }, 600_000);

  test.each([
    ["in one memory", oneMemory],
    ["in shards of 8 192", inShards],
  ])(
    `for blocks of random sizes up to ${LARGEST} outputs, %s`,
    (_, make) => {
      const both = new Both(make(LARGEST));
      while (both.outputs.length < LARGEST) {
        both.append(Math.min(1 + below(LARGEST >> 4), LARGEST - both.outputs.length));
        const size = both.outputs.length;
        both.expectAnswers([size, size - 1, 0, 2n ** 64n - 1n, ...Array.from({ length: 20 }, () => below(size))]);
      }
    },
    600_000,
  );
});
