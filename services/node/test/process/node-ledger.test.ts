// The ledger of a node: made with the right first block, and never opened as another network's.
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountKeyFromRootEntropy, publicAddress } from "@fogbow/core-account";
import { type BlockData, encodeArchiveBlock, originBlockFromSeed } from "@fogbow/core-block";
import { Secret } from "@fogbow/core-bytes";
import { createLedger, type LmdbLedger } from "@fogbow/ledger-db";
import { createLog } from "@fogbow/server";
import { afterAll, expect, test } from "vitest";
import { openNodeLedger } from "../../src/process/node-ledger.ts";
import { refused } from "../config/fixtures.ts";

const root = mkdtempSync(join(tmpdir(), "fogbow-node-ledger."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const recipient = publicAddress(accountKeyFromRootEntropy(new Secret(new Uint8Array(32).fill(3))));
const originOf = (seed: number): BlockData => ({
  ...originBlockFromSeed(new Uint8Array(32).fill(seed), [{ recipient, value: 1n }]),
  signature: undefined,
  metadata: undefined,
});
const ours = originOf(1);
const theirs = originOf(2);
const file = (name: string, data: BlockData): string => {
  const path = join(root, name);
  writeFileSync(path, encodeArchiveBlock(data));
  return path;
};
const log = createLog({ name: "test", level: "silent" });
const signal = new AbortController().signal;
const sources = [
  { name: "liar", fetch: async () => theirs },
  { name: "honest", fetch: async () => ours },
];
const open = (folder: string, origin: { path?: string; id?: BlockData["block"]["id"] }): Promise<LmdbLedger> => {
  const { path, id } = origin;
  return openNodeLedger({ ledgerPath: join(root, folder), origin: { path, id } }, { sources, log }, signal);
};

test("an empty one gets the block of the file, and is opened again", async () => {
  const path = file("origin.pb", ours);
  const made = await open("a", { path, id: ours.block.id });
  expect(made.lastBlock()?.id).toEqual(ours.block.id);
  await made.close();
  const again = await open("a", { id: ours.block.id });
  expect(again.numBlocks()).toBe(1n);
  await again.close();
});

test("without a file it comes from the first archive that has the right one", async () => {
  const made = await open("b", { id: ours.block.id });
  expect(made.lastBlock()?.id).toEqual(ours.block.id);
  await made.close();
});

test("a ledger that was made and is empty is filled", async () => {
  await createLedger(join(root, "c")).close();
  const made = await open("c", { path: file("origin.pb", ours) });
  expect(made.numBlocks()).toBe(1n);
  await made.close();
});

test("another network's ledger is refused, and can be opened afterwards", async () => {
  await (await open("d", { path: file("theirs.pb", theirs) })).close();
  expect(await refused(() => open("d", { id: ours.block.id }))).toMatchObject({ code: "origin-mismatch" });
  await (await open("d", {})).close();
});

test("another network's file is refused, and no ledger made", async () => {
  expect(await refused(() => open("e", { path: file("theirs.pb", theirs), id: ours.block.id }))).toMatchObject({
    code: "origin-mismatch",
    file: join(root, "theirs.pb"),
  });
  expect(existsSync(join(root, "e"))).toBe(false);
});

test("with neither file nor id nothing is guessed", async () => {
  expect(await refused(() => open("f", {}))).toMatchObject({ code: "missing-field", field: "--origin-block-path" });
  expect(await refused(() => open("f", { path: join(root, "none.pb") }))).toMatchObject({ code: "file-not-found" });
  await expect(open("f", { id: originOf(3).block.id })).rejects.toMatchObject({ code: "wrong-origin" });
  expect(existsSync(join(root, "f"))).toBe(false);
});
