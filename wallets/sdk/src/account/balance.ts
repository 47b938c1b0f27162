// What a wallet owns at a block count (spec 03 §8.3, round E).
import type { TokenId } from "@fogbow/core-bytes";
import type { AccountState } from "./account-state.ts";
import type { OwnedOutput } from "./owned-output.ts";

/** Sums by token, true at one block count. One without the other means nothing. */
export interface FogBalance {
  /** All blocks below it are taken into account, and none other. */
  readonly blockCount: bigint;
  readonly sums: ReadonlyMap<TokenId, bigint>;
}

/** The largest block count at which everything is known. */
function knowableBlockCount(state: AccountState): bigint {
  const bounds = [state.blockCountCursor];
  for (const { status } of state.outputs.values()) if (status.kind === "not-spent") bounds.push(status.below);
  for (const { start } of state.missedRanges) bounds.push(start); // The first block that is not known: none beyond it.
  for (const { startBlock, searched, stopped } of state.rngs.values())
    if (!searched && !stopped) bounds.push(startBlock);
  return bounds.reduce((a, b) => (b < a ? b : a));
}

/** The balance at the largest block count that is knowable. What is spent unseen by a view-only wallet still is in it. */
export function balanceOf(state: AccountState): FogBalance {
  const blockCount = knowableBlockCount(state);
  const sums = new Map<TokenId, bigint>();
  for (const { blockIndex, status, amount } of state.outputs.values()) {
    const isThere = blockIndex < blockCount && (status.kind !== "spent" || status.at >= blockCount);
    if (isThere) sums.set(amount.tokenId, (sums.get(amount.tokenId) ?? 0n) + amount.value);
  }
  return { blockCount, sums };
}

/** Outputs that are not known to be spent at all, oldest first. */
export function spendableOutputs(state: AccountState): OwnedOutput[] {
  return allOutputs(state).filter(({ status }) => status.kind === "not-spent");
}

/** Every output, oldest first. */
export function allOutputs(state: AccountState): OwnedOutput[] {
  return [...state.outputs.values()].sort((a, b) => (a.globalIndex < b.globalIndex ? -1 : 1));
}
