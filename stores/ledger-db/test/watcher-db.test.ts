import { existsSync } from "node:fs";
import { join } from "node:path";
import { type BlockData, createBlock, signMetadata } from "@fogbow/core-block";
import { U64_MAX } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { describe, expect, test } from "vitest";
import { MemoryLedger, TIMESTAMP_CODES, WatcherDb } from "../src/index.ts";
import { appendNext, contents } from "./chain.ts";
import { newDirectory } from "./directories.ts";

function makeChain(length: number): BlockData[] {
  const ledger = new MemoryLedger();
  return Array.from({ length }, () => appendNext(ledger, 1));
}

const chain = makeChain(6);
const block = (index: number): BlockData => chain[index] as BlockData; // There are six.

/** The block with its signature made at another time. */
function signedAt(index: number, seconds: bigint): BlockData {
  const { signature, ...rest } = block(index);
  return { ...rest, signature: signature && { ...signature, signedAt: seconds } };
}

/** Another block in its place. */
function other(index: number): BlockData {
  const parent = block(index - 1).block;
  const made = contents(1_000 + index, 1);
  const { version, rootElement } = block(index).block;
  return { ...block(index), block: createBlock(parent, { version, rootElement, contents: made }) };
}

describe("the time of a block", () => {
  test("is the earliest that a validator's signature says", async () => {
    const db = WatcherDb.open(newDirectory());
    db.watch(["a", "b"]);
    db.add("a", [block(0), signedAt(1, 1_594_679_727n)]);
    db.add("b", [block(0), signedAt(1, 1_594_679_718n)]);
    expect(db.blockTimestamp(1n)).toEqual({ timestamp: 1_594_679_718n, code: "found" });
    await db.close();
  });

  test("is not known before every source was read that far, and may stay unknown", async () => {
    const db = WatcherDb.open(newDirectory());
    db.watch(["a", "b"]);
    const unsigned = { ...block(1), signature: undefined };
    db.add("a", [block(0), unsigned]);
    expect(db.blockTimestamp(1n)).toEqual({ timestamp: U64_MAX, code: "watcher-behind" });
    expect(db.blockTimestamp(2n)).toEqual({ timestamp: U64_MAX, code: "watcher-behind" });
    db.add("b", [block(0), unsigned]);
    expect(db.blockTimestamp(1n)).toEqual({ timestamp: U64_MAX, code: "unavailable" });
    expect(db.blockTimestamp(2n)).toEqual({ timestamp: U64_MAX, code: "watcher-behind" });
    db.add("b", [block(2)]);
    expect(db.blockTimestamp(2n)).toEqual({ timestamp: 1_700_000_002n, code: "found" });
    await db.close();
  });

  test("does not exist for the origin block and for the index that stands for none", async () => {
    const db = WatcherDb.open(newDirectory());
    expect(db.blockTimestamp(0n)).toEqual({ timestamp: U64_MAX, code: "out-of-bounds" });
    expect(db.blockTimestamp(U64_MAX)).toEqual({ timestamp: U64_MAX, code: "out-of-bounds" });
    expect(db.blockTimestamp(U64_MAX - 1n)).toEqual({ timestamp: U64_MAX, code: "watcher-behind" });
    await db.close();
    expect(db.blockTimestamp(1n)).toEqual({ timestamp: U64_MAX, code: "database-error" });
    expect(TIMESTAMP_CODES).toEqual({
      found: 1,
      "watcher-behind": 2,
      unavailable: 3,
      "database-error": 4,
      "out-of-bounds": 5,
    });
  });

  test("does not wait for sources that are not watched any more", async () => {
    const db = WatcherDb.open(newDirectory());
    db.watch(["a", "gone"]);
    db.add("a", [block(0), { ...block(1), signature: undefined }]);
    expect(db.blockTimestamp(1n).code).toBe("watcher-behind");
    db.watch(["a"]);
    expect(db.blockTimestamp(1n).code).toBe("unavailable");
    await db.close();
  });
});

describe("what was seen", () => {
  test("is there after opening again, for readers beside the writer too", async () => {
    const directory = newDirectory();
    const db = WatcherDb.open(directory);
    expect(existsSync(join(directory, "data.mdb"))).toBe(true);
    const reader = WatcherDb.open(directory, { readOnly: true });
    db.watch(["https://a.example/", "b"]);
    db.add("https://a.example/", chain.slice(0, 4));
    db.add("b", chain.slice(0, 2));
    await new Promise((resolve) => setImmediate(resolve));
    expect(reader.sources()).toEqual([
      { name: "https://a.example/", next: 4n },
      { name: "b", next: 2n },
    ]);
    const { block: header, signature } = block(1);
    expect(reader.records(1n)).toEqual([
      { source: "https://a.example/", block: header, signature },
      { source: "b", block: header, signature },
    ]);
    expect(reader.records(3n)).toHaveLength(1);
    expect(reader.records(4n)).toEqual([]);
    expect(() => reader.watch([])).toThrow(expect.objectContaining({ code: "ledger-read-only" }));
    await reader.close();
    await db.close();
    const again = WatcherDb.open(directory);
    expect(again.sources()[0]).toEqual({ name: "https://a.example/", next: 4n });
    expect(() => again.add("b", [block(3)])).toThrow(expect.objectContaining({ code: "invalid-block-index" }));
    again.add("b", [block(2), block(3)]);
    expect(again.sources()[1]).toEqual({ name: "b", next: 4n });
    await again.close();
    expect(() => again.sources()).toThrow(expect.objectContaining({ code: "ledger-closed" }));
    await again.close();
  });

  test("is all of some blocks, or none", async () => {
    const db = WatcherDb.open(newDirectory());
    db.watch(["a"]);
    expect(() => db.add("a", [block(0), block(2)])).toThrow(
      expect.objectContaining({ code: "invalid-block-index", blockIndex: 2n }),
    );
    expect(db.sources()).toEqual([{ name: "a", next: 0n }]);
    expect(db.records(0n)).toEqual([]);
    expect(() => db.add("nobody", [block(0)])).toThrow(expect.objectContaining({ code: "invalid-block-index" }));
    expect(() => db.watch(["x".repeat(501)])).toThrow(expect.objectContaining({ code: "too-many-sources" }));
    expect(() => db.watch(Array.from({ length: 1_001 }, (_, i) => `${i}`))).toThrow(
      expect.objectContaining({ code: "too-many-sources" }),
    );
    await db.close();
  });

  test("is not made by a reader", () => {
    const directory = join(newDirectory(), "none");
    expect(() => WatcherDb.open(directory, { readOnly: true })).toThrow(
      expect.objectContaining({ code: "ledger-not-found" }),
    );
    expect(existsSync(directory)).toBe(false);
  });
});

describe("sources that have different blocks at one height", () => {
  test("are told, and kept with what each has", async () => {
    const db = WatcherDb.open(newDirectory());
    db.watch(["a", "b", "c"]);
    expect(db.add("a", chain.slice(0, 3))).toEqual([]);
    expect(db.add("b", chain.slice(0, 2))).toEqual([]);
    const conflicts = db.add("b", [other(2)]);
    const seen = (source: string, { block: header, signature }: BlockData) => ({ source, block: header, signature });
    expect(conflicts).toMatchObject([{ index: 2n, records: [seen("a", block(2)), seen("b", other(2))] }]);
    expect(db.add("c", chain.slice(0, 3)).map(({ records }) => records.map(({ source }) => source))).toEqual([
      ["b", "c"],
    ]);
    expect(db.conflicts().map(({ index, records }) => [index, ...records.map(({ source }) => source)])).toEqual([
      [2n, "a", "b"],
      [2n, "b", "c"],
    ]);
    await db.close();
  });
});

describe("what is said of a signer", () => {
  const key = new Ed25519PrivateKey(new Uint8Array(32).fill(4));
  const said = (index: number, responderId: string): BlockData => {
    const data = block(index);
    const about = {
      blockId: data.block.id,
      quorumSet: { threshold: 0, members: [] },
      evidence: undefined,
      responderId,
    };
    return { ...data, metadata: signMetadata(about, key) };
  };
  const signer = (): Uint8Array => block(1).signature?.signer as Uint8Array;

  test("is kept when it is something new", async () => {
    const directory = newDirectory();
    const db = WatcherDb.open(directory);
    db.watch(["a"]);
    db.add("a", [block(0), said(1, "old:1"), said(2, "old:1")]);
    await db.close();
    const again = WatcherDb.open(directory);
    again.add("a", [said(3, "old:1"), said(4, "new:1"), { ...block(5), metadata: undefined }]);
    expect(again.evidenceOf(signer())).toEqual([
      { from: 1n, metadata: said(1, "old:1").metadata },
      { from: 4n, metadata: said(4, "new:1").metadata },
    ]);
    expect(again.evidenceOf(new Uint8Array(32))).toEqual([]);
    await again.close();
  });

  test("is bounded: of a signer that says something else each time the oldest goes", async () => {
    const long = makeChain(70);
    const db = WatcherDb.open(newDirectory());
    db.watch(["a"]);
    const all = long.map((data, i) => {
      const about = {
        blockId: data.block.id,
        quorumSet: { threshold: 0, members: [] },
        evidence: undefined,
        responderId: `n${i}:1`,
      };
      return { ...data, metadata: signMetadata(about, key) };
    });
    db.add("a", all);
    const kept = db.evidenceOf(signer());
    expect(kept).toHaveLength(64);
    expect(kept.at(-1)?.from).toBe(69n);
    await db.close();
  });
});
