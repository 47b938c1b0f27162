// How values are stored in the tables, beyond the messages of blocks (spec 02 §8.7).
import { type BlockContents, decodeBlockContents, encodeBlockContents, NO_MINTING } from "@fogbow/core-block";
import { be64, bytes, concatBytes, readBe64, readLe64, type TokenId } from "@fogbow/core-bytes";
import {
  type LeafRange,
  MESSAGE_BYTES_MAX,
  mintTxFromWire,
  mintTxToWire,
  storedTxOutFromWire,
  type TxOut,
  validatedMintConfigTxFromWire,
  validatedMintConfigTxToWire,
} from "@fogbow/core-transaction";
import {
  decodeMessage,
  encodeMessage,
  MintTxListSchema,
  TxOutSchema,
  TxOutsByBlockValueSchema,
  ValidatedMintConfigTxListSchema,
} from "@fogbow/core-wire";
import type { TxOutSpan } from "../ledger.ts";
import { MINTING_BYTES_MAX, VALUE_BYTES_MAX } from "../limits.ts";

const MINTING_LIMITS = { bytesMax: MINTING_BYTES_MAX };

/** The key of a node of the tree: 16 bytes. */
export function rangeKey({ from, to }: LeafRange): Uint8Array {
  return concatBytes(be64(from), be64(to));
}

/** An integer from 8 bytes, most significant first. Throws BytesError for another length. */
export function decodeBe64(value: Uint8Array): bigint {
  return readBe64(bytes(value, 8, "A stored integer"));
}

/** An integer from 8 bytes, **least** significant first. Throws BytesError for another length. */
export function decodeLe64(value: Uint8Array): bigint {
  return readLe64(bytes(value, 8, "A stored integer"));
}

/** An output; its keys are only measured. Throws WireError. */
export function decodeStoredTxOut(value: Uint8Array): TxOut {
  return storedTxOutFromWire(decodeMessage(TxOutSchema, value, { bytesMax: MESSAGE_BYTES_MAX }));
}

/** The key images of a block. A KeyImageList is encoded as contents that hold nothing else. */
export function encodeKeyImages(keyImages: BlockContents["keyImages"]): Uint8Array {
  return encodeBlockContents({ keyImages, outputs: [], ...NO_MINTING });
}

/** The key images of a block. Throws WireError. */
export function decodeKeyImages(value: Uint8Array): BlockContents["keyImages"] {
  return decodeBlockContents(value).keyImages;
}

/** Which outputs a block added. */
export function encodeSpan({ first, count }: TxOutSpan): Uint8Array {
  return encodeMessage(TxOutsByBlockValueSchema, { firstTxOutIndex: first, numTxOuts: count });
}

/** Which outputs a block added. Throws WireError. */
export function decodeSpan(value: Uint8Array): TxOutSpan {
  const message = decodeMessage(TxOutsByBlockValueSchema, value, { bytesMax: VALUE_BYTES_MAX });
  return { first: message.firstTxOutIndex, count: message.numTxOuts };
}

/** The key of a minting nonce: nonce ‖ token, 72 bytes for a nonce of 64. */
export function nonceKey(tokenId: TokenId, nonce: Uint8Array): Uint8Array {
  return concatBytes(nonce, be64(tokenId));
}

/** What a block minted. Throws WireError `message-too-large`. */
export function encodeMintTxs(mintTxs: BlockContents["mintTxs"]): Uint8Array {
  return encodeMessage(MintTxListSchema, { mintTxs: mintTxs.map(mintTxToWire) }, MINTING_LIMITS);
}

/** What a block minted. Throws WireError, CryptoError. */
export function decodeMintTxs(value: Uint8Array): BlockContents["mintTxs"] {
  return decodeMessage(MintTxListSchema, value, MINTING_LIMITS).mintTxs.map(mintTxFromWire);
}

/** How a block configured minting. Throws WireError `message-too-large`. */
export function encodeMintConfigTxs(validated: BlockContents["validatedMintConfigTxs"]): Uint8Array {
  const validatedMintConfigTxs = validated.map(validatedMintConfigTxToWire);
  return encodeMessage(ValidatedMintConfigTxListSchema, { validatedMintConfigTxs }, MINTING_LIMITS);
}

/** How a block configured minting. Throws WireError. */
export function decodeMintConfigTxs(value: Uint8Array): BlockContents["validatedMintConfigTxs"] {
  const message = decodeMessage(ValidatedMintConfigTxListSchema, value, MINTING_LIMITS);
  return message.validatedMintConfigTxs.map(validatedMintConfigTxFromWire);
}
