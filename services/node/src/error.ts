// The one error class of the node.
import { CodedError } from "@fogbow/core-bytes";

/** Why a node refuses to start, or stops. */
export type NodeErrorCode =
  | "invalid-options" // What the node is told about itself or its network does not go together; the message says what.
  | "malformed-record" // A record of the vote journal is not of the form in which records are written.
  | "fork" // A quorum has another block at a height than this node. Halts; the evidence is in the log.
  | "own-key-reused" // Somebody else signs with this node's key. Halts.
  | "invariant-violated" // Consensus or the ledger contradicts itself. Halts.
  | "storage-failure" // Journal or ledger cannot be written. Halts, before anything is said that would be forgotten.
  | "enclave-failure"; // The enclave cannot form a block that was agreed on. Halts.

/** Thrown by `@fogbow/node`. */
export class NodeError extends CodedError<NodeErrorCode> {
  override readonly name = "NodeError";
}
