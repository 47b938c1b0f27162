// From behind to the tip (spec 05 §3.2 and §3.4): what is right, peers say; what is in it, archives give.
import type { BlockSource } from "@fogbow/archive";
import {
  type Block,
  type BlockData,
  type BlockMetadata,
  type BlockSignature,
  type Ed25519Verifier,
  isMetadataOf,
  verifyBlockSignature,
  verifyMetadataSignature,
} from "@fogbow/core-block";
import { type Ledger, METADATA_SINCE } from "@fogbow/ledger-db";
import type { CatchUp, CatchUpOptions, CatchUpResult, Clock, ReplicaLog } from "../parts.ts";
import { askHeaders, type HeaderPeer } from "./ask-headers.ts";
import { checkBlockForm, checkNextBlock } from "./check-next-block.ts";
import { forkEvidence, type SafeBlocks } from "./choose-safe-blocks.ts";
import { SyncError } from "./error.ts";
import { type Archived, fetchContents } from "./fetch-contents.ts";
import { BLOCKS_PER_ATTEMPT_MAX, BLOCKS_TOGETHER_MAX } from "./limits.ts";
import { Scope } from "./scope.ts";

/** What following a network works with; `CatchUpParts` are such parts. */
export interface FollowParts {
  /** Read only: blocks go in through `append`. Has an origin block. */
  readonly ledger: Ledger;
  readonly peers: ReadonlyMap<string, HeaderPeer>;
  readonly sources: readonly BlockSource[];
  /** Appends the next block. */
  readonly append: (data: BlockData) => void;
  /** The same in its place, if the node forgets: the enclave makes of a block what may be stored. */
  readonly absorb?: (data: BlockData) => Promise<void>;
  /** Makes appends one transaction, as `LmdbLedger.appendTogether` does. Without it each block is one. */
  readonly together?: (appends: () => void) => void;
  /** What this node says about a block that came from others. Without it, blocks keep the metadata of the archive. */
  readonly metadataOf?: (block: Block) => BlockMetadata;
  /** Whether a block signing key is known to be a validator's. Signatures by others are not stored. */
  readonly isKnownSigner?: (signer: Uint8Array) => boolean;
  readonly verify?: Ed25519Verifier;
  readonly clock: Clock;
  readonly log: ReplicaLog;
}

/**
 * One attempt: at most `limit` blocks. Each is on the disk before the next, so an attempt that ends anywhere is a shorter
 * attempt. Rejects with `no-peer-answered`, `no-source`, `unsafe-block`, as `append` does, and with the signal's reason.
 */
export const catchUp: CatchUp = async (options, parts, signal) => {
  const headers = await askNext(options, parts, tipOf(parts.ledger), signal);
  return headers.kind === "fork" ? forkResult(headers) : appendBlocks(headers.headers, parts, signal);
};

/**
 * All the way, in stretches of `limit` blocks: while one is being fetched and appended, the headers of the next are asked for.
 * Ends when peers have no more that they agree on, or when contents are missing; rejects as `catchUp` does.
 */
export async function followToTip(
  options: CatchUpOptions,
  parts: FollowParts,
  signal: AbortSignal,
): Promise<CatchUpResult> {
  let appended = 0;
  let next = askNext(options, parts, tipOf(parts.ledger), signal);
  for (;;) {
    const stretch = await next;
    if (stretch.kind === "fork") return forkResult(stretch);
    const last = stretch.headers.at(-1);
    if (last === undefined) return { kind: "appended", blocks: appended };
    next = askNext(options, parts, last, signal);
    next.catch(() => undefined); // It is awaited in the next round, unless there is none.
    const { blocks } = await appendBlocks(stretch.headers, parts, signal);
    appended += blocks;
    if (blocks < stretch.headers.length) return { kind: "appended", blocks: appended };
  }
}

function askNext(
  { quorumSet, limit }: CatchUpOptions,
  parts: FollowParts,
  tip: Block,
  signal: AbortSignal,
): Promise<SafeBlocks> {
  return askHeaders({ quorumSet, tip, limit: Math.min(limit, BLOCKS_PER_ATTEMPT_MAX) }, parts, signal);
}

function tipOf(ledger: Ledger): Block {
  const tip = ledger.lastBlock();
  if (tip === undefined) throw new SyncError("wrong-origin", "The ledger has no origin block to go on from.");
  return tip;
}

const forkResult = (fork: Extract<SafeBlocks, { kind: "fork" }>): CatchUpResult => ({
  kind: "fork",
  height: fork.height,
  evidence: forkEvidence(fork),
});

/** After so many transactions others get a turn: appending waits for the disk and lets nobody else run. */
const APPENDS_IN_A_ROW = 8;

async function appendBlocks(
  headers: readonly Block[],
  parts: FollowParts,
  signal: AbortSignal,
): Promise<{ readonly kind: "appended"; readonly blocks: number }> {
  const { metadataOf, verify, together } = parts;
  if (headers.length > 0 && parts.sources.length === 0) {
    throw new SyncError("no-source", "There are blocks to fetch and no archive to fetch them from.");
  }
  const isUsable = (data: BlockData): boolean => metadataOf !== undefined || hasOwnMetadata(data, verify);
  const turn = new Scope();
  let [blocks, appends] = [0, 0];
  let group: Archived[] = [];
  for await (const archived of fetchContents(headers, { ...parts, isUsable }, signal)) {
    signal.throwIfAborted();
    group.push(archived);
    blocks++;
    if (group.length < (together === undefined ? 1 : BLOCKS_TOGETHER_MAX)) continue;
    await appendGroup(group, parts);
    group = [];
    appends++;
    if (together !== undefined || appends % APPENDS_IN_A_ROW === 0) await turn.sleep(parts.clock, 0);
  }
  await appendGroup(group, parts);
  signal.throwIfAborted();
  return { kind: "appended", blocks };
}

/** Appends in one transaction where that can be done. A block that is refused then costs none of those before it. */
async function appendGroup(group: readonly Archived[], parts: FollowParts): Promise<void> {
  if (parts.absorb !== undefined) {
    for (const archived of group) {
      checkBlockForm(parts.ledger, archived);
      await parts.absorb(toStore(archived, parts));
    }
    return;
  }
  const appendEach = (): void => {
    for (const archived of group) appendOne(archived, parts);
  };
  try {
    if (parts.together !== undefined && group.length > 1) parts.together(appendEach);
    else appendEach();
  } catch (error) {
    if (parts.together === undefined || group.length < 2) throw error;
    appendEach(); // None was stored: one by one up to the one that is refused, which is refused again.
  }
}

function appendOne(archived: Archived, parts: FollowParts): void {
  checkNextBlock(parts.ledger, archived);
  parts.append(toStore(archived, parts));
}

function toStore({ block, contents, ...archived }: Archived, parts: FollowParts): BlockData {
  const signature = known(archived.signature, block, parts);
  const metadata = parts.metadataOf === undefined ? archived.metadata : parts.metadataOf(block);
  return { block, contents, signature, metadata };
}

/** Whether a block comes with metadata that can be stored: its own, and rightly signed; older blocks need none. */
function hasOwnMetadata({ block, metadata }: BlockData, verify: Ed25519Verifier | undefined): boolean {
  if (metadata === undefined) return block.version < METADATA_SINCE;
  return isMetadataOf(metadata, block) && verifyMetadataSignature(metadata, verify);
}

/** An archived signature, if it is by a key that we know to be a validator's. */
function known(
  signature: BlockSignature | undefined,
  block: Block,
  { isKnownSigner, verify }: FollowParts,
): BlockSignature | undefined {
  if (signature === undefined || isKnownSigner?.(signature.signer) !== true) return undefined;
  return verifyBlockSignature(block, signature, verify) ? signature : undefined;
}
