// How long the small client waits.

/** Milliseconds for one call. */
export const CALL_MS_MAX = 10_000;

/** Milliseconds until a transaction is in a block. */
export const WATCH_MS_MAX = 60_000;
