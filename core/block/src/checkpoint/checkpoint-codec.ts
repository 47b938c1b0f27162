// Checkpoints and their signatures as protobuf messages.
import { bytes } from "@fogbow/core-bytes";
import {
  type Checkpoint as CheckpointMessage,
  type CheckpointSignature as CheckpointSignatureMessage,
  decodeMessage,
  encodeMessage,
  readBytes,
  readData,
  readPresent,
  type SignedCheckpoint as SignedCheckpointMessage,
  SignedCheckpointSchema,
} from "@fogbow/core-wire";
import { SIGNED_CHECKPOINT_BYTES_MAX } from "../limits.ts";
import type { Checkpoint, CheckpointSignature } from "./checkpoint.ts";

/** A checkpoint with those who signed it. */
export interface SignedCheckpoint {
  readonly checkpoint: Checkpoint;
  readonly signatures: readonly CheckpointSignature[];
}

/** A signed checkpoint as bytes. Throws WireError `message-too-large`. */
export function encodeSignedCheckpoint({ checkpoint, signatures }: SignedCheckpoint): Uint8Array {
  const message = signedCheckpointToWire({ checkpoint, signatures });
  return encodeMessage(SignedCheckpointSchema, message, { bytesMax: SIGNED_CHECKPOINT_BYTES_MAX });
}

/** A signed checkpoint as `encodeMessage` takes it. */
export interface SignedCheckpointInit {
  readonly checkpoint: CheckpointInit;
  readonly signatures: CheckpointSignatureInit[];
}

/** A signature of it as `encodeMessage` takes it. */
export interface CheckpointSignatureInit {
  readonly signature: { readonly data: Uint8Array };
  readonly signer: { readonly data: Uint8Array };
  readonly responderId: string;
  readonly nodeKey: { readonly data: Uint8Array };
  readonly nodeSignature: { readonly data: Uint8Array };
}

/** A signed checkpoint as a message, to be put into larger ones. */
export function signedCheckpointToWire({ checkpoint, signatures }: SignedCheckpoint): SignedCheckpointInit {
  return { checkpoint: checkpointToWire(checkpoint), signatures: signatures.map(signatureToWire) };
}

/** A signed checkpoint from bytes. Throws WireError. Nothing is verified. */
export function decodeSignedCheckpoint(encoded: Uint8Array): SignedCheckpoint {
  return signedCheckpointFromWire(
    decodeMessage(SignedCheckpointSchema, encoded, { bytesMax: SIGNED_CHECKPOINT_BYTES_MAX }),
  );
}

/** A signed checkpoint from a message. Throws WireError. Nothing is verified. */
export function signedCheckpointFromWire(message: SignedCheckpointMessage): SignedCheckpoint {
  return {
    checkpoint: checkpointFromWire(readPresent(message.checkpoint, "checkpoint")),
    signatures: message.signatures.map(signatureFromWire),
  };
}

/** A checkpoint as `encodeMessage` takes it. */
export type CheckpointInit = Pick<
  CheckpointMessage,
  "height" | "blockId" | "merkleRoot" | "keyImagesDigest" | "mintStateDigest"
>;

/** A checkpoint as a message, to be put into larger ones. */
export function checkpointToWire({
  height,
  blockId,
  merkleRoot,
  keyImagesDigest,
  mintStateDigest,
}: Checkpoint): CheckpointInit {
  return { height, blockId, merkleRoot, keyImagesDigest, mintStateDigest };
}

/** A checkpoint from a message. Throws WireError `wrong-length`. */
export function checkpointFromWire(message: CheckpointMessage): Checkpoint {
  const digest = (value: Uint8Array, field: string) => bytes(readBytes(value, 32, field), 32, field);
  return {
    height: message.height,
    blockId: digest(message.blockId, "block_id"),
    merkleRoot: digest(message.merkleRoot, "merkle_root"),
    keyImagesDigest: digest(message.keyImagesDigest, "key_images_digest"),
    mintStateDigest: digest(message.mintStateDigest, "mint_state_digest"),
  };
}

function signatureToWire({ signature, signer, node, nodeSignature }: CheckpointSignature): CheckpointSignatureInit {
  return {
    signature: { data: signature },
    signer: { data: signer },
    responderId: node.responderId,
    nodeKey: { data: node.publicKey },
    nodeSignature: { data: nodeSignature },
  };
}

function signatureFromWire(message: CheckpointSignatureMessage): CheckpointSignature {
  return {
    signature: bytes(readData(message.signature, 64, "signature"), 64, "signature"),
    signer: bytes(readData(message.signer, 32, "signer"), 32, "signer"),
    node: {
      responderId: message.responderId,
      publicKey: bytes(readData(message.nodeKey, 32, "node_key"), 32, "node_key"),
    },
    nodeSignature: bytes(readData(message.nodeSignature, 64, "node_signature"), 64, "node_signature"),
  };
}
