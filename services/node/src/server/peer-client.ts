// Peers as they are called: one HTTP/2 connection for each, kept alive, and made anew when it breaks.
import { createClient, type Interceptor } from "@connectrpc/connect";
import { createGrpcTransport } from "@connectrpc/connect-node";
import { AttestedApi, BlockchainAPI, ConsensusPeerAPI, PeerAPI } from "@fogbow/core-wire";
import { SteadySession } from "@fogbow/server";
import { baseUrlOf, type NodeUri } from "../config/node-uri.ts";
import { tlsOptionsOf } from "../config/uri-tls.ts";
import type { PeerRpc } from "../rpc/peer-rpc.ts";
import { Conversation } from "./conversation.ts";
import { PEER_ANSWER_BYTES_MAX, PEER_CALL_MS_MAX } from "./limits.ts";

/** A peer that can be called until it is closed. */
export interface PeerClient extends PeerRpc {
  /** Cuts the connection and the calls in progress. */
  readonly close: () => void;
}

const PING_MS = 10_000;
const PING_ANSWER_MS = 5_000;
const IDLE_MS = 600_000;

/**
 * A peer at a URI; nothing is opened before the first call. Every call names the chain, and ends after 10 s unless its caller
 * says otherwise. Throws ConfigError `file-unreadable` for certificates that cannot be read.
 */
export function peerClient(uri: NodeUri, chainId: string): PeerClient {
  const baseUrl = baseUrlOf(uri);
  const keepAlive = { pingIntervalMs: PING_MS, pingTimeoutMs: PING_ANSWER_MS, idleConnectionTimeoutMs: IDLE_MS };
  const sessionManager = new SteadySession(baseUrl, keepAlive, tlsOptionsOf(uri));
  const transport = createGrpcTransport({
    baseUrl,
    sessionManager,
    acceptCompression: [],
    readMaxBytes: PEER_ANSWER_BYTES_MAX,
    defaultTimeoutMs: PEER_CALL_MS_MAX,
    interceptors: [withChainId(chainId)],
  });
  const attested = createClient(AttestedApi, transport);
  const consensus = createClient(ConsensusPeerAPI, transport);
  const blockchain = createClient(BlockchainAPI, transport);
  const peer = createClient(PeerAPI, transport);
  const conversation = new Conversation(peer, () => performance.now());
  return {
    auth: (request, options) => attested.auth(request, options),
    peerTxPropose: async (request, options) =>
      (await conversation.ask("peerTxPropose", request, options)) ?? consensus.peerTxPropose(request, options),
    sendConsensusMsg: async (request, options) =>
      (await conversation.ask("sendConsensusMsg", request, options)) ?? consensus.sendConsensusMsg(request, options),
    getLatestMsg: (request, options) => consensus.getLatestMsg(request, options),
    getTxs: (request, options) => consensus.getTxs(request, options),
    getLastBlockInfo: (request, options) => blockchain.getLastBlockInfo(request, options),
    getBlocks: (request, options) => blockchain.getBlocks(request, options),
    getConnections: async (request, options) =>
      (await conversation.ask("getConnections", request, options)) ?? peer.getConnections(request, options),
    getSlotMsg: (request, options) => peer.getSlotMsg(request, options),
    close: () => {
      conversation.close();
      sessionManager.abort();
    },
  };
}

function withChainId(chainId: string): Interceptor {
  return (next) => (request) => {
    request.header.set("chain-id", chainId);
    return next(request);
  };
}
