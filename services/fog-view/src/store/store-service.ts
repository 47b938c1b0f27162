// What a store serves to routers.
import { Code } from "@connectrpc/connect";
import { FogViewStoreAPI } from "@fogbow/core-wire";
import { type Log, type ServedService, serveService } from "@fogbow/server";
import type { ViewDoor } from "../enclave/view-door.ts";
import { FOG_VIEW_LIMITS } from "../rpc-limits.ts";
import { told } from "../told.ts";
import { type AnswerParts, answerQuery } from "./answer-query.ts";

/** The service of a store. */
export function storeService(
  door: Pick<ViewDoor, "routerAuth">,
  parts: AnswerParts,
  { log }: { readonly log: Log },
): ServedService {
  return serveService(FogViewStoreAPI, FOG_VIEW_LIMITS.store, {
    auth: (request) => told(() => door.routerAuth(request), Code.PermissionDenied),
    multiViewStoreQuery: (request) =>
      told(() => answerQuery(request, parts), Code.Internal).catch((error: unknown) => {
        log.warn("a query could not be answered", { error });
        throw error;
      }),
  });
}
