// A chain to sum up: an origin block, then blocks that spend, make outputs and mint.
import { type Bytes, bytes } from "@fogbow/core-bytes";
import { compressedPoint, PrivateKey } from "@fogbow/core-crypto";
import { type TxOut, txOutHash } from "@fogbow/core-transaction";
import { kernel } from "@fogbow/kernel";
import {
  type BlockContents,
  createBlock,
  type NewBlock,
  NO_MINTING,
  originBlockFromSeed,
  TreeFrontier,
} from "../../src/index.ts";
import { CONFIGURATION, MINT } from "../minting.ts";

const key = (n: number): ReturnType<PrivateKey["publicKey"]> => new PrivateKey(new Uint8Array(32).fill(n)).publicKey();
const recipient = {
  viewPublicKey: key(1),
  spendPublicKey: key(2),
  fogReportUrl: "",
  fogReportId: "",
  fogAuthoritySig: new Uint8Array(),
};

/** 32 bytes that a number decides. */
export const draw = (n: number): Bytes<32> =>
  bytes(kernel().hashes.blake2b256(Uint8Array.of(n & 0xff, n >> 8)), 32, "drawn");

/** Outputs that nothing else shares a key with. */
const outputs = (seed: number, count: number): readonly TxOut[] =>
  originBlockFromSeed(
    draw(seed),
    Array.from({ length: count }, () => ({ recipient, value: 1n })),
  ).contents.outputs;

/** So many blocks: block 3 configures minting, block 4 mints. */
export function chain(length: number): NewBlock[] {
  const blocks: NewBlock[] = [
    originBlockFromSeed(
      draw(0),
      Array.from({ length: 5 }, () => ({ recipient, value: 1n })),
    ),
  ];
  const frontier = new TreeFrontier();
  for (let i = 1; i < length; i++) {
    const parent = blocks[i - 1] as NewBlock; // There is an origin block.
    for (const txOut of parent.contents.outputs) frontier.append(txOutHash(txOut));
    const contents: BlockContents = {
      ...NO_MINTING,
      keyImages: [draw(1_000 + 2 * i), draw(1_001 + 2 * i)].map(compressedPoint),
      outputs: outputs(i, 1 + (i % 3)),
      ...(i === 3 && { validatedMintConfigTxs: [CONFIGURATION] }),
      ...(i === 4 && { mintTxs: [MINT] }),
    };
    blocks.push({ block: createBlock(parent.block, { version: 4, rootElement: frontier.root(), contents }), contents });
  }
  return blocks;
}
