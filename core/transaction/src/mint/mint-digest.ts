// The structured digests of minting transactions (spec 02 §1.4, §1.5).
import {
  aggregate,
  bytesOf,
  type Digestible,
  digest32,
  list,
  optional,
  point,
  primitive,
  tuple,
  uint32,
  uint64,
} from "@fogbow/core-crypto";
import type {
  MintConfig,
  MintConfigTx,
  MintConfigTxPrefix,
  MintTx,
  MintTxPrefix,
  ValidatedMintConfigTx,
} from "./mint-tx.ts";
import type { MultiSig, SignerSet } from "./multi-sig.ts";

/** What minters sign, 32 bytes. */
export function mintTxDigest(prefix: MintTxPrefix): Uint8Array {
  return digest32("mc_mint_tx_prefix", mintTxPrefixDigestible(prefix));
}

/** What governors sign, 32 bytes. */
export function mintConfigTxDigest(prefix: MintConfigTxPrefix): Uint8Array {
  return digest32("mc_mint_config_tx_prefix", mintConfigTxPrefixDigestible(prefix));
}

/** A minting transaction as part of a larger hashed object. */
export function mintTxDigestible({ prefix, signature }: MintTx): Digestible {
  return aggregate("MintTx", [
    ["prefix", mintTxPrefixDigestible(prefix)],
    ["signature", multiSigDigestible(signature)],
  ]);
}

/** A validated configuration as part of a larger hashed object. */
export function validatedMintConfigTxDigestible({ mintConfigTx, signerSet }: ValidatedMintConfigTx): Digestible {
  return aggregate("ValidatedMintConfigTx", [
    ["mint_config_tx", mintConfigTxDigestible(mintConfigTx)],
    ["signer_set", signerSetDigestible(signerSet)],
  ]);
}

/** A signer set as part of a larger hashed object. */
export function signerSetDigestible({ signers, multiSigners, threshold }: SignerSet): Digestible {
  return aggregate("SignerSet", [
    ["signers", list(signers.map((key) => tuple("Ed25519Public", [primitive("ed25519", key)])))],
    ["multi_signers", list(multiSigners.map(signerSetDigestible))],
    ["threshold", uint32(threshold)],
  ]);
}

function mintTxPrefixDigestible(prefix: MintTxPrefix): Digestible {
  return aggregate("MintTxPrefix", [
    ["token_id", uint64(prefix.tokenId)],
    ["amount", uint64(prefix.amount)],
    ["view_public_key", point(prefix.viewPublicKey)],
    ["spend_public_key", point(prefix.spendPublicKey)],
    ["nonce", bytesOf(prefix.nonce)],
    ["tombstone_block", uint64(prefix.tombstoneBlock)],
    ["e_fog_hint", optional(prefix.encryptedFogHint && bytesOf(prefix.encryptedFogHint))],
  ]);
}

/** A configuration of minting as part of a larger hashed object. */
export function mintConfigTxDigestible({ prefix, signature }: MintConfigTx): Digestible {
  return aggregate("MintConfigTx", [
    ["prefix", mintConfigTxPrefixDigestible(prefix)],
    ["signature", multiSigDigestible(signature)],
  ]);
}

function mintConfigTxPrefixDigestible(prefix: MintConfigTxPrefix): Digestible {
  return aggregate("MintConfigTxPrefix", [
    ["token_id", uint64(prefix.tokenId)],
    ["configs", list(prefix.configs.map(mintConfigDigestible))],
    ["nonce", bytesOf(prefix.nonce)],
    ["tombstone_block", uint64(prefix.tombstoneBlock)],
    ["total_mint_limit", uint64(prefix.totalMintLimit)],
  ]);
}

function mintConfigDigestible({ tokenId, signerSet, mintLimit }: MintConfig): Digestible {
  return aggregate("MintConfig", [
    ["token_id", uint64(tokenId)],
    ["signer_set", signerSetDigestible(signerSet)],
    ["mint_limit", uint64(mintLimit)],
  ]);
}

function multiSigDigestible({ signatures }: MultiSig): Digestible {
  return aggregate("MultiSig", [["signatures", list(signatures.map((each) => primitive("ed25519-sig", each)))]]);
}
