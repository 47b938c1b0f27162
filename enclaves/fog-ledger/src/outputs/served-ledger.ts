// A router's outputs: the ledger in oblivious memory, block by block, and nothing that does not belong to it (spec 03 §5.7).
import {
  type Block,
  type BlockContents,
  contentsHash,
  hasValidId,
  ORIGIN_ROOT_ELEMENT,
  treeWidth,
} from "@fogbow/core-block";
import { concatBytes, equalBytes, le64, type Random } from "@fogbow/core-bytes";
import { BLOCK_VERSION_MAX, encodeTxOut, type TxOut, txOutHash } from "@fogbow/core-transaction";
import {
  encodeMessage,
  GetOutputsResponseSchema,
  LedgerProgressSchema,
  LookupOutputsResponseSchema,
} from "@fogbow/core-wire";
import { createKernel, createShardedLedger, KernelError, type ObliviousLedger } from "@fogbow/kernel";
import { LedgerEnclaveError } from "../error.ts";
import { Places } from "./places.ts";

const MEMORY_BYTES = 2 ** 32;

/** Outputs that there is room for, by index and by public key; 0 of the latter for no lookup by public key. Powers of two. */
export interface ServedLedgerOptions {
  readonly outputs: number;
  readonly lookups: number;
  /** Of these, how many at most lie in one memory. */
  readonly shard: number;
}

/** The ledger up to some block. Every answer is of one tree: blocks are applied between requests. */
export class ServedLedger {
  readonly #ledger: ObliviousLedger;
  readonly #places: Places | undefined;
  #block: Block | undefined;
  #isFull = false;

  /** Memory of each shard is that of a kernel of its own. */
  constructor({ outputs, lookups, shard }: ServedLedgerOptions, { random }: { readonly random: Random }) {
    const parts = { createKernel: () => createKernel({ memoryBytesMax: MEMORY_BYTES }), random };
    this.#ledger =
      outputs <= shard
        ? parts.createKernel().ledgers.create({ capacity: outputs, seed: random(32) })
        : createShardedLedger({ capacity: outputs, shardCapacity: shard }, parts);
    this.#places = lookups === 0 ? undefined : new Places({ capacity: lookups, shard }, parts);
  }

  /** Whether outputs are found by public key too. */
  get hasPlaces(): boolean {
    return this.#places !== undefined;
  }

  /**
   * Takes the next block if it continues the chain, holds what it says, and names the root of the tree before it. A block
   * that does not fit is left out, and so are all after it. Throws {@link LedgerEnclaveError} `unexpected-block`; then nothing has
   * changed.
   */
  apply(block: Block, contents: BlockContents, timestamp: bigint): Uint8Array {
    this.#assertNext(block, contents);
    const { outputs } = contents;
    const first = BigInt(this.#ledger.numTxOuts);
    if (!this.#appended(outputs)) {
      this.#isFull = true;
      return this.progress();
    }
    this.#places?.insert(...placesOf(outputs, first, block.index, timestamp));
    this.#block = block;
    return this.progress();
  }

  /** How far it is, for the host. */
  progress(): Uint8Array {
    return encodeMessage(LedgerProgressSchema, {
      numBlocks: this.#numBlocks,
      globalTxoCount: BigInt(this.#ledger.numTxOuts),
      isNearlyFull: this.#ledger.isNearlyFull,
      isFull: this.#isFull,
    });
  }

  /** A `GetOutputsResponse` for n indices, 8 bytes each. */
  outputs(indices: Uint8Array): Uint8Array {
    const version = this.#block?.version ?? 0;
    const facts = encodeMessage(GetOutputsResponseSchema, {
      numBlocks: this.#numBlocks,
      globalTxoCount: BigInt(this.#ledger.numTxOuts),
      latestBlockVersion: version,
      maxBlockVersion: Math.max(version, BLOCK_VERSION_MAX),
    });
    return concatBytes(this.#ledger.results(indices), facts);
  }

  /** A `LookupOutputsResponse` for n public keys, 32 bytes each. Throws {@link LedgerEnclaveError} `not-offered`. */
  places(publicKeys: Uint8Array): Uint8Array {
    if (this.#places === undefined) {
      throw new LedgerEnclaveError("not-offered", "This enclave does not look outputs up by public key.");
    }
    const facts = encodeMessage(LookupOutputsResponseSchema, {
      numBlocks: this.#numBlocks,
      globalTxoCount: BigInt(this.#ledger.numTxOuts),
    });
    return concatBytes(this.#places.answers(publicKeys), facts);
  }

  get #numBlocks(): bigint {
    return this.#block === undefined ? 0n : this.#block.index + 1n;
  }

  /** Appends outputs, unless there is no room for them all by index and by public key: then nothing has changed. */
  #appended(outputs: readonly TxOut[]): boolean {
    const encoded = outputs.map((txOut) => ({ txOut: encodeTxOut(txOut), hash: txOutHash(txOut) }));
    try {
      this.#places?.makeRoom(outputs.length);
      this.#ledger.append(encoded);
      return true;
    } catch (error) {
      if (error instanceof KernelError && (error.code === "ledger-full" || error.code === "map-full")) return false;
      throw error;
    }
  }

  #assertNext(block: Block, contents: BlockContents): void {
    const parent = this.#block;
    const size = BigInt(this.#ledger.numTxOuts);
    const root =
      parent === undefined
        ? ORIGIN_ROOT_ELEMENT
        : { range: { from: 0n, to: treeWidth(size) - 1n }, hash: this.#ledger.root() };
    const { rootElement } = block;
    const isNext =
      block.index === this.#numBlocks &&
      equalBytes(block.parentId, parent?.id ?? new Uint8Array(32)) &&
      hasValidId(block) &&
      equalBytes(contentsHash(contents), block.contentsHash) &&
      block.cumulativeTxoCount === size + BigInt(contents.outputs.length) &&
      rootElement.range.from === root.range.from &&
      rootElement.range.to === root.range.to &&
      equalBytes(rootElement.hash, root.hash);
    if (!isNext) throw new LedgerEnclaveError("unexpected-block", "The block does not continue this ledger.");
  }
}

/** Public keys, and global index ‖ block index ‖ timestamp of each. */
function placesOf(
  outputs: readonly TxOut[],
  first: bigint,
  blockIndex: bigint,
  timestamp: bigint,
): [keys: Uint8Array, places: Uint8Array] {
  return [
    concatBytes(...outputs.map(({ publicKey }) => publicKey)),
    concatBytes(...outputs.map((_, i) => concatBytes(le64(first + BigInt(i)), le64(blockIndex), le64(timestamp)))),
  ];
}
