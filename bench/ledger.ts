// What a stored ledger costs, and how that grows: appending and proving at 10 000, 100 000 and 1 000 000 outputs, opening
// at the last; each beside `lmdb` alone, in turns.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BlockData } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { createLedger, type LmdbLedger, openLedger, type TxOutSpan, verifyLedger } from "@fogbow/ledger-db";
import { fill, nextBlock } from "./ledger-chain.ts";
import { growthFigures, type Times } from "./ledger-growth.ts";
import { opening } from "./ledger-open.ts";
import { type Entry, INDEXES, indexEntriesOf, Peer, placesOf, placesOfProof } from "./ledger-peer.ts";
import { type Figure, summary } from "./measure.ts";
import { versioned } from "./provenance.ts";

const SIZES: readonly number[] = [10_000, 100_000, 1_000_000];
const OUTPUTS = 100;
const APPENDS = { warmUp: 30, counted: 150 };
/** So many before the first that counts: until then most read a page of the file for the first time in this process. */
const PROOFS = { warmUp: 20_000, counted: 3_000 };

/** A ledger of a size, and its peer with the same entries. */
interface Stage {
  readonly size: number;
  readonly directory: string;
  readonly peerDirectory: string;
  readonly ledger: LmdbLedger;
  readonly peer: Peer;
}

/** Measures append, proof and open, and how the first two grow. Some two minutes, most of it set-up. */
export async function ledgerFigures(report: (figure: Figure) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "fogbow-bench-"));
  try {
    const stages = await setUp(directory);
    const appends = await inTurns(stages, APPENDS, appendToBoth);
    const proofs = await inTurns(stages, PROOFS, proveInBoth);
    for (const { ledger, peer } of stages) {
      await ledger.close();
      await peer.close();
    }
    await assertSame(stages);
    const [puts, gets] = [`bare puts in ${versioned("lmdb")}`, `bare gets in ${versioned("lmdb")}`];
    report(largest({ name: "ledger-append", unit: "ms", peer: puts, scale: 1 }, appends));
    for (const figure of growthFigures({ name: "ledger-append", peer: puts, units: OUTPUTS }, appends)) report(figure);
    report(largest({ name: "ledger-proof", unit: "µs", peer: gets, scale: 1000 }, proofs));
    for (const figure of growthFigures({ name: "ledger-proof", peer: gets, units: 1 }, proofs)) report(figure);
    const last = stages.at(-1) as Stage; // There are as many as sizes.
    if (process.platform === "linux") report(await opening("ledger-open", last, "evicted"));
    report(await opening("ledger-open-cached", last, "cached"));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** One ledger and its peer grow through all sizes. At each they are copied for the measurement. */
async function setUp(directory: string): Promise<readonly Stage[]> {
  const stages: Stage[] = [];
  const [ownGrowing, peerGrowing] = [join(directory, "growing"), join(directory, "growing-peer")];
  const growing = createLedger(ownGrowing);
  const growingPeer = new Peer(peerGrowing);
  for (const size of SIZES) {
    console.error(`setting up: a ledger of ${size} outputs`);
    await fill(growing, size, async (block, sizeBefore) => {
      growingPeer.put(await storedEntries(ownGrowing, block, sizeBefore));
    });
    const [own, peerDirectory] = [join(directory, `${size}`), join(directory, `${size}-peer`)];
    await growing.backup(own);
    await growingPeer.backup(peerDirectory);
    stages.push({ size, directory: own, peerDirectory, ledger: openLedger(own), peer: new Peer(peerDirectory) });
  }
  await growing.close();
  await growingPeer.close();
  for (const each of [ownGrowing, peerGrowing]) rmSync(each, { recursive: true });
  return stages;
}

/** What both sides took for the same work, in milliseconds. */
interface Pair {
  readonly ours: number;
  readonly theirs: number;
}

/** Does the work at every size, then again, so that all sizes meet the same moments of the machine. */
async function inTurns(
  stages: readonly Stage[],
  { warmUp, counted }: { readonly warmUp: number; readonly counted: number },
  work: (stage: Stage) => Pair | Promise<Pair>,
): Promise<readonly Times[]> {
  const rounds: Pair[][] = [];
  for (let round = 0; round < warmUp + counted; round++) {
    const pairs: Pair[] = [];
    for (const stage of stages) {
      const pair = work(stage);
      pairs.push(pair instanceof Promise ? await pair : pair);
    }
    rounds.push(pairs);
  }
  const kept = rounds.slice(warmUp);
  return stages.map(({ size }, i) => ({
    size,
    ours: kept.map((pairs) => (pairs[i] as Pair).ours), // One for each stage.
    theirs: kept.map((pairs) => (pairs[i] as Pair).theirs),
  }));
}

/** Appends a block to the ledger; then the peer puts what that stored. Each durably, in one transaction. */
async function appendToBoth({ directory, ledger, peer }: Stage): Promise<Pair> {
  const [block, sizeBefore] = [nextBlock(ledger, OUTPUTS), ledger.numTxOuts()];
  const ours = timed(() => ledger.append(block));
  const entries = await storedEntries(directory, block, sizeBefore);
  return { ours, theirs: timed(() => peer.put(entries)) };
}

/** What appending a block stored in a ledger that had so many outputs before it. */
async function storedEntries(directory: string, block: BlockData, sizeBefore: bigint): Promise<readonly Entry[]> {
  const stored = new Peer(directory, { readOnly: true });
  const entries = placesOf(block, sizeBefore).map((place) => ({ ...place, value: stored.get(place) }));
  await stored.close();
  return [...entries, ...indexEntriesOf(block, sizeBefore)];
}

/** Proves a random output; then the peer gets the nodes of the same proof. */
function proveInBoth({ ledger, peer }: Stage): Pair {
  const size = ledger.numTxOuts();
  const index = randomBytes(8).readBigUInt64LE() % size;
  const places = placesOfProof(index, size);
  return {
    ours: timed(() => ledger.membershipProofs([index])),
    theirs: timed(() => {
      for (const place of places) peer.get(place);
    }),
  };
}

/**
 * Throws unless the smallest ledger verifies and each peer has as many entries in its indexes as its ledger, and the same
 * for its last block: else it did other work.
 */
async function assertSame(stages: readonly Stage[]): Promise<void> {
  for (const [i, { directory, peerDirectory }] of stages.entries()) {
    const ledger = openLedger(directory, { readOnly: true });
    if (i === 0) await verifyLedger(ledger);
    const peer = new Peer(peerDirectory, { readOnly: true });
    const { keyImages, txOutsByPublicKey, txOutsByHash } = ledger.entryCounts();
    const counts = [INDEXES.keyImages, INDEXES.publicKeys, INDEXES.hashes].map((table) => peer.count(table));
    const last = ledger.blockData(ledger.numBlocks() - 1n) as BlockData; // There are blocks.
    const { first } = ledger.txOutsOfBlock(last.block.index) as TxOutSpan; // As each has.
    await ledger.close();
    const stored = await storedEntries(directory, last, first);
    const same =
      counts.join() === [keyImages, txOutsByPublicKey, txOutsByHash].join() &&
      stored.every((entry) => equalBytes(peer.get(entry), entry.value));
    if (!same) throw new Error("A peer has other entries than its ledger, so neither time means anything.");
    await peer.close();
  }
}

function timed(run: () => unknown): number {
  const start = performance.now();
  run();
  return performance.now() - start;
}

/** The figure at the largest size. */
function largest(
  { name, unit, peer, scale }: { readonly name: string; readonly unit: string; readonly peer: string; scale: number },
  times: readonly Times[],
): Figure {
  const { ours, theirs } = times.at(-1) as Times; // There are as many as sizes.
  const scaled = (milliseconds: readonly number[]): number[] => milliseconds.map((each) => each * scale);
  return summary(name, unit, scaled(ours), { name: peer, times: scaled(theirs) });
}
