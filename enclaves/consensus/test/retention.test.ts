// A node that forgets, with real payments: its host stores what the enclave seals, and afterwards nothing that it has, on disk or
// of what the enclave ever told it, links what was spent to what was made. A node that keeps everything forms the same blocks
// beside it, and the same search finds everything there.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  type BlockData,
  checkpointFromWire,
  decodeSignedCheckpoint,
  encodeSignedCheckpoint,
  endorseCheckpoint,
  LedgerSummary,
  type NewBlock,
  SortedKeyImages,
  verifyCheckpointQuorum,
} from "@fogbow/core-block";
import { bytes, toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { encodeTxOut, type Tx, type TxOut, type TxOutMembershipProof } from "@fogbow/core-transaction";
import { readData } from "@fogbow/core-wire";
import { afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  createForgetLedger,
  createLedger,
  type ForgetLedger,
  type Ledger,
  MemoryLedger,
  openForgetLedger,
} from "../../../stores/ledger-db/src/index.ts";
import { appendNext, next } from "../../../stores/ledger-db/test/chain.ts";
import { newDirectory } from "../../../stores/ledger-db/test/directories.ts";
import { amountOf, configureMinting, foundLedger, mint, owner, spend } from "../../../stores/ledger-db/test/economy.ts";
import { findLeaks, type SecretBytes } from "../../../tests/privacy/find-leaks.ts";
import { seededRandom } from "../../runtime/test/test-parts.ts";
import { RecordVault } from "../src/retention/record-vault.ts";
import { bareEnclave, formRequest, hashesOf, TestNode, type TestNodeOptions } from "./test-node.ts";

/** An enclave of a node that forgets, and everything that it ever said to its host. */
async function forgettingNode(
  options: TestNodeOptions = {},
): Promise<{ readonly node: TestNode; readonly said: Uint8Array[] }> {
  const said: Uint8Array[] = [];
  const { ask } = bareEnclave(options);
  const watched = async (entryPoint: string, input: Uint8Array): Promise<Uint8Array> => {
    const output = await ask(entryPoint, input);
    said.push(output);
    return output;
  };
  return { node: await TestNode.init(watched, { ...options, forgets: true }), said };
}

/** Everything below a folder, byte for byte: LMDB's free pages too. */
const bytesIn = (directory: string): Uint8Array[] =>
  readdirSync(directory).map((name) => new Uint8Array(readFileSync(join(directory, name))));

/** What would link inputs to outputs, or either to anybody who knows it from elsewhere. */
const linksOf = (blocks: readonly NewBlock[]): SecretBytes[] =>
  blocks.flatMap(({ block, contents }) => [
    ...contents.keyImages.map((image, i) => ({ name: `key image ${block.index}.${i}`, bytes: image })),
    ...contents.outputs.flatMap((txOut, i) => [
      { name: `public key ${block.index}.${i}`, bytes: txOut.publicKey },
      { name: `target key ${block.index}.${i}`, bytes: txOut.targetKey },
      { name: `output ${block.index}.${i}`, bytes: encodeTxOut(txOut) },
    ]),
  ]);

const sortedOf = (blocks: readonly NewBlock[]): SortedKeyImages =>
  SortedKeyImages.of(blocks.flatMap(({ contents }) => contents.keyImages));

/** All sealed key images that a ledger holds. */
const keyImagesIn = (ledger: ForgetLedger): Uint8Array[] => {
  const { pages, close } = ledger.sealedKeyImages();
  const images = [...pages()].flat();
  close();
  return images;
};

/** A block's data for a ledger of tests: metadata is required of it. */
const withMetadata = (ledger: Ledger, { block, contents }: NewBlock): BlockData => {
  const parent = ledger.lastBlock();
  if (parent === undefined) return { block, contents, signature: undefined, metadata: undefined };
  return { ...next(parent, block.rootElement, contents, 4), block, contents };
};

/** An output that the owner got in a payment. */
const changeOf = (ledger: Ledger): bigint => {
  for (let index = ledger.numTxOuts() - 1n; index > 60n; index--) {
    if (amountOf(owner, ledger.txOut(index) as TxOut) !== undefined) return index;
  }
  throw new Error("Payments have change.");
};

const open: Ledger[] = [];
afterEach(async () => {
  await Promise.all(open.splice(0).map((ledger) => ledger.close()));
});
const keep = <Opened extends Ledger>(ledger: Opened): Opened => {
  open.push(ledger);
  return ledger;
};
const refused = (code: string) => expect.objectContaining({ code });

describe("payments at a node that forgets", () => {
  const directory = newDirectory();
  const plainDirectory = newDirectory();
  const archive = foundLedger() as MemoryLedger; // What wallets build their payments from.
  const blocks: NewBlock[] = [archive.blockData(0n) as NewBlock];
  const said: Uint8Array[] = [];
  let forgetting: ForgetLedger;
  let node: TestNode;
  let archiving: TestNode;

  /** Pays at both nodes; their blocks are the same. */
  const pay = async (...txs: readonly Tx[]): Promise<void> => {
    const own = await node.accept(forgetting, ...txs);
    const contexts = await archiving.accept(archive, ...txs);
    const formed = await node.form(forgetting, await node.combine(forgetting, { txHashes: hashesOf(txs) }), own);
    const plain = await archiving.form(
      archive,
      await archiving.combine(archive, { txHashes: hashesOf(txs) }),
      contexts,
    );
    expect(formed.block).toEqual(plain.block);
    expect(formed.isSigned).toBe(true);
    expect(formed.contents.outputs).toEqual([]);
    forgetting.append(withMetadata(forgetting, { ...plain, contents: formed.contents }), formed.sealed);
    archive.append(withMetadata(archive, plain));
    blocks.push({ block: plain.block, contents: plain.contents });
    await node.forget(...hashesOf(txs));
    await archiving.forget(...hashesOf(txs));
  };

  beforeAll(async () => {
    forgetting = createForgetLedger(directory);
    archiving = await TestNode.init(bareEnclave({ name: "archive" }).ask, { name: "archive" });
    const first = await forgettingNode({ name: "forgetful" });
    node = first.node;
    const origin = await node.absorb(blocks[0] as NewBlock);
    forgetting.append({ ...origin, signature: undefined, metadata: undefined }, origin.sealed);
    await pay(spend(archive, [0n]), spend(archive, [1n, 2n], { number: 1 }));
    await pay(spend(archive, [3n]));
    said.push(...first.said);
    // The enclave and its host start again.
    await forgetting.close();
    forgetting = openForgetLedger(directory);
    const second = await forgettingNode({ name: "forgetful", sealedLedger: forgetting.sealedLedger() as Uint8Array });
    node = second.node;
    await pay(spend(archive, [4n]), spend(archive, [changeOf(archive)]));
    said.push(...second.said);
  }, 120_000);

  test("are in the blocks that other nodes form, of which the host has headers and tags", () => {
    expect(forgetting.numBlocks()).toBe(4n);
    expect(forgetting.numTxOuts()).toBe(archive.numTxOuts());
    for (const { block } of blocks) expect(forgetting.block(block.index)).toEqual(block);
  });

  test("cannot be made twice, before and after a restart: the tags are the same", async () => {
    const again = await node.takeIn(spend(archive, [0n], { number: 7 }), spend(archive, [4n], { number: 8 }));
    for (const { keyImages } of again) {
      expect(keyImages.map((tag) => forgetting.containsKeyImage(tag))).toEqual([true]);
    }
    const [fresh] = await node.takeIn(spend(archive, [9n]));
    expect(fresh?.keyImages.map((tag) => forgetting.containsKeyImage(tag))).toEqual([false]);
    const clear = blocks.flatMap(({ contents }) => contents.keyImages);
    expect(clear.length).toBe(6);
    expect(clear.filter((image) => forgetting.containsKeyImage(image))).toEqual([]);
  });

  test("leave nothing on disk, and nothing that the enclave has said, that links inputs to outputs", async () => {
    await forgetting.close();
    const links = linksOf(blocks);
    expect(links.length).toBeGreaterThan(200);
    expect(findLeaks(bytesIn(directory), links)).toEqual([]);
    expect(findLeaks(said, links)).toEqual([]);
    forgetting = openForgetLedger(directory);
  }, 120_000);

  test("would be found by the same search where they are kept", async () => {
    const plain = createLedger(plainDirectory);
    for (const each of blocks) plain.append(withMetadata(plain, each));
    await plain.close();
    const links = linksOf(blocks);
    expect(findLeaks(bytesIn(plainDirectory), links).map(({ name }) => name)).toEqual(links.map(({ name }) => name));
  }, 120_000);

  test("are not known to be of a block after a restart, since that was only in memory", () => {
    const [, first] = blocks as [NewBlock, NewBlock];
    expect(() => forgetting.blockContents(first.block.index)).toThrow(refused("forgotten"));
    expect(() => forgetting.blockIndexOfTxOut(61n)).toThrow(refused("forgotten"));
    expect(() => forgetting.txOut(0n)).toThrow(refused("forgotten"));
  });

  test("are signed for in checkpoints that anybody with the chain can recompute", async () => {
    const summary = LedgerSummary.empty();
    for (const each of blocks) summary.append(each);
    const tip = blocks.at(-1) as NewBlock;
    await expect(node.signCheckpoint(tip.block.id)).rejects.toThrow(refused("unsorted-key-images"));
    await node.sortKeyImages(tip.block.id, keyImagesIn(forgetting));
    const { checkpoint, signature, signer } = await node.signCheckpoint(tip.block.id);
    const read = checkpointFromWire(checkpoint as NonNullable<typeof checkpoint>);
    expect(read).toEqual(summary.checkpoint(sortedOf(blocks)));
    const key = new Ed25519PrivateKey(new Uint8Array(32).fill(5));
    const own = { responderId: "forgetful.test:8443", publicKey: bytes(key.publicKey(), 32, "key") };
    const signed = endorseCheckpoint(
      read,
      {
        signature: bytes(readData(signature, 64, "signature"), 64, "signature"),
        signer: bytes(readData(signer, 32, "signer"), 32, "signer"),
      },
      { node: own, key },
    );
    expect(toHex(signed.signer)).toBe(toHex(node.initial.blockSigningKey?.data as Uint8Array));
    const sent = decodeSignedCheckpoint(encodeSignedCheckpoint({ checkpoint: read, signatures: [signed] }));
    const quorumSet = { threshold: 1, members: [{ kind: "node" as const, node: own }] };
    expect(verifyCheckpointQuorum(sent.checkpoint, sent.signatures, quorumSet)).toBeUndefined();
    const other = new Uint8Array(32).fill(1);
    await expect(node.signCheckpoint(other)).rejects.toThrow(refused("unsorted-key-images"));
    await expect(node.sortKeyImages(other, [])).rejects.toThrow(refused("unknown-parent"));
  });

  test("are checked against sealed proofs only, of the right place and time", async () => {
    const contexts = await node.takeIn(spend(archive, [10n], { number: 3 }));
    const checkWith = (change: (proof: TxOutMembershipProof) => TxOutMembershipProof): Promise<unknown> => {
      const changed = Object.create(forgetting, {
        membershipProofs: { value: (indexes: bigint[]) => forgetting.membershipProofs(indexes).map(change) },
        numBlocks: { value: () => forgetting.numBlocks() },
      });
      return node.check(changed, contexts);
    };
    expect((await node.check(forgetting, contexts)).map(({ result }) => result)).toEqual([0]);
    const withElement = (at: number, hash: (old: Uint8Array) => Uint8Array) => (proof: TxOutMembershipProof) => ({
      ...proof,
      elements: proof.elements.map((each, i) => (i === at ? { ...each, hash: hash(each.hash) } : each)),
    });
    const flip = (old: Uint8Array): Uint8Array => old.map((byte, i) => (i === 40 ? byte ^ 1 : byte));
    await expect(checkWith(withElement(0, flip))).rejects.toThrow(refused("invalid-record"));
    const clear = archive.membershipProofs([archive.numTxOuts() - 1n])[0] as TxOutMembershipProof;
    await expect(checkWith(withElement(0, () => clear.elements[1]?.hash as Uint8Array))).rejects.toThrow();
  });
});

describe("the enclave of a node that forgets", () => {
  test("takes a chain from elsewhere and says of it what a plain ledger says, minting included", async () => {
    const { node } = await forgettingNode();
    const plain = foundLedger();
    const archiving = await TestNode.init(bareEnclave({ name: "archive" }).ask, { name: "archive" });
    const ledger = keep(createForgetLedger(newDirectory()));
    const take = async (data: BlockData): Promise<void> => {
      const absorbed = await node.absorb(data);
      ledger.append({ ...data, contents: absorbed.contents }, absorbed.sealed);
    };
    await take(plain.blockData(0n) as BlockData);
    const grow = async (values: Parameters<TestNode["combine"]>[1]): Promise<void> => {
      const formed = await archiving.form(plain, await archiving.combine(plain, values), []);
      const data = withMetadata(plain, formed);
      plain.append(data);
      await take(data);
    };
    await grow({ mintConfigTxs: [configureMinting(1)] });
    await grow({ mintTxs: [mint(1, 500n, 11), mint(2, 600n, 12)] });
    const summary = LedgerSummary.empty();
    for (let i = 0n; i < plain.numBlocks(); i++) summary.append(plain.blockData(i) as BlockData);
    const id = plain.lastBlock()?.id as Uint8Array;
    await node.sortKeyImages(id, []);
    const { checkpoint } = await node.signCheckpoint(id);
    expect(checkpointFromWire(checkpoint as NonNullable<typeof checkpoint>)).toEqual(
      summary.checkpoint(SortedKeyImages.of([])),
    );
    expect(ledger.activeMintConfigs(5n as never)).toEqual(plain.activeMintConfigs(5n as never));
    // A block of its own minting.
    const values = await node.combine(ledger, { mintTxs: [mint(3, 700n, 13)] });
    const own = await node.formOf(formRequest(ledger, values, []));
    const other = await archiving.form(plain, await archiving.combine(plain, { mintTxs: [mint(3, 700n, 13)] }), []);
    expect(own.block).toEqual(other.block);
  }, 60_000);

  test("takes no block that does not continue its ledger, and another one in the place of one that was not stored", async () => {
    const { node } = await forgettingNode();
    const plain = new MemoryLedger();
    const chain = Array.from({ length: 4 }, () => appendNext(plain)) as [BlockData, BlockData, BlockData, BlockData];
    await node.absorb(chain[0]);
    await node.absorb(chain[0]); // Was not stored.
    await node.absorb(chain[1]);
    await expect(node.absorb(chain[3])).rejects.toThrow(refused("unknown-parent"));
    await expect(node.absorb({ block: chain[2].block, contents: chain[3].contents })).rejects.toThrow(
      refused("contents-hash-mismatch"),
    );
    await node.absorb(chain[2]);
    await expect(node.absorb(chain[1])).rejects.toThrow(refused("unknown-parent")); // Two back.
  });

  test("opens what it sealed for itself, and nothing else", async () => {
    const random = seededRandom("other");
    await expect(forgettingNode({ sealedLedger: random(200) })).rejects.toThrow();
    const { node } = await forgettingNode();
    const sealedKey = node.initial.sealedBlockSigningKey;
    await expect(forgettingNode({ sealedLedger: sealedKey })).rejects.toThrow();
    await expect(TestNode.init(bareEnclave().ask, { sealedLedger: random(200), forgets: false })).rejects.toThrow();
  });

  test("keeps a ledger only if the node forgets", async () => {
    const node = await TestNode.init(bareEnclave().ask, {});
    const data = appendNext(new MemoryLedger());
    await expect(node.absorb(data)).rejects.toThrow(refused("retains-everything"));
    await expect(node.sortKeyImages(data.block.id, [])).rejects.toThrow(refused("unknown-parent"));
    await expect(node.ask("verify-records", new Uint8Array())).rejects.toThrow(refused("retains-everything"));
    const { node: forgetful } = await forgettingNode();
    await expect(forgetful.ask("summarize-blocks", new Uint8Array())).rejects.toThrow(refused("retains-nothing"));
  });
});

describe("the search for links finds them", () => {
  const links = async (): Promise<string[]> => {
    const { node, said } = await forgettingNode();
    const plain = new MemoryLedger();
    const directory = newDirectory();
    const ledger = createForgetLedger(directory);
    for (let i = 0; i < 3; i++) {
      const data = appendNext(plain);
      const { contents, sealed } = await node.absorb(data);
      ledger.append({ ...data, contents }, sealed);
    }
    await ledger.close();
    const blocks = Array.from({ length: 3 }, (_, i) => plain.blockData(BigInt(i)) as BlockData);
    return findLeaks([...bytesIn(directory), ...said], linksOf(blocks)).map(({ name }) =>
      name.split(" ").slice(0, -1).join(" "),
    );
  };
  afterEach(() => {
    vi.restoreAllMocks();
  });

  test("not as the enclave is", async () => {
    expect(await links()).toEqual([]);
  });

  test("once outputs are not sealed", async () => {
    vi.spyOn(RecordVault.prototype, "sealTxOut").mockImplementation((_, txOut) => encodeTxOut(txOut));
    expect(new Set(await links())).toEqual(new Set(["public key", "target key", "output"]));
  });

  test("once key images, or public keys, are their own tags", async () => {
    vi.spyOn(RecordVault.prototype, "keyImageTag").mockImplementation((image) => image);
    expect(new Set(await links())).toEqual(new Set(["key image"]));
    vi.restoreAllMocks();
    vi.spyOn(RecordVault.prototype, "publicKeyTag").mockImplementation((key) => key);
    expect(new Set(await links())).toEqual(new Set(["public key", "output"])); // A piece of it.
  });
});

describe("which block held what", () => {
  test("is known of the newest 100 blocks, and dropped behind them", async () => {
    const { node } = await forgettingNode();
    const plain = new MemoryLedger();
    const ledger = keep(createForgetLedger(newDirectory()));
    const tags: (readonly Uint8Array[])[] = [];
    for (let i = 0; i < 103; i++) {
      const data = appendNext(plain);
      const { contents, sealed } = await node.absorb(data);
      ledger.append({ ...data, contents }, sealed);
      tags.push([...contents.keyImages, ...(sealed?.txOuts.map(({ publicKeyTag }) => publicKeyTag) ?? [])]);
    }
    const { keyImages } = { keyImages: tags.map(([first]) => first as Uint8Array) };
    const publicKeys = tags.map((each) => each.at(-1) as Uint8Array);
    for (const [i, tag] of publicKeys.entries()) {
      expect(ledger.containsPublicKey(tag)).toBe(true);
      if (i < 3) expect(() => ledger.txOutIndexByPublicKey(tag)).toThrow(refused("forgotten"));
      else expect(ledger.blockIndexOfTxOut(ledger.txOutIndexByPublicKey(tag) ?? -1n)).toBe(BigInt(i));
    }
    for (const [i, tag] of keyImages.entries()) {
      if (i === 0) continue; // The origin block spends nothing.
      expect(ledger.containsKeyImage(tag)).toBe(true);
      if (i < 3) expect(() => ledger.blockIndexOfKeyImage(tag)).toThrow(refused("forgotten"));
      else expect(ledger.blockIndexOfKeyImage(tag)).toBe(BigInt(i));
    }
    expect(() => ledger.txOutsOfBlock(2n)).toThrow(refused("forgotten"));
    expect(ledger.txOutsOfBlock(3n)).toEqual(plain.txOutsOfBlock(3n));
  }, 60_000);
});
