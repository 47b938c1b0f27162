// Questions that nodes ask each other all the time, on one stream.
import { setMaxListeners } from "node:events";
import { create } from "@bufbuild/protobuf";
import { EmptySchema } from "@bufbuild/protobuf/wkt";
import { Code, ConnectError, createClient } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import {
  ConnectionsSchema,
  type ConsensusMsg,
  ConsensusMsgResponseSchema,
  ConsensusMsgSchema,
  MessageSchema,
  PeerAPI,
  type PeerQuestion,
  PeerQuestionSchema,
} from "@fogbow/core-wire";
import { afterEach, expect, test } from "vitest";
import { parseNodeUri } from "../../src/index.ts";
import type { PeerHandlers } from "../../src/rpc/handlers.ts";
import { Conversation } from "../../src/server/conversation.ts";
import { converse } from "../../src/server/converse.ts";
import { QUESTIONS_MAX } from "../../src/server/limits.ts";
import { PEER_LIMITS } from "../../src/server/node-rpc-limits.ts";
import { type PeerClient, peerClient } from "../../src/server/peer-client.ts";
import { peerServices } from "../../src/server/peer-services.ts";
import { recordingPeer, servingNode } from "./serving-node.ts";

const peers: PeerClient[] = [];
afterEach(() => {
  for (const peer of peers.splice(0)) peer.close();
});

const callPeer = (port: number): PeerClient => {
  const uri = parseNodeUri(`insecure-mcp://127.0.0.1:${port}/`, "peer", { file: "test", field: "" });
  const peer = peerClient(uri, "local");
  peers.push(peer);
  return peer;
};
const serving = async (change: Partial<PeerHandlers>): Promise<{ peer: PeerClient; heard: { rpc: string }[] }> => {
  const { handlers, heard } = recordingPeer();
  const { port } = await servingNode(peerServices({ ...handlers, ...change }), { chainId: "local", streamsMax: 64 });
  return { peer: callPeer(port), heard };
};
const said = (payload: Uint8Array): ConsensusMsg => create(ConsensusMsgSchema, { fromResponderId: "a:1", payload });
const codeOf = (promise: Promise<unknown>): Promise<Code | undefined> =>
  promise.then(
    () => undefined,
    (error: unknown) => ConnectError.from(error).code,
  );

test("questions are heard in their order, and each gets its own answer, whichever is done first", async () => {
  const order: number[] = [];
  let release: () => void = () => undefined;
  const first = new Promise<void>((resolve) => (release = resolve));
  const { peer } = await serving({
    sendConsensusMsg: async ({ payload }) => {
      const n = payload[0] as number;
      order.push(n);
      if (n === 0) await first;
      if (n === 3) throw new ConnectError("The sender says too much.", Code.ResourceExhausted);
      return create(ConsensusMsgResponseSchema, { result: n === 2 ? 10 : 0 });
    },
  });
  const answers = [0, 1, 2, 3].map((n) => peer.sendConsensusMsg(said(Uint8Array.of(n))));
  expect(await codeOf(answers[3] as Promise<unknown>)).toBe(Code.ResourceExhausted);
  await expect(answers[3]).rejects.toThrow("The sender says too much.");
  expect((await answers[2])?.result).toBe(10);
  expect((await answers[1])?.result).toBe(0);
  expect((await peer.getConnections(create(EmptySchema))).hearsDirectly).toEqual(["a:1"]);
  release();
  expect((await answers[0])?.result).toBe(0);
  expect(order).toEqual([0, 1, 2, 3]);
});

test("whoever does not wait any longer disturbs nobody else", async () => {
  const { peer } = await serving({ peerTxPropose: () => new Promise(() => undefined) });
  expect(await codeOf(peer.peerTxPropose(create(MessageSchema), { timeoutMs: 30 }))).toBe(Code.DeadlineExceeded);
  const leaving = new AbortController();
  const left = codeOf(peer.peerTxPropose(create(MessageSchema), { signal: leaving.signal }));
  leaving.abort();
  expect(await left).toBe(Code.Canceled);
  expect(await codeOf(peer.peerTxPropose(create(MessageSchema), { signal: leaving.signal }))).toBe(Code.Canceled);
  expect((await peer.sendConsensusMsg(said(Uint8Array.of(1)))).result).toBe(0);
});

test("a handler's mistake ends the stream, and the next question opens another", async () => {
  let isBroken = true;
  const { peer } = await serving({
    getConnections: async () => {
      if (isBroken) throw new Error("a mistake");
      return create(ConnectionsSchema, {});
    },
  });
  expect(await codeOf(peer.getConnections(create(EmptySchema)))).toBe(Code.Internal);
  isBroken = false;
  expect(await codeOf(peer.getConnections(create(EmptySchema)))).toBeUndefined();
});

test("a peer that stops leaves nobody waiting, and is talked to again when it is back", async () => {
  const { handlers } = recordingPeer();
  const stopped = { ...handlers, getConnections: (): Promise<never> => new Promise(() => undefined) };
  const first = await servingNode(peerServices(stopped), { chainId: "local" });
  const { port } = first;
  const peer = callPeer(port);
  const waiting = codeOf(peer.getConnections(create(EmptySchema)));
  expect((await peer.sendConsensusMsg(said(Uint8Array.of(1)))).result).toBe(0);
  await first.close();
  expect(await waiting).toBe(Code.Unavailable);
  await servingNode(peerServices(handlers), { chainId: "local", listen: { host: "127.0.0.1", port } });
  expect((await peer.sendConsensusMsg(said(Uint8Array.of(1)))).result).toBe(0);
});

test("peers that offer no conversations are called by RPC, and not asked for one each time", async () => {
  const { handlers, heard } = recordingPeer();
  const services = peerServices(handlers).filter(({ service }) => service.typeName !== PeerAPI.typeName);
  const { port } = await servingNode(services, { chainId: "local" });
  const peer = callPeer(port);
  for (let i = 0; i < 3; i++) expect((await peer.sendConsensusMsg(said(Uint8Array.of(i)))).result).toBe(0);
  expect((await peer.peerTxPropose(create(MessageSchema))).blockCount).toBe(9n);
  expect(await codeOf(peer.getConnections(create(EmptySchema)))).toBe(Code.Unimplemented);
  expect(heard.map(({ rpc }) => rpc)).toEqual([...Array(3).fill("sendConsensusMsg"), "peerTxPropose"]);
  let [now, streams] = [0, 0];
  const refusing = {
    converse: () => {
      streams++;
      const next = (): Promise<never> => Promise.reject(new ConnectError("Not offered.", Code.Unimplemented));
      return { [Symbol.asyncIterator]: () => ({ next }) };
    },
  };
  const conversation = new Conversation(refusing as ConstructorParameters<typeof Conversation>[0], () => now);
  for (now of [0, 1, 59_999]) expect(await conversation.ask("getConnections", create(EmptySchema))).toBeUndefined();
  expect(streams).toBe(1);
  now = 60_000;
  expect(await conversation.ask("getConnections", create(EmptySchema))).toBeUndefined();
  expect(streams).toBe(2);
});

test("a node that has no room for conversations is called by RPC", async () => {
  const { handlers } = recordingPeer();
  const { port } = await servingNode(peerServices(handlers), { chainId: "local", streamsMax: 1_000 });
  const greedy = createClient(PeerAPI, createGrpcTransport({ baseUrl: `http://127.0.0.1:${port}` }));
  const leaving = new AbortController();
  setMaxListeners(0, leaving.signal);
  async function* hello(): AsyncGenerator<{ readonly id: bigint }> {
    yield { id: 1n };
    await new Promise((resolve) => leaving.signal.addEventListener("abort", resolve));
  }
  const taken = Array.from({ length: PEER_LIMITS.peer.converse.concurrencyMax }, () =>
    greedy
      .converse(hello(), { signal: leaving.signal, headers: { "chain-id": "local" } })
      [Symbol.asyncIterator]()
      .next(),
  );
  await Promise.all(taken);
  const peer = callPeer(port);
  expect((await peer.sendConsensusMsg(said(Uint8Array.of(1)))).result).toBe(0);
  expect((await peer.sendConsensusMsg(said(Uint8Array.of(2)))).result).toBe(0);
  leaving.abort();
});

test("no more questions are read than a node has in hand", async () => {
  const { handlers } = recordingPeer();
  const releases: (() => void)[] = [];
  const busy = {
    ...handlers,
    getConnections: () =>
      new Promise<never>((_, reject) => releases.push(() => reject(new ConnectError("Not now.", Code.Unavailable)))),
  };
  let read = 0;
  async function* endless(): AsyncGenerator<PeerQuestion> {
    for (let id = 0n; ; id++, read++) {
      yield create(PeerQuestionSchema, { id, question: { case: "getConnections", value: create(EmptySchema) } });
    }
  }
  const answers = converse(endless(), busy, {});
  const first = answers.next();
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(read).toBe(QUESTIONS_MAX - 1); // The last one is read, and no further is asked for.
  releases[0]?.();
  expect((await first).value).toMatchObject({ id: 0n, code: Code.Unavailable, message: "Not now." });
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(read).toBe(QUESTIONS_MAX);
});

test("a question of a kind that is not known is answered so", async () => {
  async function* strange(): AsyncGenerator<PeerQuestion> {
    yield create(PeerQuestionSchema, { id: 7n });
  }
  const answers = converse(strange(), recordingPeer().handlers, {});
  expect((await answers.next()).value).toMatchObject({ id: 7n, code: Code.Unimplemented });
  expect((await answers.next()).done).toBe(true);
});
