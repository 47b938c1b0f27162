// `sign-checkpoint`: what the chain left in the ledger, by an enclave that has seen every block of it. All of it follows from
// the block's id, so a host that has fed it another chain gets a signature over that one and its id.
import { checkpointToWire, signCheckpoint as sign } from "@fogbow/core-block";
import {
  decodeMessage,
  encodeMessage,
  SignCheckpointRequestSchema,
  SignCheckpointResponseSchema,
} from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";
import { sortedCheckpoint } from "../retention/sorting.ts";

/** Throws ConsensusError `unsorted-key-images`, and WireError. */
export const signCheckpoint: Call = (input, state) => {
  const { blockId } = decodeMessage(SignCheckpointRequestSchema, input, DOOR);
  const checkpoint = sortedCheckpoint(state, blockId);
  const { signature, signer } = sign(checkpoint, state.signingKey);
  return encodeMessage(SignCheckpointResponseSchema, {
    checkpoint: checkpointToWire(checkpoint),
    signature: { data: signature },
    signer: { data: signer },
  });
};
