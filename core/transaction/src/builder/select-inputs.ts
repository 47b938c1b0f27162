// Which of a wallet's outputs pay for a transaction. Few inputs are cheap to prove and say little: all inputs of a
// transaction are known to be of one owner.
import type { TokenValue } from "@fogbow/core-bytes";
import { INPUTS_MAX } from "../validation/constants.ts";

/** What is to be paid with what; everything in the smallest unit of one token. */
export interface InputChoice<Utxo> {
  /** What the outputs come to, without change and fee. */
  readonly amount: bigint;
  /** The fee of a transaction; 0 when it is paid in another token. */
  readonly fee: bigint;
  /** What the wallet can spend. */
  readonly utxos: readonly Utxo[];
  /** How many inputs this token may take up; 16 unless others need some. */
  readonly inputsMax?: number;
}

/** What {@link selectInputs} answers. */
export type InputSelection<Utxo> =
  | { readonly kind: "selected"; readonly inputs: readonly Utxo[] }
  /** The funds suffice, in too many pieces. Send `merge` to oneself, at the price of a fee, and choose again. */
  | { readonly kind: "consolidation-needed"; readonly merge: readonly Utxo[] }
  | { readonly kind: "insufficient-funds" };

/**
 * Chooses as few outputs as can pay, and of those the smallest ones that still do, so that change stays small and large
 * outputs whole. Variable time: what a wallet holds shows in what it does next anyway.
 */
export function selectInputs<Utxo extends { readonly value: TokenValue }>(
  choice: InputChoice<Utxo>,
): InputSelection<Utxo> {
  const { amount, fee, inputsMax = INPUTS_MAX } = choice;
  const utxos = choice.utxos.filter(({ value }) => value > 0n).sort(byValueDescending);
  const target = amount + fee;
  const count = fewestToReach(target, utxos);
  if (count === undefined) {
    return { kind: "insufficient-funds" };
  }
  if (count <= inputsMax) {
    return { kind: "selected", inputs: smallestOf(count, target, utxos) };
  }
  return planConsolidation(target, { utxos, fee, inputsMax });
}

/** How many of the largest reach the target: no other choice needs fewer. At least one, as every transaction spends. */
function fewestToReach(target: bigint, utxos: readonly { readonly value: bigint }[]): number | undefined {
  let sum = 0n;
  for (const [i, { value }] of utxos.entries()) {
    sum += value;
    if (sum >= target) {
      return i + 1;
    }
  }
  return undefined;
}

/** From the largest on, each is exchanged for the smallest free one with which the others still reach the target. */
function smallestOf<Utxo extends { readonly value: TokenValue }>(
  count: number,
  target: bigint,
  utxos: readonly Utxo[],
): Utxo[] {
  const chosen = utxos.slice(0, count);
  const free = utxos.slice(count);
  let excess = sumOf(chosen) - target;
  for (const [i, current] of chosen.entries()) {
    const position = free.findLastIndex(({ value }) => current.value - value <= excess);
    const smaller = free[position];
    if (smaller !== undefined && smaller.value < current.value) {
      excess -= current.value - smaller.value;
      chosen[i] = smaller;
      free.splice(position, 1);
    }
  }
  return chosen;
}

/**
 * Merging the largest ones first takes the fewest transactions. Each costs a fee, so it is worth it only when what is
 * left still pays.
 */
function planConsolidation<Utxo extends { readonly value: TokenValue }>(
  target: bigint,
  { utxos, fee, inputsMax }: { readonly utxos: readonly Utxo[]; readonly fee: bigint; readonly inputsMax: number },
): InputSelection<Utxo> {
  let values = utxos.map(({ value }): { readonly value: bigint } => ({ value }));
  for (;;) {
    const count = fewestToReach(target, values);
    if (count === undefined || inputsMax < 2) {
      return { kind: "insufficient-funds" };
    }
    if (count <= inputsMax) {
      return { kind: "consolidation-needed", merge: utxos.slice(0, INPUTS_MAX) };
    }
    const merged = { value: sumOf(values.slice(0, INPUTS_MAX)) - fee };
    // Every round leaves fewer, so this ends.
    values = [merged, ...values.slice(INPUTS_MAX)].filter(({ value }) => value > 0n).sort(byValueDescending);
  }
}

function sumOf(utxos: readonly { readonly value: bigint }[]): bigint {
  return utxos.reduce((sum, { value }) => sum + value, 0n);
}

function byValueDescending(a: { readonly value: bigint }, b: { readonly value: bigint }): number {
  if (a.value === b.value) return 0;
  return a.value > b.value ? -1 : 1;
}
