// The transactions that a call names.
import { ConsensusError } from "./error.ts";
import { NAMED_TXS_MAX } from "./limits.ts";

/** Throws {@link ConsensusError} `too-many-txs`. */
export function assertNamed(txHashes: readonly Uint8Array[]): void {
  if (txHashes.length > NAMED_TXS_MAX) {
    throw new ConsensusError("too-many-txs", `A call names at most ${NAMED_TXS_MAX} transactions.`);
  }
}
