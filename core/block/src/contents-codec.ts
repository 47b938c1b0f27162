// Block contents as protobuf messages (spec 02 §10).
import { compressedPoint } from "@fogbow/core-crypto";
import {
  type MintTxInit,
  mintTxFromWire,
  mintTxToWire,
  storedTxOutFromWire,
  type TxOutInit,
  txOutToWire,
  type ValidatedMintConfigTxInit,
  validatedMintConfigTxFromWire,
  validatedMintConfigTxToWire,
} from "@fogbow/core-transaction";
import {
  type BlockContents as BlockContentsMessage,
  BlockContentsSchema,
  decodeMessage,
  encodeMessage,
  readData,
} from "@fogbow/core-wire";
import type { BlockContents } from "./contents.ts";
import { CONTENTS_BYTES_MAX } from "./limits.ts";

/** Contents as bytes. */
export function encodeBlockContents(contents: BlockContents): Uint8Array {
  return encodeMessage(BlockContentsSchema, contentsToWire(contents));
}

/** Contents from bytes. Errors as {@link contentsFromWire}. */
export function decodeBlockContents(encoded: Uint8Array): BlockContents {
  return contentsFromWire(decodeMessage(BlockContentsSchema, encoded, { bytesMax: CONTENTS_BYTES_MAX }));
}

/** Contents as `encodeMessage` takes them. */
export interface BlockContentsInit {
  readonly keyImages: { readonly data: Uint8Array }[];
  readonly outputs: TxOutInit[];
  readonly validatedMintConfigTxs: ValidatedMintConfigTxInit[];
  readonly mintTxs: MintTxInit[];
}

/** Contents as a message, to be put into larger ones. */
export function contentsToWire(contents: BlockContents): BlockContentsInit {
  return {
    keyImages: contents.keyImages.map((image) => ({ data: image })),
    outputs: contents.outputs.map(txOutToWire),
    validatedMintConfigTxs: contents.validatedMintConfigTxs.map(validatedMintConfigTxToWire),
    mintTxs: contents.mintTxs.map(mintTxToWire),
  };
}

/**
 * Contents from a message. Keys are only measured: what consensus accepted, a reader must be able to read. The keys of
 * minting transactions are decoded, as consensus does. Throws WireError, TransactionError for a malformed output, and
 * CryptoError `invalid-public-key` for a minting transaction's key that is no point.
 */
export function contentsFromWire(message: BlockContentsMessage): BlockContents {
  return {
    keyImages: message.keyImages.map((image) => compressedPoint(readData(image, 32, "key_images"))),
    outputs: message.outputs.map(storedTxOutFromWire),
    validatedMintConfigTxs: message.validatedMintConfigTxs.map(validatedMintConfigTxFromWire),
    mintTxs: message.mintTxs.map(mintTxFromWire),
  };
}
