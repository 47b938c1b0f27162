// What a router answers to clients, all on one port, and to its operator (spec 03 §5.1).

import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  FogBlockAPI,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  FogUntrustedTxOutApi,
  LedgerAPI,
  type LedgerRequest,
  type LedgerResponse,
  LedgerResponseSchema,
  LedgerRouterAdminAPI,
  type Message,
  OutputLookupAPI,
} from "@fogbow/core-wire";
import type { BlockProvider } from "@fogbow/ledger-db";
import { type Log, type ServedService, ServerError, serveService } from "@fogbow/server";
import type { LedgerDoor } from "../enclave/ledger-door.ts";
import { LedgerServiceError } from "../error.ts";
import { orEnclaveError } from "../rpc/enclave-error.ts";
import { ROUTER_LIMITS } from "../rpc/ledger-rpc-limits.ts";
import { checkKeyImages } from "./check-key-images.ts";
import { getBlocks } from "./get-blocks.ts";
import { getTxOuts } from "./get-tx-outs.ts";
import type { Shards } from "./shards.ts";

/** What answering uses. */
export interface RouterServiceParts {
  readonly door: LedgerDoor;
  readonly shards: Shards;
  readonly blocks: BlockProvider;
  readonly log: Log;
  readonly tries: number;
  /** Whether the enclave has all outputs. */
  readonly isLoaded: () => boolean;
}

/** The services for clients. */
export function routerServices(parts: RouterServiceParts): readonly ServedService[] {
  const { door, blocks } = parts;
  const auth: (request: Parameters<LedgerDoor["clientAuth"]>[0]) => ReturnType<LedgerDoor["clientAuth"]> = (request) =>
    orEnclaveError(door.clientAuth(request));
  return [
    serveService(LedgerAPI, ROUTER_LIMITS.ledger, {
      request: (requests, { signal }) => answerStream(requests, parts, signal),
    }),
    serveService(FogKeyImageAPI, ROUTER_LIMITS.keyImages, {
      auth,
      checkKeyImages: (request, { signal }) => checkKeyImages(request, parts, signal),
    }),
    serveService(FogMerkleProofAPI, ROUTER_LIMITS.proofs, {
      auth,
      getOutputs: (request) => whenLoaded(parts, () => door.getOutputs(request)),
    }),
    serveService(OutputLookupAPI, ROUTER_LIMITS.lookup, {
      auth,
      lookupOutputs: (request) => whenLoaded(parts, () => door.lookUpOutputs(request)),
    }),
    serveService(FogBlockAPI, ROUTER_LIMITS.blocks, { getBlocks: (request) => getBlocks(request, blocks) }),
    serveService(FogUntrustedTxOutApi, ROUTER_LIMITS.txOuts, { getTxOuts: (request) => getTxOuts(request, blocks) }),
  ];
}

/** The service for the operator. */
export function routerAdminService({ shards, log }: Pick<RouterServiceParts, "shards" | "log">): ServedService {
  return serveService(LedgerRouterAdminAPI, ROUTER_LIMITS.admin, {
    addShard: ({ shardUri }) => {
      try {
        shards.add(shardUri);
      } catch (error) {
        throw shardError(error);
      }
      log.info("a shard was added");
      return {};
    },
  });
}

async function* answerStream(
  requests: AsyncIterable<LedgerRequest>,
  parts: RouterServiceParts,
  signal: AbortSignal,
): AsyncIterable<LedgerResponse> {
  for await (const { requestData } of requests) {
    if (requestData.case === "auth") {
      const value = await orEnclaveError(parts.door.clientAuth(requestData.value));
      yield create(LedgerResponseSchema, { responseData: { case: "auth", value } });
    } else if (requestData.case === "checkKeyImages") {
      const value = await checkKeyImages(requestData.value, parts, signal);
      yield create(LedgerResponseSchema, { responseData: { case: "checkKeyImageResponse", value } });
    } else {
      throw new ConnectError("A request is a handshake or a question.", Code.InvalidArgument);
    }
  }
}

/** Before all outputs are there nothing is answered: an absent output would look like one that does not exist. */
function whenLoaded({ isLoaded }: RouterServiceParts, answer: () => Promise<Message>): Promise<Message> {
  if (!isLoaded()) throw new ConnectError("The outputs are being loaded; try again later.", Code.Unavailable);
  return orEnclaveError(answer());
}

function shardError(error: unknown): unknown {
  if (error instanceof ServerError) return new ConnectError(error.message, Code.InvalidArgument);
  if (!(error instanceof LedgerServiceError)) return error;
  const isWrong = error.code === "invalid-sharding-strategy";
  return new ConnectError(error.message, isWrong ? Code.InvalidArgument : Code.FailedPrecondition);
}
