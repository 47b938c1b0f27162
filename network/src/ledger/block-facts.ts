// What the commands tell of a block.
import { type BlockData, verifyBlockSignature } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";

/** A block for people and programs; bytes are in hex. */
export interface BlockFacts {
  readonly index: bigint;
  readonly id: string;
  readonly version: number;
  readonly parentId: string;
  readonly cumulativeTxoCount: bigint;
  readonly rootElement: { readonly from: bigint; readonly to: bigint; readonly hash: string };
  readonly contentsHash: string;
  readonly outputs: readonly { readonly index: bigint; readonly publicKey: string; readonly targetKey: string }[];
  readonly keyImages: readonly string[];
  /** What it mints; the amount is in the token's smallest unit. */
  readonly mintTxs: readonly MintFacts[];
  /** Who may mint from the next block on. */
  readonly mintConfigTxs: readonly MintConfigFacts[];
  readonly signature:
    | { readonly signer: string; readonly signature: string; readonly signedAt: bigint; readonly valid: boolean }
    | undefined;
  readonly metadata: { readonly responderId: string; readonly nodeKey: string } | undefined;
}

interface MintFacts {
  readonly tokenId: bigint;
  readonly amount: bigint;
  readonly viewPublicKey: string;
  readonly spendPublicKey: string;
  readonly nonce: string;
}

interface MintConfigFacts {
  readonly tokenId: bigint;
  readonly totalMintLimit: bigint;
  /** The limit of each configuration, in their order. */
  readonly mintLimits: readonly bigint[];
  readonly nonce: string;
}

/** The facts of a block whose first output has this index in the ledger. */
export function blockFacts({ block, contents, signature, metadata }: BlockData, firstTxOut: bigint): BlockFacts {
  const { range, hash } = block.rootElement;
  return {
    index: block.index,
    id: toHex(block.id),
    version: block.version,
    parentId: toHex(block.parentId),
    cumulativeTxoCount: block.cumulativeTxoCount,
    rootElement: { from: range.from, to: range.to, hash: toHex(hash) },
    contentsHash: toHex(block.contentsHash),
    outputs: contents.outputs.map(({ publicKey, targetKey }, i) => ({
      index: firstTxOut + BigInt(i),
      publicKey: toHex(publicKey),
      targetKey: toHex(targetKey),
    })),
    keyImages: contents.keyImages.map(toHex),
    mintTxs: contents.mintTxs.map(({ prefix: { tokenId, amount, viewPublicKey, spendPublicKey, nonce } }) => ({
      tokenId,
      amount,
      viewPublicKey: toHex(viewPublicKey),
      spendPublicKey: toHex(spendPublicKey),
      nonce: toHex(nonce),
    })),
    mintConfigTxs: contents.validatedMintConfigTxs.map(({ mintConfigTx: { prefix } }) => ({
      tokenId: prefix.tokenId,
      totalMintLimit: prefix.totalMintLimit,
      mintLimits: prefix.configs.map(({ mintLimit }) => mintLimit),
      nonce: toHex(prefix.nonce),
    })),
    signature: signature && {
      signer: toHex(signature.signer),
      signature: toHex(signature.signature),
      signedAt: signature.signedAt,
      valid: verifyBlockSignature(block, signature),
    },
    metadata: metadata && { responderId: metadata.contents.responderId, nodeKey: toHex(metadata.nodeKey) },
  };
}

const LAST_SECOND = 8_640_000_000_000n; // The last second that a Date can hold.

/** Seconds since the Unix epoch, as people write them. */
export function timeText(seconds: bigint): string {
  return seconds > LAST_SECOND ? `second ${seconds}` : new Date(Number(seconds) * 1_000).toISOString();
}
