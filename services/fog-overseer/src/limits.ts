// Every bound of this package, with what happens at it in docs/limits.md.

/** Ingest servers that one overseer watches. */
export const INGEST_NODES_MAX = 64;

/** Milliseconds that an ingest server has to say how it is. */
export const STATUS_MS_MAX = 3_000;

/** Milliseconds that an ingest server has for anything else: activation calls peers and waits for the database. */
export const ACTION_MS_MAX = 60_000;

/** How often an action of a failover is tried (spec 03 §2.13). */
export const TRIES_MAX = 3;

/** Bytes of one answer of an ingest server. */
export const SUMMARY_BYTES_MAX = 1_048_576;
