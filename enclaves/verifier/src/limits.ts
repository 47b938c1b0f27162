// How much the verifier takes at a time.

/** Transactions that may wait in a pool. Ten full blocks: more would be stale before they were looked at. */
export const QUEUE_TRANSACTIONS_MAX = 50_000;

/** Bytes of encoded transactions, and of the proofs in their contexts, that may wait in a pool. */
export const QUEUE_BYTES_MAX = 268_435_456;

/** Transactions that a thread verifies in one batch. The range proofs of more than some hundred gain nothing from company. */
export const BATCH_TRANSACTIONS_MAX = 128;

/**
 * Bytes of encoded transactions in one batch, unless one transaction alone is larger. Some hundred small transactions, or
 * as few of the largest ones as keep a thread busy for half a second.
 */
export const BATCH_BYTES_MAX = 2_097_152;

/** Bytes of a batch on its way to a thread of an enclave, or of its answers: far more than {@link BATCH_BYTES_MAX} lets be. */
export const HELPER_BYTES_MAX = 67_108_864;

/** Threads a pool may lose one after the other, none of which answered anything, before it refuses what waits. */
export const THREAD_FAILURES_MAX = 8;
