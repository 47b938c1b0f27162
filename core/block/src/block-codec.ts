// Block headers as protobuf messages (spec 02 §10).
import { type Bytes, bytes } from "@fogbow/core-bytes";
import { membershipElementFromWire, membershipElementToWire } from "@fogbow/core-transaction";
import {
  type Block as BlockMessage,
  BlockSchema,
  decodeMessage,
  encodeMessage,
  readData,
  readPresent,
} from "@fogbow/core-wire";
import type { Block } from "./block.ts";
import { BLOCK_BYTES_MAX } from "./limits.ts";

/** A header as bytes. */
export function encodeBlock(block: Block): Uint8Array {
  return encodeMessage(BlockSchema, blockToWire(block));
}

/** A header from bytes. Throws WireError. Says nothing about whether the id is right. */
export function decodeBlock(encoded: Uint8Array): Block {
  return blockFromWire(decodeMessage(BlockSchema, encoded, { bytesMax: BLOCK_BYTES_MAX }));
}

/** A header as `encodeMessage` takes it. */
export interface BlockInit {
  readonly id: { readonly data: Uint8Array };
  readonly version: number;
  readonly parentId: { readonly data: Uint8Array };
  readonly index: bigint;
  readonly cumulativeTxoCount: bigint;
  readonly rootElement: ReturnType<typeof membershipElementToWire>;
  readonly contentsHash: { readonly data: Uint8Array };
}

/** A header as a message, to be put into larger ones. */
export function blockToWire(block: Block): BlockInit {
  return {
    id: { data: block.id },
    version: block.version,
    parentId: { data: block.parentId },
    index: block.index,
    cumulativeTxoCount: block.cumulativeTxoCount,
    rootElement: membershipElementToWire(block.rootElement),
    contentsHash: { data: block.contentsHash },
  };
}

/** A header from a message. Throws WireError `missing-field` or `wrong-length`. */
export function blockFromWire(message: BlockMessage): Block {
  return {
    id: hash(message.id, "id"),
    version: message.version,
    parentId: hash(message.parentId, "parent_id"),
    index: message.index,
    cumulativeTxoCount: message.cumulativeTxoCount,
    rootElement: membershipElementFromWire(readPresent(message.rootElement, "root_element")),
    contentsHash: hash(message.contentsHash, "contents_hash"),
  };
}

function hash(message: { readonly data: Uint8Array } | undefined, field: string): Bytes<32> {
  return bytes(readData(message, 32, field), 32, field);
}
