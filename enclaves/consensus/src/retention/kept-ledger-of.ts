// The ledger that the enclave keeps, for the calls that need one.
import type { EnclaveState } from "../enclave-state.ts";
import { ConsensusError } from "../error.ts";
import type { KeptLedger } from "./kept-ledger.ts";

/** Throws {@link ConsensusError} `retains-everything` for a node that does not forget. */
export function keptLedger({ kept }: Pick<EnclaveState, "kept">): KeptLedger {
  if (kept === undefined) {
    throw new ConsensusError("retains-everything", "Only the enclave of a node that forgets keeps a ledger.");
  }
  return kept;
}
