// What can be told of a ledger that forgets: by anybody its headers, who signed them and how much there is; by its enclave, which
// alone can read the rest, that outputs, tree, key images, tags and minting add up to the ledger that ends with the newest header.
import {
  type Block,
  type Checkpoint,
  hasValidId,
  isMetadataOf,
  treeWidth,
  verifyBlockSignature,
  verifyMetadataSignature,
} from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import type { LeafRange } from "@fogbow/core-transaction";
import { corruptLedger, LedgerError } from "../error.ts";
import type { EntryCounts } from "../ledger.ts";
import { nodesOfTree, type VerifyOptions } from "../verify-ledger.ts";
import type { ForgetLedger, RecordReader } from "./forget-ledger.ts";
import type { SealedKeyImage, SealedNode } from "./sealed-block.ts";

/** Records to be read again, as `verify-records` of the enclave takes them. */
export interface RecordsToVerify {
  readonly begins?: boolean;
  readonly ends?: boolean;
  readonly txOuts?: Uint8Array[];
  readonly nodes?: SealedNode[];
  readonly publicKeyTags?: Uint8Array[];
  readonly keyImages?: SealedKeyImage[];
  readonly minting?: {
    readonly activeMintConfigs?: Uint8Array[];
    readonly mintNonces?: Uint8Array[];
    readonly mintConfigNonces?: Uint8Array[];
  };
}

/** How to verify. */
export interface VerifyForgetOptions extends VerifyOptions {
  /** Has the enclave read records again, in this order; rejects when they are wrong. Without it nothing sealed is verified. */
  readonly verifyRecords?: (records: RecordsToVerify) => Promise<void>;
  /** What nodes signed; the ledger must have the block, and go on from this root. */
  readonly checkpoint?: Checkpoint;
}

/** What a forgetting ledger that verifies holds. */
export interface VerifyForgetReport {
  /** The number of blocks of the chain. */
  readonly blocks: bigint;
  /** The first header that there is: 0, or that of the snapshot with which the ledger began. */
  readonly firstHeader: bigint;
  readonly txOuts: bigint;
  readonly keyImages: bigint;
  readonly signatures: bigint;
  readonly metadata: bigint;
  /** Whether an enclave has read what is sealed. */
  readonly recordsVerified: boolean;
}

/** Outputs whose records go to the enclave at a time. */
const TX_OUTS_PER_CALL = 1_000n;

/**
 * Verifies a forgetting ledger to which nothing is appended meanwhile. Rejects with `corrupt-ledger`, which names the block where
 * there is one, and as `verifyRecords` does.
 */
export async function verifyForgetLedger(
  ledger: ForgetLedger,
  options: VerifyForgetOptions = {},
): Promise<VerifyForgetReport> {
  const { verifyRecords, checkpoint } = options;
  const counts = ledger.entryCounts();
  const headers = await verifyHeaders(ledger, counts, options);
  if (checkpoint !== undefined) assertCheckpoint(ledger, checkpoint);
  const txOuts = ledger.numTxOuts();
  const last = ledger.numBlocks() - 1n;
  if (headers.last !== undefined && headers.last.cumulativeTxoCount !== txOuts) {
    throw corruptLedger(last, "it counts other outputs than there are");
  }
  const expected: Partial<EntryCounts> = {
    ...NEVER,
    signatures: headers.signatures,
    metadata: headers.metadata,
    txOuts,
    txOutsByPublicKey: txOuts,
    treeNodes: nodesOfTree(txOuts),
  };
  for (const [table, count] of Object.entries(expected)) {
    const found = counts[table as keyof EntryCounts]; // The keys of `expected` are those of EntryCounts.
    if (found !== count) {
      throw corruptLedger(last, `with it there are ${count} entries of ${table}, but ${found} are stored`);
    }
  }
  if (verifyRecords !== undefined) await verifySealed(ledger, verifyRecords, options);
  return {
    blocks: ledger.numBlocks(),
    firstHeader: headers.first,
    txOuts,
    keyImages: counts.keyImages,
    signatures: headers.signatures,
    metadata: headers.metadata,
    recordsVerified: verifyRecords !== undefined,
  };
}

/** What a ledger that forgets never stores. */
const NEVER: Partial<EntryCounts> = {
  keyImagesByBlock: 0n,
  txOutsByBlock: 0n,
  txOutsByHash: 0n,
  blocksByTxOut: 0n,
  mintConfigTxsByBlock: 0n,
  mintTxsByBlock: 0n,
};

async function verifyHeaders(
  ledger: ForgetLedger,
  counts: EntryCounts,
  { signal, onProgress }: VerifyOptions,
): Promise<{
  readonly first: bigint;
  readonly last: Block | undefined;
  readonly signatures: bigint;
  readonly metadata: bigint;
}> {
  const first = ledger.numBlocks() - counts.blocks; // None is missing between the first and the newest.
  let [signatures, metadata] = [0n, 0n];
  let parent: Block | undefined;
  for (let index = first; index < ledger.numBlocks(); index++) {
    signal?.throwIfAborted();
    const block = ledger.block(index);
    if (block === undefined) throw corruptLedger(index, "its header is missing");
    assertHeader(index, block, parent);
    const [signature, about] = [ledger.blockSignature(index), ledger.blockMetadata(index)];
    if (signature !== undefined && !verifyBlockSignature(block, signature)) {
      throw corruptLedger(index, "its signature does not verify");
    }
    if (about !== undefined && !(isMetadataOf(about, block) && verifyMetadataSignature(about))) {
      throw corruptLedger(index, "its metadata is about another block, or not signed by the key beside it");
    }
    signatures += signature === undefined ? 0n : 1n;
    metadata += about === undefined ? 0n : 1n;
    parent = block;
    onProgress?.(index + 1n);
    await new Promise((resolve) => setImmediate(resolve));
  }
  return { first, last: parent, signatures, metadata };
}

function assertHeader(index: bigint, block: Block, parent: Block | undefined): void {
  const refuse = (what: string): never => {
    throw corruptLedger(index, what);
  };
  if (block.index !== index) refuse("its header is of another block");
  if (!hasValidId(block)) refuse("its id does not follow from its header");
  if (parent === undefined) {
    if (index === 0n && !equalBytes(block.parentId, new Uint8Array(32))) refuse("it is first, and names a parent");
    return;
  }
  if (!equalBytes(block.parentId, parent.id)) refuse("it does not follow the block before");
  if (block.version < parent.version) refuse("its version is lower than that of the block before");
  if (block.cumulativeTxoCount < parent.cumulativeTxoCount) refuse("it counts fewer outputs than the block before");
  const { from, to } = block.rootElement.range;
  if (from !== 0n || to !== treeWidth(parent.cumulativeTxoCount) - 1n) refuse("its root element is of another tree");
}

/** The checkpoint's block is in the chain, and the block after it goes on from the checkpoint's tree. */
function assertCheckpoint(ledger: ForgetLedger, { height, blockId, merkleRoot }: Checkpoint): void {
  const block = ledger.block(height);
  if (block === undefined || !equalBytes(block.id, blockId)) {
    throw corruptLedger(height, "it is not the block that the checkpoint names");
  }
  const after = ledger.block(height + 1n);
  if (after !== undefined && !equalBytes(after.rootElement.hash, merkleRoot)) {
    throw corruptLedger(height + 1n, "its root element is not the root that the checkpoint names");
  }
}

async function verifySealed(
  ledger: ForgetLedger,
  verifyRecords: NonNullable<VerifyForgetOptions["verifyRecords"]>,
  { signal }: VerifyOptions,
): Promise<void> {
  const verify = (records: RecordsToVerify): Promise<void> => {
    signal?.throwIfAborted();
    return verifyRecords(records);
  };
  await verify({ begins: true });
  const size = ledger.numTxOuts();
  for (let first = 0n; first < size; first += TX_OUTS_PER_CALL) {
    const end = first + TX_OUTS_PER_CALL < size ? first + TX_OUTS_PER_CALL : size;
    const indexes = Array.from({ length: Number(end - first) }, (_, i) => first + BigInt(i));
    await verify({
      txOuts: indexes.map((index) => present(ledger.sealedTxOut(index), `output ${index}`)),
      nodes: indexes.flatMap(finalWith).map((range) => nodeOf(ledger, range)),
    });
  }
  const each = async <Item>({ pages, close }: RecordReader<Item>, recordsOf: (page: Item[]) => RecordsToVerify) => {
    try {
      for (const page of pages()) await verify(recordsOf(page));
    } finally {
      close();
    }
  };
  await each(ledger.publicKeyTags(), (publicKeyTags) => ({ publicKeyTags }));
  await each(ledger.keyImageRecords(), (keyImages) => ({ keyImages }));
  await each(ledger.activeMintConfigRecords(), (activeMintConfigs) => ({ minting: { activeMintConfigs } }));
  await each(ledger.mintNonces(), (mintNonces) => ({ minting: { mintNonces } }));
  await each(ledger.mintConfigNonces(), (mintConfigNonces) => ({ minting: { mintConfigNonces } }));
  await verify({ ends: true, nodes: unfinishedOf(size).map((range) => nodeOf(ledger, range)) });
}

/** The nodes that are final with an output, from the leaf up. */
function finalWith(index: bigint): LeafRange[] {
  const ranges: LeafRange[] = [];
  for (let width = 1n; (index + 1n) % width === 0n; width *= 2n) ranges.push({ from: index + 1n - width, to: index });
  return ranges;
}

/** The nodes that hold outputs and room for more, from the smallest up. */
function unfinishedOf(size: bigint): LeafRange[] {
  const ranges: LeafRange[] = [];
  for (let width = 2n; size > 0n && width <= treeWidth(size); width *= 2n) {
    const from = ((size - 1n) / width) * width;
    if (from + width > size) ranges.push({ from, to: from + width - 1n });
  }
  return ranges;
}

function nodeOf(ledger: ForgetLedger, range: LeafRange): SealedNode {
  const what = `the tree's node over outputs ${range.from} to ${range.to}`;
  return { ...range, sealed: present(ledger.sealedNode(range), what) };
}

function present<Value>(value: Value | undefined, what: string): Value {
  if (value !== undefined) return value;
  throw new LedgerError("corrupt-ledger", `The ledger: ${what} is missing.`);
}
