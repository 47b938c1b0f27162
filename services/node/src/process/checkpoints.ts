// A node's word for the whole ledger, every 10 000 blocks: signed by its enclave, which has seen every block, endorsed by the node,
// and put into a folder, from where operators gather enough of them for a snapshot.
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import {
  blockToWire,
  CHECKPOINT_INTERVAL,
  checkpointFromWire,
  contentsToWire,
  encodeSignedCheckpoint,
  endorseCheckpoint,
  isCheckpointHeight,
  type NodeId,
} from "@fogbow/core-block";
import { be64, bytes, concatBytes, readBe64 } from "@fogbow/core-bytes";
import type { Ed25519PrivateKey } from "@fogbow/core-crypto";
import {
  decodeMessage,
  encodeMessage,
  readData,
  readPresent,
  SignCheckpointRequestSchema,
  SignCheckpointResponseSchema,
  SortKeyImagesRequestSchema,
  type SortKeyImagesResponse,
  SortKeyImagesResponseSchema,
  SummarizeBlocksRequestSchema,
  SummarizedBlocksSchema,
} from "@fogbow/core-wire";
import type { ForgetLedger, LedgerReader, RecordReader } from "@fogbow/ledger-db";
import { systemFiles } from "@fogbow/runtime-enclave";
import type { Retention } from "../config/node-config.ts";
import type { ConsensusEnclave, ReplicaLog } from "../parts.ts";

/** What checkpoints are made with. */
export interface CheckpointParts {
  readonly ledger: Pick<LedgerReader, "numBlocks" | "block" | "blockContents" | "blockData"> &
    Partial<Pick<ForgetLedger, "sealedKeyImages">>;
  readonly enclave: ConsensusEnclave;
  /** The node, and the key that it signs messages with. */
  readonly node: NodeId;
  readonly key: Ed25519PrivateKey;
  readonly log: Pick<ReplicaLog, "info" | "warn">;
}

/** Where they go, and of what kind of node they are. */
export interface CheckpointOptions {
  readonly folder: string;
  readonly retention: Retention;
  /** Blocks between two; 10 000 unless given. */
  readonly interval?: bigint;
}

const ANSWER = { bytesMax: 16_777_216 };
/** Blocks that are summed up in one call, and bytes of their outputs and key images that are about as many as it may have. */
const BLOCKS_PER_CALL = 50;
const OUTPUTS_PER_CALL = 10_000;
/** Key images that are given to the enclave in one call, to be opened or copied. */
const KEY_IMAGES_PER_CALL = 1_000;

/** The file that a node that keeps everything goes on from: the number of blocks that were summed up, and the sum, sealed. */
const SUM_FILE = "sum.sealed";

/** What `init` is given for a node that keeps everything: the sum in a folder of checkpoints; empty when there is none. */
export function sealedSum(folder: string): Uint8Array {
  return readSum(folder).sealed;
}

/** Makes the checkpoints of one node. */
export class Checkpoints {
  readonly #options: Required<CheckpointOptions>;
  readonly #parts: CheckpointParts;
  #running: Promise<void> | undefined;
  #isStopped = false;
  /** Whether a node that keeps everything has summed up as far as it should. */
  #isCurrent = false;

  constructor(options: CheckpointOptions, parts: CheckpointParts) {
    this.#options = { interval: CHECKPOINT_INTERVAL, ...options };
    this.#parts = parts;
    mkdirSync(options.folder, { recursive: true, mode: 0o700 });
  }

  /**
   * Looks whether there is one to make: after each block, and once at the start. Never rejects: what fails is tried again at the
   * next one, and the log told.
   */
  async blockStored(): Promise<void> {
    const { ledger, log } = this.#parts;
    const tip = ledger.numBlocks() - 1n;
    const isArchive = this.#options.retention === "archive";
    const isDue = isCheckpointHeight(tip, this.#options.interval) || (isArchive && !this.#isCurrent);
    if (this.#isStopped || this.#running !== undefined || !isDue) return;
    this.#running = (isArchive ? this.#sumUp() : this.#sign(tip))
      .catch((error: unknown) => log.warn("a checkpoint is not signed", { error }))
      .finally(() => {
        this.#running = undefined;
      });
    await this.#running;
  }

  /** Makes no more; resolves when none is being made. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** Sums up to the newest height of a checkpoint, signing at each. */
  async #sumUp(): Promise<void> {
    const { ledger, enclave } = this.#parts;
    const { folder, interval } = this.#options;
    this.#isCurrent = false;
    let { next } = readSum(folder);
    while (next < (ledger.numBlocks() / interval) * interval && !this.#isStopped) {
      const group = this.#groupFrom(next);
      const request = {
        blocks: group.map(({ block, contents }) => ({ block: blockToWire(block), contents: contentsToWire(contents) })),
      };
      const answer = await enclave.call("summarize-blocks", encodeMessage(SummarizeBlocksRequestSchema, request));
      const { sealedLedger } = decodeMessage(SummarizedBlocksSchema, answer, ANSWER);
      next += BigInt(group.length);
      systemFiles.replaceFileSync(join(folder, SUM_FILE), concatBytes(be64(next), sealedLedger));
      if (next % interval === 0n) await this.#sign(next - 1n);
    }
    this.#isCurrent = true;
  }

  /** Blocks that one call takes, none beyond the next height of a checkpoint. */
  #groupFrom(first: bigint) {
    const group: NonNullable<ReturnType<LedgerReader["blockData"]>>[] = [];
    let outputs = 0;
    for (let index = first; group.length < BLOCKS_PER_CALL && outputs < OUTPUTS_PER_CALL; index++) {
      const data = readPresent(this.#parts.ledger.blockData(index), "block");
      group.push(data);
      outputs += data.contents.outputs.length;
      if (isCheckpointHeight(index, this.#options.interval)) break;
    }
    return group;
  }

  async #sign(height: bigint): Promise<void> {
    const { ledger, enclave, node, key, log } = this.#parts;
    const blockId = readPresent(ledger.block(height), "block").id;
    if (!(await this.#sortKeyImages(blockId, height))) return;
    const answer = await enclave.call("sign-checkpoint", encodeMessage(SignCheckpointRequestSchema, { blockId }));
    const response = decodeMessage(SignCheckpointResponseSchema, answer, ANSWER);
    const checkpoint = checkpointFromWire(readPresent(response.checkpoint, "checkpoint"));
    const enclaves = {
      signature: bytes(readData(response.signature, 64, "signature"), 64, "signature"),
      signer: bytes(readData(response.signer, 32, "signer"), 32, "signer"),
    };
    const signed = { checkpoint, signatures: [endorseCheckpoint(checkpoint, enclaves, { node, key })] };
    systemFiles.replaceFileSync(join(this.#options.folder, `${height}.pb`), encodeSignedCheckpoint(signed));
    log.info("a checkpoint is signed", { height });
  }

  /** Gives the enclave all key images of the ledger that ends with a block, as often as it asks for them. False once stopped. */
  async #sortKeyImages(blockId: Uint8Array, height: bigint): Promise<boolean> {
    const ask = async (keyImages: Uint8Array[], ends = false): Promise<SortKeyImagesResponse> => {
      const request = encodeMessage(SortKeyImagesRequestSchema, { blockId, keyImages, ends });
      return decodeMessage(
        SortKeyImagesResponseSchema,
        await this.#parts.enclave.call("sort-key-images", request),
        ANSWER,
      );
    };
    // Both before anything is awaited: more blocks may come, which are not to be among these.
    const read = this.#keyImageReader(height);
    let answer = await ask([]);
    try {
      do {
        for (const page of read.pages()) {
          if (this.#isStopped) return false;
          await ask(page);
        }
        answer = await ask([], true);
        while (answer.more) answer = await ask([]);
      } while (answer.again);
      return true;
    } finally {
      read.close();
    }
  }

  #keyImageReader(height: bigint): RecordReader<Uint8Array> {
    const { ledger } = this.#parts;
    return ledger.sealedKeyImages?.() ?? { pages: () => keyImagesUpTo(ledger, height), close: () => undefined };
  }
}

/** Key images of blocks that a node that keeps everything has, as many as go into one call. */
function* keyImagesUpTo(
  ledger: Pick<LedgerReader, "blockContents">,
  height: bigint,
): Generator<Uint8Array[], void, undefined> {
  let page: Uint8Array[] = [];
  for (let index = 0n; index <= height; index++) {
    for (const image of readPresent(ledger.blockContents(index), "contents").keyImages) {
      page.push(image);
      if (page.length < KEY_IMAGES_PER_CALL) continue;
      yield page;
      page = [];
    }
  }
  yield page;
}

function readSum(folder: string): { readonly next: bigint; readonly sealed: Uint8Array } {
  try {
    const content = systemFiles.readFileSync(join(folder, SUM_FILE));
    return { next: readBe64(content.subarray(0, 8)), sealed: content.slice(8) };
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") {
      return { next: 0n, sealed: new Uint8Array() };
    }
    throw error;
  }
}
