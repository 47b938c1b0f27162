// Whether a transaction does what the signer of one of its inputs demands (spec 02 §5.8). Amounts in rules are open to
// everybody who sees the transaction, so nothing here is secret.
import { type Amount, Secret } from "@fogbow/core-bytes";
import { TransactionError } from "../error.ts";
import { tryUnmaskAmountV2 } from "../output/masked-amount.ts";
import { equalTxOuts, type TxOut } from "../output/tx-out.ts";
import type { ClaimedTxOut, InputRules } from "../tx/input-rules.ts";
import type { TxPrefix } from "../tx/tx.ts";
import type { TransactionValidationCode } from "./transaction-code.ts";

/** Why rules do not hold. */
export type InputRuleViolation =
  | "max-tombstone-block-exceeded" // The tombstone block is later than the signer allows.
  | "missing-required-output" // An output that the signer demands is not there.
  | "partial-fill-outputs-not-expected" // Outputs by fraction without a change that says which fraction.
  | "min-partial-fill-value-not-expected" // A least fill without a change that could be filled.
  | "too-many-partial-fill-outputs" // More outputs by fraction than the transaction has outputs.
  | "invalid-amount-shared-secret" // An amount shared secret is not 32 bytes.
  | "amount-not-opened" // An amount is not of version 2, or its secret does not open it.
  | "min-partial-fill-value-exceeds-partial-fill-change" // Even taking everything would take less than the least.
  | "zero-partial-fill-change" // There is nothing to take.
  | "missing-fractional-change-output" // What remains for the signer does not return to the signer.
  | "fractional-output-token-id-mismatch" // An output by fraction is of another token than its rule.
  | "fractional-change-output-amount-exceeds-limit" // Less than the least is taken, or less than nothing.
  | "missing-fractional-output" // An output that the signer demands a fraction of is not there.
  | "fractional-output-amount-does-not-respect-fill-fraction"; // Less is paid than the fraction that is taken.

/** The first rule, in the order above, that a transaction breaks; undefined when it keeps all. Never throws. */
export function verifyInputRules(rules: InputRules, prefix: TxPrefix): InputRuleViolation | undefined {
  if (rules.maxTombstoneBlock !== 0n && prefix.tombstoneBlock > rules.maxTombstoneBlock) {
    return "max-tombstone-block-exceeded";
  }
  if (!rules.requiredOutputs.every((required) => prefix.outputs.some((output) => equalTxOuts(output, required)))) {
    return "missing-required-output";
  }
  if (rules.partialFillChange === undefined) {
    if (rules.partialFillOutputs.length !== 0) return "partial-fill-outputs-not-expected";
    return rules.minPartialFillValue === 0n ? undefined : "min-partial-fill-value-not-expected";
  }
  // Each is opened twice, which takes longer than anything else in a transaction; only who demands several fractions of
  // one output could need so many. The public reference library opens them all.
  if (rules.partialFillOutputs.length > prefix.outputs.length) return "too-many-partial-fill-outputs";
  const fill = readFill(rules.partialFillChange, rules.minPartialFillValue, prefix);
  if (typeof fill === "string") return fill;
  for (const demanded of rules.partialFillOutputs) {
    const violation = checkFractionalOutput(demanded, fill, prefix);
    if (violation !== undefined) return violation;
  }
  return undefined;
}

/** The answer of a node to a transaction that breaks a rule in this way. */
export function inputRuleCode(violation: InputRuleViolation): TransactionValidationCode {
  switch (violation) {
    case "max-tombstone-block-exceeded":
      return "input-rule-max-tombstone-block-exceeded";
    case "missing-required-output":
      return "input-rule-missing-required-output";
    case "invalid-amount-shared-secret":
      return "input-rule-invalid-amount-shared-secret";
    case "amount-not-opened":
      return "input-rule-amount";
    default:
      return "input-rule-partial-fill";
  }
}

/** Which fraction of an offer a transaction takes: `taken` of `offered`. */
interface Fill {
  readonly taken: bigint;
  readonly offered: bigint;
}

function readFill(claim: ClaimedTxOut, least: bigint, prefix: TxPrefix): Fill | InputRuleViolation {
  const change = openClaimed(claim.txOut, claim);
  if (typeof change === "string") return change;
  if (change.value < least) return "min-partial-fill-value-exceeds-partial-fill-change";
  if (change.value === 0n) return "zero-partial-fill-change";
  const output = prefix.outputs.find((candidate) => isCounterpart(candidate, claim.txOut));
  if (output === undefined) return "missing-fractional-change-output";
  const remaining = openClaimed(output, claim);
  if (typeof remaining === "string") return remaining;
  if (remaining.tokenId !== change.tokenId) return "fractional-output-token-id-mismatch";
  if (remaining.value > change.value - least) return "fractional-change-output-amount-exceeds-limit";
  return { taken: change.value - remaining.value, offered: change.value };
}

function checkFractionalOutput(demanded: ClaimedTxOut, fill: Fill, prefix: TxPrefix): InputRuleViolation | undefined {
  const full = openClaimed(demanded.txOut, demanded);
  if (typeof full === "string") return full;
  const output = prefix.outputs.find((candidate) => isCounterpart(candidate, demanded.txOut));
  if (output === undefined) return "missing-fractional-output";
  const paid = openClaimed(output, demanded);
  if (typeof paid === "string") return paid;
  if (paid.tokenId !== full.tokenId) return "fractional-output-token-id-mismatch";
  // paid / full ≥ taken / offered, without dividing.
  const isEnough = full.value !== 0n && paid.value * fill.offered >= fill.taken * full.value;
  return isEnough ? undefined : "fractional-output-amount-does-not-respect-fill-fraction";
}

/** The amount of an output, by the secret that a rule gives for it. */
export function openClaimed(
  { maskedAmount }: TxOut,
  { amountSharedSecret }: ClaimedTxOut,
): Amount | "invalid-amount-shared-secret" | "amount-not-opened" {
  if (amountSharedSecret.length !== 32) return "invalid-amount-shared-secret";
  if (maskedAmount.version !== 2) return "amount-not-opened";
  try {
    return tryUnmaskAmountV2(maskedAmount, new Secret(amountSharedSecret.slice())) ?? "amount-not-opened";
  } catch (error) {
    if (error instanceof TransactionError) return "amount-not-opened"; // The masked token id is not 8 bytes.
    throw error;
  }
}

/** Whether two outputs differ in their amounts at most. */
function isCounterpart(a: TxOut, b: TxOut): boolean {
  return equalTxOuts({ ...a, maskedAmount: b.maskedAmount }, b);
}
