// How much is read from places that may hold anything, and how long they are waited for.

/** A merged archive file, in bytes; it is held in memory until its blocks were taken out. */
export const MERGED_FILE_BYTES_MAX = 268_435_456;

/** `head.json`, in bytes. */
export const HEAD_BYTES_MAX = 1_024;

/** Blocks of merged files that a source keeps until they are asked for: one file of the largest size. */
export const CACHED_BLOCKS_MAX = 10_000;

/** How long one request to a server may take in all, in milliseconds, however steadily bytes arrive. */
export const REQUEST_MS_MAX = 1_800_000;

/** What a server says about a failure, in bytes; more is not read. */
export const REFUSAL_BYTES_MAX = 4_096;

/** Milliseconds between two attempts to publish, at most: they begin with 10 and double. */
export const BACKOFF_MS_MAX = 60_000;

/** Public keys that are kept ready for verifying. */
export const KEPT_KEYS_MAX = 256;
