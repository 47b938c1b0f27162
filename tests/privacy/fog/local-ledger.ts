// The hosts of Fog Ledger: a store of key images, and a router that has the outputs.
import type { ConnectRouter } from "@connectrpc/connect";
import { decodeNonceMessage } from "@fogbow/core-attest";
import { type BlockData, encodeBlock, encodeBlockContents } from "@fogbow/core-block";
import { concatBytes } from "@fogbow/core-bytes";
import { txOutToWire } from "@fogbow/core-transaction";
import {
  AddKeyImagesRequestSchema,
  AnswerKeyImagesRequestSchema,
  ApplyBlockRequestSchema,
  BlockRequestSchema,
  CollateKeyImagesRequestSchema,
  decodeMessage,
  encodeMessage,
  FogBlockAPI,
  FogKeyImageAPI,
  FogMerkleProofAPI,
  FogUntrustedTxOutApi,
  KeyImageQueryOpenedSchema,
  KeyImageStoreQueriesSchema,
  LedgerInitRequestSchema,
  OutputLookupAPI,
  StoreBeginRequestSchema,
  StoreFinishRequestSchema,
  TxOutRequestSchema,
} from "@fogbow/core-wire";
import { attestedService } from "./attested-service.ts";
import { connectStore } from "./connect-store.ts";
import type { Door } from "./door.ts";
import type { Notebook } from "./notebook.ts";

const ANY = { bytesMax: 67_108_864 };

/** What the hosts work with. */
export interface LocalLedgerParts {
  readonly router: Door;
  readonly store: Door;
  readonly notebook: Notebook;
}

/** Room for outputs and key images. Powers of two. */
export interface LocalLedgerCapacities {
  readonly keyImages: bigint;
  readonly outputs: bigint;
}

/** Fog Ledger. */
export class LocalLedger {
  readonly #parts: LocalLedgerParts;
  readonly #blocks: BlockData[] = [];

  private constructor(parts: LocalLedgerParts) {
    this.#parts = parts;
  }

  static async start(parts: LocalLedgerParts, { keyImages, outputs }: LocalLedgerCapacities): Promise<LocalLedger> {
    const { router, store } = parts;
    const capacities = { outputCapacity: outputs, lookupCapacity: outputs };
    await router.ask("init", encodeMessage(LedgerInitRequestSchema, { responderId: router.name, ...capacities }));
    const ofStore = { responderId: store.name, keyImageCapacity: keyImages };
    await store.ask("init", encodeMessage(LedgerInitRequestSchema, ofStore));
    await connectStore({
      router,
      store,
      authEntryPoint: "store-auth",
      encodeBegin: (message) => encodeMessage(StoreBeginRequestSchema, message),
      encodeFinish: (message) => encodeMessage(StoreFinishRequestSchema, message),
    });
    return new LocalLedger(parts);
  }

  /** Takes a block. */
  async load(data: BlockData): Promise<void> {
    const { router, store } = this.#parts;
    const { block, contents } = data;
    const timestamp = 1_700_000_000n + block.index;
    const keyImages = { keyImages: concatBytes(...contents.keyImages), blockIndex: block.index, timestamp };
    await store.ask("add-key-images", encodeMessage(AddKeyImagesRequestSchema, keyImages));
    const applied = { block: encodeBlock(block), contents: encodeBlockContents(contents), timestamp };
    await router.ask("apply-block", encodeMessage(ApplyBlockRequestSchema, applied));
    this.#blocks.push(data);
  }

  /** Adds what clients call. */
  serve(router: ConnectRouter): void {
    const { router: door, notebook } = this.#parts;
    const parts = { door, notebook };
    const images = attestedService("key images", parts, (sealed) => this.#checkKeyImages(sealed));
    router.service(FogKeyImageAPI, { auth: images.auth, checkKeyImages: images.send });
    const outputs = attestedService("outputs", parts, (sealed) => door.ask("get-outputs", sealed));
    router.service(FogMerkleProofAPI, { auth: outputs.auth, getOutputs: outputs.send });
    const lookup = attestedService("lookup", parts, (sealed) => door.ask("look-up-outputs", sealed));
    router.service(OutputLookupAPI, { auth: lookup.auth, lookupOutputs: lookup.send });
    router.service(FogBlockAPI, {
      getBlocks: (request) => {
        notebook.note("wire", "blocks", encodeMessage(BlockRequestSchema, request));
        return { blocks: this.#blocksIn(request.ranges), ...this.#size() };
      },
    });
    router.service(FogUntrustedTxOutApi, {
      getTxOuts: (request) => {
        notebook.note("wire", "untrusted outputs", encodeMessage(TxOutRequestSchema, request));
        return this.#size();
      },
    });
  }

  async #checkKeyImages(sealed: Uint8Array): Promise<Uint8Array> {
    const { router, store } = this.#parts;
    const opened = await router.ask("open-key-images", sealed);
    const { query } = decodeMessage(KeyImageQueryOpenedSchema, opened, ANY);
    const { queries } = decodeMessage(KeyImageStoreQueriesSchema, await router.ask("seal-key-images", opened), ANY);
    const { numBlocks, globalTxoCount } = this.#size();
    const state = { rangeEnd: numBlocks, globalTxoCount, latestBlockVersion: 2, maxBlockVersion: 4 };
    const told = await store.ask("answer-key-images", encodeMessage(AnswerKeyImagesRequestSchema, { queries, state }));
    const answers = [decodeNonceMessage(told)];
    return router.ask("collate-key-images", encodeMessage(CollateKeyImagesRequestSchema, { query, answers }));
  }

  #size(): { readonly numBlocks: bigint; readonly globalTxoCount: bigint } {
    const last = this.#blocks.at(-1)?.block;
    return { numBlocks: BigInt(this.#blocks.length), globalTxoCount: last?.cumulativeTxoCount ?? 0n };
  }

  #blocksIn(ranges: readonly { readonly startBlock: bigint; readonly endBlock: bigint }[]) {
    return this.#blocks
      .filter(({ block }) =>
        ranges.some(({ startBlock, endBlock }) => block.index >= startBlock && block.index < endBlock),
      )
      .map(({ block, contents }) => ({
        index: block.index,
        globalTxoCount: block.cumulativeTxoCount,
        outputs: contents.outputs.map(txOutToWire),
        timestamp: 1_700_000_000n + block.index,
      }));
  }
}
