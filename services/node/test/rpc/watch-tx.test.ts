// WatchTx.
import { create } from "@bufbuild/protobuf";
import { txHashValue } from "@fogbow/core-scp";
import { txHash } from "@fogbow/core-transaction";
import { TxState, WatchTxRequestSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { appendContents, spend } from "../../../../stores/ledger-db/test/economy.ts";
import { knownTx } from "../../src/replica/known-txs.ts";
import { watchTx } from "../../src/rpc/client/watch-tx.ts";
import { type ServedNode, sealed, servedNode } from "./served-node.ts";

const request = (hash: Uint8Array, tombstoneBlock = 50n) =>
  create(WatchTxRequestSchema, { txHash: hash, tombstoneBlock });

function follow({ served }: ServedNode, hash: Uint8Array, tombstoneBlock?: bigint) {
  const states: TxState[] = [];
  const over = (async () => {
    for await (const { state } of watchTx(served)(request(hash, tombstoneBlock))) states.push(state);
  })();
  return { states, over };
}

test("a transaction that the node never hears of is unknown, and expires with its tombstone block", async () => {
  const node = await servedNode();
  const { states, over } = follow(node, new Uint8Array(32), 2n);
  await new Promise(setImmediate);
  expect(states).toEqual([TxState.UNKNOWN]);
  const { prefix, signature } = spend(node.served.ledger, [0n]);
  const keyImages = signature.ringSignatures.map(({ keyImage }) => keyImage as never);
  appendContents(node.served.ledger, { keyImages, outputs: prefix.outputs, validatedMintConfigTxs: [], mintTxs: [] });
  node.served.changes.announce();
  await over;
  expect(states).toEqual([TxState.UNKNOWN, TxState.EXPIRED]);
});

test("a transaction is pending when it is known, and externalized when its block is, whoever formed that", async () => {
  const node = await servedNode();
  const { served, session } = node;
  const tx = spend(served.ledger, [0n]);
  const { result } = await served.door.clientPropose(sealed(session, tx));
  if (result.case !== "tx") throw new Error("It is taken in.");
  const { states, over } = follow(node, txHash(tx));
  await new Promise(setImmediate);
  served.known.add(knownTx(result.value));
  served.changes.announce();
  await new Promise(setImmediate);
  const keyImages = tx.signature.ringSignatures.map(({ keyImage }) => keyImage as never);
  // As a block that was fetched: it does not say which transactions it is of.
  appendContents(served.ledger, { keyImages, outputs: tx.prefix.outputs, validatedMintConfigTxs: [], mintTxs: [] });
  served.changes.announce();
  await over;
  expect(states).toEqual([TxState.UNKNOWN, TxState.PENDING, TxState.EXTERNALIZED]);
});

test("a transaction that was externalized before is told so at once", async () => {
  const node = await servedNode();
  const hash = new Uint8Array(32).fill(5);
  node.served.externalized.add(txHashValue(hash), 7n);
  const told: unknown[] = [];
  for await (const { state, blockIndex } of watchTx(node.served)(request(hash))) told.push([state, blockIndex]);
  expect(told).toEqual([[TxState.EXTERNALIZED, 7n]]);
});

test("a hash has 32 bytes", async () => {
  const { served } = await servedNode();
  await expect(
    watchTx(served)(request(new Uint8Array(31)))
      [Symbol.asyncIterator]()
      .next(),
  ).rejects.toThrow("32 bytes");
});
