// What only a stored ledger promises: its files and bytes, opening it again, copies, and that damage is named.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { open as openFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeBlock, withId } from "@fogbow/core-block";
import { be64, bytes, concatBytes, le64, readBe64, utf8 } from "@fogbow/core-bytes";
import { txOutHash } from "@fogbow/core-transaction";
import { type Database, open, type RootDatabase } from "lmdb";
import { beforeAll, describe, expect, test, vi } from "vitest";
import { createLedger, type LmdbLedger, openLedger, SCHEMA_VERSION, verifyLedger } from "../src/index.ts";
import { appendNext, contents, origin } from "./chain.ts";
import { code } from "./compliance.ts";
import { newDirectory } from "./directories.ts";
import { appendWith, configuration, configuring, mint, minting, nonce } from "./mints.ts";

const BINARY = { encoding: "binary", keyEncoding: "binary" } as const;
type Raw = Database<Uint8Array, Uint8Array>;

/** A closed ledger of some blocks, 5 outputs in the first and 3 in each other one. */
async function filledLedger(blocks: number, directory: string = newDirectory()): Promise<string> {
  const ledger = createLedger(directory);
  for (let i = 0; i < blocks; i++) {
    appendNext(ledger);
  }
  await ledger.close();
  return directory;
}

/** The key of an entry of an index that is in its first level, as all are in small ledgers. */
const first = (key: Uint8Array): Uint8Array => concatBytes(Uint8Array.of(0), key);

/** Opens the tables of a closed ledger without the ledger. */
async function withRaw(directory: string, use: (table: (name: string) => Raw) => void): Promise<void> {
  const raw: RootDatabase<Uint8Array, Uint8Array> = open({ path: directory, noSubdir: false, maxDbs: 32, ...BINARY });
  use((name) => raw.openDB({ name, ...BINARY }));
  await raw.close();
}

describe("appends in one transaction", () => {
  test("are stored together, each seeing those before it", async () => {
    const directory = newDirectory();
    const ledger = createLedger(directory);
    ledger.appendTogether(() => {
      for (let i = 0; i < 70; i++) {
        appendNext(ledger, 2);
        expect(ledger.numBlocks()).toBe(BigInt(i + 1));
      }
    });
    appendNext(ledger, 1);
    expect((await verifyLedger(ledger)).blocks).toBe(71n);
    await ledger.close();
    const again = openLedger(directory, { readOnly: true });
    expect((await verifyLedger(again)).blocks).toBe(71n);
    await again.close();
  });

  test("are none at all when one is refused, and the ledger goes on", async () => {
    const ledger = createLedger(newDirectory());
    const first = appendNext(ledger, 2);
    expect(() =>
      ledger.appendTogether(() => {
        appendNext(ledger, 2);
        appendNext(ledger, 2);
        ledger.append(first);
      }),
    ).toThrow(code("invalid-block-version"));
    expect(ledger.numBlocks()).toBe(1n);
    ledger.appendTogether(() => undefined);
    appendNext(ledger, 2);
    expect((await verifyLedger(ledger)).blocks).toBe(2n);
    await ledger.close();
  });
});

describe("a stored ledger", () => {
  test("keeps data.mdb in the directory given, whatever that is called, and makes it when it is missing", async () => {
    for (const name of ["plain", "with.dot", "deep/er"]) {
      const directory = join(newDirectory(), name);
      await filledLedger(1, directory);
      expect(readdirSync(directory).sort()).toEqual(["data.mdb", "lock.mdb"]);
    }
    const existing = join(newDirectory(), "empty");
    mkdirSync(existing);
    await filledLedger(1, existing);
    expect(existsSync(join(existing, "data.mdb"))).toBe(true);
  });

  test("is the same when it is opened again, and grows on", async () => {
    const directory = await filledLedger(3);
    const ledger = openLedger(directory);
    expect(ledger.numBlocks()).toBe(3n);
    expect(ledger.blockContents(0n)).toEqual(origin().contents);
    expect(ledger.blockContents(2n)).toEqual(contents(2));
    appendNext(ledger);
    expect((await verifyLedger(ledger)).blocks).toBe(4n);
    await ledger.close();
  });

  test("has the tables and bytes that the format says", async () => {
    const directory = await filledLedger(2);
    const { keyImages, outputs } = contents(1);
    const [txOut] = outputs;
    await withRaw(directory, (table) => {
      const value = (name: string, key: Uint8Array): Uint8Array | undefined => {
        const found = table(name).get(key);
        return found && new Uint8Array(found);
      };
      expect(value("ledger_db:counts", utf8("num_blocks"))).toEqual(be64(2n));
      expect(value("tx_out_store:counts", utf8("num_tx_outs"))).toEqual(be64(8n));
      expect(value("ledger_db:key_images", first(keyImages[0] ?? new Uint8Array()))).toEqual(le64(1n));
      expect(value("ledger_db:tx_outs_by_block", be64(1n))).toEqual(Uint8Array.of(0x08, 5, 0x10, 3));
      expect(value("ledger_db:key_images_by_block", be64(1n))).toEqual(
        concatBytes(...keyImages.map((image) => concatBytes(Uint8Array.of(0x0a, 34, 0x0a, 32), image))),
      );
      expect(value("ledger_db:block_number_by_tx_out_index", be64(5n))).toEqual(be64(1n));
      expect(value("tx_out_store:tx_out_index_by_public_key", first(txOut?.publicKey ?? be64(0n)))).toEqual(be64(5n));
      expect(value("tx_out_store:tx_out_index_by_hash", first(txOut ? txOutHash(txOut) : be64(0n)))).toEqual(be64(5n));
      expect(value("tx_out_store:tx_out_by_index", be64(5n))).toBeDefined();
      expect(value("tx_out_store:merkle_hash_by_range", concatBytes(be64(4n), be64(7n)))?.length).toBe(32);
      for (const name of ["blocks", "block_signatures", "block_metadata"]) {
        expect(value(`ledger_db:${name}`, be64(1n))).toBeDefined();
      }
      const version = concatBytes(Uint8Array.of(0x08), varint(SCHEMA_VERSION));
      expect(value("ledger_db_metadata", utf8("version"))?.slice(0, version.length)).toEqual(version);
    });
  });

  test("is not made where there is one, and not found where there is none", async () => {
    const directory = await filledLedger(1);
    expect(() => createLedger(directory)).toThrow(code("ledger-exists"));
    const nowhere = join(newDirectory(), "nowhere");
    expect(() => openLedger(nowhere)).toThrow(code("ledger-not-found"));
    expect(() => openLedger(nowhere, { readOnly: true })).toThrow(code("ledger-not-found"));
    expect(existsSync(nowhere)).toBe(false);
  });

  test("whose making was cut short is not found, and can be made again", async () => {
    const directory = newDirectory();
    await withRaw(directory, (table) => table("ledger_db:counts"));
    expect(() => openLedger(directory)).toThrow(code("ledger-not-found"));
    expect(() => openLedger(directory, { readOnly: true })).toThrow(code("ledger-not-found"));
    await filledLedger(1, directory);
  });

  test.each([
    ["a later form", concatBytes(Uint8Array.of(0x08), varint(SCHEMA_VERSION + 1n))],
    ["an unreadable form", Uint8Array.of(0xff)],
  ])("of %s is refused, untouched", async (_, stamp) => {
    const directory = await filledLedger(1);
    await withRaw(directory, (table) => table("ledger_db_metadata").putSync(utf8("version"), stamp));
    for (const readOnly of [false, true]) {
      expect(() => openLedger(directory, { readOnly })).toThrow(code("unknown-schema-version"));
    }
    await withRaw(directory, (table) => {
      expect(table("ledger_db_metadata").get(utf8("writer"))).toBeUndefined();
    });
  });

  test("that was written before its indexes had levels is refused, and told how to be brought along", async () => {
    const directory = await filledLedger(3);
    await withRaw(directory, (table) => {
      table("ledger_db_metadata").putSync(utf8("version"), concatBytes(Uint8Array.of(0x08), varint(20_220_921n)));
      table("ledger_db:index_cursors").dropSync();
    });
    const before = readFileSync(join(directory, "data.mdb"));
    for (const readOnly of [false, true]) {
      expect(() => openLedger(directory, { readOnly })).toThrow(code("unknown-schema-version"));
      expect(() => openLedger(directory, { readOnly })).toThrow(/export .* import/);
    }
    expect(readFileSync(join(directory, "data.mdb"))).toEqual(before);
  });

  test("that LMDB did not write is refused", () => {
    for (const length of [1, 100, 10_000]) {
      const directory = newDirectory();
      writeFileSync(join(directory, "data.mdb"), new Uint8Array(length).fill(7));
      for (const readOnly of [false, true]) {
        expect(() => openLedger(directory, { readOnly })).toThrow(code("unknown-schema-version"));
      }
      expect(() => createLedger(directory)).toThrow(code("unknown-schema-version"));
    }
  });

  test("that is cut short is refused, wherever it is cut", async () => {
    const directory = await filledLedger(6);
    const file = join(directory, "data.mdb");
    const whole = readFileSync(file);
    for (let length = 0; length < whole.length; length += 1_000) {
      writeFileSync(file, whole.subarray(0, length));
      const expected = length === 0 ? "ledger-not-found" : length < 160 ? "unknown-schema-version" : "corrupt-ledger";
      expect(() => openLedger(directory)).toThrow(code(expected));
      expect(() => openLedger(directory, { readOnly: true })).toThrow(code(expected));
    }
    writeFileSync(file, whole);
    const ledger = openLedger(directory);
    expect((await verifyLedger(ledger)).blocks).toBe(6n);
    await ledger.close();
  });
});

describe("writers", () => {
  test("are one at a time in one process too, readers are many", async () => {
    const directory = await filledLedger(1);
    const writer = openLedger(directory);
    expect(() => openLedger(directory)).toThrow(code("ledger-in-use"));
    const readers = [1, 2, 3].map(() => openLedger(directory, { readOnly: true }));
    appendNext(writer);
    await vi.waitFor(() => expect(readers.map((reader) => reader.numBlocks())).toEqual([2n, 2n, 2n]));
    for (const reader of readers) {
      expect(() => appendNext(reader)).toThrow(code("ledger-read-only"));
      await reader.close();
    }
    await writer.close();
    await openLedger(directory).close();
  });

  test("that another one has replaced must stop", async () => {
    const directory = await filledLedger(1);
    const writer = openLedger(directory);
    await withRaw(directory, (table) => {
      table("ledger_db_metadata").putSync(utf8("writer"), utf8('{"nonce":"another"}'));
    });
    expect(() => appendNext(writer)).toThrow(code("writer-replaced"));
    expect(writer.numBlocks()).toBe(1n);
    await writer.close();
  });

  test.each([
    ["a process that is gone", { pid: 2 ** 30 }],
    ["an earlier process with the same number", { pid: process.pid, started: "1" }],
    ["nothing that can be read", undefined],
  ])("do not wait for %s", async (_, claim) => {
    const directory = await filledLedger(1);
    const ledger = openLedger(directory);
    let current: Record<string, unknown> = {};
    await withRaw(directory, (table) => {
      current = JSON.parse(Buffer.from(table("ledger_db_metadata").get(utf8("writer")) ?? []).toString());
    });
    await ledger.close();
    const stale = claim === undefined ? "junk" : JSON.stringify({ ...current, ...claim });
    await withRaw(directory, (table) => table("ledger_db_metadata").putSync(utf8("writer"), utf8(stale)));
    await openLedger(directory).close();
  });
});

describe("a backup", () => {
  test("made while the ledger is in use is a ledger of its own", async () => {
    const directory = await filledLedger(3);
    const ledger = openLedger(directory);
    const copy = join(newDirectory(), "copy");
    await ledger.backup(copy);
    appendNext(ledger);
    const backup = openLedger(copy);
    expect(backup.numBlocks()).toBe(3n);
    expect((await verifyLedger(backup)).blocks).toBe(3n);
    appendNext(backup);
    expect(backup.lastBlock()).toEqual(ledger.lastBlock());
    await expect(ledger.backup(copy)).rejects.toMatchObject({ code: "ledger-exists" });
    await backup.close();
    await ledger.close();
  });

  test("has its name when it is on the disk, and holds what was there when it began or a little later", async () => {
    const ledger = openLedger(await filledLedger(3));
    const copy = newDirectory();
    const probe = await openFile(join(copy, "probe"), "w");
    await probe.close();
    const names: (readonly string[])[] = [];
    const sync = vi.spyOn(Object.getPrototypeOf(probe), "sync");
    sync.mockImplementation(async () => void names.push(readdirSync(copy)));
    const copying = ledger.backup(copy);
    appendNext(ledger);
    appendNext(ledger);
    await copying;
    sync.mockRestore();
    expect(names).toEqual([[expect.stringMatching(/^backup-/), "probe"]]);
    expect(readdirSync(copy).sort()).toEqual(["data.mdb", "probe"]);
    const backup = openLedger(copy, { readOnly: true });
    expect((await verifyLedger(backup)).blocks).toBeGreaterThanOrEqual(3n);
    await backup.close();
    await ledger.close();
  });

  test("into a file is refused", async () => {
    const ledger = openLedger(await filledLedger(1));
    const file = join(newDirectory(), "file");
    writeFileSync(file, "");
    await expect(ledger.backup(file)).rejects.toMatchObject({ code: "storage-failure" });
    await ledger.close();
  });

  test("of a reader works too", async () => {
    const reader = openLedger(await filledLedger(2), { readOnly: true });
    const copy = newDirectory();
    await reader.backup(copy);
    await reader.close();
    const backup = openLedger(copy, { readOnly: true });
    expect(backup.numBlocks()).toBe(2n);
    await backup.close();
  });
});

describe("verify names the block", () => {
  const image = contents(3).keyImages[1] ?? new Uint8Array();
  const [txOut] = contents(3).outputs; // Output 11 of the ledger, in block 3 of 6.
  const hash = txOut ? txOutHash(txOut) : new Uint8Array();
  const publicKey = txOut?.publicKey ?? new Uint8Array();
  const junk = Uint8Array.of(0xff, 0xff);
  let whole: Promise<string>;
  beforeAll(() => {
    whole = filledLedger(6);
  });

  type Damage = (table: (name: string) => Raw) => void;
  const put =
    (name: string, key: Uint8Array, value: Uint8Array): Damage =>
    (table) =>
      void table(name).putSync(key, value);
  const drop =
    (name: string, key: Uint8Array): Damage =>
    (table) =>
      void table(name).removeSync(key);
  const flip =
    (name: string, key: Uint8Array, position: number): Damage =>
    (table) => {
      const value = Uint8Array.from(table(name).get(key) ?? []);
      const at = (position + value.length) % value.length;
      value[at] = (value[at] ?? 0) ^ 1;
      table(name).putSync(key, value);
    };
  const swap =
    (name: string, key: Uint8Array, from: Uint8Array): Damage =>
    (table) => {
      table(name).putSync(key, Uint8Array.from(table(name).get(from) ?? []));
    };

  const DAMAGES: readonly (readonly [string, Damage, bigint])[] = [
    ["a header is gone", drop("ledger_db:blocks", be64(3n)), 3n],
    ["a header is junk", put("ledger_db:blocks", be64(3n), junk), 3n],
    ["a header is flipped", flip("ledger_db:blocks", be64(3n), 5), 3n],
    ["a header is that of another block", swap("ledger_db:blocks", be64(3n), be64(2n)), 3n],
    ["a signature is flipped", flip("ledger_db:block_signatures", be64(3n), 10), 3n],
    ["a signature is junk", put("ledger_db:block_signatures", be64(3n), junk), 3n],
    ["metadata is flipped", flip("ledger_db:block_metadata", be64(3n), -1), 3n],
    ["metadata is gone", drop("ledger_db:block_metadata", be64(3n)), 3n],
    ["metadata is another block's", swap("ledger_db:block_metadata", be64(3n), be64(2n)), 3n],
    ["a key image leads nowhere", drop("ledger_db:key_images", first(image)), 3n],
    ["a key image leads to another block", put("ledger_db:key_images", first(image), le64(2n)), 3n],
    ["a key image leads to junk", put("ledger_db:key_images", first(image), junk), 3n],
    ["a list of key images is flipped", flip("ledger_db:key_images_by_block", be64(3n), -1), 3n],
    ["a list of key images is gone", drop("ledger_db:key_images_by_block", be64(3n)), 3n],
    ["a list of outputs is gone", drop("ledger_db:tx_outs_by_block", be64(3n)), 3n],
    ["a list of outputs is too long", put("ledger_db:tx_outs_by_block", be64(3n), Uint8Array.of(8, 11, 16, 100)), 3n],
    ["a list of outputs is another's", swap("ledger_db:tx_outs_by_block", be64(3n), be64(2n)), 3n],
    ["an output is flipped", flip("tx_out_store:tx_out_by_index", be64(11n), -1), 3n],
    ["an output is junk", put("tx_out_store:tx_out_by_index", be64(11n), junk), 3n],
    ["an output is gone", drop("tx_out_store:tx_out_by_index", be64(11n)), 3n],
    ["an output leads to another block", put("ledger_db:block_number_by_tx_out_index", be64(11n), be64(2n)), 3n],
    ["an output leads to junk", put("ledger_db:block_number_by_tx_out_index", be64(11n), junk), 3n],
    ["an output is not found by its key", drop("tx_out_store:tx_out_index_by_public_key", first(publicKey)), 3n],
    [
      "an output's key leads to another",
      put("tx_out_store:tx_out_index_by_public_key", first(publicKey), be64(1n)),
      3n,
    ],
    ["an output is not found by its hash", drop("tx_out_store:tx_out_index_by_hash", first(hash)), 3n],
    ["a leaf is flipped", flip("tx_out_store:merkle_hash_by_range", concatBytes(be64(11n), be64(11n)), 0), 3n],
    ["a finished node is flipped", flip("tx_out_store:merkle_hash_by_range", concatBytes(be64(8n), be64(11n)), 0), 3n],
    ["an unfinished node is gone", drop("tx_out_store:merkle_hash_by_range", concatBytes(be64(0n), be64(31n))), 5n],
    ["a node is besides", put("tx_out_store:merkle_hash_by_range", concatBytes(be64(1n), be64(2n)), hash), 5n],
    ["a key image is besides", put("ledger_db:key_images", first(hash), le64(1n)), 5n],
    ["an output's key is besides", put("tx_out_store:tx_out_index_by_public_key", first(hash), be64(1n)), 5n],
    ["an output's hash is besides", put("tx_out_store:tx_out_index_by_hash", first(publicKey), be64(1n)), 5n],
    ["a block is besides", swap("ledger_db:blocks", be64(9n), be64(5n)), 5n],
    ["a signature is besides", swap("ledger_db:block_signatures", be64(0n), be64(5n)), 0n],
    ["an output is besides", swap("tx_out_store:tx_out_by_index", be64(20n), be64(11n)), 5n],
    ["the count of blocks is too small", put("ledger_db:counts", utf8("num_blocks"), be64(5n)), 4n],
    ["the count of blocks is too large", put("ledger_db:counts", utf8("num_blocks"), be64(7n)), 6n],
    ["the count of blocks is gone", drop("ledger_db:counts", utf8("num_blocks")), 0n],
    ["the count of outputs is too small", put("tx_out_store:counts", utf8("num_tx_outs"), be64(19n)), 5n],
    ["the count of outputs is too large", put("tx_out_store:counts", utf8("num_tx_outs"), be64(21n)), 5n],
  ];

  test("when an origin block is of another version than 0, as no rule of its own tells", async () => {
    const directory = await filledLedger(1);
    const { block } = origin();
    await withRaw(directory, put("ledger_db:blocks", be64(0n), encodeBlock(withId({ ...block, version: 2 }))));
    const ledger = openLedger(directory, { readOnly: true });
    await expect(verifyLedger(ledger)).rejects.toMatchObject({ code: "corrupt-ledger", blockIndex: 0n });
    await ledger.close();
  });

  test.each(DAMAGES)("when %s", async (_, damage, blockIndex) => {
    const directory = newDirectory();
    cpSync(await whole, directory, { recursive: true });
    await withRaw(directory, damage);
    const ledger: LmdbLedger = openLedger(directory, { readOnly: true });
    await expect(verifyLedger(ledger)).rejects.toMatchObject({ code: "corrupt-ledger", blockIndex });
    await ledger.close();
  });
});

describe("verify names the block when an index has two levels and", () => {
  const IMAGES = "ledger_db:key_images";
  const KEYS = "tx_out_store:tx_out_index_by_public_key";
  const HASHES = "tx_out_store:tx_out_index_by_hash";
  const CURSORS = "ledger_db:index_cursors";
  const BLOCKS = 4;
  const OUTPUTS = 300;
  let whole: Promise<string>;
  beforeAll(() => {
    whole = (async () => {
      const directory = newDirectory();
      const ledger = createLedger(directory);
      for (let i = 0; i < BLOCKS; i++) {
        appendNext(ledger, OUTPUTS);
      }
      await verifyLedger(ledger);
      await ledger.close();
      return directory;
    })();
  });

  /** The first entry of the second level whose output is in block 2. */
  function sunken(table: Raw): { readonly key: Uint8Array; readonly value: Uint8Array } {
    const range = { start: Uint8Array.of(1), end: Uint8Array.of(2) };
    const found = Array.from(table.getRange(range)).find(
      ({ value }) => readBe64(bytes(Uint8Array.from(value), 8, "index")) / BigInt(OUTPUTS) === 2n,
    );
    if (found === undefined) throw new Error("Of 300 outputs of block 2 some have moved on.");
    return { key: Uint8Array.from(found.key), value: Uint8Array.from(found.value) };
  }

  test.each<readonly [string, (table: (name: string) => Raw) => unknown, bigint]>([
    ["an output that moved on is not found by its key", (table) => table(KEYS).removeSync(sunken(table(KEYS)).key), 2n],
    [
      "an output that moved on is not found by its hash",
      (table) => table(HASHES).removeSync(sunken(table(HASHES)).key),
      2n,
    ],
    ["a key that moved on leads elsewhere", (table) => table(KEYS).putSync(sunken(table(KEYS)).key, be64(1n)), 2n],
    [
      "a key is in a level that there is not yet",
      (table) => {
        const { key, value } = sunken(table(KEYS));
        table(KEYS).removeSync(key);
        table(KEYS).putSync(concatBytes(Uint8Array.of(2), key.subarray(1)), value);
      },
      2n,
    ],
    [
      "a key is in both levels",
      (table) => {
        const { key, value } = sunken(table(KEYS));
        table(KEYS).putSync(first(key.subarray(1)), value);
      },
      3n,
    ],
    ["the second level is hidden", (table) => table(CURSORS).putSync(utf8(KEYS), new Uint8Array()), 0n],
    ["a third level is promised", (table) => table(CURSORS).putSync(utf8(KEYS), new Uint8Array(64)), 3n],
    ["a second level is promised", (table) => table(CURSORS).putSync(utf8(IMAGES), new Uint8Array(32)), 3n],
  ])("%s", async (_, damage, blockIndex) => {
    const directory = newDirectory();
    cpSync(await whole, directory, { recursive: true });
    await withRaw(directory, (table) => void damage(table));
    const ledger = openLedger(directory, { readOnly: true });
    await expect(verifyLedger(ledger)).rejects.toMatchObject({ code: "corrupt-ledger", blockIndex });
    await ledger.close();
  });

  test("a hidden level lets no block in, which could make or spend again what is there", async () => {
    const directory = newDirectory();
    cpSync(await whole, directory, { recursive: true });
    await withRaw(directory, (table) => table(CURSORS).removeSync(utf8(KEYS)));
    const ledger = openLedger(directory);
    expect(() => appendNext(ledger)).toThrow(code("corrupt-ledger"));
    expect(ledger.numBlocks()).toBe(BigInt(BLOCKS));
    await ledger.close();
  });
});

describe("verify names the block that mints or configures minting", () => {
  const token = be64(5n);
  const ACTIVE = "mint_config_store:active_mint_configs_by_token_id";
  const CONFIG_NONCES = "mint_config_store:block_index_by_mint_config_tx_nonce_and_token_id";
  const CONFIGS = "mint_config_store:validated_mint_config_txs_by_block";
  const MINTS = "mint_tx_store:set_txs_by_block";
  const NONCES = "mint_tx_store:block_index_by_mint_tx_nonce_and_token_id";
  const key = (n: number): Uint8Array => concatBytes(nonce(n), token);

  /** A configuration in block 1, mints of it in blocks 2 and 3, block 4 as any. */
  async function mintingLedger(): Promise<string> {
    const directory = newDirectory();
    const ledger = createLedger(directory);
    appendNext(ledger);
    appendWith(ledger, configuring(configuration(1)));
    appendWith(ledger, minting(2, mint(2, 10n)));
    appendWith(ledger, minting(3, mint(3, 10n)));
    appendNext(ledger);
    await ledger.close();
    return directory;
  }

  test.each<readonly [string, (table: (name: string) => Raw) => unknown, bigint]>([
    ["the nonce of a mint is gone", (table) => table(NONCES).removeSync(key(2)), 2n],
    ["the nonce of a mint leads elsewhere", (table) => table(NONCES).putSync(key(2), be64(3n)), 2n],
    ["the nonce of a mint leads to junk", (table) => table(NONCES).putSync(key(2), Uint8Array.of(1)), 2n],
    ["a nonce of a mint is besides", (table) => table(NONCES).putSync(key(9), be64(2n)), 4n],
    ["the nonce of a configuration is gone", (table) => table(CONFIG_NONCES).removeSync(key(1)), 1n],
    ["a nonce of a configuration is besides", (table) => table(CONFIG_NONCES).putSync(key(9), be64(1n)), 4n],
    ["a list of mints is gone", (table) => table(MINTS).removeSync(be64(2n)), 2n],
    ["a list of mints is emptied", (table) => table(MINTS).putSync(be64(2n), new Uint8Array()), 2n],
    ["a list of mints is junk", (table) => table(MINTS).putSync(be64(2n), Uint8Array.of(255)), 2n],
    ["a list of configurations is gone", (table) => table(CONFIGS).removeSync(be64(1n)), 1n],
    ["a list of configurations is emptied", (table) => table(CONFIGS).putSync(be64(1n), new Uint8Array()), 1n],
    ["a list of configurations is besides", (table) => table(CONFIGS).putSync(be64(9n), new Uint8Array()), 4n],
    ["the configurations in force are gone", (table) => table(ACTIVE).removeSync(token), 3n],
    ["the configurations in force are junk", (table) => table(ACTIVE).putSync(token, Uint8Array.of(255)), 3n],
    [
      "a total is lower than what was minted",
      (table) => {
        const stored = Uint8Array.from(table(ACTIVE).get(token) ?? []);
        const total = stored.findIndex((byte, i) => byte === 20 && stored[i - 1] === 0x10 && stored[i + 1] === 0x0a);
        stored[total] = 10;
        table(ACTIVE).putSync(token, stored);
      },
      3n,
    ],
    [
      "configurations of another token are besides",
      (table) => table(ACTIVE).putSync(be64(6n), Uint8Array.from(table(ACTIVE).get(token) ?? [])),
      4n,
    ],
  ])("when %s", async (_, damage, blockIndex) => {
    const directory = await mintingLedger();
    await withRaw(directory, (table) => void damage(table));
    const ledger = openLedger(directory, { readOnly: true });
    await expect(verifyLedger(ledger)).rejects.toMatchObject({ code: "corrupt-ledger", blockIndex });
    await ledger.close();
  });
});

test("a damaged ledger answers what it can and names what it cannot", async () => {
  const directory = await filledLedger(4);
  await withRaw(directory, (table) => void table("tx_out_store:tx_out_by_index").putSync(be64(6n), Uint8Array.of(255)));
  const ledger = openLedger(directory);
  const corrupt = expect.objectContaining({ code: "corrupt-ledger", blockIndex: 1n });
  expect(() => ledger.txOut(6n)).toThrow(corrupt);
  expect(() => ledger.blockContents(1n)).toThrow(corrupt);
  expect(ledger.blockContents(2n)).toEqual(contents(2));
  appendNext(ledger);
  await ledger.close();
});

/** A base-128 integer of protobuf. */
function varint(n: bigint): Uint8Array {
  const bytes: number[] = [];
  for (let rest = n; rest > 0n; rest >>= 7n) {
    bytes.push(Number(rest & 0x7fn) | (rest > 0x7fn ? 0x80 : 0));
  }
  return Uint8Array.from(bytes);
}
