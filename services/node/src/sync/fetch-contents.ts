// The contents of blocks whose headers are known to be right, from archives that are believed nothing (spec 05 §3.2,
// step 3). Whoever lies, is slow or has nothing costs time, and the next one is asked.
import type { BlockSource } from "@fogbow/archive";
import {
  type Block,
  type BlockContents,
  type BlockData,
  type BlockMetadata,
  type BlockSignature,
  contentsHash,
} from "@fogbow/core-block";
import { CodedError, equalBytes } from "@fogbow/core-bytes";
import type { Clock, ReplicaLog } from "../parts.ts";
import { CONTENTS_MS_MAX, PARALLEL_FETCHES_MAX, PATIENCE_MS_MAX, ROUND_MS_MAX } from "./limits.ts";
import { Scope } from "./scope.ts";

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
  const all = Scope.of(signal);
  const start = Number((headers[0]?.index ?? 0n) % BigInt(Math.max(1, parts.sources.length)));
  const coming: Promise<Archived | undefined>[] = [];
  let next = 0;
  try {
    for (;;) {
      while (next < headers.length && coming.length < PARALLEL_FETCHES_MAX) {
        coming.push(fetchOne(headers[next] as Block, start, parts, all)); // Below the length.
        next++;
      }
      const data = await coming.shift();
      if (data === undefined) return;
      yield data;
    }
  } finally {
    all.end();
  }
}

/** One block, from whichever source has it; undefined when none does in time. Never rejects. */
async function fetchOne(header: Block, start: number, parts: ContentsParts, all: Scope): Promise<Archived | undefined> {
  const { sources, clock } = parts;
  // Sources take turns, but neighbours come from the same one: they may lie in one file.
  const first = (start + Number(header.index / 10_000n)) % Math.max(1, sources.length);
  const order = [...sources.slice(first), ...sources.slice(0, first)];
  const time = all.within(clock, CONTENTS_MS_MAX);
  for (let round = 0; !time.isOver; round++) {
    const data = await askInTurn(header, order, parts, time);
    if (data !== undefined) {
      time.end();
      return data;
    }
    await time.sleep(clock, Math.min(1_000 * (round + 1), ROUND_MS_MAX));
  }
  return undefined;
}

/** Asks one source after the other: the next when one fails, or is not heard of for a while. The first to give the block wins. */
async function askInTurn(
  header: Block,
  order: readonly BlockSource[],
  parts: ContentsParts,
  time: Scope,
): Promise<Archived | undefined> {
  const round = time.within();
  let found: Archived | undefined;
  const asked: Promise<void>[] = [];
  for (const source of order) {
    if (round.isOver) break;
    const patience = round.within(parts.clock, PATIENCE_MS_MAX);
    const asking = ask(header, source, parts, round).then((data) => {
      if (data !== undefined) {
        found ??= data;
        round.end();
      }
      patience.end(); // An answer, of whichever kind: the next one's turn.
    });
    asked.push(asking);
    await new Promise<void>((resolve) => patience.atEnd(resolve));
  }
  await round.endOr(asked);
  round.end();
  return found;
}

/** One source's block, if it is the right one. Never rejects. */
async function ask(
  header: Block,
  source: BlockSource,
  { log, isUsable }: ContentsParts,
  round: Scope,
): Promise<Archived | undefined> {
  const refuse = (reason: string): undefined => {
    log.warn("archive refused", { source: source.name, block: header.index, reason });
    return undefined;
  };
  try {
    const data = await source.fetch(header.index, { signal: round.signal });
    if (data === undefined || round.isOver) return undefined;
    if (!equalBytes(data.block.id, header.id)) return refuse("it has another block");
    if (!equalBytes(contentsHash(data.contents), header.contentsHash)) return refuse("it has other contents");
    // The header is the one that was agreed on, not the archive's: its fields are what the id stands for.
    const archived = { ...data, block: header };
    return isUsable === undefined || isUsable(archived) ? archived : refuse("it lacks signed metadata");
  } catch (error) {
    if (round.isOver) return undefined;
    const code = error instanceof CodedError ? error.code : "unknown";
    log.debug("archive failed", { source: source.name, block: header.index, code });
    return undefined;
  }
}
