// Block contents as protobuf messages (spec 02 §10).
import { compressedPoint } from "@fogbow/core-crypto";
import { storedTxOutFromWire, type TxOutInit, txOutToWire } from "@fogbow/core-transaction";
import {
  type BlockContents as BlockContentsMessage,
  BlockContentsSchema,
  decodeMessage,
  encodeMessage,
  readData,
} from "@fogbow/core-wire";
import type { BlockContents } from "./contents.ts";
import { BlockError } from "./error.ts";
import { CONTENTS_BYTES_MAX } from "./limits.ts";

/** Contents as bytes. */
export function encodeBlockContents(contents: BlockContents): Uint8Array {
  return encodeMessage(BlockContentsSchema, contentsToWire(contents));
}

/** Contents from bytes. Throws WireError, and `minting-not-supported` for contents this code cannot represent. */
export function decodeBlockContents(encoded: Uint8Array): BlockContents {
  return contentsFromWire(decodeMessage(BlockContentsSchema, encoded, { bytesMax: CONTENTS_BYTES_MAX }));
}

/** Contents as `encodeMessage` takes them. */
export interface BlockContentsInit {
  readonly keyImages: { readonly data: Uint8Array }[];
  readonly outputs: TxOutInit[];
}

/** Contents as a message, to be put into larger ones. */
export function contentsToWire({ keyImages, outputs }: BlockContents): BlockContentsInit {
  return { keyImages: keyImages.map((image) => ({ data: image })), outputs: outputs.map(txOutToWire) };
}

/**
 * Contents from a message. Keys are only measured: what consensus accepted, a reader must be able to read. Throws
 * WireError, TransactionError for a malformed output, and `minting-not-supported`.
 */
export function contentsFromWire(message: BlockContentsMessage): BlockContents {
  if (message.validatedMintConfigTxs.length > 0 || message.mintTxs.length > 0) {
    throw new BlockError("minting-not-supported", "The block mints, or configures minting.");
  }
  return {
    keyImages: message.keyImages.map((image) => compressedPoint(readData(image, 32, "key_images"))),
    outputs: message.outputs.map(storedTxOutFromWire),
  };
}
