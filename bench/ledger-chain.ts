// Blocks to fill ledgers with: their outputs are random bytes of the right lengths, which nobody owns and no ledger can
// tell from others, as it compares keys and never decodes them. Everything that binds the blocks is real.
import { randomBytes } from "node:crypto";
import { type BlockContents, type BlockData, createBlock, NO_MINTING, originBlock } from "@fogbow/core-block";
import { bytes } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import type { TxOut } from "@fogbow/core-transaction";
import type { Ledger } from "@fogbow/ledger-db";

/** The next block of a ledger, with so many outputs and half as many key images. */
export function nextBlock(ledger: Ledger, outputCount: number): BlockData {
  const outputs = Array.from({ length: outputCount }, randomOutput);
  const unsigned = { signature: undefined, metadata: undefined };
  const parent = ledger.lastBlock();
  if (parent === undefined) return { ...originBlock(outputs), ...unsigned };
  const keyImages = Array.from({ length: outputCount / 2 }, () => compressedPoint(randomBytes(32)));
  const contents: BlockContents = { ...NO_MINTING, keyImages, outputs };
  return { block: createBlock(parent, { version: 2, rootElement: ledger.root(), contents }), contents, ...unsigned };
}

/**
 * Appends blocks of so many outputs until the ledger has `size`, a multiple of it. Tells after each block what it was and how many
 * outputs were before it.
 */
export async function fill(
  ledger: Ledger,
  size: number,
  onAppended: (block: BlockData, sizeBefore: bigint) => Promise<void>,
  outputsPerBlock = 5_000,
): Promise<void> {
  while (ledger.numTxOuts() < size) {
    const [block, sizeBefore] = [nextBlock(ledger, outputsPerBlock), ledger.numTxOuts()];
    ledger.append(block);
    await onAppended(block, sizeBefore);
  }
}

/** An output that nobody owns. */
export function randomOutput(): TxOut {
  const random = randomBytes(262);
  return {
    maskedAmount: {
      version: 2,
      commitment: compressedPoint(random.subarray(0, 32)),
      maskedValue: random.readBigUInt64LE(32),
      maskedTokenId: random.subarray(40, 48),
    },
    targetKey: compressedPoint(random.subarray(48, 80)),
    publicKey: compressedPoint(random.subarray(80, 112)),
    encryptedFogHint: bytes(random.subarray(112, 196), 84, "Fog hint"),
    encryptedMemo: bytes(random.subarray(196, 262), 66, "memo"),
  };
}
