// What a network of replicas promises together.

import { create } from "@bufbuild/protobuf";
import { toHex } from "@fogbow/core-bytes";
import { mintConfigTxToWire, mintTxToWire, type Tx, txHash } from "@fogbow/core-transaction";
import { MintConfigTxSchema, MintTxSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { configureMinting, mint, spend, TOKEN } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

const imagesOf = (tx: Tx): string[] => tx.signature.ringSignatures.map(({ keyImage }) => toHex(keyImage));

test("four nodes agree on a real transaction and append the same block", async () => {
  const network = await Network.start();
  const tx = spend(network.node(0).ledger, [0n]);
  expect(await network.propose(0, tx)).toMatchObject({ result: 0, blockCount: 1n, blockVersion: 4 });
  await network.untilHeight(2);
  network.assertOneChain();
  const data = network.node(3).ledger.blockData(1n);
  expect(data?.contents.keyImages.map((image) => toHex(image))).toEqual(imagesOf(tx));
  expect(data?.metadata?.contents.responderId).toBe("node3.test:8443");
  expect(toHex(data?.signature?.signer ?? new Uint8Array())).toBe(
    toHex(network.node(3).enclave.initial.blockSigningKey?.data ?? new Uint8Array()),
  );
});

test("transactions proposed to different nodes at one time are all externalized, and once each", async () => {
  const network = await Network.start();
  const txs = [0n, 1n, 2n, 3n, 4n, 5n, 6n, 7n].map((index) => spend(network.node(0).ledger, [index]));
  const sessions = await Promise.all([0, 1, 2, 3].map((i) => network.client(i)));
  const answers = txs.map((tx, i) => network.submit(i % 4, tx, sessions[i % 4] as (typeof sessions)[number]));
  expect((await network.clock.resolve(Promise.all(answers))).map(({ result }) => result)).toEqual(txs.map(() => 0));
  const spent = (node: number): number => txs.filter((tx) => isSpent(network, node, tx)).length;
  await network.clock.until(() => [0, 1, 2, 3].every((node) => spent(node) === txs.length));
  network.assertOneChain();
});

test("a transaction proposed twice, and to two nodes, is in one block", async () => {
  const network = await Network.start();
  const tx = spend(network.node(0).ledger, [0n]);
  const [one, two] = [await network.client(0), await network.client(1)];
  const answers = [network.submit(0, tx, one), network.submit(0, tx, one), network.submit(1, tx, two)];
  expect((await network.clock.resolve(Promise.all(answers))).map(({ result }) => result)).toEqual([0, 0, 0]);
  await network.untilHeight(2);
  await network.clock.advance(2_000);
  expect(network.heights()).toEqual([2, 2, 2, 2]);
  expect(await network.propose(0, tx, one)).toMatchObject({ result: 27 }); // It is spent.
});

test("of two transactions that spend one output, proposed to two nodes at once, exactly one wins", async () => {
  for (const seed of [1, 2, 3]) {
    const network = await Network.start();
    const { ledger } = network.node(0);
    const pair = [spend(ledger, [0n], { number: seed }), spend(ledger, [0n], { number: seed + 10 })];
    const sessions = [await network.client(0), await network.client(2)];
    const answers = pair.map((tx, i) => network.submit(2 * i, tx, sessions[i] as (typeof sessions)[number]));
    expect((await network.clock.resolve(Promise.all(answers))).map(({ result }) => result)).toEqual([0, 0]);
    await network.untilHeight(2);
    await network.clock.advance(3_000);
    expect(network.heights()).toEqual([2, 2, 2, 2]);
    network.assertOneChain();
    const made = pair.filter(({ prefix }) =>
      prefix.outputs.every(({ publicKey }) => ledger.txOutIndexByPublicKey(publicKey) !== undefined),
    );
    expect(made).toHaveLength(1);
    expect(network.nodes.map(({ replica }) => replica.status().pending)).toEqual([0, 0, 0, 0]);
  }
});

test("minters are configured and mint", async () => {
  const network = await Network.start();
  const { client } = network.node(1).replica;
  const config = create(MintConfigTxSchema, mintConfigTxToWire(configureMinting(1)));
  expect(await client.proposeMintConfigTx(config)).toMatchObject({ result: { code: 0 } });
  await network.untilHeight(2);
  const minted = create(MintTxSchema, mintTxToWire(mint(2, 500n)));
  expect(await network.node(2).replica.client.proposeMintTx(minted)).toMatchObject({ result: { code: 0 } });
  await network.untilHeight(3);
  network.assertOneChain();
  expect(network.node(0).ledger.activeMintConfigs(TOKEN)?.configs[0]?.totalMinted).toBe(500n);
  expect(await client.proposeMintTx(minted)).toMatchObject({ result: { code: 11 } });
  expect(await client.proposeMintConfigTx(config)).toMatchObject({ result: { code: 11 } });
});

test("minting and payments share a block", async () => {
  const network = await Network.start();
  const { client } = network.node(1).replica;
  await client.proposeMintConfigTx(create(MintConfigTxSchema, mintConfigTxToWire(configureMinting(1))));
  await network.untilHeight(2);
  const tx = spend(network.node(0).ledger, [0n]);
  const session = await network.client(0);
  const answer = network.submit(0, tx, session);
  await client.proposeMintTx(create(MintTxSchema, mintTxToWire(mint(2, 500n))));
  await network.clock.resolve(answer);
  await network.clock.until(() => isSpent(network, 3, tx) && network.node(3).ledger.containsMintNonce(TOKEN, nonce(2)));
  network.assertOneChain();
});

test("an idle network appends nothing, and says nothing but what keeps its nodes in touch", async () => {
  const network = await Network.start();
  await network.clock.advance(10_000);
  for (const { calls } of network.nodes) calls.clear();
  await network.clock.advance(60_000);
  expect(network.heights()).toEqual([1, 1, 1, 1]);
  for (const { calls } of network.nodes) {
    expect([...calls.keys()].sort()).toEqual(["getConnections", "getLatestMsg"]);
    expect(calls.get("getLatestMsg")).toBeLessThanOrEqual(3 * 21);
  }
});

test("in a mesh nobody passes on what everybody hears, and a slot costs few messages", async () => {
  const network = await Network.start({ nodes: 5, threshold: 3 });
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2);
  await network.clock.advance(12_000); // They ask each other whom they hear.
  for (const { calls } of network.nodes) calls.clear();
  await network.propose(1, spend(network.node(0).ledger, [1n]));
  await network.untilHeight(3);
  await network.clock.advance(1_000);
  const messages = network.nodes.reduce((sum, { calls }) => sum + (calls.get("sendConsensusMsg") ?? 0), 0);
  expect(messages).toBeLessThanOrEqual(14 * 5 * 4);
  network.assertOneChain();
});

test("a wallet hears what became of its transaction without asking again", async () => {
  const network = await Network.start();
  const tx = spend(network.node(0).ledger, [0n]);
  const request = { $typeName: "fogbow.node.WatchTxRequest" as const, txHash: txHash(tx), tombstoneBlock: 50n };
  const states: string[] = [];
  const watching = (async () => {
    for await (const { state, blockIndex } of network.node(2).replica.client.watchTx(request))
      states.push(`${state} ${blockIndex}`);
  })();
  await network.propose(0, tx);
  await network.clock.resolve(watching);
  expect(states).toEqual(["4 0", "1 0", "2 1"]); // Unknown, pending, externalized.
});

const nonce = (n: number): Uint8Array => new Uint8Array(64).fill(n);

function isSpent(network: Network, node: number, tx: Tx): boolean {
  const { ledger } = network.node(node);
  return tx.signature.ringSignatures.every(({ keyImage }) => ledger.blockIndexOfKeyImage(keyImage) !== undefined);
}
