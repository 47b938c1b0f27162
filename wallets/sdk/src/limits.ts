// The bounds of a Fog client (spec 03 §11).

/** Search keys in one query. */
export const SEARCH_KEYS_MAX = 500;

/** Rounds of search in one poll. */
export const SEARCH_ROUNDS_MAX = 64;

/** Key images in one check. */
export const KEY_IMAGES_MAX = 64;

/** Blocks asked for in one request. */
export const MISSED_BLOCKS_MAX = 1000;

/** Requests for missed blocks in one poll. */
export const MISSED_REQUESTS_MAX = 64;

/** Rings in one request for outputs, of 11 outputs each. */
export const RINGS_MAX = 16;

/** Public keys in one lookup. */
export const LOOKUP_KEYS_MAX = 256;

/** Attempts of a request after the first. */
export const RETRIES_MAX = 3;

/** Bytes of one answer, opened. */
export const ANSWER_BYTES_MAX: number = 16 * 1024 * 1024;

/** Bytes of a saved state. */
export const STATE_BYTES_MAX: number = 64 * 1024 * 1024;

/** Bytes of the keys of a view-only wallet. */
export const VIEW_KEYS_BYTES_MAX = 8_192;

/** Outputs whose key images are asked of a machine that signs at once. */
export const OFFLINE_OUTPUTS_MAX = 1_000;

/** Blocks that Fog View and Fog Ledger may be apart before a user is told. */
export const SYNC_DISTANCE_MAX = 10n;

/** Merging transactions before one payment: each makes one output of sixteen. */
export const CONSOLIDATIONS_MAX = 256;

/** Polls before one payment while Fog Ledger is behind Fog View. */
export const LEDGER_POLLS_MAX = 100;
