// Minting transactions, which make new tokens, and those that say who may mint how much (spec 02 §1.4, §5.5).
import type { TokenId, TokenValue } from "@fogbow/core-bytes";
import type { PublicKey } from "@fogbow/core-crypto";
import type { EncryptedFogHint } from "../output/tx-out.ts";
import type { MultiSig, SignerSet } from "./multi-sig.ts";

/** Bytes of the nonce that keeps a minting transaction from being used twice. */
export const MINT_NONCE_BYTES = 64;

/** A minting transaction with the signatures of its minters. */
export interface MintTx {
  readonly prefix: MintTxPrefix;
  readonly signature: MultiSig;
}

/** What is minted, and for whom. Nothing of it is hidden. */
export interface MintTxPrefix {
  readonly tokenId: TokenId;
  /** In the token's smallest unit. */
  readonly amount: TokenValue;
  readonly viewPublicKey: PublicKey;
  readonly spendPublicKey: PublicKey;
  /** 64 bytes, new for the token. */
  readonly nonce: Uint8Array;
  /** The transaction is in a block before this one or never. Unsigned 64-bit. */
  readonly tombstoneBlock: bigint;
  /** From block version 3, for a recipient with Fog. */
  readonly encryptedFogHint: EncryptedFogHint | undefined;
}

/** Who may mint how much of a token. */
export interface MintConfig {
  readonly tokenId: TokenId;
  readonly signerSet: SignerSet;
  /** The most that these signers may mint in all, in the token's smallest unit. */
  readonly mintLimit: TokenValue;
}

/** A token's new minters with the signatures of its governors. */
export interface MintConfigTx {
  readonly prefix: MintConfigTxPrefix;
  readonly signature: MultiSig;
}

/** A token's new minters; they replace all former ones, and count from zero. */
export interface MintConfigTxPrefix {
  readonly tokenId: TokenId;
  /** In order of precedence. */
  readonly configs: readonly MintConfig[];
  /** 64 bytes, new for the token. */
  readonly nonce: Uint8Array;
  /** The transaction is in a block before this one or never. Unsigned 64-bit. */
  readonly tombstoneBlock: bigint;
  /** The most that all of them together may mint, in the token's smallest unit. */
  readonly totalMintLimit: TokenValue;
}

/** What a block holds of it: with the governors that it was checked against, who may be others today. */
export interface ValidatedMintConfigTx {
  readonly mintConfigTx: MintConfigTx;
  readonly signerSet: SignerSet;
}
