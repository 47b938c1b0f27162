// What must hold of a block before it is appended, besides what the ledger checks of any block (spec 05 §3.2, step 4).
// A quorum vouches for the header; these are the rules that honest nodes form blocks by.
import { type Block, type BlockData, hasValidId } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import type { LedgerReader } from "@fogbow/ledger-db";
import { SyncError } from "./error.ts";

/**
 * Throws `unsafe-block` unless the block follows the last one and is formed as blocks are: parent, index and id; version not below
 * the parent's; key images and outputs in order, each once; the cumulative count. That is what can be told without reading the
 * ledger's tables.
 */
export function checkBlockForm(
  ledger: Pick<LedgerReader, "lastBlock">,
  { block, contents }: Pick<BlockData, "block" | "contents">,
): void {
  const refuse = (what: string): never => refuseBlock(block, what);
  const parent = ledger.lastBlock() ?? refuse("there is no block that it could follow");
  if (block.index !== parent.index + 1n || !equalBytes(block.parentId, parent.id)) {
    refuse("it does not follow the last");
  }
  if (!hasValidId(block)) refuse("its id does not follow from its header");
  if (block.version < parent.version) refuse("its version is below that of the block before");
  const { keyImages, outputs } = contents;
  if (!areAscending(keyImages)) refuse("its key images are not in order, or one is there twice");
  if (!areAscending(outputs.map(({ publicKey }) => publicKey))) {
    refuse("its outputs are not in order, or two have one public key");
  }
  if (block.cumulativeTxoCount !== parent.cumulativeTxoCount + BigInt(outputs.length)) {
    refuse("it counts other outputs than it makes");
  }
}

/**
 * Throws `unsafe-block` unless the block is as {@link checkBlockForm} says, spends and makes nothing that the ledger has, and
 * names the root of the tree as the ledger has it. The contents must be those that the header names.
 */
export function checkNextBlock(ledger: LedgerReader, { block, contents }: Pick<BlockData, "block" | "contents">): void {
  const refuse = (what: string): never => refuseBlock(block, what);
  checkBlockForm(ledger, { block, contents });
  if (contents.keyImages.some((image) => ledger.containsKeyImage(image))) refuse("it spends what is spent");
  if (contents.outputs.some(({ publicKey }) => ledger.containsPublicKey(publicKey))) {
    refuse("it makes an output whose public key is in the ledger");
  }
  const root = ledger.root();
  const { range, hash } = block.rootElement;
  if (range.from !== root.range.from || range.to !== root.range.to || !equalBytes(hash, root.hash)) {
    refuse("it names another tree of outputs than the blocks before it make");
  }
}

function refuseBlock({ index }: Block, what: string): never {
  throw new SyncError("unsafe-block", `Block ${index}: ${what}.`, { blockIndex: index });
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
