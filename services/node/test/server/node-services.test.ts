// A node's listeners: every RPC reaches its handler, within its bounds; and peers as they are called.
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient, type Transport } from "@connectrpc/connect";
import { createGrpcTransport, createGrpcWebTransport } from "@connectrpc/connect-node";
import {
  AttestedApi,
  AuthMessageSchema,
  BlockchainAPI,
  BlocksRequestSchema,
  ConsensusClientAPI,
  ConsensusMsgSchema,
  ConsensusPeerAPI,
  GetTxsRequestSchema,
  MessageSchema,
  PeerAPI,
  SlotMsgRequestSchema,
  StatusAPI,
  TxState,
  WatchAPI,
} from "@fogbow/core-wire";
import { describe, expect, test } from "vitest";
import { type NodeStatus, parseNodeUri } from "../../src/index.ts";
import { clientServices } from "../../src/server/client-services.ts";
import { type PeerClient, peerClient } from "../../src/server/peer-client.ts";
import { peerServices } from "../../src/server/peer-services.ts";
import { statusService } from "../../src/server/status-service.ts";
import { recordingClient, recordingPeer, servingNode } from "./serving-node.ts";

const grpc = (port: number): Transport => createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` });
const codeOf = (promise: Promise<unknown>): Promise<Code | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );
const collect = async <Item>(items: AsyncIterable<Item>): Promise<Item[]> => {
  const all: Item[] = [];
  for await (const item of items) all.push(item);
  return all;
};

describe("clients", () => {
  test("reach every handler, and are told apart", async () => {
    const { handlers, heard } = recordingClient();
    const { port } = await servingNode(clientServices(() => handlers));
    const transport = grpc(port);
    const [attested, consensus] = [createClient(AttestedApi, transport), createClient(ConsensusClientAPI, transport)];
    const [blockchain, watch] = [createClient(BlockchainAPI, transport), createClient(WatchAPI, transport)];
    expect((await attested.auth({})).data).toEqual(Uint8Array.of(1));
    expect((await consensus.clientTxPropose({ data: Uint8Array.of(5) })).blockCount).toBe(2n);
    expect((await consensus.proposeMintConfigTx({})).blockCount).toBe(3n);
    expect((await consensus.proposeMintTx({})).blockCount).toBe(4n);
    expect((await consensus.getNodeConfig({})).blockVersion).toBe(3);
    expect((await blockchain.getLastBlockInfo({})).index).toBe(5n);
    expect((await blockchain.getBlocks({ limit: 1 })).blocks[0]?.index).toBe(6n);
    const states = await collect(watch.watchTx({ txHash: new Uint8Array(32) }));
    expect(states.map(({ state }) => state)).toEqual([TxState.PENDING, TxState.EXTERNALIZED]);
    expect((await collect(watch.watchBlocks({})))[0]?.header?.index).toBe(8n);
    expect(heard).toHaveLength(9);
    const callers = new Set(heard.map(({ call }) => call?.caller));
    expect([...callers]).toEqual([expect.stringMatching(/^connection \d+$/)]);
    expect(heard.every(({ call }) => call?.signal !== undefined)).toBe(true);
    expect(await codeOf(createClient(ConsensusPeerAPI, transport).getLatestMsg({}))).toBe(Code.Unimplemented);
  });

  test("call from a browser too", async () => {
    const { handlers: client } = recordingClient();
    const { port } = await servingNode(clientServices(() => client));
    const transport = createGrpcWebTransport({ baseUrl: `http://127.0.0.1:${port}`, httpVersion: "1.1" });
    expect((await createClient(BlockchainAPI, transport).getLastBlockInfo({})).index).toBe(5n);
    const states = await collect(createClient(WatchAPI, transport).watchTx({ txHash: new Uint8Array(32) }));
    expect(states).toHaveLength(2);
  });

  test("may send 300 KiB and not a byte more", async () => {
    const { handlers: client } = recordingClient();
    const { port } = await servingNode(clientServices(() => client));
    const consensus = createClient(ConsensusClientAPI, grpc(port));
    const overhead = 4; // Tag and length of the only field.
    const largest = new Uint8Array(300 * 1024 - overhead);
    expect(await codeOf(consensus.clientTxPropose({ data: largest }))).toBeUndefined();
    expect(await codeOf(consensus.clientTxPropose({ data: new Uint8Array(largest.length + 1) }))).toBe(
      Code.ResourceExhausted,
    );
  });
});

describe("peers", () => {
  const withPeer = async (
    chainId: string,
    use: (peer: PeerClient, heard: object[]) => Promise<void>,
  ): Promise<void> => {
    const { handlers, heard } = recordingPeer();
    const { port } = await servingNode(peerServices(handlers), { chainId: "local", streamsMax: 64 });
    const uri = parseNodeUri(`insecure-mcp://127.0.0.1:${port}/`, "peer", { file: "test", field: "" });
    const peer = peerClient(uri, chainId);
    try {
      await use(peer, heard);
    } finally {
      peer.close();
    }
  };
  const empty = create(EmptySchema);

  test("reach every handler, without a name that nobody has checked", async () => {
    await withPeer("local", async (peer, heard) => {
      expect((await peer.auth(create(AuthMessageSchema))).data).toEqual(Uint8Array.of(1));
      expect((await peer.peerTxPropose(create(MessageSchema))).blockCount).toBe(9n);
      expect((await peer.sendConsensusMsg(create(ConsensusMsgSchema))).result).toBe(0);
      expect((await peer.getLatestMsg(empty)).payload).toEqual(Uint8Array.of(10));
      expect((await peer.getTxs(create(GetTxsRequestSchema))).payload.case).toBe("txHashesNotInCache");
      expect((await peer.getLastBlockInfo(empty)).index).toBe(5n);
      expect((await peer.getBlocks(create(BlocksRequestSchema))).blocks).toHaveLength(1);
      expect((await peer.getConnections(empty)).hearsDirectly).toEqual(["a:1"]);
      expect((await peer.getSlotMsg(create(SlotMsgRequestSchema))).payload).toEqual(Uint8Array.of(11));
      expect(heard).toHaveLength(9);
      expect(heard).not.toContainEqual(
        expect.objectContaining({ call: expect.objectContaining({ caller: expect.anything() }) }),
      );
    });
  });

  test("watch blocks, and not transactions", async () => {
    const { handlers } = recordingPeer();
    const { port } = await servingNode(peerServices(handlers));
    const watch = createClient(WatchAPI, grpc(port));
    expect(await collect(watch.watchBlocks({}))).toHaveLength(1);
    expect(await codeOf(collect(watch.watchTx({})))).toBe(Code.Unimplemented);
    expect(await codeOf(createClient(ConsensusClientAPI, grpc(port)).getNodeConfig({}))).toBe(Code.Unimplemented);
    expect((await createClient(PeerAPI, grpc(port)).getConnections({})).hearsDirectly).toEqual(["a:1"]);
  });

  test("of another chain are refused", async () => {
    await withPeer("other", async (peer) => {
      expect(await codeOf(peer.getLatestMsg(empty))).toBe(Code.FailedPrecondition);
    });
  });

  test("may say a megabyte and not a byte more", async () => {
    await withPeer("local", async (peer) => {
      const say = (length: number): Promise<Code | undefined> =>
        codeOf(peer.sendConsensusMsg(create(ConsensusMsgSchema, { payload: new Uint8Array(length) })));
      expect(await say(1_048_576 - 4)).toBeUndefined();
      expect(await say(1_048_576 - 3)).toBe(Code.ResourceExhausted);
    });
  });

  test("that are not there are unavailable, and heard when they come", async () => {
    const { handlers } = recordingPeer();
    const first = await servingNode(peerServices(handlers));
    const { port } = first;
    const uri = parseNodeUri(`insecure-mcp://127.0.0.1:${port}/`, "peer", { file: "test", field: "" });
    const peer = peerClient(uri, "local");
    expect(await codeOf(peer.getLatestMsg(empty))).toBeUndefined();
    await first.close();
    expect(await codeOf(peer.getLatestMsg(empty, { timeoutMs: 1_000 }))).toBe(Code.Unavailable);
    await servingNode(peerServices(handlers), { listen: { host: "127.0.0.1", port } });
    expect(await codeOf(peer.getLatestMsg(empty))).toBeUndefined();
    peer.close();
  });
});

describe("operators", () => {
  const owner = { chainId: "local", peerResponderId: "a:1", clientResponderId: "a:2" };

  test("are told everything about a node", async () => {
    const status: NodeStatus = {
      state: "halted",
      halted: { code: "fork", message: "Two blocks." },
      blockCount: 7n,
      networkBlockCount: 8n,
      slot: { index: 7n, phase: "prepare", ballot: 2, ageMs: 12.6, parked: 1 },
      pending: 3,
      unchecked: 4,
      peers: [
        {
          responderId: "b:1",
          heardMsAgo: 1.4,
          blockCount: 8n,
          slot: 8n,
          topic: "nominate",
          hasChannel: true,
          queued: 5,
        },
        {
          responderId: "c:1",
          heardMsAgo: undefined,
          blockCount: undefined,
          slot: undefined,
          topic: undefined,
          hasChannel: false,
          queued: 0,
        },
      ],
      quorum: { silent: ["c:1"], isBlocked: true },
      words: "Halted.",
    };
    const { port } = await servingNode([statusService(owner, () => status)]);
    const answer = await createClient(StatusAPI, grpc(port)).getNodeStatus({});
    expect(answer).toMatchObject({
      ...owner,
      state: "halted",
      haltedCode: "fork",
      haltedMessage: "Two blocks.",
      blockCount: 7n,
      networkBlockCount: 8n,
      slot: { index: 7n, phase: "prepare", ballot: 2, ageMs: 13n, parked: 1 },
      pending: 3,
      unchecked: 4,
      silent: ["c:1"],
      isBlocked: true,
      words: "Halted.",
    });
    expect(answer.peers[0]).toMatchObject({
      responderId: "b:1",
      heardMsAgo: 1n,
      blockCount: 8n,
      hasChannel: true,
      queued: 5,
    });
    expect(answer.peers[1]).toMatchObject({ responderId: "c:1", topic: "", hasChannel: false });
    expect(answer.peers[1]?.heardMsAgo).toBeUndefined();
  });

  test("are told of a node that starts", async () => {
    const { port } = await servingNode([statusService(owner, () => undefined)]);
    expect(await createClient(StatusAPI, grpc(port)).getNodeStatus({})).toMatchObject({ ...owner, state: "starting" });
  });
});
