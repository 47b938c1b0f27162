// The one error this package throws for wrong input.
import { CodedError } from "@fogbow/core-bytes";

/** Why a block was not appended, or a ledger could not be used. The first thirteen are the rules of spec 02 §8.6. */
export type LedgerErrorCode =
  | "invalid-block-version" // An origin block is of version 0; later ones never go back, and none is beyond the known.
  | "invalid-block-index" // The block is not the next one.
  | "invalid-parent-block-id" // The block does not follow the last one.
  | "no-outputs" // Every block makes outputs, but for those that configure minting.
  | "too-few-outputs" // What a block mints is among its outputs.
  | "no-key-images" // Every block but the origin block spends, mints or configures minting.
  | "invalid-block-contents" // The contents are not those that the header names.
  | "key-image-already-spent" // A key image is in the ledger, or twice in the block.
  | "duplicate-output-public-key" // An output's public key is in the ledger, or twice in the block.
  | "invalid-block-id" // The id does not follow from the header.
  | "duplicate-mint-tx" // A nonce has minted this token in the ledger, or twice in the block.
  | "duplicate-mint-config-tx" // A nonce has configured this token's minting in the ledger, or twice in the block.
  | "block-metadata-required" // From block version 3 on a block needs metadata.
  | "invalid-nonce-length" // The nonce of something that mints has another length than 64 bytes.
  | "no-matching-mint-config" // Who signed a minting transaction may not mint that token.
  | "amount-exceeds-mint-limit" // Who signed a minting transaction may not mint that much more.
  | "tx-out-index-out-of-bounds" // The ledger has no output with this index.
  | "malformed-snapshot" // The snapshot is not whole.
  | "snapshot-mismatch" // The ledger is not the one that the checkpoint is of.
  | "forgotten" // A ledger that forgets does not know this any more, or must never know it.
  | "corrupt-ledger" // What is stored contradicts itself; `blockIndex` names the block.
  | "ledger-not-found" // There is no ledger in this directory.
  | "ledger-exists" // There is a ledger in this directory already.
  | "unknown-schema-version" // The ledger was written in a form that this program does not know.
  | "ledger-in-use" // Another process, or another part of this one, is writing this ledger.
  | "writer-replaced" // Another writer has taken this ledger over: this one must stop.
  | "too-many-sources" // A watcher is to watch more sources than it can, or one with too long a name.
  | "ledger-read-only" // The ledger was opened for reading only.
  | "ledger-closed" // The ledger was closed.
  | "storage-failure"; // The disk is full or fails; nothing of the block was stored. `cause` has the details.

/** Wrong input to `@fogbow/ledger-db`. */
export class LedgerError extends CodedError<LedgerErrorCode> {
  override readonly name = "LedgerError";
  /** The block that is wrong or refused, where one can be named. */
  readonly blockIndex: bigint | undefined;

  constructor(code: LedgerErrorCode, message: string, options: LedgerErrorOptions = {}) {
    super(code, message, options.cause === undefined ? undefined : { cause: options.cause });
    this.blockIndex = options.blockIndex;
  }
}

/** What a {@link LedgerError} may name besides its code. */
export interface LedgerErrorOptions {
  readonly blockIndex?: bigint | undefined;
  readonly cause?: unknown;
}

/** What is stored contradicts itself at a block. */
export function corruptLedger(blockIndex: bigint, what: string, cause?: unknown): LedgerError {
  return new LedgerError("corrupt-ledger", `Block ${blockIndex}: ${what}.`, { blockIndex, cause });
}
