// Whether a configuration of minting may go into the next block (spec 02 §5.5).
//
// The first check in this order decides the code: block version, token, each configuration's token and signer set, nonce
// length, tombstone block, governors, signatures. It is the order of the public reference library.
import { MOB } from "@fogbow/core-bytes";
import { isEd25519PublicKey } from "@fogbow/core-crypto";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { checkTombstone } from "../validation/check-structure.ts";
import type { MintValidationCode } from "./mint-code.ts";
import { mintConfigTxDigest } from "./mint-digest.ts";
import { MINT_NONCE_BYTES, type MintConfigTx } from "./mint-tx.ts";
import { countSigners, isValidSignerSet, SIGNERS_MAX, type SignerSet, verifyMultiSig } from "./multi-sig.ts";

/** What a configuration of minting is validated against. */
export interface MintConfigTxContext {
  /** That of the block being built. */
  readonly blockVersion: BlockVersion;
  /** The index of the block being built; undefined for a configuration that is in the ledger already. */
  readonly currentIndex: bigint | undefined;
  /** Who may configure the minting of this token; undefined when nobody may. */
  readonly governors: SignerSet | undefined;
}

/** Whether a configuration is well formed and the token's governors signed it. Never throws for what could be decoded. */
export function validateMintConfigTx(
  { prefix, signature }: MintConfigTx,
  { blockVersion, currentIndex, governors }: MintConfigTxContext,
): MintValidationCode {
  const { minting, mintingToFog: nestedSets } = blockVersionFeatures(blockVersion);
  if (!minting) return "invalid-block-version";
  if (prefix.tokenId === MOB) return "invalid-token-id";
  for (const { tokenId, signerSet } of prefix.configs) {
    if (tokenId !== prefix.tokenId) return "invalid-token-id";
    if (!isValidSignerSet(signerSet) || (!nestedSets && signerSet.multiSigners.length > 0)) return "invalid-signer-set";
  }
  // All of them may be tried with one minting transaction, so they have one bound together.
  const signers = prefix.configs.reduce((sum, { signerSet }) => sum + countSigners(signerSet), 0);
  if (signers > SIGNERS_MAX) return "invalid-signer-set";
  if (!prefix.configs.every(({ signerSet }) => hasPoints(signerSet))) return "invalid-signer-set";
  if (prefix.nonce.length !== MINT_NONCE_BYTES) return "invalid-nonce-length";
  const tombstone = currentIndex === undefined ? undefined : checkTombstone(prefix.tombstoneBlock, currentIndex);
  if (tombstone !== undefined) return tombstone;
  if (governors === undefined) return "no-governors";
  return verifyMultiSig(governors, mintConfigTxDigest(prefix), signature) ? "ok" : "invalid-signature";
}

/** Whether all keys are points. No node of MobileCoin could read a block with one that is not. */
function hasPoints({ signers, multiSigners }: SignerSet): boolean {
  return signers.every(isEd25519PublicKey) && multiSigners.every(hasPoints);
}
