// The contents of blocks whose headers are known to be right, from archives that are believed nothing (spec 05 §3.2,
// step 3). Whoever lies, is slow or has nothing costs time, and the next one is asked.
import {
  type Block,
  type BlockContents,
  type BlockData,
  type BlockMetadata,
  type BlockSignature,
  contentsHash,
} from "@fogbow/core-block";
import { CodedError, equalBytes } from "@fogbow/core-bytes";
import type { BlockSource, Clock, ReplicaLog } from "../parts.ts";
import { CONTENTS_MS_MAX, PARALLEL_FETCHES_MAX, PATIENCE_MS_MAX, ROUND_MS_MAX } from "./limits.ts";
import { deadline, newAbort, sleep } from "./sleep.ts";

/** What fetching works with. */
export interface ContentsParts {
  readonly sources: readonly BlockSource[];
  readonly clock: Clock;
  readonly log: ReplicaLog;
  /** Whether an archived block that has the right header and contents will do; one that will not is sought elsewhere. */
  readonly isUsable?: (data: BlockData) => boolean;
}

/** What an archive adds to a header. Signature and metadata are only what it says. */
export interface Archived {
  readonly block: Block;
  readonly contents: BlockContents;
  readonly signature: BlockSignature | undefined;
  readonly metadata: BlockMetadata | undefined;
}

/**
 * The blocks in order, up to the first that no source has in time: never one after a gap. Up to fifty are being fetched at
 * one time. Ends early when the signal does.
 */
export async function* fetchContents(
  headers: readonly Block[],
  parts: ContentsParts,
  signal: AbortSignal,
): AsyncGenerator<Archived, void, undefined> {
  const stop = newAbort();
  const end = (): void => stop.abort(signal.reason);
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  const start = Number((headers[0]?.index ?? 0n) % BigInt(Math.max(1, parts.sources.length)));
  const coming: Promise<Archived | undefined>[] = [];
  let next = 0;
  try {
    for (;;) {
      while (next < headers.length && coming.length < PARALLEL_FETCHES_MAX) {
        coming.push(fetchOne(headers[next] as Block, start, parts, stop.signal)); // Below the length.
        next++;
      }
      const data = await coming.shift();
      if (data === undefined) return;
      yield data;
    }
  } finally {
    signal.removeEventListener("abort", end);
    stop.abort();
  }
}

/** One block, from whichever source has it; undefined when none does in time. Never rejects. */
async function fetchOne(
  header: Block,
  start: number,
  parts: ContentsParts,
  signal: AbortSignal,
): Promise<Archived | undefined> {
  const { sources, clock } = parts;
  // Sources take turns, but neighbours come from the same one: they may lie in one file.
  const first = (start + Number(header.index / 10_000n)) % Math.max(1, sources.length);
  const order = [...sources.slice(first), ...sources.slice(0, first)];
  const time = deadline(clock, CONTENTS_MS_MAX, signal);
  try {
    for (let round = 0; !time.signal.aborted; round++) {
      const data = await askInTurn(header, order, parts, time.signal);
      if (data !== undefined) return data;
      await sleep(clock, Math.min(1_000 * (round + 1), ROUND_MS_MAX), time.signal);
    }
    return undefined;
  } finally {
    time.abort();
  }
}

/** Asks one source after the other: the next when one fails, or is not heard of for a while. The first to give the block wins. */
async function askInTurn(
  header: Block,
  order: readonly BlockSource[],
  parts: ContentsParts,
  signal: AbortSignal,
): Promise<Archived | undefined> {
  const { clock } = parts;
  const won = newAbort();
  const end = (): void => won.abort();
  signal.addEventListener("abort", end);
  if (signal.aborted) end();
  let found: Archived | undefined;
  const asked: Promise<void>[] = [];
  for (const source of order) {
    if (won.signal.aborted) break;
    const patience = new AbortController();
    const asking = ask(header, source, parts, won.signal).then((data) => {
      if (data !== undefined) {
        found ??= data;
        won.abort();
      }
      patience.abort(); // An answer, of whichever kind: the next one's turn.
    });
    asked.push(asking);
    const giveUp = (): void => patience.abort();
    won.signal.addEventListener("abort", giveUp);
    await sleep(clock, PATIENCE_MS_MAX, patience.signal);
  }
  const isOver = new Promise<void>((resolve) => {
    won.signal.addEventListener("abort", () => resolve());
    if (won.signal.aborted) resolve();
  });
  await Promise.race([Promise.all(asked), isOver]);
  signal.removeEventListener("abort", end);
  won.abort();
  return found;
}

/** One source's block, if it is the right one. Never rejects. */
async function ask(
  header: Block,
  source: BlockSource,
  { log, isUsable }: ContentsParts,
  signal: AbortSignal,
): Promise<Archived | undefined> {
  const refuse = (reason: string): undefined => {
    log.warn("archive refused", { source: source.name, block: header.index, reason });
    return undefined;
  };
  try {
    const data = await source.fetch(header.index, { signal });
    if (data === undefined || signal.aborted) return undefined;
    if (!equalBytes(data.block.id, header.id)) return refuse("it has another block");
    if (!equalBytes(contentsHash(data.contents), header.contentsHash)) return refuse("it has other contents");
    // The header is the one that was agreed on, not the archive's: its fields are what the id stands for.
    const archived = { ...data, block: header };
    return isUsable === undefined || isUsable(archived) ? archived : refuse("it lacks signed metadata");
  } catch (error) {
    if (signal.aborted) return undefined;
    const code = error instanceof CodedError ? error.code : "unknown";
    log.debug("archive failed", { source: source.name, block: header.index, code });
    return undefined;
  }
}
