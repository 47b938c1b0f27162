// How much the enclave takes and keeps. What a call may have in bytes is in `manifest.json`.

/** Search keys of one query. SDKs ask for 200 at most. */
export const SEARCH_KEYS_MAX = 4_096;

/** Bytes of a query: its keys, and some more. */
export const QUERY_BYTES_MAX = 262_144;

/** Queries that are opened and not answered. */
export const OPEN_QUERIES_MAX = 1_024;

/** Records that a store's map can be made for. */
export const CAPACITY_MAX = 4_194_304;

/** Shards whose answers are made into one. */
export const COLLATED_SHARDS_MAX = 64;

/** What decoding takes at most: entry points have tighter bounds in `manifest.json`, which the runtime keeps. */
export const DOOR = { bytesMax: 16_777_216 };
