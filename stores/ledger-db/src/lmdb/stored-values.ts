// How values are stored in the tables, beyond the messages of blocks (spec 02 §8.7).
import { type BlockContents, decodeBlockContents, encodeBlockContents } from "@fogbow/core-block";
import { be64, bytes, concatBytes, readBe64, readLe64 } from "@fogbow/core-bytes";
import { type LeafRange, MESSAGE_BYTES_MAX, storedTxOutFromWire, type TxOut } from "@fogbow/core-transaction";
import { decodeMessage, encodeMessage, TxOutSchema, TxOutsByBlockValueSchema } from "@fogbow/core-wire";
import type { TxOutSpan } from "../ledger.ts";
import { VALUE_BYTES_MAX } from "../limits.ts";

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
  return encodeBlockContents({ keyImages, outputs: [] });
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
