// What a publisher leaves behind that is killed again and again. Needs the built packages.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { archivePath, encodeArchiveBlock, encodeArchiveBlocks, mergedArchivePath } from "@fogbow/core-block";
import { createLedger } from "@fogbow/ledger-db";
import { expect, test, vi } from "vitest";
import { draw } from "../../ledger-db/test/chain.ts";
import { folderFiles, readHead } from "../src/index.ts";
import { makeChain } from "./chain.ts";
import { newFolder } from "./places.ts";

const SCRIPT = fileURLToPath(new URL("publish.mjs", import.meta.url));
const BLOCKS = 110;
const KILLS = 5;

test("a publisher killed in the middle, again and again, leaves whole files in order, and in the end all of them", {
  timeout: 120_000,
}, async () => {
  const chain = makeChain(BLOCKS);
  const [directory, folder] = [newFolder(), newFolder()];
  const ledger = createLedger(directory);
  ledger.appendTogether(() => {
    for (const data of chain) ledger.append(data);
  });
  await ledger.close();
  for (let kill = 0; kill < KILLS; kill++) {
    const publisher = await start(directory, folder);
    await wait(20 + (draw("publisher", kill)[0] ?? 0)); // 20 to 275 ms.
    await publisher.kill();
    expectWholePrefix(folder, chain);
  }
  const last = await start(directory, folder);
  await vi.waitFor(async () => expect((await readHead(folderFiles(folder)))?.index).toBe(BigInt(BLOCKS - 1)), 60_000);
  await last.kill();
  expect(expectWholePrefix(folder, chain)).toBe(BLOCKS);
  const merged = readFileSync(join(folder, mergedArchivePath(100n, 0n)));
  expect(merged.equals(encodeArchiveBlocks(chain.slice(0, 100)))).toBe(true);
});

/** Starts a publisher; resolves when it begins. */
async function start(directory: string, folder: string): Promise<{ readonly kill: () => Promise<void> }> {
  const child = spawn(process.execPath, [SCRIPT, directory, folder], { stdio: ["ignore", "pipe", "inherit"] });
  const gone = once(child, "close");
  await once(child.stdout, "data");
  return {
    kill: async () => {
      child.kill("SIGKILL");
      await gone;
    },
  };
}

/** Whatever has a name is whole, and no block is there without those before it. Returns how many blocks there are. */
function expectWholePrefix(folder: string, chain: ReturnType<typeof makeChain>): number {
  const files = new Set(readdirSync(folder, { recursive: true }).map(String));
  const length = chain.findIndex(({ block }) => !files.has(archivePath(block.index)));
  const whole = length < 0 ? chain : chain.slice(0, length);
  for (const data of whole) {
    const path = archivePath(data.block.index);
    expect(readFileSync(join(folder, path)).equals(encodeArchiveBlock(data))).toBe(true);
    files.delete(path);
  }
  const named = [...files].filter((path) => path.endsWith(".pb"));
  expect(named.filter((path) => !path.startsWith("merged-100"))).toEqual([]); // None after a gap.
  expect(named.length).toBeLessThanOrEqual(Math.floor(whole.length / 100));
  return whole.length;
}
