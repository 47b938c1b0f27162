// How much this package's storage takes.

/** Small encoded values of the tables, in bytes. */
export const VALUE_BYTES_MAX = 1_024;

/** Readers of one ledger at one time, over all processes. */
export const READERS_MAX = 1_000;
