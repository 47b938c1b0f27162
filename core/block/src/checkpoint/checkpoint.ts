// What validators sign about the whole ledger, and when that is enough to believe it. The enclave of a node signs with the
// key that signs its blocks; the node signs that this is the key of its enclave, since quorum sets name nodes.
import { type Bytes, bytes } from "@fogbow/core-bytes";
import {
  aggregate,
  bytesOf,
  type Digestible,
  digest32,
  type Ed25519PrivateKey,
  ed25519Sign,
  ed25519Verify,
  uint64,
} from "@fogbow/core-crypto";
import type { Ed25519Verifier } from "../block-signature.ts";
import { BlockError, type BlockErrorCode } from "../error.ts";
import { LIGHT_CLIENT_METADATA_MAX } from "../limits.ts";
import { ed25519PublicDigestible, type NodeId, type QuorumSet, responderIdDigestible } from "../quorum-set.ts";
import { isSatisfiedBy, nodeName } from "../satisfied-by.ts";

/** What the chain that ends with a block leaves in the ledger. All of it follows from the block's id. */
export interface Checkpoint {
  /** The index of the block. */
  readonly height: bigint;
  readonly blockId: Bytes<32>;
  /** The root of the tree of outputs, with that block. */
  readonly merkleRoot: Bytes<32>;
  /** Of the set of all key images. */
  readonly keyImagesDigest: Bytes<32>;
  /** Of who may mint what, and of the nonces that were used. */
  readonly mintStateDigest: Bytes<32>;
}

/** A node's word for a checkpoint. */
export interface CheckpointSignature {
  /** The enclave's, over the checkpoint. */
  readonly signature: Bytes<64>;
  /** The enclave's block signing key. */
  readonly signer: Bytes<32>;
  /** The node, by its name and the key that it signs messages with. */
  readonly node: NodeId;
  /** The node's, over the checkpoint, its own name and its block signing key. */
  readonly nodeSignature: Bytes<64>;
}

/** Every so many blocks validators sign: after blocks 9 999, 19 999 … */
export const CHECKPOINT_INTERVAL = 10_000n;

/** Whether validators sign the ledger that ends with this block. */
export function isCheckpointHeight(height: bigint, interval: bigint = CHECKPOINT_INTERVAL): boolean {
  return (height + 1n) % interval === 0n;
}

/** A checkpoint as part of a larger hashed object. */
function checkpointDigestible(checkpoint: Checkpoint): Digestible {
  return aggregate("Checkpoint", [
    ["height", uint64(checkpoint.height)],
    ["block_id", bytesOf(checkpoint.blockId)],
    ["merkle_root", bytesOf(checkpoint.merkleRoot)],
    ["key_images_digest", bytesOf(checkpoint.keyImagesDigest)],
    ["mint_state_digest", bytesOf(checkpoint.mintStateDigest)],
  ]);
}

/** What an enclave signs, 32 bytes. */
export function checkpointDigest(checkpoint: Checkpoint): Uint8Array {
  return digest32("fogbow-checkpoint", checkpointDigestible(checkpoint));
}

/** What a node signs about a checkpoint and its own enclave, 32 bytes. */
export function endorsementDigest(checkpoint: Checkpoint, signer: Uint8Array, { responderId }: NodeId): Uint8Array {
  const endorsement = aggregate("CheckpointEndorsement", [
    ["checkpoint", checkpointDigestible(checkpoint)],
    ["responder_id", responderIdDigestible(responderId)],
    ["signer", ed25519PublicDigestible(signer)],
  ]);
  return digest32("fogbow-checkpoint-endorsement", endorsement);
}

/** The enclave's part of a signature. */
export function signCheckpoint(
  checkpoint: Checkpoint,
  key: Ed25519PrivateKey,
): Pick<CheckpointSignature, "signature" | "signer"> {
  const signature = bytes(ed25519Sign(key, checkpointDigest(checkpoint)), 64, "signature");
  return { signature, signer: bytes(key.publicKey(), 32, "signer") };
}

/** The node's part: that the signer is its own enclave. `node` names the public half of `key`. */
export function endorseCheckpoint(
  checkpoint: Checkpoint,
  { signature, signer }: Pick<CheckpointSignature, "signature" | "signer">,
  { node, key }: { readonly node: NodeId; readonly key: Ed25519PrivateKey },
): CheckpointSignature {
  const nodeSignature = bytes(ed25519Sign(key, endorsementDigest(checkpoint, signer, node)), 64, "signature");
  return { signature, signer, node, nodeSignature };
}

/** Whether both signatures are over this checkpoint, by the keys beside them. Whose keys these are is for the caller. */
export function verifyCheckpointSignature(
  checkpoint: Checkpoint,
  { signature, signer, node, nodeSignature }: CheckpointSignature,
  verify: Ed25519Verifier = ed25519Verify,
): boolean {
  return (
    verify(signer, checkpointDigest(checkpoint), signature) &&
    verify(node.publicKey, endorsementDigest(checkpoint, signer, node), nodeSignature)
  );
}

/**
 * Passes if enough of those whom one listens to signed: the nodes that did, each by its name and key, contain a slice of the
 * quorum set. One bad signature among enough good ones still fails, as for a light client. Throws `too-many-signatures`,
 * `invalid-checkpoint-signature`, `too-few-signatures`.
 */
export function verifyCheckpointQuorum(
  checkpoint: Checkpoint,
  signatures: readonly CheckpointSignature[],
  quorumSet: QuorumSet,
  verify: Ed25519Verifier = ed25519Verify,
): void {
  const refuse = (code: BlockErrorCode, what: string): never => {
    throw new BlockError(code, `The checkpoint of block ${checkpoint.height}: ${what}.`, {
      blockIndex: checkpoint.height,
    });
  };
  if (signatures.length > LIGHT_CLIENT_METADATA_MAX) {
    refuse("too-many-signatures", `there are ${signatures.length} signatures`);
  }
  if (!signatures.every((each) => verifyCheckpointSignature(checkpoint, each, verify))) {
    refuse("invalid-checkpoint-signature", "a signature does not verify");
  }
  const signers = new Set(signatures.map(({ node }) => nodeName(node)));
  if (!isSatisfiedBy(quorumSet, signers)) {
    refuse("too-few-signatures", `${signers.size} nodes signed, which are not enough of the quorum set`);
  }
}
