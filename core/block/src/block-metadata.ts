// How a block came about at one node, signed by the node; required from block version 3 (spec 02 §8.4).
import { evidenceDigestible } from "@fogbow/core-attest";
import { type Bytes, bytes, equalBytes } from "@fogbow/core-bytes";
import {
  aggregate,
  bytesOf,
  digest32,
  type Ed25519PrivateKey,
  ed25519Sign,
  ed25519Verify,
  optional,
} from "@fogbow/core-crypto";
import type { AttestationEvidence } from "./attestation-evidence.ts";
import { evidenceToWire } from "./attestation-evidence-codec.ts";
import type { Block } from "./block.ts";
import type { Ed25519Verifier } from "./block-signature.ts";
import { type QuorumSet, quorumSetDigestible, responderIdDigestible } from "./quorum-set.ts";

/** What a node says about a block. */
export interface BlockMetadataContents {
  readonly blockId: Bytes<32>;
  /** Whom the node listened to. */
  readonly quorumSet: QuorumSet;
  readonly evidence: AttestationEvidence | undefined;
  /** The node's name: host and port. */
  readonly responderId: string;
}

/** What a node says about a block, signed. The key beside the signature proves nothing by itself. */
export interface BlockMetadata {
  readonly contents: BlockMetadataContents;
  /** The Ed25519 key that the node signs its messages with. */
  readonly nodeKey: Bytes<32>;
  /** Ed25519 over the metadata's signing digest. */
  readonly signature: Bytes<64>;
}

/** What the signature is over: 32 bytes that depend on every field, and on the order of the quorum set's members. */
export function metadataSigningDigest(contents: BlockMetadataContents): Uint8Array {
  const digestible = aggregate("BlockMetadataContents", [
    ["block_id", bytesOf(contents.blockId)],
    ["quorum_set", quorumSetDigestible(contents.quorumSet)],
    ["verification_report", optional(contents.evidence && evidenceDigestible(evidenceToWire(contents.evidence)))],
    ["responder_id", responderIdDigestible(contents.responderId)],
  ]);
  return digest32("block_metadata", digestible);
}

/** Signs what a node says about a block. */
export function signMetadata(contents: BlockMetadataContents, key: Ed25519PrivateKey): BlockMetadata {
  const signature = bytes(ed25519Sign(key, metadataSigningDigest(contents)), 64, "signature");
  return { contents, nodeKey: bytes(key.publicKey(), 32, "node key"), signature };
}

/** Whether metadata is signed by the key beside it. */
export function verifyMetadataSignature(
  { contents, nodeKey, signature }: BlockMetadata,
  verify: Ed25519Verifier = ed25519Verify,
): boolean {
  return verify(nodeKey, metadataSigningDigest(contents), signature);
}

/** Whether metadata is about this block. */
export function isMetadataOf({ contents }: BlockMetadata, block: Block): boolean {
  return equalBytes(contents.blockId, block.id);
}
