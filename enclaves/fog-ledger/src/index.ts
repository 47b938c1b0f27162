// The enclave of Fog Ledger.
export { default as makeFogLedger } from "./enclave.ts";
export { LedgerEnclaveError, type LedgerEnclaveErrorCode } from "./error.ts";
export { createLedgerEnclave, type LedgerEnclaveOverrides, type LedgerEnclaveParts } from "./ledger-enclave.ts";
export { mergeStoreStates, type StoreState } from "./merge-store-states.ts";
