// The ledger of a node that forgets: begun with the right first block or a snapshot, through the enclave, and opened again.
import { createReadStream, existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BlockData,
  encodeArchiveBlock,
  endorseCheckpoint,
  frameSnapshotRecord,
  LedgerSummary,
  type NodeId,
  SortedKeyImages,
  signCheckpoint,
} from "@fogbow/core-block";
import { bytes, concatBytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { createLedger, exportSnapshot, MemoryLedger, verifySnapshot } from "@fogbow/ledger-db";
import { createLog } from "@fogbow/server";
import { afterAll, expect, test } from "vitest";
import { startNode, type TestNode } from "../../../../enclaves/consensus/test/test-node.ts";
import { appendNext } from "../../../../stores/ledger-db/test/chain.ts";
import { type ForgettingConfig, ForgettingStore } from "../../src/process/forgetting-store.ts";

const root = mkdtempSync(join(tmpdir(), "fogbow-forgetting-store."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const archive = new MemoryLedger();
const chain = Array.from({ length: 5 }, () => appendNext(archive));
const origin = chain[0] as BlockData;
const originPath = join(root, "origin.pb");
writeFileSync(originPath, encodeArchiveBlock(origin));

const key = new Ed25519PrivateKey(new Uint8Array(32).fill(1));
const node: NodeId = { responderId: "other.test:8443", publicKey: bytes(key.publicKey(), 32, "key") };
const quorumSet = { threshold: 1, members: [{ kind: "node" as const, node }] };
const snapshotPath = join(root, "snapshot");
const summary = LedgerSummary.empty();
for (const each of chain.slice(0, 4)) summary.append(each);
const checkpoint = summary.checkpoint(
  SortedKeyImages.of(chain.slice(0, 4).flatMap(({ contents }) => contents.keyImages)),
);
const signature = endorseCheckpoint(checkpoint, signCheckpoint(checkpoint, key), { node, key });
const records = [...exportSnapshot(archive, { checkpoint, signatures: [signature] })];
writeFileSync(snapshotPath, concatBytes(...records.map(frameSnapshotRecord)));

const refused = (code: string) => expect.objectContaining({ code });

const parts = { sources: [], log: createLog({ name: "test", level: "silent" }) };
const signal = new AbortController().signal;
const config = (folder: string, change: Partial<ForgettingConfig> = {}): ForgettingConfig => ({
  ledgerPath: join(root, folder),
  origin: { path: originPath, id: origin.block.id },
  snapshotPath: undefined,
  network: { quorumSet },
  ...change,
});
const enclaveOf = ({ ask }: TestNode) => ({ call: (entryPoint: string, input: Uint8Array) => ask(entryPoint, input) });

test("an empty one begins with the origin block, and goes on after it was closed", async () => {
  const store = new ForgettingStore(config("a"));
  expect(store.sealedLedger()).toHaveLength(0);
  const first = await startNode({ forgets: true });
  const ledger = await store.begin(enclaveOf(first), parts, signal);
  expect(ledger.lastBlock()).toEqual(origin.block);
  await store.close();
  await store.close();
  const again = new ForgettingStore(config("a", { snapshotPath })); // It has blocks: no snapshot is asked for.
  const second = await startNode({ forgets: true, sealedLedger: again.sealedLedger() });
  const reopened = await again.begin(enclaveOf(second), parts, signal);
  const next = chain[1] as BlockData;
  const { contents, sealed } = await second.absorb(next);
  reopened.append({ ...next, contents }, sealed);
  expect(reopened.numBlocks()).toBe(2n);
  await again.close();
});

test("one without blocks begins with a snapshot that the quorum set has signed", async () => {
  await expect(verifySnapshot({ open: () => createReadStream(snapshotPath), quorumSet })).resolves.toBeUndefined();
  const store = new ForgettingStore(config("b", { snapshotPath }));
  const ledger = await store.begin(enclaveOf(await startNode({ forgets: true })), parts, signal);
  expect([ledger.numBlocks(), ledger.numTxOuts()]).toEqual([4n, (chain[3] as BlockData).block.cumulativeTxoCount]);
  await store.close();
  const strict = { quorumSet: { ...quorumSet, threshold: 2 } };
  const other = new ForgettingStore(config("c", { snapshotPath, network: strict }));
  const began = other.begin(enclaveOf(await startNode({ forgets: true })), parts, signal);
  await expect(began).rejects.toThrow(refused("too-few-signatures"));
  expect(existsSync(join(root, "c"))).toBe(false);
});

test("another network's first block is refused, and so is a ledger that keeps everything", async () => {
  const id = (chain[2] as BlockData).block.id;
  const store = new ForgettingStore(config("d", { origin: { path: originPath, id } }));
  const began = store.begin(enclaveOf(await startNode({ forgets: true })), parts, signal);
  await expect(began).rejects.toThrow(refused("origin-mismatch"));
  const opened = new ForgettingStore(config("a", { origin: { path: originPath, id } }));
  await expect(opened.begin(enclaveOf(await startNode({ forgets: true })), parts, signal)).rejects.toThrow(
    refused("origin-mismatch"),
  );
  await opened.close();
  await createLedger(join(root, "e")).close();
  expect(() => new ForgettingStore(config("e"))).toThrow(refused("unknown-schema-version"));
});
