// The outputs that collect the fees of a block (spec 02 §6.4): one for each token, so that nobody learns what a single
// transaction paid, and some over nothing, so that nobody learns which tokens others paid in.
import { type Bytes, type TokenId, tokenId, tokenValue, U64_MAX } from "@fogbow/core-bytes";
import {
  type BlockVersion,
  blockVersionFeatures,
  type FeeMap,
  type Tx,
  type TxOut,
  type TxOutOptions,
  txDigestible,
} from "@fogbow/core-transaction";
import { enclaveOutputMaker } from "./enclave-output.ts";

/** What the fees of a block are collected by. */
export interface FeeCollection {
  readonly parentId: Bytes<32>;
  readonly blockVersion: BlockVersion;
  readonly minimumFees: FeeMap;
  readonly feeRecipient: TxOutOptions["recipient"];
}

/**
 * The fee outputs of transactions whose fees are of tokens that the network knows: as many tokens as there are, but no
 * more than transactions; a token whose fees exceed 64 bits has several. In no order that matters.
 */
export function feeOutputs(txs: readonly Tx[], collection: FeeCollection): TxOut[] {
  const { parentId, blockVersion, minimumFees, feeRecipient } = collection;
  const make = enclaveOutputMaker({
    label: "mc_fees_output_private_key",
    parentId,
    transactions: txs,
    digestible: txDigestible,
    blockVersion,
  });
  const totals = unusedLast(totalFees(txs, tokensOf(minimumFees, blockVersion)));
  return totals.slice(0, txs.length).flatMap(([token, total]) =>
    split(total).map((value, counter) => {
      const amount = { value: tokenValue(value), tokenId: tokenId(token) };
      return make({ recipient: feeRecipient, amount, counter });
    }),
  );
}

type TotalFee = readonly [token: TokenId, total: bigint];

/** The tokens that an output of this block version can be of, in ascending order. */
function tokensOf(minimumFees: FeeMap, blockVersion: BlockVersion): TokenId[] {
  const tokens = minimumFees.entries().map(([token]) => token);
  return blockVersionFeatures(blockVersion).maskedTokenIds ? tokens : tokens.slice(0, 1); // The first is token 0.
}

/** Every fee is added to every token's total, zero to all but one: who pays in which token decides no branch. */
function totalFees(txs: readonly Tx[], tokens: readonly TokenId[]): TotalFee[] {
  return tokens.map((token): TotalFee => {
    const fees = txs.map(({ prefix }) => prefix.fee * BigInt(prefix.feeTokenId === token));
    return [token, fees.reduce((sum, fee) => sum + fee, 0n)];
  });
}

/**
 * Moves totals of zero behind the others, as the network's enclaves do it: from the last on, each that is not zero changes
 * places with the first before it that is. That is not stable, and decides which unused tokens get an output of zero.
 */
function unusedLast(totals: readonly TotalFee[]): TotalFee[] {
  const sorted = [...totals];
  for (let i = sorted.length - 1; i > 0; i--) {
    const current = sorted[i] as TotalFee; // Within the list, like the next one.
    const zero = sorted.findIndex(([, total]) => total === 0n);
    if (current[1] !== 0n && zero !== -1 && zero < i) {
      sorted[i] = sorted[zero] as TotalFee;
      sorted[zero] = current;
    }
  }
  return sorted;
}

/** Parts of at most 2⁶⁴ − 1; one part for zero. */
function split(total: bigint): bigint[] {
  return total <= U64_MAX ? [total] : [U64_MAX, ...split(total - U64_MAX)];
}
