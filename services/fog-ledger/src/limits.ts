// Every bound of this package, with what happens at it in docs/limits.md.

/** Blocks that a store may be behind and still counts as ready (spec 03 §5.3). */
export const LAG_BLOCKS_MAX = 100n;

/** Blocks in one answer (spec 03 §5.4). */
export const BLOCKS_PER_ANSWER_MAX = 1_000;

/** Bytes of the outputs in one answer of blocks, unless its first block alone has more: clients read 4 MiB. */
export const BLOCKS_ANSWER_BYTES_MAX = 3_145_728;

/** Outputs that one request looks up in the open. */
export const TX_OUT_KEYS_MAX = 2_000;

/** Shards that a router asks. */
export const SHARDS_MAX = 100;

/** Times that the stores are asked for one answer, and asked again by default. */
export const QUERY_TRIES_MAX = 3;

/** Rounds of attesting stores for one answer, beyond one for each shard. */
export const AUTH_ROUNDS_MAX = 3;

/** Milliseconds that a store has to answer a router. */
export const STORE_ANSWER_MS_MAX = 10_000;

/** Bytes of a store's answer. */
export const STORE_ANSWER_BYTES_MAX = 1_048_576;

/** Milliseconds that an enclave has to start its memory, and to apply a block. */
export const ENCLAVE_LOAD_MS_MAX = 120_000;

/** Bytes of what an enclave answers. */
export const ENCLAVE_ANSWER_BYTES_MAX = 16_777_216;

/** Outputs that a router's enclave has room for unless told otherwise: enough for development, in 13 MiB. */
export const OUTPUT_CAPACITY_USUAL = 16_384;
