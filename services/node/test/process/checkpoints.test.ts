// What nodes sign of their whole ledgers: the same, whatever they keep, and whenever they were started.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  type BlockData,
  type Checkpoint,
  decodeSignedCheckpoint,
  LedgerSummary,
  SortedKeyImages,
  verifyCheckpointQuorum,
} from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { createForgetLedger, MemoryLedger } from "@fogbow/ledger-db";
import { afterAll, expect, test } from "vitest";
import { startNode, type TestNode } from "../../../../enclaves/consensus/test/test-node.ts";
import { appendNext } from "../../../../stores/ledger-db/test/chain.ts";
import { Checkpoints, sealedSum } from "../../src/process/checkpoints.ts";

const root = mkdtempSync(join(tmpdir(), "fogbow-checkpoints."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const key = new Ed25519PrivateKey(new Uint8Array(32).fill(1));
const node = { responderId: "node.test:8443", publicKey: bytes(key.publicKey(), 32, "key") };
const enclaveOf = ({ ask }: TestNode) => ({ call: (entryPoint: string, input: Uint8Array) => ask(entryPoint, input) });
const events: string[] = [];
const log = { info: (event: string) => void events.push(event), warn: (event: string) => void events.push(event) };
const interval = 4n;
const checkpointsIn = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".pb"))
    .sort();
const read = (folder: string, name: string) => decodeSignedCheckpoint(new Uint8Array(readFileSync(join(folder, name))));
const checkpointOf = (ledger: MemoryLedger, blocks: bigint): Checkpoint => {
  const summary = LedgerSummary.empty();
  const keyImages: Uint8Array[] = [];
  for (let i = 0n; i < blocks; i++) {
    const data = ledger.blockData(i) as BlockData;
    summary.append(data);
    keyImages.push(...data.contents.keyImages);
  }
  return summary.checkpoint(SortedKeyImages.of(keyImages));
};

test("a node that keeps everything signs at each height, also for what it missed, and goes on after a restart", async () => {
  const ledger = new MemoryLedger();
  const folder = join(root, "archive");
  for (let i = 0; i < 9; i++) appendNext(ledger);
  const start = async (): Promise<Checkpoints> => {
    const enclave = enclaveOf(await startNode({ sealedLedger: sealedSum(folder) }));
    return new Checkpoints({ folder, retention: "archive", interval }, { ledger, enclave, node, key, log });
  };
  const first = await start();
  await first.blockStored();
  expect(checkpointsIn(folder)).toEqual(["3.pb", "7.pb"]);
  for (let i = 0; i < 2; i++) appendNext(ledger);
  await first.blockStored();
  await first.stop();
  appendNext(ledger);
  await first.blockStored(); // It was stopped.
  expect(checkpointsIn(folder)).toEqual(["3.pb", "7.pb"]);
  const second = await start();
  await second.blockStored();
  expect(checkpointsIn(folder)).toEqual(["11.pb", "3.pb", "7.pb"]);
  for (const height of [3n, 7n, 11n]) {
    const { checkpoint, signatures } = read(folder, `${height}.pb`);
    expect(checkpoint).toEqual(checkpointOf(ledger, height + 1n));
    const quorumSet = { threshold: 1, members: [{ kind: "node" as const, node }] };
    expect(verifyCheckpointQuorum(checkpoint, signatures, quorumSet)).toBeUndefined();
  }
});

test("a node that forgets signs the same", async () => {
  const plain = new MemoryLedger();
  const ledger = createForgetLedger(join(root, "ledger"));
  const folder = join(root, "forget");
  const testNode = await startNode({ forgets: true });
  const parts = { ledger, enclave: enclaveOf(testNode), node, key, log };
  const checkpoints = new Checkpoints({ folder, retention: "forget", interval }, parts);
  for (let i = 0; i < 5; i++) {
    const data = appendNext(plain);
    const { contents, sealed } = await testNode.absorb(data);
    ledger.append({ ...data, contents }, sealed);
    await checkpoints.blockStored();
  }
  await ledger.close();
  expect(checkpointsIn(folder)).toEqual(["3.pb"]);
  expect(read(folder, "3.pb").checkpoint).toEqual(checkpointOf(plain, 4n));
});

test("what fails is told, and tried again", async () => {
  const ledger = new MemoryLedger();
  for (let i = 0; i < 4; i++) appendNext(ledger);
  const folder = join(root, "again");
  const working = enclaveOf(await startNode());
  let fails = true;
  const enclave = {
    call: async (entryPoint: string, input: Uint8Array) => {
      if (fails) throw new Error("It does not answer.");
      return working.call(entryPoint, input);
    },
  };
  const checkpoints = new Checkpoints({ folder, retention: "archive", interval }, { ledger, enclave, node, key, log });
  events.length = 0;
  await checkpoints.blockStored();
  expect([events, checkpointsIn(folder)]).toEqual([["a checkpoint is not signed"], []]);
  fails = false;
  await checkpoints.blockStored();
  expect(checkpointsIn(folder)).toEqual(["3.pb"]);
});
