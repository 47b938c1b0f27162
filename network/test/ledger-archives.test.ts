import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { open } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  archivePath,
  type BlockData,
  createBlock,
  encodeArchiveBlock,
  mergedArchivePath,
  NO_MINTING,
  parseArchiveBlock,
  parseArchiveBlocks,
  withId,
} from "@fogbow/core-block";
import { openLedger } from "@fogbow/ledger-db";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { newLedger, nextBlock, outputs, signed, signer } from "./ledger-chain.ts";
import { facts, newDirectory, refusal, run, stop } from "./run-command.ts";

const BLOCKS = 103;
const newPath = (): string => join(newDirectory(), "ledger");
const singleOf = (archives: string, index: bigint): string => join(archives, archivePath(index));
const mergedOf = (archives: string): string => join(archives, mergedArchivePath(100n, 0n));

let ledger: string;
let archives: string; // All files.
let singles: string; // Of the first six blocks, single files only; tests copy and damage it.

beforeAll(async () => {
  ledger = await newLedger(BLOCKS);
  archives = newPath();
  expect(await facts(["ledger", "export", ledger, archives, "--merged"])).toEqual({
    blocks: `${BLOCKS}`,
    mergedFiles: "1",
    filesKept: "0",
  });
  singles = newPath();
  for (let index = 0n; index < 6n; index += 1n) {
    mkdirSync(dirname(singleOf(singles, index)), { recursive: true });
    cpSync(singleOf(archives, index), singleOf(singles, index));
  }
});

/** A copy of the six single files. */
function copyOfSingles(): string {
  const copy = newPath();
  cpSync(singles, copy, { recursive: true });
  return copy;
}

/** Everything about every block of a ledger. */
async function allBlocks(directory: string): Promise<readonly (BlockData | undefined)[]> {
  const opened = openLedger(directory, { readOnly: true });
  const blocks = Array.from({ length: Number(opened.numBlocks()) }, (_, i) => opened.blockData(BigInt(i)));
  await opened.close();
  return blocks;
}

const blockCount = async (directory: string): Promise<string> => (await facts(["ledger", "info", directory])).blocks;

describe("fogbow ledger export", () => {
  test("writes single and merged files in the layout of archives, and nothing else", async () => {
    const blocks = await allBlocks(ledger);
    expect(parseArchiveBlock(readFileSync(singleOf(archives, 7n)), 7n)).toEqual(blocks[7]);
    expect([...parseArchiveBlocks(readFileSync(mergedOf(archives)), 0n)]).toEqual(blocks.slice(0, 100));
    const files = readdirSync(archives, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    expect(files).toHaveLength(BLOCKS + 1);
    expect(files.every(({ name }) => /^[0-9a-f]{16}\.pb$/.test(name))).toBe(true);
  });

  test("names a file only when it is on the disk, single or merged", async () => {
    const probe = await open(join(newDirectory(), "probe"), "w");
    const sync = vi.spyOn(Object.getPrototypeOf(probe), "sync");
    await probe.close();
    const folder = newPath();
    let named = Number.NEGATIVE_INFINITY;
    const rememberNamed = async (): Promise<void> => {
      const files = existsSync(folder) ? readdirSync(folder, { recursive: true }) : [];
      named = Math.max(named, files.filter((file) => `${file}`.endsWith(".pb")).length - sync.mock.calls.length);
    };
    sync.mockImplementation(rememberNamed);
    await facts(["ledger", "export", ledger, folder, "--merged"]);
    expect(sync).toHaveBeenCalledTimes(BLOCKS + 1);
    expect(named).toBeLessThan(0); // At each moment fewer files had names than were on the disk.
    sync.mockRestore();
  });

  test("leaves nothing besides when it fails", async () => {
    const folder = copyOfSingles();
    rmSync(singleOf(folder, 0n));
    const other = await newLedger(3); // Its first block finds no file, its second another one.
    await refusal(["ledger", "export", other, folder], "archive-differs");
    expect(readdirSync(dirname(singleOf(folder, 0n)))).toHaveLength(5);
  });

  test("without --merged writes single files only, and says so in words", async () => {
    const small = await newLedger(2);
    const folder = newPath();
    const said = await run(["ledger", "export", small, folder]);
    expect(said).toMatchObject({
      code: 0,
      out: "exported 2 blocks and 0 merged files; 0 files of these there already\n",
      error: "",
    });
    expect(readdirSync(folder)).toEqual(["00"]);
  });

  test("again, keeps what is there", async () => {
    expect(await facts(["ledger", "export", ledger, archives, "--merged"])).toMatchObject({
      filesKept: `${BLOCKS + 1}`,
    });
  });

  test("into the archives of another chain, is refused and changes nothing", async () => {
    const folder = copyOfSingles();
    const before = readFileSync(singleOf(folder, 0n));
    await refusal(["ledger", "export", await newLedger(2), folder], "archive-differs");
    expect(readFileSync(singleOf(folder, 0n))).toEqual(before);
    expect(readdirSync(dirname(singleOf(folder, 0n)))).toHaveLength(6);
  });

  test("into a file, is refused", async () => {
    const file = join(newDirectory(), "file");
    writeFileSync(file, "");
    await refusal(["ledger", "export", ledger, file], "ENOTDIR");
  });
});

test("long work says how far it is, on standard error", async () => {
  let now = 0;
  const clock = vi.spyOn(performance, "now").mockImplementation(() => (now += 1_000)); // A second for each look.
  try {
    const copy = newPath();
    const imported = await run(["ledger", "import", copy, singles, "--json"]);
    expect(imported.progress).toHaveLength(6);
    expect(imported.progress[1]).toBe("imported 2 blocks\n");
    expect((await run(["ledger", "verify", copy])).progress.at(-1)).toBe("verified 6 of 6 blocks\n");
    expect((await run(["ledger", "export", copy, newPath()])).progress[0]).toBe("exported 1 of 6 blocks\n");
  } finally {
    clock.mockRestore();
  }
});

describe("fogbow ledger import from a folder", () => {
  test("gives the same ledger again, from merged files first", async () => {
    const copy = newPath();
    expect(await facts(["ledger", "import", copy, archives, "--signer", signer])).toEqual({
      imported: `${BLOCKS}`,
      blocks: `${BLOCKS}`,
      mergedFiles: "1",
      singleFiles: "3",
      signer: "verified",
    });
    expect(await allBlocks(copy)).toEqual(await allBlocks(ledger));
    expect(await facts(["ledger", "verify", copy])).toEqual(await facts(["ledger", "verify", ledger]));
  });

  test("uses the merged file even where there is no single one", async () => {
    const folder = newPath();
    mkdirSync(dirname(mergedOf(folder)), { recursive: true });
    cpSync(mergedOf(archives), mergedOf(folder));
    expect(await facts(["ledger", "import", newPath(), folder])).toMatchObject({ blocks: "100", mergedFiles: "1" });
  });

  test("without a named signer, says that the signer is not verified", async () => {
    const copy = newPath();
    expect((await run(["ledger", "import", copy, singles])).out).toBe(
      "imported 6 blocks; the ledger has 6\nsigner not verified\n",
    );
    expect(await facts(["ledger", "import", copy, archives])).toMatchObject({
      imported: `${BLOCKS - 6}`,
      signer: "not verified",
    });
    expect(await allBlocks(copy)).toEqual(await allBlocks(ledger));
  });

  test("again, has nothing to do", async () => {
    const copy = newPath();
    await facts(["ledger", "import", copy, singles]);
    expect(await facts(["ledger", "import", copy, singles])).toMatchObject({ imported: "0", blocks: "6" });
  });

  test("does not call a signer verified when no signed block was imported", async () => {
    const copy = newPath();
    await facts(["ledger", "import", copy, singles]);
    const nothing = ["ledger", "import", copy, singles, "--signer", signer];
    expect(await facts(nothing)).toMatchObject({ imported: "0", signer: "not verified" });
    const origin = newPath();
    mkdirSync(dirname(singleOf(origin, 0n)), { recursive: true });
    cpSync(singleOf(singles, 0n), singleOf(origin, 0n));
    const only = ["ledger", "import", newPath(), origin, "--signer", signer];
    expect(await facts(only)).toMatchObject({ imported: "1", signer: "not verified" });
  });

  test("trusts the signers of a file, and several named ones", async () => {
    const file = join(newDirectory(), "signers");
    const other = "11".repeat(32);
    writeFileSync(file, `# Who signs blocks.\n\n${other}\r\n  ${signer.toUpperCase()}\n`);
    const verified = { blocks: "6", signer: "verified" };
    expect(await facts(["ledger", "import", newPath(), singles, "--signers", file])).toMatchObject(verified);
    const named = ["--signer", other, "--signer", signer];
    expect(await facts(["ledger", "import", newPath(), singles, ...named])).toMatchObject(verified);
  });

  test("stops at the first block that a named signer did not sign", async () => {
    const copy = newPath();
    const error = await refusal(["ledger", "import", copy, singles, "--signer", "11".repeat(32)], "untrusted-signer");
    expect(error).toContain("Block 1:");
    expect(error).toContain("The ledger has 1 block.");
    expect(await blockCount(copy)).toBe("1");
  });

  test("stops at a block that is not signed, when signers are named", async () => {
    const folder = copyOfSingles();
    const data = parseArchiveBlock(readFileSync(singleOf(folder, 3n)), 3n);
    writeFileSync(singleOf(folder, 3n), encodeArchiveBlock({ ...data, signature: undefined }));
    expect(await refusal(["ledger", "import", newPath(), folder, "--signer", signer], "unsigned-block")).toContain(
      "Block 3:",
    );
    expect(await facts(["ledger", "import", newPath(), folder])).toMatchObject({ blocks: "6" });
  });

  test("stops at a truncated file, keeps what was stored, and goes on when the file is whole", async () => {
    const folder = copyOfSingles();
    const copy = newPath();
    writeFileSync(singleOf(folder, 4n), readFileSync(singleOf(folder, 4n)).subarray(0, -1));
    expect(await refusal(["ledger", "import", copy, folder], "malformed-archive")).toContain("Block 4:");
    expect(await blockCount(copy)).toBe("4");
    expect(await facts(["ledger", "import", copy, singles])).toMatchObject({ imported: "2", blocks: "6" });
    expect(await facts(["ledger", "verify", copy])).toMatchObject({ valid: true, blocks: "6" });
  });

  test("stops where a merged file is cut, in a block and between two", async () => {
    const whole = readFileSync(mergedOf(archives));
    const { length } = encodeArchiveBlock(parseArchiveBlock(readFileSync(singleOf(archives, 99n)), 99n));
    for (const cut of [1, length + 3]) {
      // Three bytes are the tag and the length of a block.
      const folder = newPath();
      mkdirSync(dirname(mergedOf(folder)), { recursive: true });
      writeFileSync(mergedOf(folder), whole.subarray(0, -cut));
      const copy = newPath();
      expect(await stop(["ledger", "import", copy, folder], "malformed-archive")).toContain("Block 99:");
      expect(await blockCount(copy)).toBe("99");
    }
  });

  test("stops at a merged file with more blocks than its name says", async () => {
    const folder = newPath();
    const file = join(folder, mergedArchivePath(100n, 0n));
    mkdirSync(dirname(file), { recursive: true });
    const single = readFileSync(singleOf(archives, 100n));
    const head = Buffer.from([0x0a, (single.length & 0x7f) | 0x80, single.length >> 7]);
    writeFileSync(file, Buffer.concat([readFileSync(mergedOf(archives)), head, single]));
    const copy = newPath();
    expect(await stop(["ledger", "import", copy, folder], "malformed-archive")).toContain("Block 100:");
    expect(await blockCount(copy)).toBe("100");
  });

  test("stops at every sort of wrong block with its code", async () => {
    const data = (index: bigint): BlockData => parseArchiveBlock(readFileSync(singleOf(singles, index)), index);
    const [third, fourth] = [data(3n), data(4n)];
    const other = outputs(1);
    const next = { version: 3, rootElement: fourth.block.rootElement };
    const otherContents = { ...fourth.contents, outputs: other };
    const otherBlock = (change: object): BlockData => signed(withId({ ...fourth.block, ...change }), fourth.contents);
    const flipped = fourth.signature && {
      ...fourth.signature,
      signature: third.signature?.signature ?? fourth.signature.signature,
    };
    const spentAgain = { ...NO_MINTING, keyImages: third.contents.keyImages, outputs: other };
    const madeAgain = { ...NO_MINTING, keyImages: fourth.contents.keyImages, outputs: third.contents.outputs };
    const wrong: readonly (readonly [string, BlockData])[] = [
      ["unexpected-block-index", third],
      ["contents-hash-mismatch", { ...fourth, contents: otherContents }],
      ["block-id-mismatch", { ...signed({ ...fourth.block, id: third.block.id }, fourth.contents) }],
      ["invalid-block-signature", { ...fourth, signature: flipped }],
      ["metadata-of-another-block", { ...fourth, metadata: third.metadata }],
      ["block-metadata-required", { ...fourth, metadata: undefined }],
      ["invalid-parent-block-id", otherBlock({ parentId: fourth.block.id })],
      ["invalid-block-version", otherBlock({ version: 5 })],
      ["root-element-mismatch", otherBlock({ rootElement: third.block.rootElement })],
      ["txo-count-mismatch", otherBlock({ cumulativeTxoCount: 8n })],
      ["key-image-already-spent", signed(createBlock(third.block, { ...next, contents: spentAgain }), spentAgain)],
      ["duplicate-output-public-key", signed(createBlock(third.block, { ...next, contents: madeAgain }), madeAgain)],
    ];
    for (const [code, block] of wrong) {
      const folder = copyOfSingles();
      writeFileSync(singleOf(folder, 4n), encodeArchiveBlock(block));
      const copy = newPath();
      const error = await refusal(["ledger", "import", copy, folder], code);
      expect(error).toContain("lock 4");
      expect(await blockCount(copy)).toBe("4");
    }
  });

  test("any byte of a block that is changed is refused, or changes only when it was signed", async () => {
    const file = readFileSync(singleOf(singles, 1n));
    const folder = newPath();
    mkdirSync(dirname(singleOf(folder, 0n)), { recursive: true });
    cpSync(singleOf(singles, 0n), singleOf(folder, 0n));
    const copy = newPath();
    await facts(["ledger", "import", copy, folder]);
    const good = parseArchiveBlock(file, 1n);
    for (let at = 0; at < file.length; at++) {
      const changed = Buffer.from(file);
      changed[at] = (changed[at] ?? 0) ^ 0x04;
      writeFileSync(singleOf(folder, 1n), changed);
      const { code, out, error } = await run(["ledger", "import", copy, folder]);
      if (code === 1) {
        expect({ at, out, error }).toMatchObject({
          at,
          out: "",
          error: expect.stringMatching(/^fogbow: .*lock 1.*\([a-z-]+\)\n$/),
        });
        continue;
      }
      const stored = (await allBlocks(copy))[1];
      expect({ at, stored: { ...stored, signature: undefined } }).toEqual({
        at,
        stored: { ...good, signature: undefined },
      });
      expect(stored?.signature?.signature).toEqual(good.signature?.signature);
      rmSync(copy, { recursive: true });
      cpSync(singleOf(singles, 1n), singleOf(folder, 1n));
      rmSync(singleOf(folder, 1n));
      await facts(["ledger", "import", copy, folder]);
    }
  });

  test("of another chain, is refused and leaves the ledger as it was", async () => {
    const other = await newLedger(2);
    expect(await refusal(["ledger", "import", other, archives], "invalid-parent-block-id")).toContain("Block 2:");
    expect(await blockCount(other)).toBe("2");
  });

  test("without any block, is refused and makes no ledger", async () => {
    const copy = newPath();
    await refusal(["ledger", "import", copy, newDirectory()], "no-archive");
    await refusal(["ledger", "import", copy, "/nowhere"], "source-not-found");
    expect(existsSync(copy)).toBe(false);
  });

  test("into a ledger that someone is writing, is refused", async () => {
    const directory = await newLedger(1);
    const writer = openLedger(directory);
    await refusal(["ledger", "import", directory, singles], "ledger-in-use");
    writer.append(nextBlock(writer.lastBlock() as NonNullable<ReturnType<typeof writer.lastBlock>>, writer.root()));
    await writer.close();
    expect(await blockCount(directory)).toBe("2");
  });

  test.each([
    [["--signer", "abc"], "invalid-argument"],
    [["--signer", "zz".repeat(32)], "invalid-argument"],
    [["--signers", "/nowhere"], "source-not-found"],
    [["--timeout", "0"], "invalid-argument"],
    [["--timeout", "241"], "invalid-argument"],
    [["--timeout", "soon"], "invalid-argument"],
  ])("refuses %j", async (options, code) => {
    const copy = newPath();
    await refusal(["ledger", "import", copy, singles, ...options], code);
    expect(existsSync(copy)).toBe(false);
  });

  test.each([
    ["", "invalid-argument"],
    ["# nobody\n", "invalid-argument"],
    ["abc\n", "invalid-argument"],
    ["#".repeat(65_537), "file-too-large"],
  ])("refuses a file of signers with %j", async (content, code) => {
    const file = join(newDirectory(), "signers");
    writeFileSync(file, content);
    await refusal(["ledger", "import", newPath(), singles, "--signers", file], code);
  });
});
