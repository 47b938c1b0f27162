import { toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { txOutHash } from "@fogbow/core-transaction";
import { describe, expect, test } from "vitest";
import {
  appendToTree,
  type BlockContents,
  type Checkpoint,
  compareBytes,
  createBlock,
  LedgerSummary,
  MintState,
  type NewBlock,
  nonceElement,
  SetDigest,
  SortedKeyImages,
  TreeFrontier,
  treeRoot,
  withId,
} from "../../src/index.ts";
import { CONFIGURATION, MINT } from "../minting.ts";
import { chain, draw } from "./chain.ts";

const refused = (code: string) => expect.objectContaining({ code });
const summaryOf = (blocks: readonly NewBlock[]): LedgerSummary => {
  const summary = LedgerSummary.empty();
  for (const each of blocks) summary.append(each);
  return summary;
};

const sortedOf = (blocks: readonly NewBlock[]): SortedKeyImages =>
  SortedKeyImages.of(blocks.flatMap(({ contents }) => contents.keyImages));
const checkpointOf = (blocks: readonly NewBlock[]): Checkpoint => summaryOf(blocks).checkpoint(sortedOf(blocks));

describe("the digest of a set", () => {
  const elements = Array.from({ length: 20 }, (_, i) => draw(i));
  const digestOf = (label: string, ...parts: readonly Uint8Array[][]): string => {
    const set = new SetDigest(label);
    for (const part of parts) set.addAll(part);
    return toHex(set.digest());
  };

  test("does not depend on the order of the elements, nor on how they came", () => {
    const whole = digestOf("a", elements);
    expect(digestOf("a", elements.toReversed())).toBe(whole);
    expect(digestOf("a", elements.slice(13), elements.slice(0, 13))).toBe(whole);
    const part = new SetDigest("a");
    part.addAll(elements.slice(7));
    const other = new SetDigest("a", part.summary());
    other.addAll(elements.slice(0, 7));
    expect(toHex(other.digest())).toBe(whole);
  });

  test("is another one for every other set, and for sets of another kind", () => {
    const digests = [
      digestOf("a", elements),
      digestOf("b", elements),
      digestOf("a", []),
      digestOf("a", elements.slice(1)),
      digestOf("a", elements.with(0, draw(99))),
      digestOf("a", [...elements, draw(99)]),
    ];
    expect(new Set(digests).size).toBe(digests.length);
  });

  test("has known values, so that no change of it goes unnoticed", () => {
    expect(digestOf("fogbow-key-images", [])).toMatchInlineSnapshot(
      `"2c36e89a0db4e4b10cd71f1be41728e1785e09ef564e770d5bcc2a47bdd3071d"`,
    );
    expect(digestOf("fogbow-key-images", elements)).toMatchInlineSnapshot(
      `"c9a4166c115f5297acbd7a0e32ba7b1dacd48f1b80ad5efb10c6bce92b8b122d"`,
    );
  });

  test("goes on from points only", () => {
    expect(() => new SetDigest("a", { count: 1n, sum: new Uint8Array(32).fill(255) })).toThrow(
      refused("malformed-summary"),
    );
    expect(() => new SetDigest("a", { count: 1n, sum: new Uint8Array(31) })).toThrow(refused("wrong-length"));
  });
});

describe("the digest of sorted key images", () => {
  const images = Array.from({ length: 2_100 }, (_, i) => draw(i)).sort(compareBytes);
  const digestOf = (...groups: readonly (readonly Uint8Array[])[]): string => {
    const sorted = new SortedKeyImages();
    for (const group of groups) sorted.addAll(group);
    return toHex(sorted.digest());
  };

  test("depends on the key images alone, not on how they came", () => {
    for (const count of [0, 1, 1_023, 1_024, 1_025, 2_048, 2_100]) {
      const part = images.slice(0, count);
      const whole = digestOf(part);
      expect(digestOf(part.slice(0, 700), part.slice(700), [])).toBe(whole);
      expect(digestOf(...part.map((image) => [image]))).toBe(whole);
      expect(toHex(SortedKeyImages.of(part.toReversed()).digest())).toBe(whole);
    }
    expect(new Set(images.slice(0, 40).map((_, i) => digestOf(images.slice(0, i)))).size).toBe(40);
  });

  test("has known values, so that no change of it goes unnoticed", () => {
    expect([digestOf([]), digestOf(images)]).toMatchInlineSnapshot(`
      [
        "2cd7135e3292cd9ea3103cda29121dc613caca68a690fa8664e065e05952b85a",
        "5deae48fc6dd7cfc00a7efb8df344c7e1ad9586092a1e564bae660d9af3c7993",
      ]
    `);
  });

  test("takes them in ascending order only, and each once", () => {
    const [a, b] = images as [Uint8Array, Uint8Array];
    expect(compareBytes(a, b)).toBeLessThan(0);
    expect(() => digestOf([b, a])).toThrow(refused("unordered-key-images"));
    expect(() => digestOf([a], [a])).toThrow(refused("unordered-key-images"));
    expect(() => SortedKeyImages.of([b, a, b])).toThrow(refused("unordered-key-images"));
  });
});

describe("a summary", () => {
  const blocks = chain(9);

  test("says what a plain computation over the whole ledger says", () => {
    for (let length = 1; length <= blocks.length; length++) {
      const part = blocks.slice(0, length);
      const checkpoint = checkpointOf(part);
      const nodes = new Map<string, Uint8Array>();
      const tree = {
        get: ({ from, to }: { from: bigint; to: bigint }) => nodes.get(`${from} ${to}`),
        put: ({ from, to }: { from: bigint; to: bigint }, hash: Uint8Array) => void nodes.set(`${from} ${to}`, hash),
      };
      const hashes = part.flatMap(({ contents }) => contents.outputs.map(txOutHash));
      appendToTree(tree, 0n, hashes);
      const images = new SortedKeyImages();
      for (const image of part.flatMap(({ contents }) => contents.keyImages).sort(Buffer.compare))
        images.addAll([image]);
      expect(checkpoint).toEqual({
        height: BigInt(length - 1),
        blockId: part.at(-1)?.block.id,
        merkleRoot: treeRoot(tree, BigInt(hashes.length)).hash,
        keyImagesDigest: images.digest(),
        mintStateDigest: checkpoint.mintStateDigest,
      });
    }
  });

  test("says what was minted, and with which nonces", () => {
    const minting = new MintState();
    const digests = [3, 4, 5].map((length) => toHex(checkpointOf(blocks.slice(0, length)).mintStateDigest));
    expect(digests[0]).toBe(toHex(minting.digest()));
    const { mintConfigTx } = CONFIGURATION;
    minting.setActive({
      mintConfigTx,
      configs: mintConfigTx.prefix.configs.map((mintConfig) => ({ mintConfig, totalMinted: 0n })),
    });
    minting.addConfigNonces([nonceElement(mintConfigTx.prefix)]);
    expect(digests[1]).toBe(toHex(minting.digest()));
    minting.setActive({
      mintConfigTx,
      configs: mintConfigTx.prefix.configs.map((mintConfig) => ({ mintConfig, totalMinted: 7n })),
    });
    minting.addNonces([nonceElement(MINT.prefix)]);
    expect(digests[2]).toBe(toHex(minting.digest()));
  });

  test("goes on from its bytes as if there had been no break", () => {
    const whole = summaryOf(blocks);
    for (let length = 0; length <= blocks.length; length++) {
      const again = LedgerSummary.decode(summaryOf(blocks.slice(0, length)).encode());
      for (const each of blocks.slice(length)) again.append(each);
      expect(again.checkpoint(sortedOf(blocks))).toEqual(whole.checkpoint(sortedOf(blocks)));
      expect(again.encode()).toEqual(whole.encode());
      expect([again.txOuts, again.keyImages]).toEqual([whole.txOuts, whole.keyImages]);
    }
  });

  test("says nothing for other key images than its own", () => {
    const summary = summaryOf(blocks);
    const images = blocks.flatMap(({ contents }) => contents.keyImages);
    for (const other of [images.slice(1), [...images, draw(7)], images.with(0, compressedPoint(draw(7)))]) {
      const sorted = SortedKeyImages.of(other);
      expect(summary.hasKeyImages(sorted)).toBe(false);
      expect(() => summary.checkpoint(sorted)).toThrow(refused("other-key-images"));
    }
    expect(summary.hasKeyImages(sortedOf(blocks))).toBe(true);
  });

  test("returns the tree's final nodes, and tells those that are not", () => {
    const summary = LedgerSummary.empty();
    const frontier = new TreeFrontier();
    for (const each of blocks) {
      expect(summary.append(each)).toEqual(each.contents.outputs.flatMap((txOut) => frontier.append(txOutHash(txOut))));
      expect(summary.unfinished()).toEqual(frontier.unfinished());
      expect(summary.root()).toEqual(frontier.root());
    }
  });

  test("refuses a block that does not continue the chain, and stays as it was", () => {
    const summary = summaryOf(blocks.slice(0, 5));
    const [parent, good, later] = blocks.slice(4) as [NewBlock, NewBlock, NewBlock];
    const { block, contents } = good;
    const fewer: BlockContents = { ...contents, keyImages: [...contents.keyImages, compressedPoint(draw(7))] };
    const cases: readonly [string, NewBlock][] = [
      ["unexpected-block-index", later],
      ["unexpected-block-index", parent],
      ["parent-id-mismatch", { block: withId({ ...block, parentId: draw(1) }), contents }],
      ["block-id-mismatch", { block: { ...block, version: 3 }, contents }],
      ["contents-hash-mismatch", { block, contents: fewer }],
      [
        "root-element-mismatch",
        { block: createBlock(parent.block, { version: 4, rootElement: later.block.rootElement, contents }), contents },
      ],
      [
        "wrong-output-count",
        { block: withId({ ...block, cumulativeTxoCount: block.cumulativeTxoCount + 1n }), contents },
      ],
    ];
    const before = summary.encode();
    for (const [code, data] of cases) {
      expect(() => summary.append(data)).toThrow(refused(code));
      expect(summary.encode()).toEqual(before);
    }
    summary.append(good);
    expect(() => LedgerSummary.empty().checkpoint(sortedOf([]))).toThrow(refused("empty-ledger"));
  });

  test("refuses minting that nobody in force may do", () => {
    const before = chain(3);
    const summary = summaryOf(before);
    const { block } = before[2] as NewBlock;
    const contents: BlockContents = { ...(blocks[4] as NewBlock).contents };
    const minting = createBlock(block, { version: 4, rootElement: summary.root(), contents });
    expect(() => summary.append({ block: minting, contents })).toThrow(refused("unchargeable-mint"));
  });

  test("is not made of other bytes", () => {
    const encoded = summaryOf(blocks).encode();
    expect(() => LedgerSummary.decode(encoded.subarray(0, encoded.length - 3))).toThrow();
    expect(() => TreeFrontier.from(5n, [draw(1)])).toThrow(refused("malformed-summary"));
    expect(() => TreeFrontier.from(5n, [draw(1), new Uint8Array(31)])).toThrow(refused("wrong-length"));
  });
});
