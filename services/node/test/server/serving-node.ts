// A node's listeners over handlers of a test's own.
import { Writable } from "node:stream";
import { create } from "@bufbuild/protobuf";
import {
  AuthMessageSchema,
  BlockHeaderSchema,
  BlocksResponseSchema,
  ConnectionsSchema,
  ConsensusMsgResponseSchema,
  ConsensusNodeConfigSchema,
  GetLatestMsgResponseSchema,
  GetTxsResponseSchema,
  LastBlockInfoResponseSchema,
  ProposeMintConfigTxResponseSchema,
  ProposeMintTxResponseSchema,
  ProposeTxResponseSchema,
  TxState,
  TxStatusSchema,
} from "@fogbow/core-wire";
import { createLog, createMetrics, type ServedService, type Server, type ServerOptions, serve } from "@fogbow/server";
import { afterEach } from "vitest";
import type { Call, ClientHandlers, PeerHandlers } from "../../src/index.ts";

const running: Server[] = [];
afterEach(async () => {
  await Promise.all(running.splice(0).map((server) => server.close()));
});

/** Serves on loopback, until the test is over. */
export async function servingNode(
  services: readonly ServedService[],
  options: Partial<ServerOptions> = {},
): Promise<Server> {
  const log = createLog({ name: "test" }, { destination: new Writable({ write: (_, __, done) => done() }) });
  const server = await serve(
    { listen: { host: "127.0.0.1", port: 0 }, services, ...options },
    { log, metrics: createMetrics(), now: Date.now },
  );
  running.push(server);
  return server;
}

/** What was called, in order. */
export interface Heard {
  readonly rpc: string;
  readonly request: object;
  readonly call: Call | undefined;
}

/** Handlers that answer with something that can be told apart, and remember who called. */
export function recordingClient(): { readonly handlers: ClientHandlers; readonly heard: Heard[] } {
  const heard: Heard[] = [];
  const note = (rpc: string, request: object, call: Call | undefined): void => void heard.push({ rpc, request, call });
  const handlers: ClientHandlers = {
    auth: async (request, call) => {
      note("auth", request, call);
      return create(AuthMessageSchema, { data: Uint8Array.of(1) });
    },
    clientTxPropose: async (request, call) => {
      note("clientTxPropose", request, call);
      return create(ProposeTxResponseSchema, { blockCount: 2n });
    },
    proposeMintConfigTx: async (request, call) => {
      note("proposeMintConfigTx", request, call);
      return create(ProposeMintConfigTxResponseSchema, { blockCount: 3n });
    },
    proposeMintTx: async (request, call) => {
      note("proposeMintTx", request, call);
      return create(ProposeMintTxResponseSchema, { blockCount: 4n });
    },
    getNodeConfig: async (request, call) => {
      note("getNodeConfig", request, call);
      return create(ConsensusNodeConfigSchema, { blockVersion: 3 });
    },
    getLastBlockInfo: async (request, call) => {
      note("getLastBlockInfo", request, call);
      return create(LastBlockInfoResponseSchema, { index: 5n });
    },
    getBlocks: async (request, call) => {
      note("getBlocks", request, call);
      return create(BlocksResponseSchema, { blocks: [{ index: 6n }] });
    },
    watchTx: async function* (request, call) {
      note("watchTx", request, call);
      yield create(TxStatusSchema, { state: TxState.PENDING });
      yield create(TxStatusSchema, { state: TxState.EXTERNALIZED, blockIndex: 7n });
    },
    watchBlocks: async function* (request, call) {
      note("watchBlocks", request, call);
      yield create(BlockHeaderSchema, { header: { index: 8n } });
    },
  };
  return { handlers, heard };
}

/** The same for peers. */
export function recordingPeer(): { readonly handlers: PeerHandlers; readonly heard: Heard[] } {
  const { handlers: client, heard } = recordingClient();
  const note = (rpc: string, request: object, call: Call | undefined): void => void heard.push({ rpc, request, call });
  const handlers: PeerHandlers = {
    auth: client.auth,
    getLastBlockInfo: client.getLastBlockInfo,
    getBlocks: client.getBlocks,
    watchBlocks: client.watchBlocks,
    peerTxPropose: async (request, call) => {
      note("peerTxPropose", request, call);
      return create(ProposeTxResponseSchema, { blockCount: 9n });
    },
    sendConsensusMsg: async (request, call) => {
      note("sendConsensusMsg", request, call);
      return create(ConsensusMsgResponseSchema, {});
    },
    getLatestMsg: async (request, call) => {
      note("getLatestMsg", request, call);
      return create(GetLatestMsgResponseSchema, { payload: Uint8Array.of(10) });
    },
    getTxs: async (request, call) => {
      note("getTxs", request, call);
      return create(GetTxsResponseSchema, { payload: { case: "txHashesNotInCache", value: { txHashes: [] } } });
    },
    getConnections: async (request, call) => {
      note("getConnections", request, call);
      return create(ConnectionsSchema, { hearsDirectly: ["a:1"] });
    },
    getSlotMsg: async (request, call) => {
      note("getSlotMsg", request, call);
      return create(GetLatestMsgResponseSchema, { payload: Uint8Array.of(11) });
    },
  };
  return { handlers, heard };
}
