// How much the enclave keeps, and how much it takes at a time. What a call may have in bytes is in `manifest.json`.

/** Transactions that are kept at one time: four full blocks. */
export const TRANSACTIONS_MAX = 20_000;

/** Bytes of the transactions that are kept at one time. */
export const TRANSACTION_BYTES_MAX = 268_435_456;

/** Transactions that one call names. */
export const NAMED_TXS_MAX = 10_000;

/** Bytes of transactions sealed for a peer at one time. */
export const TX_LIST_BYTES_MAX = 15_728_640;

/** What decoding takes at most: entry points have tighter bounds in `manifest.json`, which the runtime keeps. */
export const DOOR = { bytesMax: 16_777_216 };

/** Tokens of a network. */
export const TOKENS_MAX = 1_000;

/** Threads that verify transactions, the enclave's own not counted. */
export const VERIFIER_THREADS_MAX = 60;

/** Milliseconds of a network's time base. */
export const TIME_BASE_MS_MAX = 600_000;

/** Key images that are sorted in memory at a time, 32 bytes each. */
export const SORTED_TOGETHER_MAX = 1_048_576;
