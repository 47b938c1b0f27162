// The result of validating a transaction.
import type { TransactionErrorCode } from "../error.ts";
import type { TxSignatureResult } from "../tx/verify-tx-signature.ts";
import type { TransactionValidationCode } from "./transaction-code.ts";
import type { InputRuleViolation } from "./verify-input-rules.ts";

/** What validation finds. */
export interface TransactionVerdict {
  /** `ok`, or the check that decided. */
  readonly code: TransactionValidationCode;
  /** More about signatures, input rules and membership proofs, where one code stands for several reasons. */
  readonly detail: TxSignatureResult | InputRuleViolation | TransactionErrorCode | undefined;
}
