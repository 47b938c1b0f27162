// What a block must satisfy to be appended, in the order that decides which rule a bad block is said to break
// (spec 02 §8.6). Every store applies these same rules.
import { type Block, type BlockData, contentsHash, hasValidId, mintingAfter } from "@fogbow/core-block";
import { equalBytes, type TokenId, toHex } from "@fogbow/core-bytes";
import { type ActiveMintConfigs, BLOCK_VERSION_MAX, MINT_NONCE_BYTES } from "@fogbow/core-transaction";
import { LedgerError, type LedgerErrorCode } from "./error.ts";
import type { LedgerReader } from "./ledger.ts";

/** What the rules need to know of the ledger. */
export type AppendView = Pick<
  LedgerReader,
  | "numBlocks"
  | "lastBlock"
  | "blockIndexOfKeyImage"
  | "txOutIndexByPublicKey"
  | "blockIndexOfMintNonce"
  | "blockIndexOfMintConfigNonce"
  | "activeMintConfigs"
>;

/**
 * Throws the code of the first rule that the block breaks. Returns the minting configurations that the block changes, by
 * token: finding them takes verifying the signatures of what it mints, so the caller need not do that again. That every output has a masked amount, its type says. After the
 * rules of the specification come those without which minting could not be stored: lengths of nonces, then limits.
 */
export function assertAppendable(
  ledger: AppendView,
  { block, contents, metadata }: BlockData,
): ReadonlyMap<TokenId, ActiveMintConfigs> {
  const refuse: Refuse = (code, message) => {
    throw new LedgerError(code, `Block ${block.index}: ${message}.`, { blockIndex: block.index });
  };
  const parent = ledger.lastBlock();
  assertFollows(block, parent, ledger.numBlocks(), refuse);
  const configurations = contents.validatedMintConfigTxs.map(({ mintConfigTx }) => mintConfigTx);
  if (contents.outputs.length === 0 && configurations.length === 0) {
    refuse("no-outputs", "it makes no outputs");
  }
  if (contents.outputs.length < contents.mintTxs.length) {
    refuse("too-few-outputs", "it makes fewer outputs than it mints");
  }
  const minting = configurations.length + contents.mintTxs.length > 0;
  if (parent !== undefined && contents.keyImages.length === 0 && !minting) {
    refuse("no-key-images", "it spends nothing");
  }
  if (!equalBytes(contentsHash(contents), block.contentsHash)) {
    refuse("invalid-block-contents", "the contents are not those that the header names");
  }
  if (!areNew(contents.keyImages, (image) => ledger.blockIndexOfKeyImage(image) !== undefined)) {
    refuse("key-image-already-spent", "it spends an output that is spent");
  }
  const publicKeys = contents.outputs.map(({ publicKey }) => publicKey);
  if (!areNew(publicKeys, (key) => ledger.txOutIndexByPublicKey(key) !== undefined)) {
    refuse("duplicate-output-public-key", "it makes an output with a public key that another one has");
  }
  if (!hasValidId(block)) {
    refuse("invalid-block-id", "the id does not follow from the header");
  }
  if (!areNewNonces(contents.mintTxs, (tokenId, nonce) => ledger.blockIndexOfMintNonce(tokenId, nonce) !== undefined)) {
    refuse("duplicate-mint-tx", "it mints with a nonce that was used");
  }
  if (
    !areNewNonces(configurations, (tokenId, nonce) => ledger.blockIndexOfMintConfigNonce(tokenId, nonce) !== undefined)
  ) {
    refuse("duplicate-mint-config-tx", "it configures minting with a nonce that was used");
  }
  if (block.version >= METADATA_SINCE && metadata === undefined) {
    refuse("block-metadata-required", `from version ${METADATA_SINCE} on a block needs metadata`);
  }
  if ([...contents.mintTxs, ...configurations].some(({ prefix }) => prefix.nonce.length !== MINT_NONCE_BYTES)) {
    refuse("invalid-nonce-length", `the nonce of something that mints has not ${MINT_NONCE_BYTES} bytes`);
  }
  const charged = mintingAfter(contents, (tokenId) => ledger.activeMintConfigs(tokenId));
  return typeof charged === "string"
    ? refuse(charged, "a minting transaction of it cannot be charged to any configuration in force")
    : charged;
}

/** The block version from which on metadata is mandatory. */
export const METADATA_SINCE = 3;

/** Throws for one block the code of a rule that it breaks. */
export type Refuse = (code: LedgerErrorCode, message: string) => never;

/** The rules about a block and the one before it. */
export function assertFollows(block: Block, parent: Block | undefined, numBlocks: bigint, refuse: Refuse): void {
  const [lowest, highest] = parent === undefined ? [0, 0] : [parent.version, BLOCK_VERSION_MAX];
  if (block.version < lowest || block.version > highest) {
    refuse("invalid-block-version", `its version must be from ${lowest} to ${highest}`);
  }
  if (block.index !== numBlocks) {
    refuse("invalid-block-index", `the next block has index ${numBlocks}`);
  }
  if (!equalBytes(block.parentId, parent?.id ?? new Uint8Array(32))) {
    refuse("invalid-parent-block-id", "it does not follow the last block");
  }
}

/** Whether no pair of nonce and token is twice among these or already in the ledger. */
export function areNewNonces(
  txs: readonly { readonly prefix: { readonly tokenId: TokenId; readonly nonce: Uint8Array } }[],
  contains: (tokenId: TokenId, nonce: Uint8Array) => boolean,
): boolean {
  const distinct = new Set(txs.map(({ prefix }) => `${prefix.tokenId} ${toHex(prefix.nonce)}`));
  return distinct.size === txs.length && txs.every(({ prefix }) => !contains(prefix.tokenId, prefix.nonce));
}

/** Whether no value is twice among these or already in the ledger. */
export function areNew(values: readonly Uint8Array[], contains: (value: Uint8Array) => boolean): boolean {
  const distinct = new Set(values.map(toHex));
  return distinct.size === values.length && values.every((value) => !contains(value));
}
