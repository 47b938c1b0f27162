// A store's answer to a router: what its host knows in public, and the results from its enclave (spec 03 §4.4, §4.7).
import type { MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type BlockRangeSchema,
  type DecommissionedIngestInvocationSchema,
  decodeMessage,
  type MultiViewStoreQueryRequest,
  type MultiViewStoreQueryResponse,
  type MultiViewStoreQueryResponseSchema,
  QueryRequestAADSchema,
  type RngRecordSchema,
  MultiViewStoreQueryResponseStatus as Status,
  WireError,
} from "@fogbow/core-wire";
import type { RecoveryDb, UserEvents } from "@fogbow/recovery-db";
import { RuntimeError } from "@fogbow/runtime-enclave";
import type { Blocks } from "../block-tracker.ts";
import type { ViewDoor } from "../enclave/view-door.ts";
import type { Loader } from "./loader.ts";

/** What a store answers with. */
export interface AnswerParts {
  readonly db: Pick<RecoveryDb, "searchUserEvents">;
  readonly door: Pick<ViewDoor, "answerQuery">;
  readonly loader: Pick<Loader, "isReady" | "newestEvent" | "state" | "tookEvents">;
  /** How routers find this very store. */
  readonly storeUri: () => string;
  readonly shard: Blocks;
}

const AAD_LIMITS = { bytesMax: 1_024 };

/**
 * Answers the first query that is for this store. `AUTHENTICATION_ERROR` when none is: whatever fails later has a code of its own,
 * so that a router does not attest a store in circles.
 */
export async function answerQuery(
  { queries }: MultiViewStoreQueryRequest,
  { db, door, loader, storeUri, shard }: AnswerParts,
): Promise<MessageInitShape<typeof MultiViewStoreQueryResponseSchema>> {
  const common = { storeUri: storeUri(), blockRange: { startBlock: shard.start, endBlock: shard.end } };
  const failed = (status: MultiViewStoreQueryResponse["status"]) => ({ ...common, status });
  if (!loader.isReady) return failed(Status.NOT_READY);
  const [first] = queries;
  if (first === undefined) return failed(Status.AUTHENTICATION_ERROR);
  // In this order: events and records are at least as new as the height.
  const { state, newestEvent: before } = loader;
  const { events, next } = await db.searchUserEvents(cursorOf(first.aad));
  const tells = events.length > 0 || next < before; // Without events it is the client's own cursor.
  if (tells && !loader.tookEvents(next, before)) return failed(Status.NOT_READY);
  if (!loader.isReady) return failed(Status.NOT_READY);
  try {
    const queryResponse = await door.answerQuery({
      queries,
      untrusted: {
        highestProcessedBlockCount: state.processedCount,
        highestProcessedBlockSignatureTimestamp: state.processedTimestamp,
        lastKnownBlockCount: state.knownCount,
        lastKnownBlockCumulativeTxoCount: state.knownCumulativeTxoCount,
        nextStartFromUserEventId: next,
        ...listsOf(events),
      },
    });
    return { ...common, status: Status.SUCCESS, queryResponse };
  } catch (error) {
    if (error instanceof RuntimeError && error.reason === "not-authenticated")
      return failed(Status.AUTHENTICATION_ERROR);
    throw error;
  }
}

/** The cursor that the client lets us see. */
function cursorOf(aad: Uint8Array): bigint {
  try {
    const { startFromUserEventId } = decodeMessage(QueryRequestAADSchema, aad, AAD_LIMITS);
    if (startFromUserEventId >= 0n) return startFromUserEventId;
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  throw new ConnectError("The query's cursor cannot be read.", Code.InvalidArgument);
}

/** User events, in the lists of a QueryResponse. */
interface EventLists {
  readonly rngs: MessageInitShape<typeof RngRecordSchema>[];
  readonly decommissionedIngestInvocations: MessageInitShape<typeof DecommissionedIngestInvocationSchema>[];
  readonly missedBlockRanges: MessageInitShape<typeof BlockRangeSchema>[];
}

function listsOf(events: UserEvents["events"]): EventLists {
  const lists: EventLists = { rngs: [], decommissionedIngestInvocations: [], missedBlockRanges: [] };
  for (const event of events) {
    switch (event.kind) {
      case "new-ingest-invocation": {
        const { publicKey: pubkey, version } = event.rng;
        const { invocation: ingestInvocationId, startBlock } = event;
        lists.rngs.push({ ingestInvocationId, pubkey: { pubkey, version }, startBlock });
        break;
      }
      case "decommission-ingest-invocation": {
        const { invocation: ingestInvocationId, lastIngestedBlock } = event;
        lists.decommissionedIngestInvocations.push({ ingestInvocationId, lastIngestedBlock });
        break;
      }
      case "missing-blocks":
        lists.missedBlockRanges.push({ startBlock: event.range.startBlock, endBlock: event.range.endBlock });
        break;
      default:
        event satisfies never;
    }
  }
  return lists;
}
