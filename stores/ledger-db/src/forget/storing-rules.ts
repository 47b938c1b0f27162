// What a block must satisfy to be stored by a node that forgets: the rules of appending, as far as they can be told from tags. The
// enclave has checked the contents against the header, and the header against the tree.
import { hasValidId, mintingAfter } from "@fogbow/core-block";
import type { TokenId } from "@fogbow/core-bytes";
import type { ActiveMintConfigs } from "@fogbow/core-transaction";
import { areNew, areNewNonces, assertFollows, METADATA_SINCE, type Refuse } from "../append-rules.ts";
import { LedgerError } from "../error.ts";
import type { LedgerReader } from "../ledger.ts";
import type { ForgettingBlock } from "./sealed-block.ts";

/** What the rules need to know of the ledger. */
export type StoringView = Pick<
  LedgerReader,
  | "numBlocks"
  | "numTxOuts"
  | "lastBlock"
  | "containsKeyImage"
  | "containsPublicKey"
  | "containsMintNonce"
  | "containsMintConfigNonce"
  | "activeMintConfigs"
>;

/** Throws the code of the first rule that the block breaks. Returns the minting configurations that it changes, by token. */
export function assertStorable(
  ledger: StoringView,
  { data: { block, contents, metadata }, sealed }: ForgettingBlock,
): ReadonlyMap<TokenId, ActiveMintConfigs> {
  const refuse: Refuse = (code, message) => {
    throw new LedgerError(code, `Block ${block.index}: ${message}.`, { blockIndex: block.index });
  };
  const parent = ledger.lastBlock();
  assertFollows(block, parent, ledger.numBlocks(), refuse);
  if (!hasValidId(block)) {
    refuse("invalid-block-id", "the id does not follow from the header");
  }
  const isCounted = block.cumulativeTxoCount === ledger.numTxOuts() + BigInt(sealed.txOuts.length);
  const hasKeyImages = sealed.keyImages.length === contents.keyImages.length;
  if (!isCounted || !hasKeyImages || contents.outputs.length > 0) {
    refuse("invalid-block-contents", "its records are not those of its tags and of the outputs that the header counts");
  }
  if (!areNew(contents.keyImages, (tag) => ledger.containsKeyImage(tag))) {
    refuse("key-image-already-spent", "it spends an output that is spent");
  }
  const tags = sealed.txOuts.map(({ publicKeyTag }) => publicKeyTag);
  if (!areNew(tags, (tag) => ledger.containsPublicKey(tag))) {
    refuse("duplicate-output-public-key", "it makes an output with a public key that another one has");
  }
  const configurations = contents.validatedMintConfigTxs.map(({ mintConfigTx }) => mintConfigTx);
  if (!areNewNonces(contents.mintTxs, (tokenId, nonce) => ledger.containsMintNonce(tokenId, nonce))) {
    refuse("duplicate-mint-tx", "it mints with a nonce that was used");
  }
  if (!areNewNonces(configurations, (tokenId, nonce) => ledger.containsMintConfigNonce(tokenId, nonce))) {
    refuse("duplicate-mint-config-tx", "it configures minting with a nonce that was used");
  }
  if (block.version >= METADATA_SINCE && metadata === undefined) {
    refuse("block-metadata-required", `from version ${METADATA_SINCE} on a block needs metadata`);
  }
  const charged = mintingAfter(contents, (tokenId) => ledger.activeMintConfigs(tokenId));
  return typeof charged === "string"
    ? refuse(charged, "a minting transaction of it cannot be charged to any configuration in force")
    : charged;
}
