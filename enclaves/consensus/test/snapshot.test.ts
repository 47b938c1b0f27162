// Joining from a snapshot: a node that keeps everything makes it, one that forgets and has nothing takes it, and goes on.
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  type BlockData,
  type CheckpointSignature,
  endorseCheckpoint,
  frameSnapshotRecord,
  LedgerSummary,
  type QuorumSet,
  type SignedCheckpoint,
  SortedKeyImages,
  signCheckpoint,
} from "@fogbow/core-block";
import { bytes, concatBytes, type TokenId, tokenId } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { decodeMessage, LoadedRecordsSchema } from "@fogbow/core-wire";
import { beforeAll, describe, expect, test } from "vitest";
import {
  exportSnapshot,
  type LoadedRecords,
  loadSnapshot,
  type MemoryLedger,
  openForgetLedger,
  verifySnapshot,
} from "../../../stores/ledger-db/src/index.ts";
import { next } from "../../../stores/ledger-db/test/chain.ts";
import { newDirectory } from "../../../stores/ledger-db/test/directories.ts";
import { configureMinting, foundLedger, mint, spend } from "../../../stores/ledger-db/test/economy.ts";
import { bareEnclave, hashesOf, startNode, TestNode } from "./test-node.ts";

const TOKEN: TokenId = tokenId(5n);
const keys = [1, 2, 3, 4].map((n) => new Ed25519PrivateKey(new Uint8Array(32).fill(n)));
const nodes = keys.map((key, i) => ({
  responderId: `node${i}.test:8443`,
  publicKey: bytes(key.publicKey(), 32, "key"),
}));
const quorumSet: QuorumSet = { threshold: 3, members: nodes.map((node) => ({ kind: "node", node })) };
const refused = (code: string) => expect.objectContaining({ code });

let archive: MemoryLedger;
let archiving: TestNode;
let signed: SignedCheckpoint;
let records: readonly Uint8Array[];

const grow = async (values: Parameters<TestNode["combine"]>[1], contexts: Parameters<TestNode["form"]>[2] = []) => {
  const formed = await archiving.form(archive, await archiving.combine(archive, values), contexts);
  const parent = archive.lastBlock();
  if (parent === undefined) throw new Error("There is an origin block.");
  const data: BlockData = { ...next(parent, formed.block.rootElement, formed.contents, 4), block: formed.block };
  archive.append(data);
  return data;
};

beforeAll(async () => {
  archive = foundLedger(1_100) as MemoryLedger; // More than one record of outputs.
  archiving = await startNode({ name: "archive" });
  const tx = spend(archive, [0n, 1n]);
  await grow({ txHashes: hashesOf([tx]) }, await archiving.accept(archive, tx));
  await grow({ mintConfigTxs: [configureMinting(1)] });
  await grow({ mintTxs: [mint(1, 500n, 11)] });
  const summary = LedgerSummary.empty();
  for (let i = 0n; i < archive.numBlocks(); i++) summary.append(archive.blockData(i) as BlockData);
  const checkpoint = summary.checkpoint(
    SortedKeyImages.of([0n, 1n, 2n, 3n].flatMap((i) => archive.blockContents(i)?.keyImages ?? [])),
  );
  const signatures = keys.slice(1).map(
    (key, i): CheckpointSignature =>
      endorseCheckpoint(
        checkpoint,
        signCheckpoint(checkpoint, new Ed25519PrivateKey(new Uint8Array(32).fill(90 + i))),
        {
          node: nodes[i + 1] as (typeof nodes)[number],
          key,
        },
      ),
  );
  signed = { checkpoint, signatures };
  // The ledger goes on after the checkpoint.
  const later = spend(archive, [2n]);
  await grow({ txHashes: hashesOf([later]) }, await archiving.accept(archive, later));
  records = [...exportSnapshot(archive, signed)];
}, 60_000);

/** A file of records, in pieces that end anywhere. */
const fileOf = (from: readonly Uint8Array[]) => piecesOf(concatBytes(...from.map(frameSnapshotRecord)));
const piecesOf = (file: Uint8Array) =>
  async function* (): AsyncGenerator<Uint8Array> {
    for (let at = 0; at < file.length; at += 9_999) yield file.subarray(at, at + 9_999);
  };
const loadInto =
  (node: TestNode) =>
  async (record: Uint8Array): Promise<LoadedRecords> =>
    decodeMessage(LoadedRecordsSchema, await node.ask("load-snapshot", record), { bytesMax: 16_777_216 });

test("a node that forgets joins from a snapshot, and forms the same blocks as the others from then on", async () => {
  const directory = join(newDirectory(), "ledger");
  const joining = await startNode({ name: "joining", forgets: true });
  await loadSnapshot(directory, { open: fileOf(records), quorumSet, load: loadInto(joining) });
  const ledger = openForgetLedger(directory);
  try {
    expect(ledger.numBlocks()).toBe(4n);
    expect(ledger.lastBlock()).toEqual(archive.block(3n));
    expect(ledger.activeMintConfigs(TOKEN)).toEqual(archive.activeMintConfigs(TOKEN));
    expect(ledger.containsMintNonce(TOKEN, new Uint8Array(64).fill(1))).toBe(true);
    expect(ledger.containsMintConfigNonce(TOKEN, new Uint8Array(64).fill(1))).toBe(true);
    // What was spent before the snapshot is spent, what was not is not.
    const contexts = await joining.takeIn(spend(archive, [0n], { number: 1 }), spend(archive, [9n]));
    expect(contexts.map(({ keyImages }) => keyImages.map((tag) => ledger.containsKeyImage(tag)))).toEqual([
      [true],
      [false],
    ]);
    // It takes the block that came after it, and one that is formed after a restart.
    const later = archive.blockData(4n) as BlockData;
    const absorbed = await joining.absorb(later);
    ledger.append({ ...later, contents: absorbed.contents }, absorbed.sealed);
    const again = await startNode({
      name: "joining",
      forgets: true,
      sealedLedger: ledger.sealedLedger() as Uint8Array,
    });
    const tx = spend(archive, [3n]);
    const own = await again.accept(ledger, tx);
    const formed = await again.form(ledger, await again.combine(ledger, { txHashes: hashesOf([tx]) }), own);
    const other = await grow({ txHashes: hashesOf([tx]) }, await archiving.accept(archive, tx));
    expect(formed.block).toEqual(other.block);
  } finally {
    await ledger.close();
  }
}, 60_000);

describe("a snapshot is refused, and nothing is stored,", () => {
  const attempt = async (file: () => AsyncGenerator<Uint8Array>, set = quorumSet): Promise<unknown> => {
    const directory = join(newDirectory(), "ledger");
    const joining = await startNode({ forgets: true });
    let loaded = 0;
    const load = (record: Uint8Array): Promise<LoadedRecords> => {
      loaded += 1;
      return loadInto(joining)(record);
    };
    try {
      await loadSnapshot(directory, { open: file, quorumSet: set, load });
      return undefined;
    } catch (error) {
      expect([loaded, existsSync(directory), existsSync(`${directory}.part`)]).toEqual([0, false, false]);
      return error;
    }
  };
  const changed = (at: number, change: (record: Uint8Array) => Uint8Array): Uint8Array[] =>
    records.map((record, i) => (i === at ? change(record) : record));
  const flip = (record: Uint8Array): Uint8Array => record.map((byte, i) => (i === record.length - 9 ? byte ^ 1 : byte));

  test("when too few signed", async () => {
    expect(await attempt(fileOf(records), { ...quorumSet, threshold: 4 })).toEqual(refused("too-few-signatures"));
  });

  test("when anything in it is another, whichever record that is in", async () => {
    for (let at = 0; at < records.length - 1; at++) {
      const error = await attempt(fileOf(changed(at, flip)));
      expect(error).toBeInstanceOf(Error);
      expect((error as Error).message).toMatch(/ecord|checkpoint/);
    }
  });

  test("when a record is missing, twice, or in another place", async () => {
    for (let at = 0; at < records.length; at++) {
      expect(await attempt(fileOf(records.toSpliced(at, 1)))).toBeInstanceOf(Error);
      expect(await attempt(fileOf(records.toSpliced(at, 0, records[at] as Uint8Array)))).toBeInstanceOf(Error);
    }
    expect(await attempt(fileOf(records.toReversed()))).toEqual(refused("malformed-snapshot"));
  });

  test("when it is cut short", async () => {
    const file = concatBytes(...records.map(frameSnapshotRecord));
    for (const length of [0, 3, 700, Math.floor(file.length / 2), file.length - 1]) {
      expect(await attempt(piecesOf(file.subarray(0, length)))).toEqual(refused("malformed-snapshot"));
    }
  });

  test("and a whole one passes the same check", async () => {
    await expect(verifySnapshot({ open: fileOf(records), quorumSet })).resolves.toBeUndefined();
  });
});

test("the enclave itself believes no snapshot that does not add up, and none where there are blocks", async () => {
  const joining = await startNode({ forgets: true });
  const load = loadInto(joining);
  for (const record of records.toSpliced(2, 1).slice(0, -1)) await load(record);
  await expect(load(records.at(-1) as Uint8Array)).rejects.toThrow(refused("snapshot-mismatch"));
  for (const record of records) await load(record);
  await expect(load(records[0] as Uint8Array)).rejects.toThrow(refused("ledger-not-empty"));
  const keeping = await TestNode.init(bareEnclave().ask, {});
  await expect(keeping.ask("load-snapshot", records[0] as Uint8Array)).rejects.toThrow(refused("retains-everything"));
});

test("no snapshot is made of a ledger that the checkpoint is not of", () => {
  const { checkpoint } = signed;
  for (const other of [
    { ...checkpoint, height: 2n },
    { ...checkpoint, height: 99n },
    { ...checkpoint, keyImagesDigest: checkpoint.merkleRoot },
  ]) {
    expect(() => [...exportSnapshot(archive, { ...signed, checkpoint: other })]).toThrow(refused("snapshot-mismatch"));
  }
});
