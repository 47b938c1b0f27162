// The most that a wallet can pay, after the fees of all transactions that it takes.
import { INPUTS_MAX } from "@fogbow/core-transaction";

/**
 * In the token's smallest unit. More than sixteen outputs have to be merged first, each merge at the price of a fee, so the
 * smallest may not be worth it.
 */
export function maxSendable(values: readonly bigint[], fee: bigint): bigint {
  const sorted = [...values].sort((a, b) => (a < b ? 1 : -1));
  let sum = 0n;
  let most = 0n;
  for (const [i, value] of sorted.entries()) {
    sum += value;
    const payable = sum - fee * BigInt(1 + mergesFor(i + 1));
    if (payable > most) most = payable;
  }
  return most;
}

/** Transactions that make at most sixteen outputs of so many: each makes one of sixteen. */
function mergesFor(outputs: number): number {
  return outputs <= INPUTS_MAX ? 0 : Math.ceil((outputs - INPUTS_MAX) / (INPUTS_MAX - 1));
}
