// What the page tells the test.

/** The page's findings, or the one error that kept it from having any. */
export type PageReport = PageFindings | { readonly error: { readonly code: string; readonly message: string } };

/** What the page derived; keys are of published test phrases only. */
export interface PageFindings {
  /** Printable code of the default address of root entropy 32 × 00. */
  readonly addressCode: string;
  /** Root keys of the phrase "abandon … about", in hex. */
  readonly viewPrivateKey: string;
  readonly spendPrivateKey: string;
  /** What the owner reads in a sealed Fog record: the value, in the token's smallest unit, and the token. */
  readonly foundInRecord: string;
  readonly payment: PaymentFindings;
  /** Names of the kernel's known answers that came out wrong. */
  readonly wrongAnswers: readonly string[];
}

/** A payment that the page built, signed and validated. */
export interface PaymentFindings {
  /** Of the transaction, in hex. */
  readonly hash: string;
  /** The codes that validation gives to the payment and to a copy with another fee. */
  readonly verdict: string;
  readonly tamperedVerdict: string;
}
