// What peers may ask.
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError } from "@connectrpc/connect";
import { toHex } from "@fogbow/core-bytes";
import { encodeTxProposeAad, txHashValue } from "@fogbow/core-scp";
import { txHash } from "@fogbow/core-transaction";
import {
  ConsensusMsgResult,
  ConsensusMsgSchema,
  decodeMessage,
  GetTxsRequestSchema,
  MessageSchema,
  SlotMsgRequestSchema,
} from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { startNode } from "../../../../enclaves/consensus/test/test-node.ts";
import { spend } from "../../../../stores/ledger-db/test/economy.ts";
import type { PeerLink } from "../../src/replica/peers/peer-link.ts";
import { getConnections } from "../../src/rpc/peer/get-connections.ts";
import { getLatestMsg } from "../../src/rpc/peer/get-latest-msg.ts";
import { getSlotMsg } from "../../src/rpc/peer/get-slot-msg.ts";
import { getTxs } from "../../src/rpc/peer/get-txs.ts";
import { peerTxPropose } from "../../src/rpc/peer/peer-tx-propose.ts";
import { sendConsensusMsg } from "../../src/rpc/peer/send-consensus-msg.ts";
import { servedNode } from "./served-node.ts";

const ANY = { bytesMax: 16_777_216 };
const codeOf = (answer: Promise<unknown>): Promise<string | undefined> =>
  answer.then(
    () => "ok",
    (error: unknown) => Code[ConnectError.from(error).code],
  );

async function pair() {
  const node = await servedNode();
  const peer = await startNode({ name: "node1", overrides: { verifyPeer: async () => undefined } });
  const origin = { responderId: "node1.test:8443", publicKey: node.served.options.self.publicKey };
  return { ...node, peer, origin, aad: encodeTxProposeAad({ originNode: origin, relayedBy: "node2.test:8443" }) };
}

test("a peer's transactions are opened, checked, proposed and passed on with where they came from", async () => {
  const { served, enclave, peer, aad, proposed, relayed } = await pair();
  const txs = [spend(served.ledger, [0n]), spend(served.ledger, [1n])];
  await peer.accept(served.ledger, ...txs);
  const channelId = await peer.connect(enclave);
  const message = decodeMessage(MessageSchema, await peer.seal(channelId, txs.map(txHash), aad), ANY);
  expect(await peerTxPropose(served)(message)).toMatchObject({ result: 0, blockCount: 1n });
  await new Promise(setImmediate);
  expect(proposed.sort()).toEqual(txs.map((tx) => txHashValue(txHash(tx))).sort());
  expect(relayed).toEqual(Array(2).fill("node1.test:8443 node2.test:8443"));
});

test("a peer's transaction that is not valid is left out without a word", async () => {
  const { served, enclave, peer, aad, proposed } = await pair();
  const good = spend(served.ledger, [0n]);
  const expired = spend(served.ledger, [1n], { tombstoneBlock: 2n });
  await peer.accept(served.ledger, good, expired);
  const channelId = await peer.connect(enclave);
  const message = decodeMessage(MessageSchema, await peer.seal(channelId, [expired, good].map(txHash), aad), ANY);
  Object.assign(served.ledger, { numBlocks: () => 2n });
  await peerTxPropose(served)(message);
  await new Promise(setImmediate);
  expect(proposed).toEqual([txHashValue(txHash(good))]);
});

test("proposals of no channel, or that name no origin, are refused", async () => {
  const { served, enclave, peer, aad } = await pair();
  const tx = spend(served.ledger, [0n]);
  await peer.accept(served.ledger, tx);
  const channelId = await peer.connect(enclave);
  const nameless = decodeMessage(MessageSchema, await peer.seal(channelId, [txHash(tx)], new Uint8Array([1])), ANY);
  expect(await codeOf(peerTxPropose(served)(nameless))).toBe("InvalidArgument");
  const message = decodeMessage(MessageSchema, await peer.seal(channelId, [txHash(tx)], aad), ANY);
  expect(await codeOf(peerTxPropose(served)({ ...message, channelId: new Uint8Array(64) }))).toBe("PermissionDenied");
  expect(await codeOf(peerTxPropose(served)(message))).toBe("ok"); // The nameless one was opened in its turn.
});

test("a peer gets the transactions that it lacks, sealed for its enclave alone", async () => {
  const { served, enclave, peer, session } = await pair();
  const tx = spend(served.ledger, [0n]);
  const context = (await enclave.propose(session, tx)).result.value;
  if (typeof context !== "object") throw new Error("It is taken in.");
  await served.checker.check(context, "x");
  const channelId = await peer.connect(enclave);
  const answer = await getTxs(served)(create(GetTxsRequestSchema, { channelId, txHashes: [txHash(tx)] }));
  if (answer.payload.case !== "success") throw new Error("It is there.");
  const { encodeMessage } = await import("@fogbow/core-wire");
  const taken = await peer.takeFromPeer(encodeMessage(MessageSchema, answer.payload.value));
  expect(taken.map((each) => toHex(each.txHash))).toEqual([toHex(txHash(tx))]);
});

test("a peer is told which transactions are not there, and what it must not ask", async () => {
  const { served } = await pair();
  const ask = (txHashes: Uint8Array[], channelId = new Uint8Array(64)) =>
    getTxs(served)(create(GetTxsRequestSchema, { channelId, txHashes }));
  const unknown = new Uint8Array(32).fill(3);
  expect((await ask([unknown])).payload).toMatchObject({ case: "txHashesNotInCache", value: { txHashes: [unknown] } });
  expect(await codeOf(ask([]))).toBe("InvalidArgument");
  expect(await codeOf(ask([new Uint8Array(31)]))).toBe("InvalidArgument");
  expect(await codeOf(ask(Array(1_001).fill(unknown)))).toBe("InvalidArgument");
});

test("transactions for a channel that is none are refused", async () => {
  const { served, enclave, session } = await pair();
  const tx = spend(served.ledger, [0n]);
  const context = (await enclave.propose(session, tx)).result.value;
  if (typeof context !== "object") throw new Error("It is taken in.");
  await served.checker.check(context, "x");
  const request = create(GetTxsRequestSchema, { channelId: new Uint8Array(64), txHashes: [txHash(tx)] });
  expect(await codeOf(getTxs(served)(request))).toBe("PermissionDenied");
});

test("a message is heard from peers, by the names that the transport knows them by", async () => {
  const heard: string[] = [];
  const link = { config: { responderId: "node1:1" } } as PeerLink;
  const { served } = await servedNode({
    peerNamed: (name) => (name === "node1:1" ? link : undefined),
    hear: (payload) => {
      heard.push(toHex(payload));
      const [first] = payload;
      return first === 1 ? "heard" : first === 2 ? "too-often" : "invalid-signature";
    },
  });
  const send = sendConsensusMsg(served);
  const message = (fromResponderId: string, byte: number) =>
    create(ConsensusMsgSchema, { fromResponderId, payload: new Uint8Array([byte]) });
  expect((await send(message("node1:1", 1))).result).toBe(ConsensusMsgResult.Ok);
  expect((await send(message("node9:1", 1))).result).toBe(ConsensusMsgResult.UnknownPeer);
  expect((await send(message("node1:1", 1), { caller: "node2:1" })).result).toBe(ConsensusMsgResult.UnknownPeer);
  expect((await send(message("node1:1", 1), { caller: "node1:1" })).result).toBe(ConsensusMsgResult.Ok);
  expect(await codeOf(send(message("node1:1", 2)))).toBe("ResourceExhausted");
  expect(await codeOf(send(message("node1:1", 3)))).toBe("InvalidArgument");
  expect(heard).toEqual(["01", "01", "02", "03"]);
});

test("the latest message, and those about a slot, are given as they were sent", async () => {
  const asked: string[] = [];
  const { served } = await servedNode({
    latest: () => new Uint8Array([7]),
    messageAbout: (slot, sender) => {
      asked.push(`${slot} ${sender}`);
      return slot === 5n ? new Uint8Array([8]) : undefined;
    },
  });
  expect((await getLatestMsg(served)(create(EmptySchema))).payload).toEqual(new Uint8Array([7]));
  expect((await getLatestMsg({ latest: () => undefined })(create(EmptySchema))).payload).toEqual(new Uint8Array());
  const about = async (slotIndex: bigint, senderKey = new Uint8Array()) =>
    (await getSlotMsg(served)(create(SlotMsgRequestSchema, { slotIndex, senderKey }))).payload.length;
  expect([await about(5n), await about(6n), await about(5n, new Uint8Array([0xab]))]).toEqual([1, 0, 1]);
  expect(asked).toEqual(["5 undefined", "6 undefined", "5 ab"]);
  expect((await getConnections(served)(create(EmptySchema))).hearsDirectly).toEqual(["node2.test:8443"]);
});
