// How much the enclave takes at a time. What a call may have in bytes is in `manifest.json`.

/** Outputs of one call: two seconds of work at 2 000 a second, and about 1.3 MiB in and out. */
export const CHUNK_OUTPUTS_MAX = 4_096;

/** Outputs that one egress key serves: its map takes 1 GiB. */
export const EGRESS_CAPACITY_MAX = 4_194_304;

/** What decoding takes at most: entry points have tighter bounds in `manifest.json`, which the runtime keeps. */
export const DOOR = { bytesMax: 4_194_304 };
