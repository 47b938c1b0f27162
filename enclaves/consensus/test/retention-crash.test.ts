// A node that forgets, killed while it appends: what it acknowledged is there, whole, and its enclave goes on from it. Needs the
// built packages.
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { type BlockData, blockToWire, contentsToWire } from "@fogbow/core-block";
import {
  AbsorbBlockRequestSchema,
  decodeMessage,
  encodeMessage,
  type FormBlockResponse,
  FormBlockResponseSchema,
} from "@fogbow/core-wire";
import { afterEach, expect, test } from "vitest";
import {
  createForgetLedger,
  type ForgetLedger,
  MemoryLedger,
  openForgetLedger,
  verifyForgetLedger,
} from "../../../stores/ledger-db/src/index.ts";
import { draw, next, origin, contents as someContents } from "../../../stores/ledger-db/test/chain.ts";
import { newDirectory } from "../../../stores/ledger-db/test/directories.ts";
import { startWriter, type WriterProcess } from "../../../stores/ledger-db/test/writer-process.ts";
import { startNode } from "./test-node.ts";

const KILLS = 24;
const BLOCKS = 10 * KILLS;
const OUTPUTS = 20;

const running: WriterProcess[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((writer) => writer.kill()));
});

/** A chain of unsigned blocks, and a folder of what an enclave made of each. */
async function sealedChain(): Promise<{ readonly folder: string; readonly chain: readonly BlockData[] }> {
  const folder = join(newDirectory(), "sealed");
  mkdirSync(folder);
  const node = await startNode({ name: "forgetful", forgets: true });
  const ledger = new MemoryLedger();
  const chain: BlockData[] = [];
  for (let index = 0; index < BLOCKS; index++) {
    const parent = ledger.lastBlock();
    const data: BlockData =
      parent === undefined
        ? origin(OUTPUTS)
        : {
            ...next(parent, ledger.root(), someContents(index, OUTPUTS), 2),
            signature: undefined,
            metadata: undefined,
          };
    ledger.append(data);
    const request = { block: blockToWire(data.block), contents: contentsToWire(data.contents) };
    const answer = await node.ask("absorb-block", encodeMessage(AbsorbBlockRequestSchema, request));
    writeFileSync(join(folder, `${index}`), answer);
    chain.push(data);
  }
  return { folder, chain };
}

const sealedIn = (folder: string, index: number): FormBlockResponse =>
  decodeMessage(FormBlockResponseSchema, new Uint8Array(readFileSync(join(folder, `${index}`))), {
    bytesMax: 16_777_216,
  });

/** An enclave that goes on from the ledger finds every record right, and takes the next block. */
async function expectWhole(ledger: ForgetLedger, next: BlockData): Promise<void> {
  const node = await startNode({ name: "forgetful", forgets: true, sealedLedger: ledger.sealedLedger() as Uint8Array });
  const report = await verifyForgetLedger(ledger, { verifyRecords: (records) => node.verifyRecords(records) });
  expect(report).toMatchObject({ blocks: ledger.numBlocks(), txOuts: ledger.numTxOuts(), recordsVerified: true });
  expect((await node.absorb(next)).block).toEqual(next.block);
}

test(`a writer killed ${KILLS} times while it appends sealed blocks loses none that it acknowledged`, {
  timeout: 240_000,
}, async () => {
  const { folder, chain } = await sealedChain();
  const directory = newDirectory();
  await createForgetLedger(directory).close();
  const prepare = (): WriterProcess => {
    const writer = startWriter(directory, folder, undefined, "forget");
    running.push(writer);
    return writer;
  };
  const waiting = [prepare(), prepare()]; // To start takes longer than the rest.
  let acknowledged = 0;
  for (let round = 0; round < KILLS; round++) {
    const writer = waiting.shift() ?? prepare();
    if (round + waiting.length + 1 < KILLS) waiting.push(prepare());
    writer.begin();
    await writer.line((line) => line.startsWith("stored") || line.startsWith("refused"));
    await wait((draw("kill", round)[0] ?? 0) / 6);
    await writer.kill();
    const stored = writer.lines.filter((line) => line.startsWith("stored"));
    expect(writer.lines).toEqual(["open", ...stored]);
    acknowledged = Number(stored.at(-1)?.split(" ")[1]) + 1;

    const ledger = openForgetLedger(directory);
    const blocks = Number(ledger.numBlocks());
    expect(blocks).toBeGreaterThanOrEqual(acknowledged);
    expect(blocks).toBeLessThanOrEqual(acknowledged + 1);
    const tip = chain[blocks - 1] as BlockData;
    expect(ledger.lastBlock()).toEqual(tip.block);
    expect(ledger.numTxOuts()).toBe(tip.block.cumulativeTxoCount);
    const { contents, sealed } = sealedIn(folder, acknowledged - 1);
    expect(contents?.keyImages.every(({ data }) => ledger.containsKeyImage(data))).toBe(true);
    expect(sealed?.txOuts.every(({ publicKeyTag }) => ledger.containsPublicKey(publicKeyTag))).toBe(true);
    if (round % 8 === 7 || round === KILLS - 1) await expectWhole(ledger, chain[blocks] as BlockData);
    await ledger.close();
  }
  expect(acknowledged).toBeGreaterThanOrEqual(KILLS);
});
