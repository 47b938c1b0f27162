// Tests that the enclave forgets: after a block, or a tombstone that has gone by, nothing holds a transaction's body.
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { encodeTx, type Tx, txHash } from "@fogbow/core-transaction";
import { encodeMessage, TxHashesSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { appendContents, foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { hashesOf, startNode, type TestNode } from "./test-node.ts";

const refused = (code: string): unknown => expect.objectContaining({ code });

setFlagsFromString("--expose-gc");
const collect = runInNewContext("gc") as () => void;

/** Bytes outside of the JavaScript heap that something still holds. */
async function heldBytes(): Promise<number> {
  for (let i = 0; i < 3; i++) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  return process.memoryUsage().arrayBuffers;
}

async function passThrough(node: TestNode, txs: readonly Tx[]): Promise<void> {
  const ledger = foundLedger();
  const contexts = await node.accept(ledger, ...txs);
  const values = await node.combine(ledger, { txHashes: hashesOf(txs) });
  appendContents(ledger, (await node.form(ledger, values, contexts)).contents);
}

test("nothing of a block's transactions is held once they were forgotten", async () => {
  const ledger = foundLedger();
  const node = await startNode();
  const txs = Array.from({ length: 30 }, (_, i) => spend(ledger, [BigInt(i)]));
  const bytes = txs.reduce((sum, tx) => sum + encodeTx(tx).length, 0);
  await passThrough(node, txs.slice(0, 1)); // What is made once and kept for ever.
  await node.forget(...hashesOf(txs.slice(0, 1)));
  const another = await startNode({ name: "another" });
  const before = await heldBytes();
  await passThrough(another, txs);
  expect((await heldBytes()) - before).toBeGreaterThan(bytes * 0.9); // So the measure sees them.
  await another.forget(...hashesOf(txs));
  expect((await heldBytes()) - before).toBeLessThan(bytes * 0.1);
});

test("what was forgotten is unknown everywhere", async () => {
  const ledger = foundLedger();
  const [one, two] = [await startNode({ name: "one" }), await startNode({ name: "two" })];
  const tx = spend(ledger, [0n]);
  const contexts = await one.accept(ledger, tx);
  const values = await one.combine(ledger, { txHashes: [txHash(tx)] });
  const channelId = await one.connect(two);
  await one.forget(txHash(tx), txHash(tx), new Uint8Array(32), new Uint8Array(3));
  await expect(one.combine(ledger, { txHashes: [txHash(tx)] })).rejects.toThrow(refused("unknown-tx"));
  await expect(one.form(ledger, values, contexts)).rejects.toThrow(refused("unknown-tx"));
  await expect(one.seal(channelId, [txHash(tx)])).rejects.toThrow(refused("unknown-tx"));
  expect((await one.check(ledger, contexts)).map(({ isUnknown }) => isUnknown)).toEqual([true]);
});

test("a transaction that is forgotten while it is checked does not come back", async () => {
  const ledger = foundLedger();
  const node = await startNode();
  const tx = spend(ledger, [0n]);
  const contexts = await node.takeIn(tx);
  const checking = node.check(ledger, contexts);
  await node.forget(txHash(tx));
  expect((await checking).map(({ isUnknown }) => isUnknown)).toEqual([true]);
  await expect(node.combine(ledger, { txHashes: [txHash(tx)] })).rejects.toThrow(refused("unknown-tx"));
});

test("more than a call may name are refused", async () => {
  const node = await startNode();
  const txHashes = Array.from({ length: 10_001 }, () => new Uint8Array(32));
  await expect(node.ask("forget-txs", encodeMessage(TxHashesSchema, { txHashes }))).rejects.toThrow(
    refused("too-many-txs"),
  );
});
