// How much the enclave keeps, and how much it takes at a time. What a call may have in bytes is in `manifest.json`.

/** Outputs that one request asks for by index (spec 03 §5.2). */
export const OUTPUT_INDICES_MAX = 2_000;

/** Outputs that one request asks for by public key (spec 03 §5.7). */
export const OUTPUT_KEYS_MAX = 256;

/** Key images of one request: twice what any client is known to ask for. */
export const KEY_IMAGES_MAX = 4_000;

/** Questions of clients that are opened and await the answers of stores. */
export const OPEN_QUERIES_MAX = 1_024;

/** Outputs of an enclave, in shards. */
export const OUTPUT_CAPACITY_MAX = 268_435_456;

/** Outputs of a shard: what one WebAssembly memory holds. */
export const OUTPUT_SHARD_CAPACITY_MAX = 4_194_304;

/** Key images of a store. */
export const MAP_CAPACITY_MAX = 8_388_608;

/** What decoding takes at most: entry points have tighter bounds in `manifest.json`, which the runtime keeps. */
export const DOOR = { bytesMax: 16_777_216 };
