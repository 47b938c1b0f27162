// The error of this command for wrong arguments, files and servers. Other packages' errors pass through with their codes.
import { CodedError } from "@fogbow/core-bytes";

/** Why the command could not do what it was told. */
export type CommandErrorCode =
  | "invalid-argument" // An argument or option is not of the form that the help states.
  | "invalid-origin" // The list for an origin block is no JSON list, or one of its entries is wrong.
  | "block-not-found" // The ledger has no block with this index.
  | "tx-out-not-found" // The ledger has no output with this index or public key.
  | "wrong-origin" // A ledger or file begins with another block than the one that was named.
  | "no-archive" // The source has no archive of the first block that is needed.
  | "source-not-found" // There is no file of this name.
  | "unsigned-block" // The block has no signature, but signers to trust were named.
  | "untrusted-signer" // The block is signed by a key that was not named.
  | "root-element-mismatch" // The block names another tree of outputs than the blocks before it make.
  | "txo-count-mismatch" // The block counts other outputs than the blocks up to it make.
  | "measurement-mismatch" // A bundle is none of those that a file of measurements names.
  | "sigstruct-differs" // A SIGSTRUCT is of another product or version than the bundle, or allows debugging.
  | "invalid-evidence" // A file holds no evidence.
  | "evidence-outdated" // A file holds evidence of Intel's service that has ended.
  | "quorum-unsafe" // A quorum set, or all of a network together, must not run so.
  | "not-a-network" // A folder has no nodes in it.
  | "network-up" // A network runs in the folder already.
  | "network-down" // No network runs in the folder.
  | "unfit-machine" // Something is missing that a network needs.
  | "network-of-another-build" // A network was made with other enclaves than this program has.
  | "node-unreachable" // No node that was asked answers.
  | "node-ended" // A node's process has ended by itself.
  | "node-silent" // A node's process did not start in time.
  | "tx-expired" // A transaction's tombstone block has come without it.
  | "not-enough-money" // An account owns less than it is to pay.
  | "fog-not-ready" // Fog has not loaded what there is, or a payment was not found through it, in time.
  | "ingest-refused" // An ingest server does not do what it is told; the message says why.
  | "too-many-fogs" // One wallet server is with no more Fogs and chains than its bound.
  | "canary-failed" // Transfers of the canary were not as they should be.
  | "nothing-answered" // A load test got no answer at all.
  | "file-exists" // A file that was to be made is there already.
  | "folder-not-empty"; // Something is where a new network is to be.

/** Wrong input to the command. */
export class CommandError extends CodedError<CommandErrorCode> {
  override readonly name = "CommandError";
}

/** What ended a long piece of work, with its code, and how far the work came. */
export class StoppedError extends CodedError<string> {
  override readonly name = "StoppedError";

  constructor(cause: CodedError<string>, howFar: string) {
    super(cause.code, `${cause.message} ${howFar}`, { cause });
  }
}
