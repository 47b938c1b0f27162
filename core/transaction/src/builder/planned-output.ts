// The outputs a plan comes to: its payments, and the change that makes every token come out even (spec 02 §5.9).
import { type Amount, type TokenId, tokenValue, U64_MAX } from "@fogbow/core-bytes";
import { blockVersionFeatures } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import type { Destination } from "../output/create-output.ts";
import { INPUTS_MAX, OUTPUTS_MAX } from "../validation/constants.ts";
import type { FeePlan, TxPlan } from "./tx-plan.ts";

/** An output that is still to be made. */
export interface PlannedOutput {
  readonly destination: Destination;
  readonly amount: Amount;
}

/**
 * Payments in the order of the plan, then the change. In the fee's token there always is change, if need be of value 0:
 * nobody can tell whether a payment was exact, and the change's memo has a place. Throws `no-inputs`,
 * `too-many-inputs`, `too-many-outputs`, `insufficient-funds`, `amount-too-large`, `mixed-transactions-not-allowed`,
 * `signed-input-rules-not-allowed` and `token-not-yet-configured`.
 */
export function planOutputs(plan: TxPlan, fee: Amount): PlannedOutput[] {
  const { inputs, offers = [], payments, own, blockVersion } = plan;
  if (offers.length > 0 && !blockVersionFeatures(blockVersion).inputRules) {
    throw new TransactionError("signed-input-rules-not-allowed", "Before block version 3 there are no offers.");
  }
  if (inputs.length === 0) {
    throw new TransactionError("no-inputs", "A transaction spends at least one output of its maker.");
  }
  if (inputs.length + offers.length > INPUTS_MAX) {
    throw new TransactionError(
      "too-many-inputs",
      `A transaction spends at most ${INPUTS_MAX} outputs: merge some first.`,
    );
  }
  const change = changeOf(plan, fee).map((amount): PlannedOutput => ({ destination: { kind: "change", own }, amount }));
  const outputs = [...payments, ...change];
  if (outputs.length + offers.flatMap((offer) => offer.outputs).length > OUTPUTS_MAX) {
    throw new TransactionError(
      "too-many-outputs",
      `A transaction makes at most ${OUTPUTS_MAX} outputs with its change.`,
    );
  }
  assertTokensAllowed(plan, outputs);
  return outputs;
}

/** The fee of a plan. Throws `token-not-yet-configured` and `tx-fee-error`. */
export function feeOf({ tokenId, value, minimumFees }: FeePlan): Amount {
  const minimum = minimumFees.minimum(tokenId);
  if (minimum === undefined) {
    throw tokenNotConfigured();
  }
  if (value !== undefined && value < minimum) {
    throw new TransactionError("tx-fee-error", "The fee is below the minimum of its token.");
  }
  return { value: value ?? minimum, tokenId };
}

/** What each token has left: the fee's first, the others in ascending order where there is something. */
function changeOf({ inputs, offers = [], payments }: TxPlan, fee: Amount): Amount[] {
  const left = new Map<TokenId, bigint>([[fee.tokenId, -fee.value]]);
  const add = (tokenId: TokenId, value: bigint): void => {
    left.set(tokenId, (left.get(tokenId) ?? 0n) + value);
  };
  for (const { amount } of inputs) add(amount.tokenId, amount.value);
  for (const { amount } of payments) add(amount.tokenId, -amount.value);
  for (const { ring, outputs } of offers) {
    add(ring.pseudoOutput.tokenId, ring.pseudoOutput.value);
    for (const { amount } of outputs) add(amount.tokenId, -amount.value);
  }
  const [feeChange, ...others] = [...left];
  const sorted = others.sort(([a], [b]) => (a < b ? -1 : 1)).filter(([, value]) => value !== 0n);
  return [feeChange as [TokenId, bigint], ...sorted].map(([tokenId, value]): Amount => {
    if (value < 0n) {
      throw new TransactionError("insufficient-funds", "The inputs do not cover the outputs and the fee.");
    }
    if (value > U64_MAX) {
      throw new TransactionError("amount-too-large", "The change does not fit 64 bits: spend fewer inputs.");
    }
    return { value: tokenValue(value), tokenId };
  });
}

function assertTokensAllowed(plan: TxPlan, planned: readonly PlannedOutput[]): void {
  const { blockVersion, inputs, offers = [], fee } = plan;
  const outputs = [...planned, ...offers.flatMap((offer) => offer.outputs)];
  const amounts = [...inputs, ...outputs].map(({ amount }) => amount);
  if (!blockVersionFeatures(blockVersion).mixedTokens && amounts.some(({ tokenId }) => tokenId !== fee.tokenId)) {
    throw new TransactionError("mixed-transactions-not-allowed", "Before block version 3 a transaction has one token.");
  }
  if (outputs.some(({ amount }) => fee.minimumFees.minimum(amount.tokenId) === undefined)) {
    throw tokenNotConfigured();
  }
}

function tokenNotConfigured(): TransactionError {
  return new TransactionError("token-not-yet-configured", "The network does not know this token.");
}
