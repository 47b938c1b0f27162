// What the bundle exports: the enclave as it runs in production, with nothing put in the place of its own, and what its
// threads run.
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { createConsensusEnclave } from "./consensus-enclave.ts";

export { verifierHelper as helper } from "@fogbow/verifier-enclave";

/** Makes the enclave of a validator node. */
export default function makeConsensus(parts: EnclaveParts): Enclave {
  return createConsensusEnclave(parts);
}
