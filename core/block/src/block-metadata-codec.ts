// Block metadata as protobuf messages (spec 02 §10).
import { bytes } from "@fogbow/core-bytes";
import {
  type BlockMetadata as BlockMetadataMessage,
  BlockMetadataSchema,
  decodeMessage,
  encodeMessage,
  readData,
  readPresent,
} from "@fogbow/core-wire";
import { type EvidenceInit, evidenceFromWire, evidenceToWire } from "./attestation-evidence-codec.ts";
import type { BlockMetadata } from "./block-metadata.ts";
import { METADATA_BYTES_MAX } from "./limits.ts";
import { type QuorumSetInit, quorumSetFromWire, quorumSetToWire } from "./quorum-set-codec.ts";

/** Metadata as bytes. Throws WireError `message-too-large`. */
export function encodeBlockMetadata(metadata: BlockMetadata): Uint8Array {
  return encodeMessage(BlockMetadataSchema, blockMetadataToWire(metadata), { bytesMax: METADATA_BYTES_MAX });
}

/** Metadata from bytes. Throws WireError. */
export function decodeBlockMetadata(encoded: Uint8Array): BlockMetadata {
  return blockMetadataFromWire(decodeMessage(BlockMetadataSchema, encoded, { bytesMax: METADATA_BYTES_MAX }));
}

/** Metadata as `encodeMessage` takes it. */
export interface BlockMetadataInit {
  readonly contents: {
    readonly blockId: { readonly data: Uint8Array };
    readonly quorumSet: QuorumSetInit;
    readonly attestationEvidence?: EvidenceInit;
    readonly responderId: string;
  };
  readonly nodeKey: { readonly data: Uint8Array };
  readonly signature: { readonly data: Uint8Array };
}

/** Metadata as a message, to be put into larger ones. */
export function blockMetadataToWire({ contents, nodeKey, signature }: BlockMetadata): BlockMetadataInit {
  return {
    contents: {
      blockId: { data: contents.blockId },
      quorumSet: quorumSetToWire(contents.quorumSet),
      ...(contents.evidence && { attestationEvidence: evidenceToWire(contents.evidence) }),
      responderId: contents.responderId,
    },
    nodeKey: { data: nodeKey },
    signature: { data: signature },
  };
}

/** Metadata from a message. Throws WireError `missing-field` or `wrong-length`. */
export function blockMetadataFromWire(message: BlockMetadataMessage): BlockMetadata {
  const contents = readPresent(message.contents, "contents");
  return {
    contents: {
      blockId: bytes(readData(contents.blockId, 32, "block_id"), 32, "block_id"),
      quorumSet: quorumSetFromWire(readPresent(contents.quorumSet, "quorum_set")),
      evidence: evidenceFromWire(contents.attestationEvidence),
      responderId: contents.responderId,
    },
    nodeKey: bytes(readData(message.nodeKey, 32, "node_key"), 32, "node_key"),
    signature: bytes(readData(message.signature, 64, "signature"), 64, "signature"),
  };
}
