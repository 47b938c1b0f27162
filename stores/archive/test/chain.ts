// Chains of blocks as consensus makes them, outputs and key images sorted: what archives hold and nodes catch up with.
import type { BlockContents, BlockData } from "@fogbow/core-block";
import { MemoryLedger } from "@fogbow/ledger-db";
import { contents, next, origin } from "../../ledger-db/test/chain.ts";

/** What a block adds, in the order in which blocks have it. */
export function sortedContents(seed: number, outputs = 2): BlockContents {
  const { keyImages, outputs: made, ...minting } = contents(seed, outputs);
  return {
    keyImages: [...keyImages].sort(Buffer.compare),
    outputs: [...made].sort((a, b) => Buffer.compare(a.publicKey, b.publicKey)),
    ...minting,
  };
}

/** So many blocks. Chains of different `name`s have the same origin block and differ from block `differsFrom` on. */
export function makeChain(length: number, { name = 0, differsFrom = 1 } = {}): BlockData[] {
  const ledger = new MemoryLedger();
  const blocks: BlockData[] = [];
  for (let i = 0; i < length; i++) {
    const parent = ledger.lastBlock();
    const seed = i < differsFrom ? i : i + 1_000_000 * name;
    const data = parent === undefined ? origin(3) : next(parent, ledger.root(), sortedContents(seed));
    ledger.append(data);
    blocks.push(data);
  }
  return blocks;
}

/** A ledger in memory with these blocks. */
export function ledgerOf(blocks: readonly BlockData[]): MemoryLedger {
  const ledger = new MemoryLedger();
  for (const data of blocks) ledger.append(data);
  return ledger;
}

/** A block with other contents, everything in it consistent, and signed. */
export function forged(data: BlockData, seed: number): BlockData {
  return forgedWith(data, sortedContents(seed));
}

/** A block with these contents in the place of another. */
export function forgedWith({ block }: BlockData, made: BlockContents): BlockData {
  const before = block.cumulativeTxoCount - 2n; // Each block but the first makes two.
  const parent = { ...block, id: block.parentId, index: block.index - 1n, cumulativeTxoCount: before };
  return next(parent, block.rootElement, made, block.version);
}
