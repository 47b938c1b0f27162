// Bounds of load tests, which end by themselves.

/** Workers at one time. */
export const LOAD_WORKERS_MAX = 256;

/** Seconds of a run. */
export const LOAD_SECONDS_MAX = 600;

/** Outputs of one block, and blocks of one run of `load ingest`. */
export const LOAD_OUTPUTS_MAX = 5_000;
export const LOAD_BLOCKS_MAX = 1_000;

/** Milliseconds that ingest has for one block. */
export const LOAD_BLOCK_MS_MAX = 60_000;

/** Search keys of one request: what Fog View takes. */
export const LOAD_KEYS_MAX = 500;
