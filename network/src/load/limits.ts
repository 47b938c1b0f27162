// Bounds of load tests, which end by themselves.

/** Workers at one time. */
export const LOAD_WORKERS_MAX = 256;

/** Seconds of a run. */
export const LOAD_SECONDS_MAX = 600;

/** Search keys of one request: what Fog View takes. */
export const LOAD_KEYS_MAX = 500;
