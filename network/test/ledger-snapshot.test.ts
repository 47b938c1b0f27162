import { createReadStream, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BlockData,
  type Checkpoint,
  encodeSignedCheckpoint,
  endorseCheckpoint,
  LedgerSummary,
  type NodeId,
  SortedKeyImages,
  signCheckpoint,
} from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { openLedger, verifySnapshot } from "@fogbow/ledger-db";
import { beforeAll, expect, test } from "vitest";
import { newLedger } from "./ledger-chain.ts";
import { facts, newDirectory, run } from "./run-command.ts";

const keys = [1, 2].map((n) => new Ed25519PrivateKey(new Uint8Array(32).fill(n)));
const nodes = keys.map(
  (key, i): NodeId => ({ responderId: `node${i}:1`, publicKey: bytes(key.publicKey(), 32, "key") }),
);
const quorumSet = { threshold: 2, members: nodes.map((node) => ({ kind: "node" as const, node })) };
const directory = newDirectory();
const checkpointFile = (i: number): string => join(directory, `${i}.pb`);

/** What node `i` signs. */
function sign(i: number, checkpoint: Checkpoint, file = checkpointFile(i)): string {
  const [key, node] = [keys[i] as Ed25519PrivateKey, nodes[i] as NodeId]; // There are two.
  const signature = endorseCheckpoint(checkpoint, signCheckpoint(checkpoint, key), { node, key });
  writeFileSync(file, encodeSignedCheckpoint({ checkpoint, signatures: [signature] }));
  return file;
}

let ledger: string;
let checkpoint: Checkpoint;
beforeAll(async () => {
  ledger = await newLedger(6);
  const opened = openLedger(ledger, { readOnly: true });
  const summary = LedgerSummary.empty();
  const blocks = [0n, 1n, 2n, 3n].map((i) => opened.blockData(i) as BlockData);
  for (const each of blocks) summary.append(each);
  await opened.close();
  checkpoint = summary.checkpoint(SortedKeyImages.of(blocks.flatMap(({ contents }) => contents.keyImages)));
});

test("a snapshot is of one checkpoint, with all signatures that are named, and loads where they are enough", async () => {
  const file = join(directory, "snapshot");
  const args = ["ledger", "snapshot", ledger, file, "--checkpoint", sign(0, checkpoint), sign(1, checkpoint)];
  expect(await facts(args)).toEqual({ height: "3", signatures: "2", file });
  await expect(verifySnapshot({ open: () => createReadStream(file), quorumSet })).resolves.toBeUndefined();
  const again = await run(args);
  expect([again.code, again.error]).toEqual([1, expect.stringContaining("already")]);
});

test("nothing is written for checkpoints that differ, are missing, or are of another ledger", async () => {
  const file = join(directory, "none");
  const other = sign(1, { ...checkpoint, height: 2n }, join(directory, "other.pb"));
  for (const [files, says] of [
    [[sign(0, checkpoint), other], "another checkpoint"],
    [[other], "No snapshot can be made"],
    [[join(directory, "nowhere.pb")], "There is no file"],
  ] as const) {
    const { code, error } = await run(["ledger", "snapshot", ledger, file, "--checkpoint", ...files]);
    expect([code, error]).toEqual([1, expect.stringContaining(says)]);
    expect([existsSync(file), existsSync(`${file}.part`)]).toEqual([false, false]);
  }
});
