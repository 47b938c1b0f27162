// Which of a token's minters a minting transaction is charged to (spec 02 §5.5).
import { mintTxDigest } from "./mint-digest.ts";
import type { MintConfig, MintConfigTx, MintTx } from "./mint-tx.ts";
import { verifyMultiSig } from "./multi-sig.ts";

/** A configuration in force, and what its minters have minted since it came into force. */
export interface ActiveMintConfig {
  readonly mintConfig: MintConfig;
  /** In the token's smallest unit. */
  readonly totalMinted: bigint;
}

/** All configurations in force for a token, and where they come from. */
export interface ActiveMintConfigs {
  readonly mintConfigTx: MintConfigTx;
  /** In the order of the transaction. */
  readonly configs: readonly ActiveMintConfig[];
}

/**
 * The first configuration whose minters signed and may still mint this much. `no-matching-mint-config` when none is of
 * these minters, `amount-exceeds-mint-limit` when those that are have no room, alone or all together.
 */
export function findMintConfig(
  { prefix, signature }: MintTx,
  { mintConfigTx, configs }: ActiveMintConfigs,
): ActiveMintConfig | "no-matching-mint-config" | "amount-exceeds-mint-limit" {
  if (mintConfigTx.prefix.tokenId !== prefix.tokenId) return "no-matching-mint-config";
  const message = mintTxDigest(prefix);
  const matching = configs.filter(({ mintConfig }) => verifyMultiSig(mintConfig.signerSet, message, signature));
  if (matching.length === 0) return "no-matching-mint-config";
  const minted = configs.reduce((sum, { totalMinted }) => sum + totalMinted, 0n);
  if (minted + prefix.amount > mintConfigTx.prefix.totalMintLimit) return "amount-exceeds-mint-limit";
  const hasRoom = ({ mintConfig, totalMinted }: ActiveMintConfig): boolean =>
    totalMinted + prefix.amount <= mintConfig.mintLimit;
  return matching.find(hasRoom) ?? "amount-exceeds-mint-limit";
}
