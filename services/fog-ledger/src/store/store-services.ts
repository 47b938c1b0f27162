// What a key-image store answers to routers (spec 03 §5.3).
import { create } from "@bufbuild/protobuf";
import { BLOCK_VERSION_MAX } from "@fogbow/core-transaction";
import {
  KeyImageStoreAPI,
  type MultiKeyImageStoreRequest,
  type MultiKeyImageStoreResponse,
  MultiKeyImageStoreResponseSchema,
  MultiKeyImageStoreResponseStatus as Status,
} from "@fogbow/core-wire";
import type { BlockProvider } from "@fogbow/ledger-db";
import { type Log, type ServedService, serveService } from "@fogbow/server";
import type { LedgerDoor, StoreStateInit } from "../enclave/ledger-door.ts";
import { enclaveError, orEnclaveError, refusalOf } from "../rpc/enclave-error.ts";
import { STORE_LIMITS } from "../rpc/ledger-rpc-limits.ts";
import type { BlockRange } from "../sharding-strategy.ts";
import type { KeyImageLoader } from "./load-key-images.ts";

/** What answering uses. */
export interface StoreServiceParts {
  readonly storeUri: string;
  readonly range: BlockRange;
  readonly door: Pick<LedgerDoor, "storeAuth" | "answerKeyImages">;
  readonly loader: Pick<KeyImageLoader, "isReady" | "next">;
  readonly blocks: Pick<BlockProvider, "latestBlock">;
  readonly log: Log;
}

/** The service of a store. */
export function storeService(parts: StoreServiceParts): ServedService {
  return serveService(KeyImageStoreAPI, STORE_LIMITS, {
    auth: (request) => orEnclaveError(parts.door.storeAuth(request)),
    multiKeyImageStoreQuery: (request) => answerRouter(request, parts),
  });
}

async function answerRouter(
  { queries }: MultiKeyImageStoreRequest,
  { storeUri, range, door, loader, blocks, log }: StoreServiceParts,
): Promise<MultiKeyImageStoreResponse> {
  const respond = (status: Status): MultiKeyImageStoreResponse =>
    create(MultiKeyImageStoreResponseSchema, { storeUri, status });
  if (!loader.isReady) return respond(Status.NOT_READY);
  try {
    const queryResponse = await door.answerKeyImages(queries, stateOf(range, loader.next, blocks));
    return create(MultiKeyImageStoreResponseSchema, { queryResponse, storeUri, status: Status.SUCCESS });
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw enclaveError(error);
    if (NOT_FOR_US.has(refusal)) return respond(Status.AUTHENTICATION_ERROR);
    log.warn("a router's question was refused", { refusal });
    return respond(refusal === "malformed-request" ? Status.INVALID_ARGUMENT : Status.UNKNOWN);
  }
}

/** What the enclave says when no message of a question was for a session of its own. */
const NOT_FOR_US: ReadonlySet<string> = new Set([
  "unknown-channel",
  "message-not-decrypted",
  "message-too-short",
  "nonce-seen",
  "nonce-below-window",
  "rekey-needed",
  "session-closed",
]);

function stateOf({ start }: BlockRange, next: bigint, blocks: Pick<BlockProvider, "latestBlock">): StoreStateInit {
  const latest = blocks.latestBlock();
  const latestBlockVersion = latest?.version ?? 0;
  return {
    rangeStart: start,
    rangeEnd: next,
    globalTxoCount: latest?.cumulativeTxoCount ?? 0n,
    latestBlockVersion,
    maxBlockVersion: Math.max(latestBlockVersion, BLOCK_VERSION_MAX),
  };
}
