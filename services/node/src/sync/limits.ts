// How much is asked for when one is behind, and for how long.

/** Headers that are asked for in one request (spec 05 §2.8). */
export const HEADERS_PER_REQUEST_MAX = 2_000;

/** Blocks that one attempt, or one stretch of a longer way, may ask for. */
export const BLOCKS_PER_ATTEMPT_MAX = 10_000;

/** Milliseconds until headers must be there (spec 05 §3.2). */
export const HEADERS_MS_MAX = 30_000;

/** Times that a peer is asked for the same headers. */
export const HEADER_ATTEMPTS_MAX = 5;

/** Milliseconds that other peers get once those that answered are enough. */
export const LATE_PEERS_MS_MAX = 500;

/** Blocks that are fetched at one time (spec 05 §3.2). */
export const PARALLEL_FETCHES_MAX = 50;

/** Blocks that are appended in one transaction, by who can do that. */
export const BLOCKS_TOGETHER_MAX = 64;

/** Milliseconds until the contents of a block must be there, from when it is first asked for. */
export const CONTENTS_MS_MAX = 30_000;

/** Milliseconds after which the next source is asked as well. */
export const PATIENCE_MS_MAX = 3_000;

/** Milliseconds between two rounds of asking all sources. */
export const ROUND_MS_MAX = 60_000;
