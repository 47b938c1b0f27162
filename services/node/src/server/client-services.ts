// What a node serves to clients (spec 05 §2.8): RPCs of MobileCoin's nodes, and streams in place of polling.
import type { HandlerContext } from "@connectrpc/connect";
import { AttestedApi, BlockchainAPI, ConsensusClientAPI, WatchAPI } from "@fogbow/core-wire";
import { callerOf, type ServedService, serveService } from "@fogbow/server";
import type { Call, ClientHandlers } from "../rpc/handlers.ts";
import { CLIENT_LIMITS } from "./node-rpc-limits.ts";

/** The services of the client listener of a node; or of several, of which `handlersOf` says which one is asked. */
export function clientServices(handlersOf: (context: HandlerContext) => ClientHandlers): readonly ServedService[] {
  const { attested, consensus, blockchain, watch } = CLIENT_LIMITS;
  return [
    serveService(AttestedApi, attested, {
      auth: (request, context) => handlersOf(context).auth(request, callOf(context)),
    }),
    serveService(ConsensusClientAPI, consensus, {
      clientTxPropose: (request, context) => handlersOf(context).clientTxPropose(request, callOf(context)),
      proposeMintConfigTx: (request, context) => handlersOf(context).proposeMintConfigTx(request, callOf(context)),
      proposeMintTx: (request, context) => handlersOf(context).proposeMintTx(request, callOf(context)),
      getNodeConfig: (request, context) => handlersOf(context).getNodeConfig(request, callOf(context)),
    }),
    serveService(BlockchainAPI, blockchain, {
      getLastBlockInfo: (request, context) => handlersOf(context).getLastBlockInfo(request, callOf(context)),
      getBlocks: (request, context) => handlersOf(context).getBlocks(request, callOf(context)),
    }),
    serveService(WatchAPI, watch, {
      watchTx: (request, context) => handlersOf(context).watchTx(request, callOf(context)),
      watchBlocks: (request, context) => handlersOf(context).watchBlocks(request, callOf(context)),
    }),
  ];
}

/** A client is whoever calls from one address. */
function callOf(context: HandlerContext): Call {
  return { signal: context.signal, caller: callerOf(context) };
}
