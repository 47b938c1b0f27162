// What Fog View answers, checked once (spec 03 §4.2).
import { equalBytes } from "@fogbow/core-bytes";
import { trimPayload } from "@fogbow/core-transaction";
import { decodeMessage, type QueryResponse, QueryResponseSchema } from "@fogbow/core-wire";
import { SdkError } from "../error.ts";
import { ANSWER_BYTES_MAX } from "../limits.ts";

/** Blocks from `start` up to, and without, `end`. */
export interface BlockRange {
  readonly start: bigint;
  readonly end: bigint;
}

/** A sequence of search keys begins. */
export interface RngEvent {
  readonly ingestInvocationId: bigint;
  /** What the enclave published, as it stands in the message. */
  readonly publicKey: Uint8Array;
  readonly version: number;
  readonly startBlock: bigint;
}

/** An ingest invocation ended. */
export interface DecommissionEvent {
  readonly ingestInvocationId: bigint;
  /** The index of a block; 0 may also mean that there was none. */
  readonly lastIngestedBlock: bigint;
}

/** What a search key led to. */
export type SearchResult =
  | { readonly kind: "found"; readonly payload: Uint8Array }
  | { readonly kind: "not-found" }
  | { readonly kind: "failed"; readonly reason: "bad-search-key" | "internal-error" | "rate-limited" };

/** An answer of Fog View. */
export interface ViewAnswer {
  /** All records of blocks below it are loaded. */
  readonly blockCount: bigint;
  readonly nextEventCursor: bigint;
  readonly missedRanges: readonly BlockRange[];
  readonly rngs: readonly RngEvent[];
  readonly decommissions: readonly DecommissionEvent[];
  /** One for each search key, in their order. */
  readonly results: readonly SearchResult[];
}

/** Reads the answer to a query for these keys. Throws WireError, and SdkError `invalid-response` where it does not fit. */
export function readViewAnswer(encoded: Uint8Array, searchKeys: readonly Uint8Array[]): ViewAnswer {
  const answer = decodeMessage(QueryResponseSchema, encoded, { bytesMax: ANSWER_BYTES_MAX });
  return {
    blockCount: answer.highestProcessedBlockCount,
    nextEventCursor: answer.nextStartFromUserEventId,
    missedRanges: answer.missedBlockRanges
      .map(({ startBlock, endBlock }) => ({ start: startBlock, end: endBlock }))
      .filter(({ start, end }) => start < end),
    rngs: answer.rngs.map(({ ingestInvocationId, pubkey, startBlock }) => ({
      ingestInvocationId,
      publicKey: pubkey?.pubkey.slice() ?? new Uint8Array(),
      version: pubkey?.version ?? 0,
      startBlock,
    })),
    decommissions: answer.decommissionedIngestInvocations.map(({ ingestInvocationId, lastIngestedBlock }) => ({
      ingestInvocationId,
      lastIngestedBlock,
    })),
    results: readResults(answer, searchKeys),
  };
}

/** The fixed form where the server has it, else the older one, whose ciphertext has no padding. */
function readResults(answer: QueryResponse, searchKeys: readonly Uint8Array[]): SearchResult[] {
  const { fixedTxOutSearchResults: fixed, txOutSearchResults: older } = answer;
  const results = fixed.length > 0 ? fixed : older.map((each) => ({ ...each, payloadLength: each.ciphertext.length }));
  if (results.length !== searchKeys.length) {
    throw new SdkError("invalid-response", "Fog View answers another number of search keys than it was asked for.");
  }
  return results.map(({ searchKey, resultCode, ciphertext, payloadLength }, i) => {
    if (!equalBytes(searchKey, searchKeys[i] ?? new Uint8Array())) {
      throw new SdkError("invalid-response", "Fog View answers in another order than it was asked.");
    }
    switch (resultCode) {
      case 1:
        if (payloadLength > ciphertext.length) {
          throw new SdkError("invalid-response", "Fog View sends a record that is longer than itself.");
        }
        return { kind: "found", payload: trimPayload({ ciphertext, payloadLength }) };
      case 2:
        return { kind: "not-found" };
      case 3:
        return { kind: "failed", reason: "bad-search-key" };
      case 4:
        return { kind: "failed", reason: "internal-error" };
      case 5:
        return { kind: "failed", reason: "rate-limited" };
      default:
        throw new SdkError("invalid-response", "Fog View answers with a result that is none.");
    }
  });
}
