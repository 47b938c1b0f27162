// Whether an offer can be filled at all (spec 02 §5.8). The first check in the order of the codes below decides; but for
// what each opens, everything here is public.
import { equalBytes } from "@fogbow/core-bytes";
import { commit, type MlsagResult, ringMlsagVerify } from "@fogbow/core-crypto";
import { blockVersionFeatures } from "../block-version.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import { reduceTxOut } from "../tx/input-ring.ts";
import type { InputRules } from "../tx/input-rules.ts";
import { signedInputDigest } from "../tx/tx-digest.ts";
import { openClaimed } from "../validation/verify-input-rules.ts";
import type { SignedContingentInput } from "./signed-contingent-input.ts";

/** What {@link validateSignedContingentInput} finds: `valid`, or the first thing that is wrong. */
export type SignedContingentInputResult =
  | "input-rules-not-allowed" // The block version knows no input rules.
  | "wrong-number-of-global-indices" // There is not one for each ring member.
  | "missing-rules" // The input has no rules: what was signed is no offer.
  | MlsagResult // The owner of a ring member did not sign ring, rules and pseudo-output.
  | "wrong-number-of-required-output-amounts" // There is not one for each required output.
  | "required-output-mismatch" // An amount does not open its required output.
  | "invalid-amount-shared-secret" // The amount shared secret of a partial fill is not 32 bytes.
  | "amount-not-opened" // An amount of a partial fill is not of version 2, or its secret does not open it.
  | "zero-partial-fill-change" // There is nothing to take.
  | "min-partial-fill-value-exceeds-partial-change" // Even taking everything would take less than the least.
  | "zero-partial-fill-output" // A price by fraction is zero.
  | "missing-partial-fill-change"; // A price by fraction, or a least fill, without a change that says which fraction.

/** Whether an offer is well formed and signed. That its ring is in the ledger, fresh membership proofs show. Never throws. */
export function validateSignedContingentInput(sci: SignedContingentInput): SignedContingentInputResult {
  const { blockVersion, txIn, mlsag, pseudoOutputAmount, txOutGlobalIndices } = sci;
  if (!blockVersionFeatures(blockVersion).inputRules) return "input-rules-not-allowed";
  if (txOutGlobalIndices.length !== txIn.ring.length) return "wrong-number-of-global-indices";
  const message = signedInputDigest(txIn);
  if (txIn.inputRules === undefined || message === undefined) return "missing-rules";
  const signature = ringMlsagVerify({
    message,
    ring: txIn.ring.map(reduceTxOut),
    pseudoOutputCommitment: commitTo(pseudoOutputAmount),
    signature: mlsag,
  });
  if (signature !== "valid") return signature;
  return (
    checkRequiredOutputs(txIn.inputRules, sci.requiredOutputAmounts) ?? checkPartialFill(txIn.inputRules) ?? "valid"
  );
}

function checkRequiredOutputs(
  { requiredOutputs }: InputRules,
  amounts: readonly UnmaskedAmount[],
): SignedContingentInputResult | undefined {
  if (amounts.length !== requiredOutputs.length) return "wrong-number-of-required-output-amounts";
  const isOpened = (amount: UnmaskedAmount, i: number): boolean =>
    equalBytes(commitTo(amount), requiredOutputs[i]?.maskedAmount.commitment ?? new Uint8Array(0));
  return amounts.every(isOpened) ? undefined : "required-output-mismatch";
}

function checkPartialFill(rules: InputRules): SignedContingentInputResult | undefined {
  const { partialFillChange, partialFillOutputs, minPartialFillValue } = rules;
  if (partialFillChange === undefined) {
    const isWhole = partialFillOutputs.length === 0 && minPartialFillValue === 0n;
    return isWhole ? undefined : "missing-partial-fill-change";
  }
  const change = openClaimed(partialFillChange.txOut, partialFillChange);
  if (typeof change === "string") return change;
  if (change.value === 0n) return "zero-partial-fill-change";
  if (change.value < minPartialFillValue) return "min-partial-fill-value-exceeds-partial-change";
  for (const claimed of partialFillOutputs) {
    const full = openClaimed(claimed.txOut, claimed);
    if (typeof full === "string") return full;
    if (full.value === 0n) return "zero-partial-fill-output";
  }
  return undefined;
}

function commitTo({ value, tokenId, blinding }: UnmaskedAmount): Uint8Array {
  return commit({ value, tokenId, blinding: blinding.expose() });
}
