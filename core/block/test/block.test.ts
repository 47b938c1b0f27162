// Tests of contents hashes, block ids and signing digests against the reference's published constants.
import { fromHex, toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type Block,
  blockId,
  blockSigningDigest,
  contentsHash,
  createBlock,
  decodeBlock,
  encodeBlock,
  hasValidId,
  NO_MINTING,
  withId,
} from "../src/index.ts";
import { contentsOf, hash, headerOf, memoBlock } from "./fixtures.ts";
import { KNOWN_BLOCKS } from "./known-blocks.ts";

describe.each(KNOWN_BLOCKS)("$name", (known) => {
  test("has its published contents hash", () => {
    expect(toHex(contentsHash(contentsOf(known)))).toBe(known.contentsHash);
  });

  test("has its published id and signing digest", () => {
    const block = headerOf(known);
    expect(toHex(blockId(block))).toBe(known.id);
    expect(hasValidId(block)).toBe(true);
    expect(toHex(blockSigningDigest(block))).toBe(known.signingDigest);
  });

  test("is encoded as published", () => {
    expect(toHex(encodeBlock(headerOf(known)))).toBe(known.block);
  });
});

test("the hash of empty contents is the known one", () => {
  expect(toHex(contentsHash({ keyImages: [], outputs: [], ...NO_MINTING }))).toBe(EMPTY_CONTENTS_HASH);
});

test("every field of a header changes the id", () => {
  const { block } = memoBlock();
  const changes: readonly Partial<Block>[] = [
    {},
    { version: block.version + 1 },
    { parentId: hash(1) },
    { index: block.index + 1n },
    { cumulativeTxoCount: block.cumulativeTxoCount + 1n },
    { rootElement: { ...block.rootElement, hash: hash(2) } },
    { rootElement: { ...block.rootElement, range: { from: 1n, to: 15n } } },
    { rootElement: { ...block.rootElement, range: { from: 0n, to: 31n } } },
    { contentsHash: hash(3) },
  ];
  const ids = changes.map((change) => toHex(blockId({ ...block, ...change })));
  expect(new Set(ids).size).toBe(changes.length);
  expect(hasValidId({ ...block, index: 4n })).toBe(false);
});

test("the signing digest depends on the id too", () => {
  const { block } = memoBlock();
  expect(blockSigningDigest({ ...block, id: hash(4) })).not.toEqual(blockSigningDigest(block));
});

test("the order of key images and of outputs changes the contents hash", () => {
  const { contents } = memoBlock();
  const hashes = [
    contents,
    { ...contents, keyImages: contents.keyImages.toReversed() },
    { ...contents, outputs: contents.outputs.toReversed() },
    { ...contents, keyImages: [] },
  ].map((each) => toHex(contentsHash(each)));
  expect(new Set(hashes).size).toBe(4);
});

test("a block follows its parent", () => {
  const { block: parent, contents } = memoBlock();
  const rootElement = { range: { from: 0n, to: 511n }, hash: hash(5) };
  const block = createBlock(parent, { version: 3, rootElement, contents });
  expect(block).toMatchObject({ version: 3, parentId: parent.id, index: 4n, cumulativeTxoCount: 408n, rootElement });
  expect(hasValidId(block)).toBe(true);
});

test("any header survives encoding, the largest numbers included", () => {
  const id = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => hash(0).map((_, i) => bytes[i] as number));
  const header = fc.record({
    version: fc.integer({ min: 0, max: 2 ** 32 - 1 }),
    parentId: id,
    index: fc.bigInt(0n, 2n ** 64n - 1n),
    cumulativeTxoCount: fc.bigInt(0n, 2n ** 64n - 1n),
    rootElement: fc.record({
      range: fc.record({ from: fc.bigInt(0n, 2n ** 64n - 1n), to: fc.bigInt(0n, 2n ** 64n - 1n) }),
      hash: id,
    }),
    contentsHash: id,
  });
  fc.assert(
    fc.property(header, (fields) => {
      const block = withId(fields as Omit<Block, "id">); // `map` keeps the length that the type states.
      expect(decodeBlock(encodeBlock(block))).toEqual(block);
    }),
  );
});

test("a header cut anywhere is refused or lacks a field", () => {
  const encoded = fromHex(KNOWN_BLOCKS[1].block);
  for (let length = 0; length < encoded.length; length++) {
    expect(() => decodeBlock(encoded.slice(0, length))).toThrow(expect.objectContaining({ name: "WireError" }));
  }
});

const EMPTY_CONTENTS_HASH = "27667fe56c6e2a3c2de265d41da505dac8324c0260edec388b82ac244167df5d";
