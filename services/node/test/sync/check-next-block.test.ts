import { type Block, type BlockContents, type BlockData, contentsHash, withId } from "@fogbow/core-block";
import { MemoryLedger } from "@fogbow/ledger-db";
import { beforeAll, beforeEach, describe, expect, test } from "vitest";
import { ledgerOf, makeChain, sortedContents } from "../../../../stores/archive/test/chain.ts";
import { checkNextBlock } from "../../src/sync/check-next-block.ts";

let chain: readonly BlockData[];
let ledger: MemoryLedger;
beforeAll(() => {
  chain = makeChain(4);
});
beforeEach(() => {
  ledger = ledgerOf(chain.slice(0, 3));
});

/** The next block with something changed; everything that follows from that is right again. */
function changed({ contents, ...header }: Partial<Block> & { readonly contents?: Partial<BlockContents> }): BlockData {
  const data = chain[3] as BlockData;
  const made = { ...data.contents, ...contents };
  return { ...data, contents: made, block: withId({ ...data.block, contentsHash: contentsHash(made), ...header }) };
}

const contentsOf = (index: number): BlockContents => (chain[index] as BlockData).contents;

test("a block as consensus forms it passes", () => {
  expect(checkNextBlock(ledger, changed({}))).toBeUndefined();
  ledger.append(changed({}));
});

describe("a block is refused", () => {
  const cases: readonly (readonly [what: string, () => BlockData, says: string])[] = [
    ["with another parent", () => changed({ parentId: (chain[1] as BlockData).block.id }), "follow the last"],
    ["with a later index", () => changed({ index: 4n }), "follow the last"],
    ["with an id of its own", () => ({ ...changed({}), block: { ...changed({}).block, version: 4 } }), "its id"],
    ["with an earlier version", () => changed({ version: 2 }), "version"],
    [
      "with key images in disorder",
      () => changed({ contents: { keyImages: contentsOf(3).keyImages.toReversed() } }),
      "key images",
    ],
    [
      "with a key image twice",
      () => changed({ contents: { keyImages: [contentsOf(3).keyImages[0], contentsOf(3).keyImages[0]] as never } }),
      "key images",
    ],
    [
      "with outputs in disorder",
      () => changed({ contents: { outputs: contentsOf(3).outputs.toReversed() } }),
      "outputs",
    ],
    [
      "with an output twice",
      () => changed({ contents: { outputs: [contentsOf(3).outputs[0], contentsOf(3).outputs[0]] as never } }),
      "outputs",
    ],
    [
      "that spends what is spent",
      () => changed({ contents: { keyImages: contentsOf(2).keyImages } }),
      "spends what is spent",
    ],
    ["that makes an output again", () => changed({ contents: { outputs: contentsOf(2).outputs } }), "is in the ledger"],
    [
      "that counts one output more",
      () => changed({ cumulativeTxoCount: (chain[3] as BlockData).block.cumulativeTxoCount + 1n }),
      "counts",
    ],
    [
      "that makes fewer outputs than it counts",
      () => changed({ contents: { outputs: sortedContents(9, 1).outputs } }),
      "counts",
    ],
    ["that names the tree after it", () => changed({ rootElement: ledgerOf(chain).root() }), "tree"],
    [
      "that names a tree of another width",
      () => changed({ rootElement: { ...ledger.root(), range: { from: 0n, to: 15n } } }),
      "tree",
    ],
  ];
  test.each(cases)("%s", (_, make, says) => {
    expect(() => checkNextBlock(ledger, make())).toThrow(
      expect.objectContaining({ code: "unsafe-block", message: expect.stringContaining(says) }),
    );
  });

  test("without an origin block before it", () => {
    expect(() => checkNextBlock(new MemoryLedger(), changed({}))).toThrow(
      expect.objectContaining({ code: "unsafe-block" }),
    );
  });
});
