// What a router serves: to clients one of two services, by the scheme of the URI it listens at, and to its operator the list of shards.

import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  FogViewAPI,
  FogViewRouterAdminAPI,
  FogViewRouterAPI,
  type FogViewRouterRequest,
  type FogViewRouterResponseSchema,
} from "@fogbow/core-wire";
import { type ServedService, ServerError, serveService } from "@fogbow/server";
import { FogViewError } from "../error.ts";
import { FOG_VIEW_LIMITS } from "../rpc-limits.ts";
import type { Shards } from "./shards.ts";
import type { ViewRouter } from "./view-router.ts";

/** One call for a query. */
export function unaryService(router: ViewRouter): ServedService {
  return serveService(FogViewAPI, FOG_VIEW_LIMITS.unary, {
    auth: (request) => router.auth(request),
    query: (request) => router.query(request),
  });
}

/** One stream for a session; an error ends it. */
export function streamingService(router: ViewRouter): ServedService {
  return serveService(FogViewRouterAPI, FOG_VIEW_LIMITS.streaming, {
    request: async function* (requests) {
      for await (const request of requests) yield await answer(request, router);
    },
  });
}

async function answer(
  { requestData }: FogViewRouterRequest,
  router: ViewRouter,
): Promise<MessageInitShape<typeof FogViewRouterResponseSchema>> {
  switch (requestData.case) {
    case "auth":
      return { responseData: { case: "auth", value: await router.auth(requestData.value) } };
    case "query":
      return { responseData: { case: "query", value: await router.query(requestData.value) } };
    default:
      throw new ConnectError("A request is a handshake or a query.", Code.InvalidArgument);
  }
}

/** What an operator tells a router. */
export function routerAdminService(shards: Shards): ServedService {
  return serveService(FogViewRouterAdminAPI, FOG_VIEW_LIMITS.admin, {
    addShard: ({ shardUri }) => {
      try {
        shards.add(shardUri);
        return {};
      } catch (error) {
        if (error instanceof ServerError || error instanceof FogViewError) {
          const isWrong = error.code === "invalid-uri" || error.code === "invalid-sharding-strategy";
          throw new ConnectError(error.message, isWrong ? Code.InvalidArgument : Code.FailedPrecondition);
        }
        throw error;
      }
    },
  });
}
