// What happens to a stored ledger when a process, a disk or a rival gets in the way. Needs the built packages.
import { setTimeout as wait } from "node:timers/promises";
import { afterEach, describe, expect, test } from "vitest";
import { createLedger, openLedger, verifyLedger } from "../src/index.ts";
import { draw } from "./chain.ts";
import { code } from "./compliance.ts";
import { newDirectory } from "./directories.ts";
import { archiveChain, startWriter, type WriterProcess } from "./writer-process.ts";

const running: WriterProcess[] = [];

/** A writer that waits to begin. */
function prepare(...args: Parameters<typeof startWriter>): WriterProcess {
  const writer = startWriter(...args);
  running.push(writer);
  return writer;
}

function start(...args: Parameters<typeof startWriter>): WriterProcess {
  const writer = prepare(...args);
  writer.begin();
  return writer;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((writer) => writer.kill()));
});

async function emptyLedger(): Promise<string> {
  const directory = newDirectory();
  await createLedger(directory).close();
  return directory;
}

const isStored = (line: string): boolean => line.startsWith("stored");

const KILLS = 50;

test(`a writer killed ${KILLS} times while it appends loses no block that it acknowledged`, {
  timeout: 120_000,
}, async () => {
  const { archive, chain } = archiveChain(10 * KILLS, 20);
  const directory = await emptyLedger();
  let acknowledged = 0;
  const waiting = [prepare(directory, archive), prepare(directory, archive)]; // To start takes longer than the rest.
  for (let round = 0; round < KILLS; round++) {
    const writer = waiting.shift() ?? prepare(directory, archive);
    if (round + waiting.length + 1 < KILLS) {
      waiting.push(prepare(directory, archive));
    }
    writer.begin();
    await writer.line((line) => isStored(line) || line.startsWith("refused"));
    await wait((draw("kill", round)[0] ?? 0) / 6);
    await writer.kill();
    const stored = writer.lines.filter(isStored);
    expect(writer.lines).toEqual(["open", ...stored]);
    acknowledged = Number(stored.at(-1)?.split(" ")[1]) + 1;

    const ledger = openLedger(directory);
    const blocks = Number(ledger.numBlocks());
    expect(blocks).toBeGreaterThanOrEqual(acknowledged);
    expect(blocks).toBeLessThanOrEqual(acknowledged + 1);
    expect(ledger.lastBlock()).toEqual(chain[blocks - 1]?.block);
    expect(ledger.blockContents(BigInt(acknowledged - 1))).toEqual(chain[acknowledged - 1]?.contents);
    if (round % 8 === 7 || round === KILLS - 1) {
      expect((await verifyLedger(ledger)).blocks).toBe(BigInt(blocks));
    }
    await ledger.close();
  }
  expect(acknowledged).toBeGreaterThanOrEqual(KILLS);
});

test("a full disk refuses a block cleanly: what is stored stays, and room brings it on again", async () => {
  const { archive, chain } = archiveChain(30, 100);
  const directory = await emptyLedger();
  const writer = start(directory, archive, 600);
  const refusal = await writer.line((line) => line.startsWith("refused"));
  const stored = writer.lines.filter(isStored).length;
  expect(refusal).toBe(`refused storage-failure ${stored}`);
  expect(stored).toBeGreaterThan(0);
  await writer.kill();

  const ledger = openLedger(directory);
  expect((await verifyLedger(ledger)).blocks).toBe(BigInt(stored));
  for (const data of chain.slice(stored)) {
    ledger.append(data);
  }
  expect((await verifyLedger(ledger)).blocks).toBe(30n);
  await ledger.close();
});

describe("beside a writer in another process", () => {
  test("no second writer is let in, until the first is gone", async () => {
    const { archive } = archiveChain(1, 2);
    const directory = await emptyLedger();
    const first = start(directory, archive);
    await first.line(isStored);
    expect(() => openLedger(directory)).toThrow(code("ledger-in-use"));
    expect(() => createLedger(directory)).toThrow(code("ledger-exists"));
    const second = start(directory, archive);
    expect(await second.line((line) => line !== "")).toBe("refused ledger-in-use");
    await first.kill();
    const third = openLedger(directory);
    expect(third.numBlocks()).toBe(1n);
    await third.close();
  });

  test("a reader sees every block soon, also when the file has grown", async () => {
    const { archive, chain } = archiveChain(40, 100);
    const directory = await emptyLedger();
    const reader = openLedger(directory, { readOnly: true });
    expect(reader.numBlocks()).toBe(0n);
    const writer = start(directory, archive);
    await writer.line((line) => line === "stored 39");
    const deadline = Date.now() + 1_000;
    while (reader.numBlocks() < 40n && Date.now() < deadline) {
      await wait(10);
    }
    expect(reader.numBlocks()).toBe(40n);
    for (const { block, contents } of chain) {
      expect(reader.blockContents(block.index)).toEqual(contents);
    }
    expect((await verifyLedger(reader)).txOuts).toBe(4_000n);
    await reader.close();
  });
});
