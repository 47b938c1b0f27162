// What nodes that forget leave of payments a hundred blocks later, while they run: their memory is searched for key images near
// keys of outputs, all of their files for these, for pieces of transactions and for what was in blocks. One node keeps
// everything, and the same search finds everything there.

import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { type BlockData, contentsToWire } from "@fogbow/core-block";
import { encodeTxOut, type Tx } from "@fogbow/core-transaction";
import { BlockContentsSchema, encodeMessage } from "@fogbow/core-wire";
import { openLedger } from "@fogbow/ledger-db";
import { afterAll, beforeAll, expect, test } from "vitest";
import { filesBelow, findTraces, memoryOf, nearEachOther, type Trace, type Traced } from "./find-traces.ts";
import { FiveNodes } from "./five-nodes.ts";
import { fogbow } from "./run-fogbow.ts";

const ARCHIVE = 0;
/** The node that is killed meanwhile, and has to fetch blocks that it missed. */
const LATE = 4;
const FORGETTING = [1, 2, 3, LATE] as const;
/** Payments that are looked for. */
const LINKED = 6;
/** Blocks after theirs. */
const LATER = 104;
/** A key image and an output's key are found together within so many bytes. */
const NEAR = 4_096;
/** A node overwrites what it has freed every 30 seconds, in every thread: after two of these its memory is searched … */
const CLEANED_MS = 65_000;
/** … and once more after each further one, if something is there that was freed since or lay where none reached. */
const SEARCHES_MAX = 5;
const TIMEOUT_MS = 1_800_000; // What takes minutes takes many where many tests share two cores.

let five: FiveNodes;
let next = 0;
beforeAll(async () => {
  five = await FiveNodes.make(LINKED + LATER + 4, "forget");
  await five.startAll();
}, TIMEOUT_MS);
afterAll(() => five.end());

/** A payment that conflicts with no other, in a block: proposed to one node after the other. */
async function pay(): Promise<Tx> {
  const source = five.payments.sources[next++];
  if (source === undefined) throw new Error("All outputs are spent.");
  const tx = five.payments.build(source, next % 5);
  await five.pay(next % LATE, tx);
  return tx;
}

async function blockOf(tx: Tx): Promise<BlockData> {
  const ledger = openLedger(join(five.nodeFolder(ARCHIVE), "ledger"), { readOnly: true });
  const [image] = tx.signature.ringSignatures.map(({ keyImage }) => keyImage);
  const data = ledger.blockData(ledger.blockIndexOfKeyImage(image as Uint8Array) ?? -1n); // Every payment spends something.
  await ledger.close();
  if (data === undefined) throw new Error("The archive has every payment.");
  return data;
}

const keyImagesOf = (txs: readonly Tx[]): Traced[] =>
  txs.flatMap(({ signature }, i) =>
    signature.ringSignatures.map(({ keyImage }, j) => ({ name: `key image ${i}.${j}`, bytes: keyImage })),
  );
const outputsOf = (txs: readonly Tx[]): Traced[] =>
  txs.flatMap(({ prefix }, i) =>
    prefix.outputs.flatMap(({ publicKey, targetKey }, j) => [
      { name: `public key ${i}.${j}`, bytes: publicKey },
      { name: `target key ${i}.${j}`, bytes: targetKey },
    ]),
  );
/** What no ledger ever has: responses of ring signatures, pseudo outputs, range proofs. */
const bodiesOf = (txs: readonly Tx[]): Traced[] =>
  txs.flatMap(({ signature }, i) => [
    ...signature.ringSignatures.flatMap(({ responses }, j) =>
      responses.map((bytes, k) => ({ name: `body: response ${i}.${j}.${k}`, bytes })),
    ),
    ...signature.pseudoOutputCommitments.map((bytes, j) => ({ name: `body: pseudo output ${i}.${j}`, bytes })),
    ...signature.rangeProofs.flatMap((proof, j) => piecesOf(`body: range proof ${i}.${j}`, proof)),
  ]);
/** Encoded outputs and the encoded contents of whole blocks. */
const contentsOf = (blocks: readonly BlockData[]): Traced[] =>
  blocks.flatMap(({ contents }, i) => [
    ...contents.outputs.flatMap((txOut, j) => piecesOf(`contents: output ${i}.${j}`, encodeTxOut(txOut))),
    ...piecesOf(`contents: block ${i}`, encodeMessage(BlockContentsSchema, contentsToWire(contents))),
  ]);
const piecesOf = (name: string, bytes: Uint8Array): Traced[] =>
  Array.from({ length: Math.floor(bytes.length / 32) }, (_, i) => ({
    name,
    bytes: bytes.subarray(32 * i, 32 * (i + 1)),
  }));

const kinds = (traces: readonly Trace[]): Set<string> =>
  new Set(traces.map(({ name }) => name.replace(/ [0-9.]+$/, "")));

test("a hundred blocks later, nodes that forget have nothing that links inputs to outputs, in memory or on disk", {
  timeout: TIMEOUT_MS,
}, async () => {
  const linked: Tx[] = [];
  for (let i = 0; i < LINKED; i++) {
    if (i === 2) await five.kill(LATE);
    linked.push(await pay());
  }
  await five.start(LATE);
  await five.untilLevel();
  const blocks = await Promise.all(linked.map(blockOf));
  const last = Math.max(...blocks.map(({ block }) => Number(block.index)));
  for (let i = 0; i < LATER; i++) await pay();
  await five.untilLevel();
  const [status] = await five.status();
  expect(Number(status?.blockCount)).toBeGreaterThan(last + 100);
  await sleep(CLEANED_MS);

  const images = keyImagesOf(linked);
  const outputs = outputsOf(linked);
  const others = [...bodiesOf(linked), ...contentsOf(blocks)];
  const keys = [...images, ...outputs];
  const traced = [...keys, ...others];
  const linksIn = (traces: readonly Trace[]): string[] =>
    nearEachOther(
      traces.filter(({ name }) => name.startsWith("key image")),
      traces.filter(({ name }) => /^(public|target) key/.test(name)),
      NEAR,
    );
  for (const node of FORGETTING) {
    expect({ node, onDisk: kinds(findTraces(filesBelow(five.nodeFolder(node)), traced)) }).toEqual({
      node,
      onDisk: new Set(),
    });
  }
  // Key images and outputs are what every node keeps. One alone, which may lie in what was freed, links nothing.
  const search = (): object[] =>
    FORGETTING.map((node) => ({ node, links: linksIn(findTraces(memoryOf(five.pid(node)), keys)) }));
  const nothing = FORGETTING.map((node) => ({ node, links: [] }));
  let left = search();
  for (let i = 1; i < SEARCHES_MAX && !isDeepStrictEqual(left, nothing); i++) {
    await sleep(CLEANED_MS / 2);
    left = search();
  }
  expect(left).toEqual(nothing);
  // The search finds what is there: at the node that keeps everything.
  const onDisk = findTraces(filesBelow(five.nodeFolder(ARCHIVE)), traced);
  const inMemory = findTraces(memoryOf(five.pid(ARCHIVE)), keys);
  expect([...kinds(onDisk)]).toEqual(
    expect.arrayContaining(["key image", "public key", "target key", "contents: output"]),
  );
  expect([...kinds(inMemory)]).toEqual(expect.arrayContaining(["key image", "public key", "target key"]));
  expect(linksIn(onDisk).length).toBeGreaterThan(0);
  expect(linksIn(inMemory).length).toBeGreaterThan(0);
  expect(new Set(onDisk.map(({ name }) => name).filter((name) => name.startsWith("key image"))).size).toBe(
    images.length,
  );
});

test("the ledger of a node that forgets verifies, and through its enclave every record", {
  timeout: TIMEOUT_MS,
}, async () => {
  await five.stop(1);
  const ledger = join(five.nodeFolder(1), "ledger");
  const alone = await fogbow("ledger", "verify", ledger, "--json");
  expect(alone).toMatchObject({ code: 0, error: "" });
  expect(JSON.parse(alone.out)).toMatchObject({ valid: true, recordsVerified: false, firstHeader: "0" });
  const whole = await fogbow("ledger", "verify", ledger, "--node", join(five.nodeFolder(1), "node.toml"));
  expect(whole).toMatchObject({ code: 0, error: "" });
  expect(whole.out).toContain("the enclave has read every record");
  const other = await fogbow("ledger", "verify", ledger, "--node", join(five.nodeFolder(2), "node.toml"));
  expect(other.code).toBe(1);
});
