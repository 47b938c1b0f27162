// The error of catching up.
import { CodedError } from "@fogbow/core-bytes";

/** Why nothing could be fetched, or why what was fetched was not appended. */
export type SyncErrorCode =
  | "no-peer-answered" // Nobody of the quorum set answered with headers that hold together.
  | "no-source" // There is no archive to fetch contents from.
  | "wrong-origin" // The origin block is not the one that the network is known by.
  | "unsafe-block"; // Enough peers agree on a block that breaks the rules of the ledger; the message says which.

/** Thrown while catching up. */
export class SyncError extends CodedError<SyncErrorCode> {
  override readonly name = "SyncError";
  /** The block that is wrong, where one can be named. */
  readonly blockIndex: bigint | undefined;

  constructor(code: SyncErrorCode, message: string, options: { blockIndex?: bigint; cause?: unknown } = {}) {
    super(code, message, options.cause === undefined ? undefined : { cause: options.cause });
    this.blockIndex = options.blockIndex;
  }
}
