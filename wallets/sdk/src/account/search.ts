// Rounds B of a poll: asks for search keys until each sequence has missed (spec 03 §8.3). How many are asked for depends on
// the number of sequences and of the round alone, so that neither the server nor the network learns which had something; and for
// each key there is a record to open, so that neither sees by the time of the next request how many there were.
import { CryptoError, type KexRng, type PrivateKey } from "@fogbow/core-crypto";
import { openTxOutRecord, type TxOutRecord } from "@fogbow/core-transaction";
import { SdkError } from "../error.ts";
import { SEARCH_KEYS_MAX, SEARCH_ROUNDS_MAX } from "../limits.ts";
import { NO_EVENTS, type ViewService } from "../view/fog-view-client.ts";
import type { SearchResult } from "../view/view-answer.ts";
import type { AccountState } from "./account-state.ts";
import type { FollowedRng } from "./followed-rng.ts";

/** What a search works with. */
export interface SearchParts {
  readonly view: ViewService;
  /** Of the default subaddress. */
  readonly subaddressViewPrivateKey: PrivateKey;
  /** Takes a record into the state. Whatever it throws is told, and nothing else comes of it. */
  readonly take: (record: TxOutRecord) => void;
  /** Does the work of finding a record, of which nothing comes. */
  readonly pretend: () => void;
  /** Told before each round how many keys of each sequence it asks for. */
  readonly asks: (keysEach: number) => void;
  readonly fail: (error: unknown) => void;
  readonly signal: AbortSignal | undefined;
}

/** A sequence that is searched: asked for in each round, and done once it missed. */
interface Searched {
  readonly followed: FollowedRng;
  readonly rng: KexRng;
  missed: boolean;
}

/**
 * Searches all sequences that were not stopped for good. The block count at which the search is complete, or undefined when
 * it was not completed, of which `fail` is told. What was found by then is in the state, beside how far each sequence was
 * followed.
 */
export async function search(state: AccountState, parts: SearchParts): Promise<bigint | undefined> {
  const live = liveRngs(state);
  const share = Math.max(Math.floor(SEARCH_KEYS_MAX / Math.max(live.length, 1)), 1);
  let blockCount: bigint | undefined;
  let keysEach = 1;
  for (let round = 0; live.some(({ missed }) => !missed); round++) {
    if (round === SEARCH_ROUNDS_MAX) {
      parts.fail(new SdkError("search-unfinished", "There is more to find than one poll looks for. Poll again."));
      return undefined;
    }
    keysEach = Math.min(2 * keysEach, share);
    parts.asks(keysEach);
    const answered = await searchRound(state, live, keysEach, parts);
    if (answered === undefined) return undefined;
    blockCount = blockCount === undefined || answered < blockCount ? answered : blockCount;
  }
  if (blockCount === undefined) return undefined;
  for (const { followed } of live) {
    followed.searched ||= blockCount >= state.blockCountCursor; // A server that lags does not know all of its records.
    const last = state.decommissions.get(followed.ingestInvocationId);
    if (last === undefined) continue;
    // It missed after the notice. One block more than the last must be there: after a rotation within a block, records of
    // the old sequence stand in a block of the new one (spec 03 §13, 8). A sequence that was replaced within its first block is
    // said to have no last one, which is 0, before that block is there.
    const latest = last < followed.startBlock ? followed.startBlock : last;
    if (blockCount > latest + 1n) followed.stopped = true;
  }
  return blockCount;
}

/** In the order of their invocations. */
function liveRngs(state: AccountState): Searched[] {
  return [...state.rngs.values()]
    .flatMap((followed) =>
      followed.rng === undefined || followed.stopped ? [] : [{ followed, rng: followed.rng, missed: false }],
    )
    .sort((a, b) => (a.followed.ingestInvocationId < b.followed.ingestInvocationId ? -1 : 1));
}

/** One round, in as many requests as it takes. The lowest block count of the answers; undefined when it failed. */
async function searchRound(
  state: AccountState,
  live: readonly Searched[],
  keysEach: number,
  parts: SearchParts,
): Promise<bigint | undefined> {
  const perRequest = Math.floor(SEARCH_KEYS_MAX / keysEach);
  let blockCount: bigint | undefined;
  for (let at = 0; at < live.length; at += perRequest) {
    const asked = live.slice(at, at + perRequest);
    const searchKeys = asked.flatMap(({ rng }) => rng.peekMany(keysEach));
    const question = { eventCursor: NO_EVENTS, blockCountCursor: state.blockCountCursor, searchKeys };
    try {
      const answer = await parts.view.query(question, parts.signal); // Its event cursor is an echo, and is not kept.
      let complete = true;
      asked.forEach((each, i) => {
        const results = answer.results.slice(i * keysEach, (i + 1) * keysEach);
        complete = advance(each, results, parts) && complete;
      });
      if (!complete) return undefined;
      blockCount = blockCount === undefined || answer.blockCount < blockCount ? answer.blockCount : blockCount;
    } catch (error) {
      parts.signal?.throwIfAborted();
      parts.fail(error);
      return undefined;
    }
  }
  return blockCount;
}

/** Takes what was found of a sequence, up to the first that was not. Whether all results are answers. */
function advance(searched: Searched, results: readonly SearchResult[], parts: SearchParts): boolean {
  const { rng } = searched;
  const end = results.findIndex(({ kind }) => kind !== "found");
  const prefix = end === -1 ? results : results.slice(0, end);
  for (const result of prefix) {
    rng.advance(); // Whatever is in it: the next output has the next key.
    if (result.kind === "found") takeRecord(result.payload, parts);
  }
  const failed = results.find((result) => result.kind === "failed");
  if (failed?.kind === "failed") {
    const code = failed.reason === "rate-limited" ? "rate-limited" : "server-error";
    parts.fail(new SdkError(code, `Fog View answers a search key with ${failed.reason}.`));
    return false;
  }
  if (end === -1) return true;
  searched.missed = true;
  for (const _ of results.slice(end)) parts.pretend();
  if (results.slice(end).some(({ kind }) => kind === "found")) {
    parts.fail(new SdkError("invalid-response", "Fog View has a later record of a sequence, and not an earlier one."));
  }
  return true;
}

function takeRecord(payload: Uint8Array, { subaddressViewPrivateKey, take, fail }: SearchParts): void {
  let record: TxOutRecord;
  try {
    record = openTxOutRecord(payload, subaddressViewPrivateKey);
  } catch (cause) {
    const isNewer = cause instanceof CryptoError && ["box-wrong-magic", "box-unknown-algorithm"].includes(cause.code);
    const code = isNewer ? "client-outdated" : "record-damaged";
    fail(new SdkError(code, "A record for this wallet cannot be opened; it was skipped.", { cause }));
    return;
  }
  try {
    take(record);
  } catch (error) {
    fail(error);
  }
}
