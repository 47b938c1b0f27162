// `load-snapshot`: a ledger without its blocks, record by record, for a node that forgets and has none yet. Its records come back
// as the node may store them; with the last one, what the enclave goes on from.
import { encodeMessage, LoadedRecordsSchema } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { keptLedger } from "../retention/kept-ledger-of.ts";

/** Throws ConsensusError `retains-everything` or `ledger-not-empty`, and BlockError `malformed-snapshot` or `snapshot-mismatch`. */
export const loadSnapshot: Call = (input, state) => encodeMessage(LoadedRecordsSchema, keptLedger(state).load(input));
