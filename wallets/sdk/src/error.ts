// The one error of this package, by what a user can be told and do about it (spec 03 §8.8).
import { CodedError } from "@fogbow/core-bytes";

/** Why something failed. */
export type SdkErrorCode =
  | "connection-failed" // The server was not reached, or not in time: try again.
  | "authorization-failed" // The server does not accept the credentials, or denies every session: renew the token.
  | "attestation-failed" // The server does not prove to run a trusted enclave. Never try again by yourself.
  | "invalid-response" // The server's answer cannot be read, or does not fit the question.
  | "client-outdated" // Fog uses what this version of the wallet does not know: update it.
  | "rate-limited" // Too many requests: wait longer before the next.
  | "chain-id-mismatch" // The server belongs to another network.
  | "request-refused" // The server says that the request is wrong.
  | "server-error" // The server failed.
  | "fog-out-of-sync" // Fog View and Fog Ledger are far apart: show the balance with its block count, and send nothing.
  | "record-damaged" // A record for this wallet cannot be opened or read; it was skipped.
  | "search-unfinished" // There is more to find than one poll looks for: poll again.
  | "missed-blocks-left" // Blocks that Fog missed could not all be downloaded: the balance stays before them.
  | "key-image-unknown" // Fog Ledger could not say whether an output is spent: it is asked again.
  | "output-missing" // An output or a proof that was asked for does not exist.
  | "proofs-differ" // Proofs are of trees of different sizes: ask for all of them again.
  | "too-many-items" // More at once than one request may hold.
  | "ledger-not-ready" // Fog Ledger has not said how long the chain is.
  | "store-locked" // Another process has the wallet's store open.
  | "key-invalid" // The key of an encrypted store is none.
  | "state-damaged" // A saved state cannot be read, or is that of another wallet.
  | "url-invalid" // The address of the network is none.
  | "trust-incomplete" // The measurements do not name every enclave that a wallet relies on.
  | "no-fog" // The address has no Fog.
  | "report-unavailable" // The recipient's report service cannot be reached, or publishes nothing for the address.
  | "report-refused" // The recipient's report does not hold: sending to the address is blocked.
  | "amount-invalid" // A payment is of at least the smallest unit of its token.
  | "insufficient-funds" // The wallet has less than the payment and its fee; `maxSendable` says what it could pay.
  | "not-synced" // The wallet does not know all that it owns: poll until there are no errors.
  | "fee-outdated" // The network has other fees than the payment was built for: pay again.
  | "input-spent" // An output was spent elsewhere, or by this very payment before: poll, and look at the history.
  | "tombstone-passed" // The payment was not in a block in time and never will be: pay again.
  | "tx-refused"; // The node says that the transaction is not valid.

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

/** What went wrong. Messages never hold a secret. */
export class SdkError extends CodedError<SdkErrorCode> {
  override readonly name = "SdkError";

  /** Whether the same call may succeed later, without anybody changing anything. A payment that failed has moved no money. */
  get retryable(): boolean {
    return RETRYABLE.has(this.code);
  }
}
