// What a node that was stopped in the middle of something does when it comes back.
import { encodeConsensusMessage, signMessage, type Topic, txHashValue, valueList } from "@fogbow/core-scp";
import { txHash } from "@fogbow/core-transaction";
import { expect, test } from "vitest";
import { spend } from "../../../stores/ledger-db/test/economy.ts";
import { decodeVoteRecord, FileJournal, type ReplicaParts } from "../src/index.ts";
import { type MemoryFiles, Network } from "./network.ts";

type Kind = Topic["kind"];

/** The topics of the votes that are in a journal, by slot. */
async function journaled(files: MemoryFiles): Promise<Map<bigint, Kind>> {
  const { records } = await new FileJournal(files).read();
  return new Map(records.map(({ slot, record }) => [slot, decodeVoteRecord(record).consensus.message.topic.kind]));
}

test.each<Kind>(["nominate", "nominate-prepare", "prepare", "commit", "externalize"])(
  "a node that is killed right after it journaled %s comes back and agrees with the others",
  async (kind) => {
    const network = await Network.start();
    const node = network.node(3);
    const journal = new FileJournal(node.files);
    let isDead = false;
    const dying: Partial<ReplicaParts> = {
      journal: {
        read: () => journal.read(),
        forget: (below) => journal.forget(below),
        write: async (slot, record) => {
          await journal.write(slot, record);
          if (decodeVoteRecord(record).consensus.message.topic.kind !== kind) return;
          isDead = true;
          node.isUp = false;
          await new Promise(() => undefined); // It never gets to say so.
        },
      },
    };
    await network.kill(3);
    network.makeReplica(3, dying);
    node.isUp = true;
    await node.replica.start();
    await network.clock.until(() => node.replica.status().state === "in-sync");
    await network.propose(0, spend(network.node(0).ledger, [0n]));
    await network.clock.until(() => isDead, 20_000);
    await network.clock.advance(500);
    expect(isDead).toBe(true);
    expect((await journaled(node.files)).get(1n)).toBe(kind);
    await network.restart(3);
    await network.untilHeight(2);
    await network.propose(1, spend(network.node(0).ledger, [1n]));
    await network.untilHeight(3);
    network.assertOneChain();
  },
);

test("after a restart a node says what it said, and takes nothing back", async () => {
  const network = await Network.start();
  for (const [i] of network.nodes.entries()) network.isolate(i, true);
  const tx = spend(network.node(0).ledger, [0n]);
  // Alone, the node can only nominate, once it is its own leader.
  await network.propose(0, tx);
  await network.clock.until(() => network.node(0).files.files.size > 0);
  const before = await network.node(0).replica.peer.getLatestMsg({ $typeName: "google.protobuf.Empty" });
  await network.kill(0);
  await network.restart(0);
  await network.clock.advance(2_000);
  const after = await network.node(0).replica.peer.getLatestMsg({ $typeName: "google.protobuf.Empty" });
  expect(after.payload).toEqual(before.payload);
});

test("all nodes restart within one slot, and go on with new transactions", async () => {
  const network = await Network.start();
  const session = await network.client(0);
  const answer = network.submit(0, spend(network.node(0).ledger, [0n]), session);
  await network.clock.resolve(answer);
  await network.clock.advance(15); // Some nodes have heard of it.
  for (const [i] of network.nodes.entries()) await network.kill(i);
  for (const [i] of network.nodes.entries()) await network.restart(i);
  await network.clock.until(() => network.nodes.every(({ replica }) => replica.status().state === "in-sync"));
  await network.propose(1, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2, 60_000);
  network.assertOneChain();
});

test("a node whose votes are unreadable keeps silent until others have decided two slots", async () => {
  const network = await Network.start();
  const node = network.node(3);
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2);
  await network.kill(3);
  // It voted in slot 2, and both records of it are torn.
  node.files.files.set("slot-2.a", new Uint8Array([1, 2, 3]));
  node.files.files.set("slot-2.b", new Uint8Array(0));
  await network.restart(3);
  await network.clock.until(() => node.replica.status().state === "silent");
  for (const count of [3, 4]) {
    await network.propose(0, spend(network.node(0).ledger, [BigInt(count)]));
    await network.untilHeight(count);
    expect((await journaled(node.files)).has(BigInt(count - 1))).toBe(false);
  }
  expect(node.replica.status().state).toBe("in-sync");
  await network.propose(0, spend(network.node(0).ledger, [9n]));
  await network.untilHeight(5);
  expect((await journaled(node.files)).has(4n)).toBe(true);
  network.assertOneChain();
});

test("a node whose peers know votes that its journal does not keeps silent in that slot", async () => {
  const network = await Network.start();
  const node = network.node(3);
  await network.kill(3);
  // Before its disk was put back, it had said this about slot 1.
  const value = txHashValue(txHash(spend(network.node(0).ledger, [7n])));
  const { quorumSet } = network.optionsOf(3);
  const topic: Topic = { kind: "commit", commit: { b: { n: 1, x: valueList([value]) }, pn: 1, cn: 1, hn: 1 } };
  const previousBlockId = network.node(0).ledger.block(0n)?.id;
  if (previousBlockId === undefined) throw new Error("There is an origin block.");
  const said = signMessage({ sender: node.id, slotIndex: 1n, quorumSet, topic }, previousBlockId, node.key);
  const payload = encodeConsensusMessage(said);
  const messageAbout = network.node(0).replica.peer.getSlotMsg;
  Object.assign(network.node(0).replica.peer, {
    getSlotMsg: async (request: Parameters<typeof messageAbout>[0]) =>
      request.slotIndex === 1n && request.senderKey.length > 0
        ? { $typeName: "consensus_peer.GetLatestMsgResponse" as const, payload }
        : messageAbout(request),
  });
  await network.restart(3);
  await network.clock.until(() => node.replica.status().state === "silent");
  await network.propose(1, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2);
  expect((await journaled(node.files)).has(1n)).toBe(false);
  network.assertOneChain();
});

test("a node restored from an old copy of its disk catches up", async () => {
  const network = await Network.start();
  const old = new Map(network.node(3).files.files);
  network.isolate(3, true);
  for (let i = 0; i < 14; i++) {
    await network.propose(0, spend(network.node(0).ledger, [BigInt(i)]));
    await network.clock.until(() => network.node(0).ledger.numBlocks() === BigInt(i + 2));
  }
  await network.kill(3);
  network.node(3).files.files.clear();
  for (const [name, content] of old) network.node(3).files.files.set(name, content);
  network.isolate(3, false);
  await network.restart(3);
  await network.untilHeight(15, 20_000);
  await network.clock.until(() => network.node(3).replica.status().state === "in-sync");
  await network.propose(3, spend(network.node(0).ledger, [20n]));
  await network.untilHeight(16);
  network.assertOneChain();
});
