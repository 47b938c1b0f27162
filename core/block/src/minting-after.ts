// What a block does to the minting configurations in force (spec 02 §5.5, §8.7). Every store applies these same rules.

import type { TokenId } from "@fogbow/core-bytes";
import { type ActiveMintConfigs, findMintConfig } from "@fogbow/core-transaction";
import type { BlockContents } from "./contents.ts";

/** Why a minting transaction cannot be charged to any configuration. */
export type ChargeFailure = "no-matching-mint-config" | "amount-exceeds-mint-limit";

/** The configurations that a block changes, by token; or why one of its minting transactions cannot be charged. */
export type MintingAfter = ReadonlyMap<TokenId, ActiveMintConfigs> | ChargeFailure;

/**
 * The configurations that a block leaves in force, for the tokens where it changes something. Its minting transactions
 * are charged, in order, to what was in force before it; its own configurations come after that and start from zero.
 */
export function mintingAfter(
  { mintTxs, validatedMintConfigTxs }: Pick<BlockContents, "mintTxs" | "validatedMintConfigTxs">,
  activeBefore: (tokenId: TokenId) => ActiveMintConfigs | undefined,
): MintingAfter {
  const after = new Map<TokenId, ActiveMintConfigs>();
  for (const mintTx of mintTxs) {
    const { tokenId, amount } = mintTx.prefix;
    const active = after.get(tokenId) ?? activeBefore(tokenId);
    if (active === undefined) {
      return "no-matching-mint-config";
    }
    const charged = findMintConfig(mintTx, active);
    if (typeof charged === "string") {
      return charged;
    }
    const configs = active.configs.map((each) =>
      each === charged ? { ...each, totalMinted: each.totalMinted + amount } : each,
    );
    after.set(tokenId, { ...active, configs });
  }
  for (const { mintConfigTx } of validatedMintConfigTxs) {
    const configs = mintConfigTx.prefix.configs.map((mintConfig) => ({ mintConfig, totalMinted: 0n }));
    after.set(mintConfigTx.prefix.tokenId, { mintConfigTx, configs });
  }
  return after;
}
