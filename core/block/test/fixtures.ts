// Blocks to test with: the published ones, and a small signed one.
import { bytes, fromHex } from "@fogbow/core-bytes";
import { compressedPoint, Ed25519PrivateKey } from "@fogbow/core-crypto";
import { decodeTxOut } from "@fogbow/core-transaction";
import {
  type AttestationEvidence,
  type Block,
  type BlockContents,
  type BlockData,
  type BlockMetadataContents,
  createBlock,
  decodeBlock,
  NO_MINTING,
  type QuorumSet,
  signBlock,
  signMetadata,
} from "../src/index.ts";
import { KNOWN_BLOCKS, type KnownBlock } from "./known-blocks.ts";

/** So many bytes with this value. */
export const filled = (value: number, length: number): Uint8Array => new Uint8Array(length).fill(value);

/** A hash that is easy to recognise. */
export const hash = (value: number): ReturnType<typeof bytes<32>> => bytes(filled(value, 32), 32, "fixture");

/** The contents of a known block. */
export const contentsOf = ({ keyImages, outputs }: KnownBlock): BlockContents => ({
  keyImages: keyImages.map((image) => compressedPoint(fromHex(image))),
  outputs: outputs.map((output) => decodeTxOut(fromHex(output))),
  ...NO_MINTING,
});

/** The header of a known block. */
export const headerOf = ({ block }: KnownBlock): Block => decodeBlock(fromHex(block));

/** The published block with memos, the key images and outputs of it. */
export const memoBlock = (): { readonly block: Block; readonly contents: BlockContents } => ({
  block: headerOf(KNOWN_BLOCKS[1]),
  contents: contentsOf(KNOWN_BLOCKS[1]),
});

/** A private Ed25519 key, different for each number. */
export const signingKey = (number: number): Ed25519PrivateKey => new Ed25519PrivateKey(filled(number, 32));

/** The public key of a node, different for each number. */
export const nodeKey = (number: number): ReturnType<typeof bytes<32>> =>
  bytes(signingKey(number).publicKey(), 32, "node key");

/** Evidence of either sort with every field filled. */
export const EVIDENCE: Readonly<Record<"report" | "dcap", AttestationEvidence>> = {
  report: {
    kind: "verification-report",
    report: { signature: filled(1, 5), chain: [filled(2, 4), filled(3, 6)], httpBody: '{"id":"1"}' },
  },
  dcap: {
    kind: "dcap",
    evidence: {
      quote: filled(4, 10),
      collateral: {
        pckCrlIssuerChain: [filled(5, 3), filled(6, 3)],
        rootCaCrl: filled(7, 4),
        pckCrl: filled(8, 4),
        tcbInfoIssuerChain: [filled(9, 3)],
        tcbInfo: "{}",
        qeIdentityIssuerChain: [filled(10, 3)],
        qeIdentity: "{ }",
      },
      reportData: { nonce: filled(11, 16), key: filled(12, 32), customIdentity: filled(13, 32) },
    },
  },
};

/** A quorum set with a node and a group. */
export const QUORUM_SET: QuorumSet = {
  threshold: 2,
  members: [
    { kind: "node", node: { responderId: "node1.example:8443", publicKey: nodeKey(21) } },
    {
      kind: "inner-set",
      set: {
        threshold: 1,
        members: [
          { kind: "node", node: { responderId: "node2.example:8443", publicKey: nodeKey(22) } },
          { kind: "node", node: { responderId: "node3.example:8443", publicKey: nodeKey(23) } },
        ],
      },
    },
  ],
};

/** What a node says about a block. */
export const metadataContents = (block: Block): BlockMetadataContents => ({
  blockId: block.id,
  quorumSet: QUORUM_SET,
  evidence: EVIDENCE.dcap,
  responderId: "node1.example:8443",
});

/** A chain of signed blocks, each with one output and one key image; `metadata` leaves it out when false. */
export function chain(length: number, firstIndex = 5n, metadata = true): BlockData[] {
  const { block: first, contents } = memoBlock();
  const blocks: BlockData[] = [];
  let parent: Block = { ...first, index: firstIndex - 1n };
  for (let i = 0; i < length; i++) {
    const output = contents.outputs[i % contents.outputs.length];
    const image = contents.keyImages[i % contents.keyImages.length];
    const one = { keyImages: image ? [image] : [], outputs: output ? [output] : [], ...NO_MINTING };
    const block = createBlock(parent, { version: 3, rootElement: first.rootElement, contents: one });
    blocks.push({
      block,
      contents: one,
      signature: signBlock(block, signingKey(7), 1_700_000_000n + BigInt(i)),
      metadata: metadata ? signMetadata(metadataContents(block), signingKey(8)) : undefined,
    });
    parent = block;
  }
  return blocks;
}
