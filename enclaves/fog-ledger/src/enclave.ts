// What the bundle exports: the enclave as it runs in production, with nothing put in the place of its own.
import type { Enclave, EnclaveParts } from "@fogbow/runtime-enclave";
import { createLedgerEnclave } from "./ledger-enclave.ts";

/** Makes the enclave of a key-image store or of a ledger router: which of the two, its host says in `init`. */
export default function makeFogLedger(parts: EnclaveParts): Enclave {
  return createLedgerEnclave(parts);
}
