// Block versions and the transaction rules each of them switches on (spec 01 §5.2, spec 02 §5.2).
import { TransactionError } from "./error.ts";

/** The rules a block is built by. The highest one this code knows is {@link BLOCK_VERSION_MAX}. */
export type BlockVersion = 0 | 1 | 2 | 3 | 4;

/** The highest block version that is defined. */
export const BLOCK_VERSION_MAX: BlockVersion = 4;

/** What a block version demands of transaction outputs. */
export interface BlockVersionFeatures {
  /** Every output carries a memo; before, none does. From version 1. */
  readonly memos: boolean;
  /** Every masked amount has an 8-byte masked token id, so other tokens than 0 are allowed. From version 2. */
  readonly maskedTokenIds: boolean;
  /** New outputs have masked amounts of version 2. From version 3. */
  readonly maskedAmountsV2: boolean;
  /** Outputs of a transaction are sorted by public key. From version 3. */
  readonly sortedOutputs: boolean;
  /** One transaction may hold several tokens. From version 3. */
  readonly mixedTokens: boolean;
  /** Inputs may carry rules (signed contingent inputs, partial fills). From version 3. */
  readonly inputRules: boolean;
  /** New tokens are minted. From version 2. */
  readonly minting: boolean;
  /** Tokens are minted to addresses with Fog, and signer sets may be nested. From version 3. */
  readonly mintingToFog: boolean;
}

/** The number as a block version. Throws `unknown-block-version`. */
export function blockVersion(version: number): BlockVersion {
  if (!Number.isInteger(version) || version < 0 || version > BLOCK_VERSION_MAX) {
    throw new TransactionError("unknown-block-version", `The highest known block version is ${BLOCK_VERSION_MAX}.`);
  }
  return version as BlockVersion; // An integer from 0 to the highest one.
}

/** The rules a block version switches on. Throws `unknown-block-version`. */
export function blockVersionFeatures(version: BlockVersion): BlockVersionFeatures {
  blockVersion(version); // An unknown number, or none, must not pass for the oldest or the newest version.
  return {
    memos: version >= 1,
    maskedTokenIds: version >= 2,
    maskedAmountsV2: version >= 3,
    sortedOutputs: version >= 3,
    mixedTokens: version >= 3,
    inputRules: version >= 3,
    minting: version >= 2,
    mintingToFog: version >= 3,
  };
}
