// What a watcher saw: which block each source has at each height, who signed it and when. Services of Fog read it for the
// times of blocks, in other processes, while the watcher writes (spec 02 §8.7, spec 05 §3.5).
import {
  type Block,
  type BlockMetadata,
  type BlockSignature,
  blockFromWire,
  blockSignatureFromWire,
  blockSignatureToWire,
  blockToWire,
  decodeBlockMetadata,
  encodeBlockMetadata,
} from "@fogbow/core-block";
import {
  be32,
  be64,
  bytes,
  CodedError,
  concatBytes,
  equalBytes,
  readBe32,
  readBe64,
  U64_MAX,
  utf8,
} from "@fogbow/core-bytes";
import { BlockHeaderSchema, decodeMessage, encodeMessage } from "@fogbow/core-wire";
import { LedgerError } from "../error.ts";
import {
  EVIDENCE_PER_SIGNER_MAX,
  SIGNERS_MAX,
  SOURCE_NAME_BYTES_MAX,
  VALUE_BYTES_MAX,
  WATCHED_SOURCES_MAX,
} from "../limits.ts";
import { type BlockTimestamp, blockTimestamp } from "./block-timestamp.ts";
import { WatcherEnvironment, type WatcherMode } from "./watcher-environment.ts";

/** A block as one source has it. */
export interface WatchedBlock {
  readonly block: Block;
  /** The signature that the source has beside it, verified; undefined when it has none that counts. */
  readonly signature: BlockSignature | undefined;
}

/** A block as one source has it, and which source. */
export interface SeenBlock extends WatchedBlock {
  readonly source: string;
}

/** A block to record, with what the source says of the node that signed it. */
export interface WatchedBlockData extends WatchedBlock {
  readonly metadata: BlockMetadata | undefined;
}

/** Two sources that have different blocks at one height. One of the chains is not the network's. */
export interface WatchedConflict {
  readonly index: bigint;
  readonly records: readonly [SeenBlock, SeenBlock];
}

/** A source that is watched. */
export interface WatchedSource {
  readonly name: string;
  /** The first block that was not seen there yet. */
  readonly next: bigint;
}

/** What was said of a signer, from a block on. */
export interface SignerEvidence {
  readonly from: bigint;
  /** The node that the signer belongs to, and its attestation evidence, as the node signed them for that block. */
  readonly metadata: BlockMetadata;
}

/** Opens what a watcher wrote, or begins it. Throws as `WatcherDb.open` does. */
export interface WatcherOpenOptions {
  /** Writes nothing, and does not make what is not there. */
  readonly readOnly?: boolean;
}

/** The watcher's store: one LMDB file in a directory of its own. */
export class WatcherDb {
  readonly #environment: WatcherEnvironment;
  /** What was last kept of each signer. */
  readonly #lastEvidence = new Map<string, Uint8Array>();

  private constructor(environment: WatcherEnvironment) {
    this.#environment = environment;
  }

  /**
   * Opens the store in a directory; makes it unless it is only read. Throws `ledger-not-found`, `unknown-schema-version`,
   * `corrupt-ledger`, `storage-failure`.
   */
  static open(directory: string, { readOnly = false }: WatcherOpenOptions = {}): WatcherDb {
    const mode: WatcherMode = readOnly ? "read" : "write";
    return new WatcherDb(WatcherEnvironment.open(directory, mode));
  }

  /**
   * Says which sources are watched from now on: all others keep what was seen there, and are not waited for. Names are text of
   * at most 500 bytes. Throws `too-many-sources`, `ledger-read-only`, `storage-failure`.
   */
  watch(names: readonly string[]): void {
    const distinct = new Set(names);
    if (distinct.size > WATCHED_SOURCES_MAX || names.some((name) => utf8(name).length > SOURCE_NAME_BYTES_MAX)) {
      throw new LedgerError(
        "too-many-sources",
        "A watcher watches at most 1 000 sources, whose names have at most 500 bytes.",
      );
    }
    const { sources } = this.#environment.tables;
    this.#environment.write(() => {
      const known = this.#sources();
      for (const [name, source] of known)
        sources.put(utf8(name), encodeSource({ ...source, isWatched: distinct.has(name) }));
      let number = known.size;
      for (const name of distinct) {
        if (!known.has(name)) sources.put(utf8(name), encodeSource({ number: number++, next: 0n, isWatched: true }));
      }
    });
  }

  /** The sources that are watched, in the order in which they were first named. */
  sources(): readonly WatchedSource[] {
    return [...this.#sources()]
      .filter(([, { isWatched }]) => isWatched)
      .sort(([, a], [, b]) => a.number - b.number)
      .map(([name, { next }]) => ({ name, next }));
  }

  /**
   * Records the next blocks of a source, which follow what was recorded before: all or none, on the disk when this returns.
   * Gives the conflicts with what other sources have. Throws `invalid-block-index`, `ledger-read-only`, `storage-failure`.
   */
  add(source: string, blocks: readonly WatchedBlockData[]): readonly WatchedConflict[] {
    const { tables } = this.#environment;
    const conflicts: WatchedConflict[] = [];
    this.#environment.write(() => {
      const about = this.#sources().get(source);
      if (about === undefined) throw new LedgerError("invalid-block-index", `${source} is not watched.`);
      let { next } = about;
      for (const data of blocks) {
        const { index } = data.block;
        if (index !== next) {
          throw new LedgerError("invalid-block-index", `Block ${index} of ${source} is not its next.`, {
            blockIndex: index,
          });
        }
        for (const other of this.records(index)) {
          if (equalBytes(other.block.id, data.block.id)) continue;
          conflicts.push({ index, records: [other, { ...data, source }] });
          tables.conflicts.put(concatBytes(be64(index), be32(about.number)), utf8(other.source));
        }
        tables.blocks.put(concatBytes(be64(index), be32(about.number)), encodeRecord(data));
        this.#keepEvidence(data);
        next += 1n;
      }
      tables.sources.put(utf8(source), encodeSource({ ...about, next }));
    });
    return conflicts;
  }

  /** What the sources have at a height, by the order in which they were first named. Throws `corrupt-ledger`. */
  records(index: bigint): readonly SeenBlock[] {
    const found = this.#environment.tables.blocks.range(be64(index), be64After(index));
    const names = new Map([...this.#sources()].map(([name, { number }]) => [number, name])); // Named before they have blocks.
    return found.map(([key, value]) => {
      const source = names.get(readBe32(key.slice(8)));
      if (source === undefined) throw corrupt("it names a source that it does not have", index);
      return { source, ...decodeRecord(value, index) };
    });
  }

  /** Heights at which sources differ, ascending, with what each has; the oldest thousand. */
  conflicts(): readonly WatchedConflict[] {
    const found = this.#environment.tables.conflicts.range(be64(0n), undefined, CONFLICTS_SHOWN);
    const names = new Map([...this.#sources()].map(([name, { number }]) => [number, name]));
    return found.flatMap(([key, otherName]) => {
      const index = readBe64(key.slice(0, 8));
      const records = this.records(index);
      const [other, late] = [new TextDecoder().decode(otherName), names.get(readBe32(key.slice(8)))].map((name) =>
        records.find(({ source }) => source === name),
      );
      return other && late ? [{ index, records: [other, late] as const }] : [];
    });
  }

  /**
   * When a block was signed: the earliest time that a validator's signature says. The origin block has none. Never throws:
   * a store that cannot be read is a code of its own.
   */
  blockTimestamp(index: bigint): BlockTimestamp {
    return blockTimestamp(index, {
      signatures: () => this.records(index).flatMap(({ signature }) => signature ?? []),
      next: () => this.sources().reduce((least, { next }) => (next < least ? next : least), U64_MAX),
      isWatching: () => this.sources().length > 0,
    });
  }

  /** What was said of a signer (32 bytes), oldest first. */
  evidenceOf(signer: Uint8Array): readonly SignerEvidence[] {
    const key = bytes(signer, 32, "signer");
    const found = this.#environment.tables.evidence.range(concatBytes(key, be64(0n)), concatBytes(key, be64(U64_MAX)));
    return found.map(([at, value]) => ({ from: readBe64(at.slice(32)), metadata: decodeBlockMetadata(value) }));
  }

  /** Lets go of everything. Closing again does nothing. */
  close(): Promise<void> {
    return this.#environment.close();
  }

  #sources(): Map<string, Source> {
    const found = this.#environment.tables.sources.range(new Uint8Array(), undefined);
    return new Map(found.map(([name, value]) => [new TextDecoder().decode(name), decodeSource(value)]));
  }

  /** Keeps what is said of a signer when it is something new. A signer that changes its mind all the time loses the oldest. */
  #keepEvidence({ block, signature, metadata }: WatchedBlockData): void {
    if (signature === undefined || metadata === undefined) return;
    const { evidence } = this.#environment.tables;
    const { signer } = signature;
    const name = String(signer);
    const said = withoutBlock(metadata);
    const before = this.#lastEvidence.get(name) ?? lastSaid(this.evidenceOf(signer));
    if (before !== undefined && equalBytes(before, said)) {
      this.#lastEvidence.set(name, before);
      return;
    }
    const kept = this.evidenceOf(signer);
    if (kept.length === 0 && evidence.count() >= BigInt(SIGNERS_MAX * EVIDENCE_PER_SIGNER_MAX)) return;
    for (const { from } of kept.slice(0, Math.max(0, kept.length + 1 - EVIDENCE_PER_SIGNER_MAX))) {
      evidence.remove(concatBytes(signer, be64(from)));
    }
    evidence.put(concatBytes(signer, be64(block.index)), encodeBlockMetadata(metadata));
    if (this.#lastEvidence.size >= SIGNERS_MAX) this.#lastEvidence.clear();
    this.#lastEvidence.set(name, said);
  }
}

/** Conflicts that one call shows: a source of another chain has one at each height. */
const CONFLICTS_SHOWN = 1_000;

interface Source {
  readonly number: number;
  readonly next: bigint;
  readonly isWatched: boolean;
}

const encodeSource = ({ number, next, isWatched }: Source): Uint8Array =>
  concatBytes(be32(number), be64(next), Uint8Array.of(isWatched ? 1 : 0));

function decodeSource(value: Uint8Array): Source {
  if (value.length !== 13) throw corrupt("what it says of a source is malformed");
  return { number: readBe32(value.slice(0, 4)), next: readBe64(value.slice(4, 12)), isWatched: value[12] === 1 };
}

function encodeRecord({ block, signature }: WatchedBlock): Uint8Array {
  return encodeMessage(BlockHeaderSchema, {
    header: blockToWire(block),
    ...(signature && { signature: blockSignatureToWire(signature) }),
  });
}

function decodeRecord(value: Uint8Array, index: bigint): WatchedBlock {
  try {
    const { header, signature } = decodeMessage(BlockHeaderSchema, value, { bytesMax: 2 * VALUE_BYTES_MAX });
    if (header === undefined) throw new Error("There is no header.");
    return { block: blockFromWire(header), signature: signature && blockSignatureFromWire(signature) };
  } catch (cause) {
    throw corrupt("a block is malformed", index, cause);
  }
}

/** What metadata says that does not change with every block. */
function withoutBlock({ contents, nodeKey }: BlockMetadata): Uint8Array {
  const [blockId, signature] = [bytes(new Uint8Array(32), 32, "id"), bytes(new Uint8Array(64), 64, "signature")];
  return encodeBlockMetadata({ contents: { ...contents, blockId }, nodeKey, signature });
}

function lastSaid(kept: readonly SignerEvidence[]): Uint8Array | undefined {
  const last = kept.at(-1);
  return last && withoutBlock(last.metadata);
}

/** The key after all that begin with an index. */
function be64After(index: bigint): Uint8Array {
  return index === U64_MAX ? concatBytes(be64(index), be64(U64_MAX)) : be64(index + 1n);
}

function corrupt(what: string, blockIndex?: bigint, cause?: unknown): LedgerError {
  if (cause instanceof LedgerError) return cause;
  if (cause instanceof CodedError || cause instanceof Error || cause === undefined) {
    return new LedgerError("corrupt-ledger", `The watcher's store is damaged: ${what}.`, { blockIndex, cause });
  }
  throw cause;
}
