// What a node serves to peers (spec 05 §2.8).
//
// Who calls is not known to the transport: the handshake between enclaves proves that the other end is one of the same code
// and configuration, and not which of them; certificates of clients are not asked for. So a deliverer is who it says that it
// is. That decides whom missing transactions are asked of, and nothing else: what was said is signed by who said it, its
// rate is limited by signer, and transactions travel between enclaves.
import type { HandlerContext } from "@connectrpc/connect";
import { AttestedApi, BlockchainAPI, ConsensusPeerAPI, PeerAPI, WatchAPI } from "@fogbow/core-wire";
import { callerOf, type ServedService, serveService } from "@fogbow/server";
import type { Call, PeerHandlers } from "../rpc/handlers.ts";
import { converse } from "./converse.ts";
import { PEER_LIMITS } from "./node-rpc-limits.ts";

/** The services of the peer listener. Transactions are watched where clients are: `WatchTx` is not offered. */
export function peerServices(handlers: PeerHandlers): readonly ServedService[] {
  const { attested, consensus, blockchain, watch, peer } = PEER_LIMITS;
  return [
    serveService(AttestedApi, attested, { auth: (request, context) => handlers.auth(request, callOf(context)) }),
    serveService(ConsensusPeerAPI, consensus, {
      peerTxPropose: (request, context) => handlers.peerTxPropose(request, callOf(context)),
      sendConsensusMsg: (request, context) => handlers.sendConsensusMsg(request, callOf(context)),
      getLatestMsg: (request, context) => handlers.getLatestMsg(request, callOf(context)),
      getTxs: (request, context) => handlers.getTxs(request, callOf(context)),
    }),
    serveService(BlockchainAPI, blockchain, {
      getLastBlockInfo: (request, context) => handlers.getLastBlockInfo(request, callOf(context)),
      getBlocks: (request, context) => handlers.getBlocks(request, callOf(context)),
    }),
    serveService(WatchAPI, watch, {
      watchBlocks: (request, context) =>
        handlers.watchBlocks(request, { signal: context.signal, caller: callerOf(context) }),
    }),
    serveService(PeerAPI, peer, {
      converse: (questions, context) => converse(questions, handlers, callOf(context)),
      getConnections: (request, context) => handlers.getConnections(request, callOf(context)),
      getSlotMsg: (request, context) => handlers.getSlotMsg(request, callOf(context)),
    }),
  ];
}

const callOf = ({ signal }: HandlerContext): Call => ({ signal });
