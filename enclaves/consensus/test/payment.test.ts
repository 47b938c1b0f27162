// Tests of a payment's way through the enclave: proposed, checked, combined, in a block, forgotten.
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { appendContents, configureMinting, foundLedger, mint, spend } from "../../../stores/ledger-db/test/economy.ts";
import { hashesOf, startNode } from "./test-node.ts";

test("payments go through the enclave into a block that a ledger appends", async () => {
  const ledger = foundLedger();
  const node = await startNode();
  const txs = [spend(ledger, [0n]), spend(ledger, [1n, 2n], { fee: 500_000_000n }), spend(ledger, [3n])];
  const contexts = await node.takeIn(...txs);
  expect(contexts.map(({ txHash }) => toHex(txHash))).toEqual(hashesOf(txs).map(toHex));
  expect(contexts.map(({ isWellFormed }) => isWellFormed)).toEqual([false, false, false]);
  const verdicts = await node.check(ledger, contexts);
  expect(verdicts.map(({ result, isUnknown }) => [result, isUnknown])).toEqual([
    [0, false],
    [0, false],
    [0, false],
  ]);
  const values = await node.combine(ledger, { txHashes: hashesOf(txs) });
  expect(values.txHashes).toHaveLength(3);
  expect(toHex(values.txHashes[0] as Uint8Array)).toBe(toHex(hashesOf(txs)[1] as Uint8Array)); // It pays more.
  const { block, contents, signer, isSigned } = await node.form(ledger, values, contexts);
  expect(isSigned).toBe(true);
  expect(signer).toEqual(node.initial.blockSigningKey?.data);
  expect(contents.keyImages).toHaveLength(4);
  expect(appendContents(ledger, contents).block).toEqual(block);
});

test("minting is configured, and minted, in blocks that a ledger appends", async () => {
  const ledger = foundLedger();
  const node = await startNode();
  const configured = await node.combine(ledger, { mintConfigTxs: [configureMinting(1)] });
  appendContents(ledger, (await node.form(ledger, configured, [])).contents);
  const minted = await node.combine(ledger, { mintTxs: [mint(1, 500n, 11), mint(2, 600n, 12)] });
  const { block, contents } = await node.form(ledger, minted, []);
  expect(contents.mintTxs).toHaveLength(2);
  expect(appendContents(ledger, contents).block).toEqual(block);
});

test("nodes give each other transactions, and form the same block", async () => {
  const ledger = foundLedger();
  const [one, two] = [await startNode({ name: "one" }), await startNode({ name: "two" })];
  const txs = [spend(ledger, [0n]), spend(ledger, [1n])];
  const contexts = await one.accept(ledger, ...txs);
  const channelId = await one.connect(two);
  const given = await two.takeFromPeer(await one.seal(channelId, hashesOf(txs)));
  expect(given).toEqual(contexts.map((each) => ({ ...each, isWellFormed: false })));
  await two.check(ledger, given);
  const form = async (node: typeof one) =>
    node.form(ledger, await node.combine(ledger, { txHashes: hashesOf(txs) }), contexts);
  const [first, second] = [await form(one), await form(two)];
  expect(first.block).toEqual(second.block);
  expect(first.signer).not.toEqual(second.signer);
});
