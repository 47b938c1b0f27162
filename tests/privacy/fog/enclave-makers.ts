// The enclaves of Fog as their packages make them.
import { createFogIngestEnclave } from "@fogbow/fog-ingest-enclave";
import { createLedgerEnclave } from "@fogbow/fog-ledger-enclave";
import { createFogViewEnclave } from "@fogbow/fog-view-enclave";

/** One function for each. */
export interface EnclaveMakers {
  readonly createFogIngestEnclave: typeof createFogIngestEnclave;
  readonly createFogViewEnclave: typeof createFogViewEnclave;
  readonly createLedgerEnclave: typeof createLedgerEnclave;
}

/** Those of this program, whose kernels nobody watches. */
export const ENCLAVES: EnclaveMakers = { createFogIngestEnclave, createFogViewEnclave, createLedgerEnclave };
