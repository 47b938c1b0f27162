// Chains of blocks to store: outputs and key images that nobody owns, everything else as the network makes it.
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from "node:crypto";
import {
  type Block,
  type BlockContents,
  type BlockData,
  type BlockMetadata,
  type BlockSignature,
  blockSigningDigest,
  contentsFromWire,
  createBlock,
  metadataSigningDigest,
  NO_MINTING,
  originBlock,
} from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import type { TxOut, TxOutMembershipElement } from "@fogbow/core-transaction";
import { BlockContentsSchema, decodeMessage, encodeMessage } from "@fogbow/core-wire";

/** 32 bytes that depend on a name and numbers, and on FOGBOW_SEED. */
export function draw(name: string, ...numbers: readonly number[]): Uint8Array {
  const { FOGBOW_SEED: seed = "0" } = process.env;
  return new Uint8Array(
    createHash("sha256")
      .update(JSON.stringify([seed, name, numbers]))
      .digest(),
  );
}

/** An output whose keys are random bytes: the ledger only measures them. */
export function output(...numbers: readonly number[]): TxOut {
  const data = (name: string): { data: Uint8Array } => ({ data: draw(name, ...numbers) });
  const value = {
    commitment: data("commitment"),
    maskedValue: 2n ** 63n + BigInt(numbers.at(-1) ?? 0),
    maskedTokenId: draw("token", ...numbers).slice(0, 8),
  };
  const { outputs } = fromWire({
    outputs: [
      {
        maskedAmount: { case: "maskedAmountV2", value },
        targetKey: data("target"),
        publicKey: data("public"),
        eFogHint: { data: new Uint8Array(84).fill(1) },
        eMemo: { data: new Uint8Array(66).fill(2) },
      },
    ],
  });
  return outputs[0] as TxOut; // One was made.
}

/** A key image that is random bytes. */
export function keyImage(...numbers: readonly number[]): BlockContents["keyImages"][number] {
  const { keyImages } = fromWire({ keyImages: [{ data: draw("image", ...numbers) }] });
  return keyImages[0] as BlockContents["keyImages"][number]; // One was made.
}

function fromWire(message: Parameters<typeof encodeMessage<typeof BlockContentsSchema>>[1]): BlockContents {
  const encoded = encodeMessage(BlockContentsSchema, message);
  return contentsFromWire(decodeMessage(BlockContentsSchema, encoded, { bytesMax: encoded.length }));
}

/** So many outputs and two key images, different for each block index. */
export const contents = (block: number, outputs = 3): BlockContents => ({
  keyImages: [keyImage(block, 0), keyImage(block, 1)],
  outputs: Array.from({ length: outputs }, (_, i) => output(block, i)),
  ...NO_MINTING,
});

/** An unsigned origin block. */
export const origin = (outputs = 5): BlockData => ({
  ...originBlock(contents(0, outputs).outputs),
  signature: undefined,
  metadata: undefined,
});

/** An Ed25519 key from a seed of equal bytes, in the DER form of RFC 8410. */
export function signingKey(byte: number): KeyObject {
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), Buffer.alloc(32, byte)]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

const enclaveKey = signingKey(1);
const nodeKey = signingKey(2);

/** The public part of an Ed25519 key. */
export function publicKeyOf(key: KeyObject): ReturnType<typeof bytes<32>> {
  const der = createPublicKey(key).export({ format: "der", type: "spki" });
  return bytes(new Uint8Array(der.subarray(-32)), 32, "public key");
}

/** An Ed25519 signature over a digest. */
export const signatureBy = (key: KeyObject, digest: Uint8Array): ReturnType<typeof bytes<64>> =>
  bytes(new Uint8Array(sign(null, digest, key)), 64, "signature");

const signatureOf = (block: Block): BlockSignature => ({
  signature: signatureBy(enclaveKey, blockSigningDigest(block)),
  signer: publicKeyOf(enclaveKey),
  signedAt: 1_700_000_000n + block.index,
});

/** Metadata for a block. */
function metadataOf(block: Block): BlockMetadata {
  const made = {
    blockId: block.id,
    quorumSet: { threshold: 0, members: [] },
    evidence: undefined,
    responderId: "node.example:8443",
  };
  return {
    contents: made,
    nodeKey: publicKeyOf(nodeKey),
    signature: signatureBy(nodeKey, metadataSigningDigest(made)),
  };
}

/** The block after a parent, signed. */
export function next(
  parent: Block,
  rootElement: TxOutMembershipElement,
  made: BlockContents = contents(Number(parent.index) + 1),
  version = 3,
): BlockData {
  const block = createBlock(parent, { version, rootElement, contents: made });
  return { block, contents: made, signature: signatureOf(block), metadata: metadataOf(block) };
}

/** What a chain is appended to. */
interface Target {
  append(data: BlockData): void;
  root(): TxOutMembershipElement;
  lastBlock(): Block | undefined;
}

/** Appends the next block of the chain, the origin block to an empty ledger. Returns it. */
export function appendNext(ledger: Target, outputs?: number): BlockData {
  const parent = ledger.lastBlock();
  const data =
    parent === undefined ? origin(outputs) : next(parent, ledger.root(), contents(Number(parent.index) + 1, outputs));
  ledger.append(data);
  return data;
}
