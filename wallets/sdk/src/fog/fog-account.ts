// Finds an account's money through Fog (spec 03 §8.1–8.3). A poll asks view for new sequences of search keys and for records,
// the ledger for blocks that Fog missed and for key images, and ends with a balance that is true at a block count: whatever
// mixture of heights the servers were at, nothing is counted before it is known to be whole.
//
// What is asked depends on public facts only: how many sequences there are, and the number of the round. So a poll that finds
// one output has the sizes of one that finds none.
import type { AccountKey } from "@fogbow/core-account";
import { CodedError, type Random, toHex, type TokenId } from "@fogbow/core-bytes";
import { MISSED_BLOCKS_MAX, SEARCH_KEYS_MAX } from "./limits.ts";
import { firstBlocks, withoutBlock, withRange } from "./block-ranges.ts";
import type { BlockRange, FogServers, SearchResult, ViewAnswer } from "./fog-servers.ts";
import { keyImageClass, paddedQuestions } from "./key-image-class.ts";
import { OutputReader } from "./output-reader.ts";
import type { OwnedOutput } from "./owned-output.ts";
import { PollProblem } from "./poll-problem.ts";
import { type FogRng, RngSet } from "./rng-set.ts";

/** Asks for no events, and is given back: never a cursor to keep. */
const NO_EVENTS = 2n ** 63n - 1n;

/** Nothing bounds how complete the key images are. */
const COMPLETE = 2n ** 64n - 1n;

/** What an account is read with. */
export interface FogAccountOptions {
  readonly account: AccountKey;
  /** No output of the account is in a block before this one: missed blocks before it are not asked for. */
  readonly birthday?: bigint;
}

/** What an account is worth, and when. */
export interface Balance {
  /** The amounts are those after this many blocks. */
  readonly blockCount: bigint;
  /** In each token's smallest unit; a token without money is left out. */
  readonly byToken: ReadonlyMap<TokenId, bigint>;
}

/** What came of a poll. */
export interface PollResult extends Balance {
  /** What did not come out. The balance is true at its block count nevertheless. */
  readonly problems: readonly PollProblem[];
}

/** An account, as far as it has been read. */
export class FogAccount {
  readonly #reader: OutputReader;
  readonly #birthday: bigint;
  readonly #rngs: RngSet;
  readonly #outputs = new Map<bigint, OwnedOutput>();
  #eventCursor = 0n;
  #blockCursor = 0n;
  #missed: readonly BlockRange[] = [];
  #keyImageClass: number | undefined;
  #latestBlockVersion = 0;
  #globalTxoCount = 0n;

  constructor({ account, birthday = 0n }: FogAccountOptions) {
    this.#reader = new OutputReader(account);
    this.#birthday = birthday;
    this.#rngs = new RngSet(this.#reader.viewPrivateKey);
  }

  /** Every output found so far, by its place in the ledger. */
  get outputs(): readonly OwnedOutput[] {
    return [...this.#outputs.values()].sort((a, b) => (a.globalIndex < b.globalIndex ? -1 : 1));
  }

  /** Outputs that are not known to be spent at all: what a payment may use. */
  get spendable(): readonly OwnedOutput[] {
    return this.outputs.filter(({ status }) => status.kind === "not-spent");
  }

  /** The newest block version and the number of outputs that the ledger has told of; 0 before it was asked. */
  get ledger(): { readonly latestBlockVersion: number; readonly globalTxoCount: bigint } {
    return { latestBlockVersion: this.#latestBlockVersion, globalTxoCount: this.#globalTxoCount };
  }

  /** What the account is worth, at the highest block count for which that is known. */
  get balance(): Balance {
    const blockCount = this.#knowableBlockCount();
    const byToken = new Map<TokenId, bigint>();
    for (const { blockIndex, status, value, tokenId } of this.#outputs.values()) {
      const isThere = blockIndex < blockCount && (status.kind === "not-spent" || status.block >= blockCount);
      if (isThere && value > 0n) byToken.set(tokenId, (byToken.get(tokenId) ?? 0n) + value);
    }
    return { blockCount, byToken };
  }

  /**
   * Asks for everything that is new. Never rejects because of a server: what failed is a problem of the result, and what was
   * learnt before stays. `random` fills up questions.
   */
  async poll(servers: FogServers, random: Random): Promise<PollResult> {
    const problems: PollProblem[] = [];
    await attempt(problems, async () => {
      const discovered = await this.#discover(servers, problems);
      if (discovered > this.#blockCursor) await this.#search(servers, discovered, problems);
    });
    await attempt(problems, () => this.#scanMissed(servers, problems));
    await attempt(problems, () => this.#checkKeyImages(servers, random, problems));
    return { ...this.balance, problems };
  }

  /** Round A: new sequences, ended ones, missed blocks. Returns view's block count. */
  async #discover({ queryView }: FogServers, problems: PollProblem[]): Promise<bigint> {
    const answer = await queryView({
      searchKeys: [],
      startFromUserEventId: this.#eventCursor,
      startFromBlockIndex: this.#blockCursor,
    });
    this.#takeEvents(answer, problems);
    return answer.highestProcessedBlockCount;
  }

  /** Whatever the height says, events are told once: they are kept before the cursor moves. */
  #takeEvents(answer: ViewAnswer, problems: PollProblem[]): void {
    for (const record of answer.rngs) {
      try {
        this.#rngs.add(record);
      } catch (cause) {
        if (!(cause instanceof CodedError)) throw cause;
        problems.push(new PollProblem("client-outdated", "Fog uses search keys of an unknown version.", { cause }));
      }
    }
    for (const notice of answer.decommissioned) this.#rngs.decommission(notice);
    for (const { startBlock, endBlock } of answer.missedBlockRanges) {
      const clipped = { startBlock: startBlock < this.#birthday ? this.#birthday : startBlock, endBlock };
      this.#missed = withRange(this.#missed, clipped);
    }
    if (answer.nextStartFromUserEventId !== NO_EVENTS) this.#eventCursor = answer.nextStartFromUserEventId;
  }

  /** Rounds B: records, in questions that grow by a schedule of their own. `discovered` is view's block count in round A. */
  async #search({ queryView }: FogServers, discovered: bigint, problems: PollProblem[]): Promise<void> {
    const live = this.#rngs.live();
    let searching = live;
    let workingCount = discovered;
    for (let keysEach = 1; searching.length > 0; ) {
      keysEach = Math.min(2 * keysEach, Math.max(Math.floor(SEARCH_KEYS_MAX / live.length), 1));
      const asked = live.map((each) => ({ each, keys: each.rng.peekMany(keysEach) }));
      const answer = await queryView({
        searchKeys: asked.flatMap(({ keys }) => keys),
        startFromUserEventId: NO_EVENTS,
        startFromBlockIndex: this.#blockCursor,
      });
      const height = answer.highestProcessedBlockCount;
      if (height < workingCount) workingCount = height;
      const results = new Map(answer.results.map((result) => [toHex(result.searchKey), result]));
      if (!asked.every(({ keys }) => keys.every((key) => isFinal(results.get(toHex(key)))))) {
        this.#takeFound(asked, results, problems);
        throw unanswered(answer.results);
      }
      const advanced = this.#takeFound(asked, results, problems);
      searching = asked.filter((_, i) => advanced[i] === keysEach).map(({ each }) => each);
      for (const [i, { each }] of asked.entries()) {
        const last = each.lastIngestedBlock;
        if (advanced[i] !== keysEach && last !== undefined && height > last) each.isStopped = true;
      }
    }
    if (workingCount > this.#blockCursor) this.#blockCursor = workingCount;
  }

  /** Takes what was found under consecutive keys of each sequence; how far each has advanced. */
  #takeFound(
    asked: readonly { readonly each: FogRng; readonly keys: readonly Uint8Array[] }[],
    results: ReadonlyMap<string, SearchResult>,
    problems: PollProblem[],
  ): number[] {
    return asked.map(({ each, keys }) => {
      const codes = keys.map((key) => results.get(toHex(key)));
      const misses = codes.findIndex((result) => result?.code !== "found");
      const found = misses === -1 ? codes.length : misses;
      for (const result of codes.slice(0, found)) {
        each.rng.advance();
        try {
          this.#add(this.#reader.fromRecord(result?.payload ?? new Uint8Array(0)));
        } catch (problem) {
          if (!(problem instanceof PollProblem)) throw problem;
          problems.push(problem);
        }
      }
      if (codes.slice(found).some((result) => result?.code === "found")) {
        problems.push(new PollProblem("unexpected-answer", "Fog has a record behind one that it does not have."));
      }
      return found;
    });
  }

  /** Round C: blocks that Fog never ingested. Those that did not come are asked for again at the next poll. */
  async #scanMissed({ getBlocks }: FogServers, problems: PollProblem[]): Promise<void> {
    while (this.#missed.length > 0) {
      const blocks = await getBlocks(firstBlocks(this.#missed, MISSED_BLOCKS_MAX));
      const before = this.#missed;
      for (const block of blocks) {
        const { owned, problems: found } = this.#reader.fromBlock(block);
        for (const output of owned) this.#add(output);
        problems.push(...found);
        this.#missed = withoutBlock(this.#missed, block.index);
      }
      if (before === this.#missed || blocks.length === 0) return;
    }
  }

  /** Round D: which outputs are spent. There is always a question, and it is always of a class of sizes. */
  async #checkKeyImages({ checkKeyImages }: FogServers, random: Random, problems: PollProblem[]): Promise<void> {
    const unspent = this.spendable;
    this.#keyImageClass = keyImageClass(unspent.length, this.#keyImageClass);
    const images = unspent.map(({ keyImage }) => keyImage);
    for (const question of paddedQuestions(images, this.#keyImageClass, random)) {
      const answer = await checkKeyImages(question);
      if (answer.latestBlockVersion > this.#latestBlockVersion) this.#latestBlockVersion = answer.latestBlockVersion;
      if (answer.globalTxoCount > this.#globalTxoCount) this.#globalTxoCount = answer.globalTxoCount;
      const results = new Map(answer.results.map((result) => [toHex(result.keyImage), result]));
      for (const output of unspent.filter(({ keyImage }) => question.includes(keyImage))) {
        const result = results.get(toHex(output.keyImage));
        if (result === undefined) problems.push(new PollProblem("unexpected-answer", "A key image was not answered."));
        else if (result.code === "error") problems.push(new PollProblem("server-busy", "A key image is answered later."));
        else this.#outputs.set(output.globalIndex, { ...output, status: statusOf(output, result, answer.numBlocks) });
      }
    }
  }

  /** Two ways may lead to one output: through Fog, and in a missed block. */
  #add(output: OwnedOutput): void {
    if (!this.#outputs.has(output.globalIndex)) this.#outputs.set(output.globalIndex, output);
  }

  /** The smallest of what view has searched, what is known of key images, and the first block still missed. */
  #knowableBlockCount(): bigint {
    const completeness = this.spendable.reduce(
      (min, { status }) => (status.kind === "not-spent" && status.asOf < min ? status.asOf : min),
      COMPLETE,
    );
    const firstMissed = this.#missed[0]?.startBlock ?? COMPLETE;
    return [this.#blockCursor, completeness, firstMissed].reduce((min, each) => (each < min ? each : min));
  }
}

/** A found record or a certain miss. Everything else is no answer yet, and must not look like a miss. */
function isFinal(result: SearchResult | undefined): boolean {
  return result?.code === "found" || result?.code === "not-found";
}

function unanswered(results: readonly SearchResult[]): PollProblem {
  const isBusy = results.some(({ code }) => code === "rate-limited" || code === "internal-error");
  return isBusy
    ? new PollProblem("server-busy", "Fog View answers some search keys later.")
    : new PollProblem("unexpected-answer", "Fog View left out the answer to a search key.");
}

function statusOf(
  { status }: OwnedOutput,
  result: { readonly code: "spent" | "not-spent" | "error"; readonly spentAt: bigint },
  numBlocks: bigint,
): OwnedOutput["status"] {
  if (result.code === "spent") return { kind: "spent", block: result.spentAt };
  if (status.kind === "spent") return status;
  return { kind: "not-spent", asOf: numBlocks > status.asOf ? numBlocks : status.asOf };
}

/** Runs a part of a poll. What fails is a problem; what it did before stays. */
async function attempt(problems: PollProblem[], part: () => Promise<void>): Promise<void> {
  try {
    await part();
  } catch (cause) {
    problems.push(
      cause instanceof PollProblem ? cause : new PollProblem("server-failed", "A server of Fog did not answer.", { cause }),
    );
  }
}
