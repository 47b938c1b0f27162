// What a node will look at first, looked at before anything is signed: by the very checks that nodes make. What a plan can
// get wrong is refused before; this finds offers whose makers asked for what no transaction can give.
import { toHex } from "@fogbow/core-bytes";
import { TransactionError } from "../error.ts";
import type { UnsignedTx } from "../tx/unsigned-tx.ts";
import { checkCounts, checkOutputs, checkRings } from "../validation/check-structure.ts";
import type { TransactionValidationCode } from "../validation/transaction-code.ts";
import { inputRuleCode, verifyInputRules } from "../validation/verify-input-rules.ts";

/**
 * Throws what a node would answer to the transaction: `insufficient-ring-size`, `excessive-ring-size`,
 * `duplicate-ring-elements`, `unsorted-ring-elements` of an offer's ring, `duplicate-output-public-key`, `missing-memo`,
 * `memos-not-allowed`, `missing-masked-token-id` or `unsorted-outputs` of the outputs it demands, and the codes
 * `input-rule-…` when it demands more of them than they fulfil.
 */
export function assertAcceptable({ blockVersion, prefix }: UnsignedTx): void {
  const publicKeys = new Set(prefix.outputs.map(({ publicKey }) => toHex(publicKey)));
  const code =
    checkCounts(prefix) ??
    checkRings(prefix) ??
    (publicKeys.size === prefix.outputs.length ? undefined : "duplicate-output-public-key") ??
    checkOutputs(prefix.outputs, blockVersion);
  refuseUnlessOk(code ?? "ok", "No node would accept this transaction because of an offer in it.");
  for (const { inputRules } of prefix.inputs) {
    const violation = inputRules && verifyInputRules(inputRules, prefix);
    if (violation !== undefined) {
      refuseUnlessOk(inputRuleCode(violation), `The rules of an offer do not hold: ${violation}.`);
    }
  }
}

function refuseUnlessOk(code: TransactionValidationCode, message: string): void {
  if (code !== "ok") {
    throw new TransactionError(code, message);
  }
}
