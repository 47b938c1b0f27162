// An enclave's signature over a block (spec 02 §8.3).
import { type Bytes, bytes } from "@fogbow/core-bytes";
import { digest32, type Ed25519PrivateKey, ed25519Sign, ed25519Verify } from "@fogbow/core-crypto";
import {
  type BlockSignature as BlockSignatureMessage,
  BlockSignatureSchema,
  decodeMessage,
  encodeMessage,
  readData,
} from "@fogbow/core-wire";
import { type Block, blockDigestible } from "./block.ts";
import { SIGNATURE_BYTES_MAX } from "./limits.ts";

/** A signature over a block with the key it is by. The key beside a signature proves nothing by itself. */
export interface BlockSignature {
  /** Ed25519 over the block's signing digest. */
  readonly signature: Bytes<64>;
  /** The enclave's block signing key. */
  readonly signer: Bytes<32>;
  /** Seconds since the Unix epoch, by the node's clock. **Not signed.** */
  readonly signedAt: bigint;
}

/** What a block's signature is over: 32 bytes that depend on the whole header, the id included. */
export function blockSigningDigest(block: Block): Uint8Array {
  return digest32("block-sig", blockDigestible(block));
}

/** Signs a block. */
export function signBlock(block: Block, key: Ed25519PrivateKey, signedAt: bigint): BlockSignature {
  const signature = bytes(ed25519Sign(key, blockSigningDigest(block)), 64, "signature");
  return { signature, signer: bytes(key.publicKey(), 32, "signer"), signedAt };
}

/**
 * Verifies Ed25519 by the same strict rules as `ed25519Verify`, perhaps faster: hosts have native code for it. Here and in
 * enclaves it is that function unless another is given.
 */
export type Ed25519Verifier = typeof ed25519Verify;

/** Whether a signature is over this block by the key beside it. */
export function verifyBlockSignature(
  block: Block,
  { signature, signer }: BlockSignature,
  verify: Ed25519Verifier = ed25519Verify,
): boolean {
  return verify(signer, blockSigningDigest(block), signature);
}

/** A block signature as bytes. */
export function encodeBlockSignature(signature: BlockSignature): Uint8Array {
  return encodeMessage(BlockSignatureSchema, blockSignatureToWire(signature));
}

/** A block signature from bytes. Throws WireError. */
export function decodeBlockSignature(encoded: Uint8Array): BlockSignature {
  return blockSignatureFromWire(decodeMessage(BlockSignatureSchema, encoded, { bytesMax: SIGNATURE_BYTES_MAX }));
}

/** A block signature as `encodeMessage` takes it. */
export interface BlockSignatureInit {
  readonly signature: { readonly data: Uint8Array };
  readonly signer: { readonly data: Uint8Array };
  readonly signedAt: bigint;
}

/** A block signature as a message, to be put into larger ones. */
export function blockSignatureToWire({ signature, signer, signedAt }: BlockSignature): BlockSignatureInit {
  return { signature: { data: signature }, signer: { data: signer }, signedAt };
}

/** A block signature from a message. Throws WireError `missing-field` or `wrong-length`. */
export function blockSignatureFromWire(message: BlockSignatureMessage): BlockSignature {
  return {
    signature: bytes(readData(message.signature, 64, "signature"), 64, "signature"),
    signer: bytes(readData(message.signer, 32, "signer"), 32, "signer"),
    signedAt: message.signedAt,
  };
}
