// `verify-records`: what a node that forgets has stored, read again.
import { decodeMessage, VerifyRecordsRequestSchema } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { ConsensusError } from "../error.ts";
import { DOOR } from "../limits.ts";
import { keptLedger } from "../retention/kept-ledger-of.ts";
import { RecordAudit } from "../retention/record-audit.ts";

/** After an error it begins anew. Throws ConsensusError `retains-everything`, `invalid-record` or `other-records`, and WireError. */
export const verifyRecords: Call = (input, state) => {
  const ledger = keptLedger(state);
  const request = decodeMessage(VerifyRecordsRequestSchema, input, DOOR);
  const { random } = state;
  const audit = request.begins ? new RecordAudit(ledger.newest(), { vault: ledger.vault, random }) : state.audit;
  state.audit = undefined;
  if (audit === undefined) throw new ConsensusError("other-records", "The first call says that it begins.");
  audit.take(request);
  if (!request.ends) state.audit = audit;
  return new Uint8Array();
};
