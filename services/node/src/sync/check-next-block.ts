// What must hold of a block before it is appended, besides what the ledger checks of any block (spec 05 §3.2, step 4).
// A quorum vouches for the header; these are the rules that honest nodes form blocks by.
import { type BlockData, hasValidId } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import type { LedgerReader } from "@fogbow/ledger-db";
import { SyncError } from "./error.ts";

/**
 * Throws `unsafe-block` unless the block continues the ledger and is formed as blocks are: parent, index and id; version not
 * below the parent's; key images and outputs in order, each once, none of them in the ledger; the cumulative count; the
 * root of the tree as the ledger has it. The contents must be those that the header names.
 */
export function checkNextBlock(ledger: LedgerReader, { block, contents }: Pick<BlockData, "block" | "contents">): void {
  const refuse = (what: string): never => {
    throw new SyncError("unsafe-block", `Block ${block.index}: ${what}.`, { blockIndex: block.index });
  };
  const parent = ledger.lastBlock() ?? refuse("there is no block that it could follow");
  if (block.index !== parent.index + 1n || !equalBytes(block.parentId, parent.id))
    refuse("it does not follow the last");
  if (!hasValidId(block)) refuse("its id does not follow from its header");
  if (block.version < parent.version) refuse("its version is below that of the block before");
  const { keyImages, outputs } = contents;
  const publicKeys = outputs.map(({ publicKey }) => publicKey);
  if (!areAscending(keyImages)) refuse("its key images are not in order, or one is there twice");
  if (!areAscending(publicKeys)) refuse("its outputs are not in order, or two have one public key");
  if (keyImages.some((image) => ledger.blockIndexOfKeyImage(image) !== undefined)) refuse("it spends what is spent");
  if (publicKeys.some((key) => ledger.txOutIndexByPublicKey(key) !== undefined)) {
    refuse("it makes an output whose public key is in the ledger");
  }
  if (block.cumulativeTxoCount !== parent.cumulativeTxoCount + BigInt(outputs.length)) {
    refuse("it counts other outputs than it makes");
  }
  const root = ledger.root();
  const { range, hash } = block.rootElement;
  if (range.from !== root.range.from || range.to !== root.range.to || !equalBytes(hash, root.hash)) {
    refuse("it names another tree of outputs than the blocks before it make");
  }
}

function areAscending(values: readonly Uint8Array[]): boolean {
  return values.every((value, i) => i === 0 || compare(values[i - 1] as Uint8Array, value) < 0); // There is one before.
}

function compare(a: Uint8Array, b: Uint8Array): number {
  for (let i = 0; i < a.length; i++) {
    const difference = (a[i] ?? 0) - (b[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}
