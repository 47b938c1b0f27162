// `client-propose`: opens a client's transaction and keeps it. What the host may know of it is the answer.
import { decodeSealedMessage } from "@fogbow/core-attest";
import { TRANSACTION_VALIDATION_NUMBERS } from "@fogbow/core-transaction";
import { ClientProposalSchema, encodeMessage } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { txContext } from "../tx-context.ts";

/** Throws AttestError, and ConsensusError `malformed-tx` or `transactions-full`. */
export const clientPropose: Call = (input, state) => {
  const { clients, txs } = state;
  const intake = txs.takeIn(clients.open(decodeSealedMessage(input)).plaintext);
  return encodeMessage(ClientProposalSchema, {
    result:
      "kept" in intake
        ? { case: "tx", value: txContext(intake.kept, state) }
        : { case: "refused", value: TRANSACTION_VALIDATION_NUMBERS[intake.refused] },
  });
};
