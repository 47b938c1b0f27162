import { toHex } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import { txOutHash } from "@fogbow/core-transaction";
import { describe, expect, test } from "vitest";
import {
  appendToTree,
  type BlockContents,
  createBlock,
  keyImageSet,
  LedgerSummary,
  MintState,
  type NewBlock,
  nonceElement,
  SetDigest,
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

describe("a summary", () => {
  const blocks = chain(9);

  test("says what a plain computation over the whole ledger says", () => {
    for (let length = 1; length <= blocks.length; length++) {
      const part = blocks.slice(0, length);
      const { checkpoint } = { checkpoint: summaryOf(part).checkpoint() };
      const nodes = new Map<string, Uint8Array>();
      const tree = {
        get: ({ from, to }: { from: bigint; to: bigint }) => nodes.get(`${from} ${to}`),
        put: ({ from, to }: { from: bigint; to: bigint }, hash: Uint8Array) => void nodes.set(`${from} ${to}`, hash),
      };
      const hashes = part.flatMap(({ contents }) => contents.outputs.map(txOutHash));
      appendToTree(tree, 0n, hashes);
      const images = keyImageSet();
      images.addAll(part.flatMap(({ contents }) => contents.keyImages).toReversed());
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
    const digests = [3, 4, 5].map((length) => toHex(summaryOf(blocks.slice(0, length)).checkpoint().mintStateDigest));
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
      expect(again.checkpoint()).toEqual(whole.checkpoint());
      expect(again.encode()).toEqual(whole.encode());
      expect([again.txOuts, again.keyImages]).toEqual([whole.txOuts, whole.keyImages]);
    }
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
    expect(() => LedgerSummary.empty().checkpoint()).toThrow(refused("empty-ledger"));
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
