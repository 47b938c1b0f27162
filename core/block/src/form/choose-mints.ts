// Which minting transactions go into the next block (spec 02 §6.4). Every node chooses alike, whatever order it heard of
// them in.
import { type TokenId, toHex } from "@fogbow/core-bytes";
import {
  type ActiveMintConfigs,
  findMintConfig,
  type MintConfig,
  type MintConfigTx,
  type MintTx,
} from "@fogbow/core-transaction";
import { compareMintConfigs, compareMintConfigTxs, compareMintTxs } from "./mint-order.ts";

/** Minting transactions in a block. */
export const MINT_TXS_MAX = 10;

/** Configurations of minting in a block. */
export const MINT_CONFIG_TXS_MAX = 10;

/** A minting transaction, and the configuration in force that it is charged to. */
export interface MintTxWithConfig {
  readonly mintTx: MintTx;
  /** Where the configuration comes from. */
  readonly mintConfigTx: MintConfigTx;
  readonly mintConfig: MintConfig;
}

/** The configurations of minting of the next block, in their order: at most 10, none with the nonce of another one. */
export function chooseMintConfigTxs(txs: readonly MintConfigTx[]): MintConfigTx[] {
  return distinctNonces([...txs].sort(compareMintConfigTxs), MINT_CONFIG_TXS_MAX);
}

/**
 * What can be said of minting transactions without the ledger: their order, at most 10, none with the nonce of another
 * one. What {@link chooseMintTxs} chose stays as it is.
 */
export function orderMintTxs(txs: readonly MintTx[]): MintTx[] {
  return distinctNonces([...txs].sort(compareMintTxs), MINT_TXS_MAX);
}

function distinctNonces<Minting extends MintTx | MintConfigTx>(sorted: readonly Minting[], max: number): Minting[] {
  const nonces = new Set<string>();
  return sorted.filter((tx) => {
    const nonce = mintNonceId(tx);
    if (nonces.size >= max || nonces.has(nonce)) return false;
    nonces.add(nonce);
    return true;
  });
}

/**
 * The minting transactions of the next block, in their order: at most 10, none with the nonce of another one, none charged
 * to a configuration that another one is charged to, and together within what a token's minters may mint in all.
 * `activeMintConfigs` tells what the ledger has in force.
 */
export function chooseMintTxs(
  txs: readonly MintTx[],
  activeMintConfigs: (tokenId: TokenId) => ActiveMintConfigs | undefined,
): MintTxWithConfig[] {
  const chosen: MintTxWithConfig[] = [];
  const minted = new Map<TokenId, bigint>();
  for (const mintTx of [...txs].sort(compareMintTxs)) {
    if (chosen.length >= MINT_TXS_MAX) break;
    const { tokenId, amount } = mintTx.prefix;
    const active = activeMintConfigs(tokenId);
    const charged = active && findMintConfig(mintTx, active);
    if (active === undefined || charged === undefined || typeof charged === "string") continue;
    const { mintConfig } = charged;
    const conflicts = (other: MintTxWithConfig): boolean =>
      mintNonceId(other.mintTx) === mintNonceId(mintTx) || compareMintConfigs(other.mintConfig, mintConfig) === 0;
    if (chosen.some(conflicts)) continue;
    // Each may fit what the token has left, and all together not: the ledger would refuse the block.
    const inBlock = (minted.get(tokenId) ?? 0n) + amount;
    if (totalMinted(active) + inBlock > active.mintConfigTx.prefix.totalMintLimit) continue;
    minted.set(tokenId, inBlock);
    chosen.push({ mintTx, mintConfigTx: active.mintConfigTx, mintConfig });
  }
  return chosen;
}

function totalMinted({ configs }: ActiveMintConfigs): bigint {
  return configs.reduce((sum, each) => sum + each.totalMinted, 0n);
}

/** What a nonce is new for: one token. */
export function mintNonceId({ prefix }: MintTx | MintConfigTx): string {
  return `${prefix.tokenId} ${toHex(prefix.nonce)}`;
}
