// Whether a minting transaction may go into the next block (spec 02 §5.5).
//
// The first check in this order decides the code: block version, token, nonce length, tombstone block, the configuration's
// token, its limit, signatures, Fog hint. It is the order of the specification.
import { MOB, type TokenId } from "@fogbow/core-bytes";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { checkTombstone } from "../validation/check-structure.ts";
import type { MintValidationCode } from "./mint-code.ts";
import { mintTxDigest } from "./mint-digest.ts";
import { MINT_NONCE_BYTES, type MintConfig, type MintConfigTx, type MintTx } from "./mint-tx.ts";
import { verifyMultiSig } from "./multi-sig.ts";

/** What a minting transaction is validated against. */
export interface MintTxContext {
  /** That of the block being built. */
  readonly blockVersion: BlockVersion;
  /** The index of the block being built. */
  readonly currentIndex: bigint;
  /** The active configuration that is to be charged. */
  readonly mintConfig: MintConfig;
}

/** Whether a minting transaction is well formed and its minters signed it. Never throws for what could be decoded. */
export function validateMintTx({ prefix, signature }: MintTx, context: MintTxContext): MintValidationCode {
  const { blockVersion, currentIndex, mintConfig } = context;
  const { minting, mintingToFog } = blockVersionFeatures(blockVersion);
  if (!minting) return "invalid-block-version";
  if (prefix.tokenId === MOB) return "invalid-token-id";
  if (prefix.nonce.length !== MINT_NONCE_BYTES) return "invalid-nonce-length";
  const tombstone = checkTombstone(prefix.tombstoneBlock, currentIndex);
  if (tombstone !== undefined) return tombstone;
  if (prefix.tokenId !== mintConfig.tokenId) return "invalid-token-id";
  if (prefix.amount > mintConfig.mintLimit) return "amount-exceeds-mint-limit";
  if (!verifyMultiSig(mintConfig.signerSet, mintTxDigest(prefix), signature)) return "invalid-signature";
  if (!mintingToFog && prefix.encryptedFogHint !== undefined) return "minting-to-fog-not-supported";
  return "ok";
}

/** What validation asks the ledger about minting. The two kinds of nonces are apart. */
export interface MintLedger {
  /** Whether a minting transaction of this token has this nonce. */
  containsMintNonce(tokenId: TokenId, nonce: Uint8Array): boolean;
  /** Whether a configuration of this token's minting has this nonce. */
  containsMintConfigNonce(tokenId: TokenId, nonce: Uint8Array): boolean;
}

/** Whether a minting transaction is new. */
export function checkMintNonce({ prefix }: MintTx, ledger: MintLedger): MintValidationCode {
  return ledger.containsMintNonce(prefix.tokenId, prefix.nonce) ? "nonce-already-used" : "ok";
}

/** Whether a configuration of minting is new. */
export function checkMintConfigNonce({ prefix }: MintConfigTx, ledger: MintLedger): MintValidationCode {
  return ledger.containsMintConfigNonce(prefix.tokenId, prefix.nonce) ? "nonce-already-used" : "ok";
}
