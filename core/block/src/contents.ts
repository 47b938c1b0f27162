// What a block adds to the ledger, and its hash (spec 02 §1.4, §1.5). Fees, rings and proofs are gone by then.
import { type Bytes, bytes } from "@fogbow/core-bytes";
import { aggregate, type CompressedPoint, digest32, list, point } from "@fogbow/core-crypto";
import {
  type MintTx,
  mintTxDigestible,
  type TxOut,
  txOutDigestible,
  type ValidatedMintConfigTx,
  validatedMintConfigTxDigestible,
} from "@fogbow/core-transaction";

/** Everything a block adds to the ledger. Nothing tells which key image or output belonged to which transaction. */
export interface BlockContents {
  /** What was spent; ascending in blocks that an enclave made. */
  readonly keyImages: readonly CompressedPoint[];
  /** What was made; ascending by public key in blocks that an enclave made, in any order in an origin block. */
  readonly outputs: readonly TxOut[];
  /** Who may mint from the next block on, from block version 2. */
  readonly validatedMintConfigTxs: readonly ValidatedMintConfigTx[];
  /** What was minted, one output of the block for each, from block version 2. */
  readonly mintTxs: readonly MintTx[];
}

/** The part of the contents that most blocks leave empty. */
export const NO_MINTING: Pick<BlockContents, "validatedMintConfigTxs" | "mintTxs"> = {
  validatedMintConfigTxs: [],
  mintTxs: [],
};

/** The hash of a block's contents, which its header names. */
export function contentsHash({ keyImages, outputs, validatedMintConfigTxs, mintTxs }: BlockContents): Bytes<32> {
  const contents = aggregate("BlockContents", [
    ["key_images", list(keyImages.map(point))],
    ["outputs", list(outputs.map(txOutDigestible))],
    ["validated_mint_config_txs", list(validatedMintConfigTxs.map(validatedMintConfigTxDigestible))],
    ["mint_txs", list(mintTxs.map(mintTxDigestible))],
  ]);
  return bytes(digest32("block_contents", contents), 32, "contents hash");
}
