// Asks Fog Ledger: key images, rings with their proofs, blocks, and where outputs are (spec 03 §5).
import { type CallOptions, createClient, type Transport } from "@connectrpc/connect";
import { storedTxOutFromWire } from "@fogbow/core-transaction";
import {
  type BlockData,
  CheckKeyImagesRequestSchema,
  decodeMessage,
  encodeMessage,
  FogBlockAPI,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  GetOutputsRequestSchema,
  LookupOutputsRequestSchema,
  LookupOutputsResponseSchema,
  OutputLookupAPI,
  type TxOut as TxOutMessage,
} from "@fogbow/core-wire";
import {
  AttestedClient,
  type FogClientParts,
  type FogServerOptions,
  plainHeaders,
} from "../channel/attested-client.ts";
import { sdkErrorOf } from "../channel/sdk-error-of.ts";
import { SdkError } from "../error.ts";
import { ANSWER_BYTES_MAX, KEY_IMAGES_MAX, LOOKUP_KEYS_MAX, RINGS_MAX } from "../limits.ts";
import type { BlockRange } from "../view/view-answer.ts";
import type {
  BlocksAnswer,
  KeyImageAnswer,
  LedgerService,
  LookupAnswer,
  OutputsAnswer,
  ProvenTxOut,
  ServedBlock,
} from "./ledger-service.ts";
import { classOf, randomOrder, uniform } from "./padding.ts";
import { readKeyImages } from "./read-key-images.ts";
import { readOutputs } from "./read-outputs.ts";

const RING_SIZE = 11;
const BLOCKS_TIMEOUT_MS = 60_000;

/** A client of a ledger router over a Connect transport. */
export class FogLedgerClient implements LedgerService {
  readonly #parts: FogClientParts & { readonly transport: Transport };
  readonly #keyImages: AttestedClient;
  readonly #outputs: AttestedClient;
  readonly #lookup: AttestedClient;
  readonly #blocks: (ranges: readonly BlockRange[], options: CallOptions) => Promise<BlocksAnswer>;

  constructor(options: FogServerOptions, parts: FogClientParts & { readonly transport: Transport }) {
    const { transport } = parts;
    this.#parts = parts;
    const keyImages = createClient(FogKeyImageAPI, transport);
    this.#keyImages = new AttestedClient(options, { auth: keyImages.auth, send: keyImages.checkKeyImages }, parts);
    const outputs = createClient(FogMerkleProofAPI, transport);
    this.#outputs = new AttestedClient(options, { auth: outputs.auth, send: outputs.getOutputs }, parts);
    const lookup = createClient(OutputLookupAPI, transport);
    this.#lookup = new AttestedClient(options, { auth: lookup.auth, send: lookup.lookupOutputs }, parts);
    const blocks = createClient(FogBlockAPI, transport);
    this.#blocks = async (ranges, callOptions) => {
      const asked = ranges.map(({ start, end }) => ({ startBlock: start, endBlock: end }));
      const answer = await blocks.getBlocks({ ranges: asked }, callOptions);
      return {
        blocks: answer.blocks.map(readBlock),
        blockCount: answer.numBlocks,
        txoCount: answer.globalTxoCount,
      };
    };
  }

  /** Checks at most 64 key images. The caller pads: their number shows. Throws SdkError, and the signal's reason. */
  checkKeyImages(keyImages: readonly Uint8Array[], signal?: AbortSignal): Promise<KeyImageAnswer> {
    assertFew(keyImages, KEY_IMAGES_MAX, "key images");
    const plaintext = encodeMessage(CheckKeyImagesRequestSchema, {
      queries: keyImages.map((data) => ({ keyImage: { data }, startBlock: 0n })),
    });
    return this.#keyImages.request({ plaintext }, (answer) => readKeyImages(answer, keyImages), signal);
  }

  /**
   * Outputs with their proofs, all in one request of 11 × 1, 2, 4, 8 or 16 indices: the surplus is random and the order
   * too. Real inputs and ring members go into one call. `txoCount` is how many outputs there are to draw from. Throws
   * SdkError: `output-missing`, `proofs-differ`, `too-many-items`.
   */
  async getOutputs(
    indices: readonly bigint[],
    { txoCount, signal }: { readonly txoCount: bigint; readonly signal?: AbortSignal },
  ): Promise<OutputsAnswer> {
    assertFew(indices, RING_SIZE * RINGS_MAX, "outputs");
    if (txoCount <= 0n) throw new SdkError("ledger-not-ready", "Fog Ledger has not said how many outputs there are.");
    const { random } = this.#parts;
    const size = classOf(indices.length, RING_SIZE, 2);
    const surplus = Array.from({ length: size - indices.length }, () => uniform(txoCount, random));
    const padded = [...indices, ...surplus];
    const order = randomOrder(size, random);
    const asked = order.map((i) => padded[i] as bigint); // Every number of the order is below the size.
    const plaintext = encodeMessage(GetOutputsRequestSchema, { indices: asked, merkleRootBlock: 0n });
    const answer = await this.#outputs.request({ plaintext }, (encoded) => readOutputs(encoded, asked), signal);
    const outputs: ProvenTxOut[] = [];
    order.forEach((place, i) => {
      if (place < indices.length) outputs[place] = answer.outputs[i] as ProvenTxOut; // One for each that was asked for.
    });
    return { ...answer, outputs };
  }

  /** Downloads blocks, in the open. Throws SdkError, and the signal's reason. */
  async getBlocks(ranges: readonly BlockRange[], signal?: AbortSignal): Promise<BlocksAnswer> {
    const headers = plainHeaders(this.#parts);
    try {
      return await this.#blocks(ranges, {
        headers,
        timeoutMs: BLOCKS_TIMEOUT_MS,
        ...(signal === undefined ? {} : { signal }),
      });
    } catch (error) {
      signal?.throwIfAborted();
      throw sdkErrorOf(error);
    }
  }

  /**
   * Where outputs are, by their public keys, which only the enclave reads; in classes of 1, 4, 16, 64 and 256 with random
   * keys. Throws SdkError, and the signal's reason.
   */
  lookupOutputs(publicKeys: readonly Uint8Array[], signal?: AbortSignal): Promise<LookupAnswer> {
    assertFew(publicKeys, LOOKUP_KEYS_MAX, "public keys");
    const size = classOf(publicKeys.length, 1, 4);
    const surplus = Array.from({ length: size - publicKeys.length }, () => this.#parts.random(32));
    const plaintext = encodeMessage(LookupOutputsRequestSchema, { publicKeys: [...publicKeys, ...surplus] });
    return this.#lookup.request(
      { plaintext },
      (encoded) => {
        const answer = decodeMessage(LookupOutputsResponseSchema, encoded, { bytesMax: ANSWER_BYTES_MAX });
        if (answer.results.length !== size) {
          throw new SdkError("invalid-response", "Fog Ledger answers another number of keys than it was asked for.");
        }
        const places = answer.results
          .slice(0, publicKeys.length)
          .map(({ resultCode, globalIndex, blockIndex, timestamp }) =>
            resultCode === 2 ? { globalIndex, blockIndex, timestamp } : undefined,
          );
        return { places, blockCount: answer.numBlocks, txoCount: answer.globalTxoCount };
      },
      signal,
    );
  }

  /** Ends the sessions. */
  close(): void {
    this.#keyImages.close();
    this.#outputs.close();
    this.#lookup.close();
  }
}

function readBlock({ index, globalTxoCount, outputs, timestamp }: BlockData): ServedBlock {
  const firstGlobalIndex = globalTxoCount - BigInt(outputs.length);
  if (firstGlobalIndex < 0n) {
    throw new SdkError("invalid-response", `Block ${index} has more outputs than there are up to it.`);
  }
  return { index, timestamp, firstGlobalIndex, txOuts: outputs.map(tryReadTxOut) };
}

/** An output that cannot be read is nobody's: nobody could find it. */
function tryReadTxOut(message: TxOutMessage): ServedBlock["txOuts"][number] {
  try {
    return storedTxOutFromWire(message);
  } catch {
    return undefined;
  }
}

function assertFew(items: readonly unknown[], max: number, name: string): void {
  if (items.length > max) throw new SdkError("too-many-items", `One request holds at most ${max} ${name}.`);
}
