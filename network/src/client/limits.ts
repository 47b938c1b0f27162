// How long the small client waits.

/** Milliseconds for one call. */
export const CALL_MS_MAX = 10_000;

/** Milliseconds until a transaction is in a block. */
export const WATCH_MS_MAX = 60_000;

/** Bytes of one answer of Fog. */
export const FOG_ANSWER_BYTES_MAX = 16_777_216;
