// The one error this package throws for wrong input and for places that fail. What is wrong with a block itself is a
// BlockError, which names the block as well.
import { CodedError } from "@fogbow/core-bytes";

/** Why an archive could not be read or written. */
export type ArchiveErrorCode =
  | "invalid-address" // The text names no folder, web server or bucket, or says more than it may.
  | "missing-credentials" // Writing to object storage takes an access key.
  | "source-not-found" // There is no such file or folder.
  | "source-failure" // The place could not be read; `cause` has the details.
  | "source-timeout" // The server was silent, or took, for too long.
  | "unexpected-status" // The server answered with a status that is neither 200 nor 404.
  | "redirect-refused" // The server pointed elsewhere.
  | "file-too-large" // A file is larger than its limit.
  | "archive-differs"; // The place holds other blocks, or another file of the same name, than what is to be written.

/** What an {@link ArchiveError} may name besides its code. */
export interface ArchiveErrorOptions {
  readonly blockIndex?: bigint | undefined;
  readonly cause?: unknown;
}

/** Wrong input to `@fogbow/archive`, or a place that fails. */
export class ArchiveError extends CodedError<ArchiveErrorCode> {
  override readonly name = "ArchiveError";
  /** The block that was to be read or written, where one can be named. */
  readonly blockIndex: bigint | undefined;

  constructor(code: ArchiveErrorCode, message: string, options: ArchiveErrorOptions = {}) {
    super(code, message, options.cause === undefined ? undefined : { cause: options.cause });
    this.blockIndex = options.blockIndex;
  }
}
