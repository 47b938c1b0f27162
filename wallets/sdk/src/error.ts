// The one error of this package, by what a user can be told and do about it (spec 03 §8.8).
import { CodedError } from "@fogbow/core-bytes";

/** Why something failed. */
export type SdkErrorCode =
  | "connection-failed" // The server was not reached, or not in time.
  | "authorization-failed" // The server does not accept the credentials, or denies every session.
  | "attestation-failed" // The server does not prove to run a trusted enclave.
  | "invalid-response" // The server's answer cannot be read, or does not fit the question.
  | "client-outdated" // Fog uses what this version of the wallet does not know.
  | "rate-limited" // Too many requests.
  | "chain-id-mismatch" // The server belongs to another network.
  | "request-refused" // The server says that the request is wrong.
  | "server-error" // The server failed.
  | "fog-out-of-sync" // Fog View and Fog Ledger are far apart.
  | "record-damaged" // A record for this wallet cannot be opened or read; it was skipped.
  | "search-unfinished" // There is more to find than one poll looks for.
  | "missed-blocks-left" // Blocks that Fog missed could not all be downloaded: the balance stays before them.
  | "key-image-unknown" // Fog Ledger could not say whether an output is spent.
  | "output-missing" // An output or a proof that was asked for does not exist.
  | "proofs-differ" // Proofs are of trees of different sizes.
  | "too-many-items" // More at once than one request may hold.
  | "ledger-not-ready" // Fog Ledger has not said how long the chain is.
  | "store-locked" // Another process has the wallet's store open.
  | "store-failed" // The store cannot be read or written.
  | "key-invalid" // The key of an encrypted store is none.
  | "state-damaged" // A saved state cannot be read, or is that of another wallet.
  | "url-invalid" // The address of the network is none.
  | "code-invalid" // A text is no code or link that can be paid.
  | "offer-invalid" // What was sent is no offer that this version can take: not signed, of outputs that are not in the ledger, or for a part.
  | "trust-incomplete" // The measurements do not name every enclave that a wallet relies on.
  | "no-fog" // The address has no Fog.
  | "report-unavailable" // The recipient's report service cannot be reached, or publishes nothing for the address.
  | "report-refused" // The recipient's report does not hold: sending to the address is blocked.
  | "amount-invalid" // A payment is of at least the smallest unit of its token.
  | "insufficient-funds" // The wallet has less than the payment and its fee.
  | "not-synced" // The wallet does not know all that it owns.
  | "fee-outdated" // The network has other fees than the payment was built for.
  | "input-spent" // An output was spent elsewhere, or by this very payment before.
  | "tombstone-passed" // The payment was not in a block in time and never will be.
  | "tx-refused"; // The node says that the transaction is not valid.

/** What to do about it, for whoever shows it to somebody. */
const ADVICE: Readonly<Record<SdkErrorCode, string>> = {
  "connection-failed": "Try again when the network can be reached.",
  "authorization-failed": "Renew the token, or the user and password of the URL.",
  "attestation-failed":
    "Never try again by yourself: update the app if its operator has new enclaves, else stop using the server.",
  "invalid-response": "Report it to the server's operator; another server may do.",
  "client-outdated": "Update the app.",
  "rate-limited": "Wait longer before the next request.",
  "chain-id-mismatch": "Compare the network's name in the app's settings with the server's.",
  "request-refused": "Report it: app and server do not understand each other.",
  "server-error": "Try again later.",
  "fog-out-of-sync": "Show the balance with its block count, and send nothing until it passes.",
  "record-damaged": "Report it to Fog's operator: what the record was about is missing from the balance.",
  "search-unfinished": "Poll again.",
  "missed-blocks-left": "Poll again.",
  "key-image-unknown": "Poll again: it is asked for anew.",
  "output-missing": "Try again: a server was behind.",
  "proofs-differ": "Try again: all of them are asked for anew.",
  "too-many-items": "Ask for less at once.",
  "ledger-not-ready": "Try again later.",
  "store-locked": "Close the other program that has this wallet open.",
  "store-failed": "Make room, or give another place; the wallet goes on without one, and is found again through Fog.",
  "key-invalid": "Give 32 bytes, such as the platform's keystore makes.",
  "state-damaged": "Begin with no state: the wallet is found again through Fog.",
  "url-invalid": "Write it such as https://pay.example.com.",
  "code-invalid": "Ask for the code again, and copy all of it.",
  "offer-invalid": "Ask its maker for another offer.",
  "trust-incomplete": "Build the app with the measurements of all of the network's enclaves.",
  "no-fog": "Ask the recipient for an address with a Fog.",
  "report-unavailable": "Try again later.",
  "report-refused": "Do not pay to this address; tell the recipient that its Fog cannot be trusted.",
  "amount-invalid": "Choose an amount above zero of a token that the network has.",
  "insufficient-funds": "Pay at most what `quote().maxSendable` says.",
  "not-synced": "Poll until there are no errors, then pay again.",
  "fee-outdated": "Pay again: the fee is asked for anew.",
  "input-spent": "Poll, and look at the history before paying again: another device may have paid.",
  "tombstone-passed": "Pay again: no money has moved.",
  "tx-refused": "Report it: the wallet has built what the network does not take. No money has moved.",
};

/** What may pass by itself, or with what others do: servers come back, blocks arrive, fees are asked for anew. */
const RETRYABLE: ReadonlySet<SdkErrorCode> = new Set([
  "connection-failed",
  "rate-limited",
  "server-error",
  "fog-out-of-sync",
  "search-unfinished",
  "missed-blocks-left",
  "key-image-unknown",
  "output-missing",
  "proofs-differ",
  "ledger-not-ready",
  "report-unavailable",
  "not-synced",
  "fee-outdated",
  "tombstone-passed",
]);

/** Reads or makes something; what fails with a code of another package is told with one of this. Other errors pass as they are. */
export function orSdkError<Value>(code: SdkErrorCode, message: string, make: () => Value): Value {
  try {
    return make();
  } catch (cause) {
    if (!(cause instanceof CodedError) || cause instanceof SdkError) throw cause;
    throw new SdkError(code, message, { cause });
  }
}

/** What went wrong. Messages never hold a secret. */
export class SdkError extends CodedError<SdkErrorCode> {
  override readonly name = "SdkError";

  /** Whether the same call may succeed later, without anybody changing anything. A payment that failed has moved no money. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }

  /** What to do about it, in a sentence. */
  get advice(): string {
    return ADVICE[this.code];
  }
}
