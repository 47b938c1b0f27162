// Archives that nodes catch up from: what others have published, late, wrong, cut short or not there (spec 05 §6.1).

import type { BlockSource } from "@fogbow/archive";
import { type BlockData, contentsHash, encodeArchiveBlock, parseArchiveBlock, withId } from "@fogbow/core-block";
import type { Faults } from "../engine/faults.ts";
import type { SimulatedProcess } from "../engine/process.ts";
import type { SeededRandom } from "../engine/random.ts";

/** How an archive misbehaves; shares of what is asked. */
export interface ArchiveConfig {
  /** How many of the newest blocks it has not published yet. */
  readonly lag: number;
  readonly missing: number;
  readonly wrong: number;
  readonly truncated: number;
  /** Mean time of an answer, milliseconds. */
  readonly latencyMs: number;
}

/** What an archive is made of. */
export interface ArchiveParts {
  /** The chain that is published. */
  readonly chain: { block(index: bigint): BlockData | undefined; count(): bigint };
  readonly random: SeededRandom;
  readonly faults: Faults;
}

/** A published chain. */
export class SimulatedArchive {
  readonly name: string;
  config: ArchiveConfig;
  /** Blocks that were never published. */
  gaps: ReadonlySet<bigint> = new Set();
  readonly #parts: ArchiveParts;

  constructor(name: string, config: ArchiveConfig, parts: ArchiveParts) {
    this.name = name;
    this.config = config;
    this.#parts = parts;
  }

  /** The archive as one process reads it. */
  sourceFor(process: SimulatedProcess): BlockSource {
    const { random } = this.#parts;
    return {
      name: this.name,
      fetch: (index) =>
        process.complete(random.exponential(this.config.latencyMs), `archive ${index}`, () => this.#answer(index)),
    };
  }

  #answer(index: bigint): BlockData | undefined {
    const { chain, random, faults } = this.#parts;
    const { lag, missing, wrong, truncated } = this.config;
    if (this.gaps.has(index)) return undefined;
    if (index + BigInt(lag) >= chain.count() || faults.happens("archive missing", missing, random)) return undefined;
    const data = chain.block(index);
    if (data === undefined) return undefined;
    const isWrong = faults.happens("archive wrong block", wrong, random);
    const bytes = encodeArchiveBlock(isWrong ? forgedBlock(data) : data);
    const isCut = faults.happens("archive truncated", truncated, random);
    return parseArchiveBlock(isCut ? bytes.subarray(0, random.below(bytes.length)) : bytes, index);
  }
}

/** A block in the same place whose parts agree with each other, and that nobody agreed on: an output is missing. */
export function forgedBlock({ block, contents }: BlockData): BlockData {
  const forged = { ...contents, outputs: contents.outputs.slice(0, -1) };
  const { id: _, ...header } = block;
  return {
    block: withId({
      ...header,
      cumulativeTxoCount: header.cumulativeTxoCount - 1n,
      contentsHash: contentsHash(forged),
    }),
    contents: forged,
    signature: undefined,
    metadata: undefined,
  };
}
