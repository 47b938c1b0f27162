export { type ConsensusOverrides, type ConsensusParts, createConsensusEnclave } from "./consensus-enclave.ts";
export { default as makeConsensus } from "./enclave.ts";
export type { Sign } from "./enclave-state.ts";
export { ConsensusError, type ConsensusErrorCode } from "./error.ts";
export type { StoreLimits } from "./transaction-store.ts";
export type { SignatureMemo } from "./verify-txs.ts";
