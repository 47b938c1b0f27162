// The enclave of Fog Ledger.
export { LedgerEnclaveError, type LedgerEnclaveErrorCode } from "./error.ts";
export { createLedgerEnclave, type LedgerEnclaveOverrides, type LedgerEnclaveParts } from "./ledger-enclave.ts";
export { mergeStoreStates, type StoreState } from "./merge-store-states.ts";
