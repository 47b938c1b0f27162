// What a stored ledger costs: appending a block beside LMDB's bare puts of the same values, proving an output, opening.
import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Block, type BlockData, createBlock, encodeBlock, originBlock, TreeFrontier } from "@fogbow/core-block";
import { be64, bytes, concatBytes } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { encodeTxOut, type TxOut, type TxOutMembershipElement, txOutHash } from "@fogbow/core-transaction";
import { createLedger, type Ledger, openLedger } from "@fogbow/ledger-db";
import { open } from "lmdb";
import { type Figure, measure, summary } from "./measure.ts";
import { versioned } from "./provenance.ts";

const OUTPUTS = 100;
const FILLED = 20;
const FILLED_OUTPUTS = 5000;
const WARM_UP = 30;
const BURSTS = 100;
const OPENINGS = 30;

/** Measures append, proof and open on a ledger of more than a hundred thousand outputs. Half a minute. */
export async function ledgerFigures(report: (figure: Figure) => void): Promise<void> {
  const directory = mkdtempSync(join(tmpdir(), "fogbow-bench-"));
  try {
    console.error(`setting up: a ledger of ${FILLED * FILLED_OUTPUTS} outputs`);
    const chain = new Chain();
    const ledger = createLedger(join(directory, "ledger"));
    for (let i = 0; i < FILLED; i++) ledger.append(chain.next(FILLED_OUTPUTS).data);
    report(await append(ledger, chain, join(directory, "peer")));
    report(proof(ledger));
    await ledger.close();
    report(await opening(join(directory, "ledger")));
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Each side commits a block durably in one transaction. The peer does not hash, check or encode. */
async function append(ledger: Ledger, chain: Chain, peerDirectory: string): Promise<Figure> {
  const blocks = Array.from({ length: WARM_UP + BURSTS + 3 }, () => chain.next(OUTPUTS)); // Three to size a burst.
  const peer = open<Uint8Array, Uint8Array>({
    path: peerDirectory,
    noSubdir: false,
    encoding: "binary",
    keyEncoding: "binary",
    overlappingSync: false,
  });
  const [ours, theirs] = [blocks.values(), blocks.values()];
  const appendNext = (): void => {
    const block = ours.next().value;
    if (block === undefined) throw new Error("There are not enough blocks.");
    ledger.append(block.data);
  };
  const putNext = (): void => {
    const block = theirs.next().value;
    if (block === undefined) throw new Error("There are not enough blocks.");
    peer.transactionSync(() => {
      for (const [key, value] of block.entries) peer.putSync(key, value);
    });
  };
  for (let i = 0; i < WARM_UP; i++) {
    appendNext();
    putNext();
  }
  const figure = measure({
    name: "ledger-append",
    unit: "ms",
    ours: { run: appendNext },
    peer: { name: `bare puts in ${versioned("lmdb")}`, run: putNext },
    bursts: BURSTS,
    burstMs: 0,
    warmUpMs: 0,
  });
  await peer.close();
  return figure;
}

function proof(ledger: Ledger): Figure {
  const outputs = Number(ledger.numTxOuts());
  const run = (): unknown => ledger.membershipProofs([BigInt(randomBytes(4).readUInt32LE() % outputs)]);
  return measure({ name: "ledger-proof", unit: "µs", ours: { run }, bursts: 500 });
}

/** From nothing open to the last block and the root; the files are in the system's cache. */
async function opening(directory: string): Promise<Figure> {
  const times: number[] = [];
  for (let i = 0; i < OPENINGS; i++) {
    const start = performance.now();
    const ledger = openLedger(directory, { readOnly: true });
    ledger.lastBlock();
    ledger.root();
    times.push(performance.now() - start);
    await ledger.close();
  }
  return summary("ledger-open", "ms", times);
}

/** A block, and the keys and values that storing it comes down to. */
interface StoredBlock {
  readonly data: BlockData;
  readonly entries: readonly (readonly [Uint8Array, Uint8Array])[];
}

/** Makes one block after another, with outputs that nobody owns. */
class Chain {
  readonly #tree = new TreeFrontier();
  #parent: Block | undefined;

  next(outputCount: number): StoredBlock {
    const outputs = Array.from({ length: outputCount }, randomOutput);
    const origin = originBlock(outputs);
    const contents = { ...origin.contents, keyImages: [compressedPoint(randomBytes(32))] };
    const parent = this.#parent;
    const made =
      parent === undefined
        ? origin
        : { block: createBlock(parent, { version: 2, rootElement: this.#tree.root(), contents }), contents };
    this.#parent = made.block;
    const index = be64(made.block.index);
    const entries = [
      [index, encodeBlock(made.block)] as const,
      ...outputs.flatMap((txOut) => this.#entriesOf(txOut, index)),
      ...this.#tree.unfinished().map(entryOf),
    ];
    return { data: { ...made, signature: undefined, metadata: undefined }, entries };
  }

  #entriesOf(txOut: TxOut, blockIndex: Uint8Array): (readonly [Uint8Array, Uint8Array])[] {
    const index = be64(this.#tree.size);
    const hash = txOutHash(txOut);
    return [
      [concatBytes(index, Uint8Array.of(1)), encodeTxOut(txOut)],
      [txOut.publicKey, index],
      [hash, index],
      [concatBytes(index, Uint8Array.of(2)), blockIndex],
      ...this.#tree.append(hash).map(entryOf),
    ];
  }
}

const entryOf = ({ range: { from, to }, hash }: TxOutMembershipElement): readonly [Uint8Array, Uint8Array] => [
  concatBytes(be64(from), be64(to)),
  hash,
];

/** An output whose keys are random bytes: the ledger only compares them. */
const randomOutput = (): TxOut => ({
  maskedAmount: {
    version: 2,
    commitment: compressedPoint(randomBytes(32)),
    maskedValue: randomBytes(8).readBigUInt64LE(),
    maskedTokenId: randomBytes(8),
  },
  targetKey: compressedPoint(randomBytes(32)),
  publicKey: compressedPoint(randomBytes(32)),
  encryptedFogHint: bytes(randomBytes(84), 84, "Fog hint"),
  encryptedMemo: bytes(randomBytes(66), 66, "memo"),
});
