// Tests of `combine`: one order whatever was given in, and no two values that no block could hold.
import { mintedOutputs } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import { mintTxToWire, type Tx } from "@fogbow/core-transaction";
import { encodeMessage, ValuesSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { appendContents, configureMinting, foundLedger, mint, spend } from "../../../stores/ledger-db/test/economy.ts";
import { chainConfig, hashesOf, startNode, type TestNode } from "./test-node.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });
const ledger = foundLedger();
const fees = [400_000_000n, 404_000_000n, 500_000_000n, 400_000_001n];
const txs = fees.map((fee, i) => spend(ledger, [BigInt(i)], { fee }));
const rival = spend(ledger, [2n], { number: 1, fee: 600_000_000n });
let node: TestNode;
beforeAll(async () => {
  node = await startNode();
  await node.accept(ledger, ...txs, rival);
});
const combined = async (some: readonly Tx[]): Promise<string[]> =>
  (await node.combine(ledger, { txHashes: hashesOf(some) })).txHashes.map(toHex);

test("who pays more comes first, in steps of a 128th of the minimum, and then the hash decides", async () => {
  const order = await combined(txs);
  const [a, b, c, d] = hashesOf(txs).map(toHex) as [string, string, string, string];
  expect(order.slice(0, 2)).toEqual([c, b]);
  expect(order.slice(2)).toEqual([a, d].sort()); // One picoMOB more is no higher step.
});

test("where priorities are put into buckets, the order tells no more of fees than those", async () => {
  const discreet = await startNode({ chain: { ...chainConfig(), priorityBits: 4 } });
  const twice = spend(ledger, [4n], { fee: 800_000_000n });
  await discreet.accept(ledger, ...txs, twice);
  const { txHashes } = await discreet.combine(ledger, { txHashes: hashesOf([...txs, twice]) });
  const [first, ...others] = txHashes.map(toHex);
  expect([first]).toEqual(hashesOf([twice]).map(toHex));
  expect(others).toEqual(hashesOf(txs).map(toHex).sort());
});

test("the same values give the same order, however they come, and again when they are combined again", async () => {
  const order = await combined(txs);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...txs, ...txs], { minLength: 8 }), async (shuffled) => {
      expect(await combined(shuffled)).toEqual(order);
    }),
    { numRuns: 20 },
  );
});

test("of two that spend the same output the one that pays more is left", async () => {
  const [, , spent] = txs;
  if (spent === undefined) throw new Error("There are four.");
  expect(await combined([spent, rival])).toEqual(hashesOf([rival]).map(toHex));
});

describe("is refused", () => {
  test("for transactions that nobody has taken in, or that were forgotten", async () => {
    await expect(node.combine(ledger, { txHashes: [new Uint8Array(32)] })).rejects.toThrow(refused("unknown-tx"));
    await expect(node.combine(ledger, { txHashes: [new Uint8Array(5)] })).rejects.toThrow(refused("unknown-tx"));
  });

  test("for minting transactions without the block that they go on", async () => {
    const input = encodeMessage(ValuesSchema, { mintTxs: [mintTxToWire(mint(1, 5n))] });
    await expect(node.ask("combine", input)).rejects.toThrow(refused("missing-parent"));
  });

  test("for more transactions than a call may name", async () => {
    const txHashes = Array.from({ length: 10_001 }, () => new Uint8Array(32));
    await expect(node.combine(ledger, { txHashes })).rejects.toThrow(refused("too-many-txs"));
  });
});

describe("minting", () => {
  test("is put in order, with one of each nonce", async () => {
    const own = foundLedger();
    const configured = await node.combine(own, {
      mintConfigTxs: [configureMinting(2), configureMinting(1), configureMinting(2)],
    });
    expect(configured.mintConfigTxs).toHaveLength(2);
    appendContents(
      own,
      (
        await (
          await startNode({ name: "m" })
        ).form(own, { ...configured, mintConfigTxs: configured.mintConfigTxs.slice(0, 1) }, [])
      ).contents,
    );
    const values = await node.combine(own, { mintTxs: [mint(2, 600n, 12), mint(1, 500n, 11)] });
    expect(values.mintTxs.map(({ prefix }) => prefix?.amount)).toEqual([500n, 600n]);
  });

  test("comes before a transaction that makes an output with the key of a minted one", async () => {
    const own = foundLedger();
    const minter = await startNode({ name: "minter" });
    const configured = await minter.combine(own, { mintConfigTxs: [configureMinting(1)] });
    appendContents(own, (await minter.form(own, configured, [])).contents);
    const minting = mint(1, 500n);
    const parentId = own.lastBlock()?.id;
    if (parentId === undefined) throw new Error("There is one.");
    const [minted] = mintedOutputs([minting], { parentId, blockVersion: 4 });
    if (minted === undefined) throw new Error("There is one.");
    const thief = spend(own, [0n], {
      change: (unsigned) => ({
        ...unsigned,
        prefix: {
          ...unsigned.prefix,
          outputs: unsigned.prefix.outputs.map((each) => ({ ...each, publicKey: minted.publicKey })),
        },
      }),
    });
    const honest = spend(own, [1n]);
    const contexts = await minter.accept(own, thief, honest);
    const values = await minter.combine(own, { txHashes: hashesOf([thief, honest]), mintTxs: [minting] });
    expect(values.txHashes.map(toHex)).toEqual(hashesOf([honest]).map(toHex));
    expect((await minter.form(own, values, contexts)).contents.mintTxs).toHaveLength(1);
    expect((await minter.combine(own, { txHashes: hashesOf([thief, honest]) })).txHashes).toHaveLength(2);
  });
});
