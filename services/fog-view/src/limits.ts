// Bounds of the services of Fog View.

/** Blocks in one read from the database. */
export const FETCHED_BLOCKS_MAX = 1_000;

/** Records that wait to be added to the map; none are read while there are more. */
export const QUEUED_RECORDS_MAX = 524_288;

/** Records in one call of the enclave. */
export const ADDED_RECORDS_MAX = 4_096;

/** Milliseconds that the enclave has for one such call. */
export const ADD_RECORDS_MS_MAX = 60_000;

/** Milliseconds that an enclave has to begin: a large map is made then. */
export const INIT_MS_MAX = 120_000;

/** Bytes of an answer of the enclave. */
export const DOOR_BYTES_MAX = 16_777_216;

/** Times that a shard is asked one query. */
export const SHARD_TRIES_MAX = 3;

/** Rounds in which a router attests stores for one query, besides one for each shard. */
export const AUTHENTICATION_ROUNDS_MAX = 3;

/** Shards of a router. */
export const SHARDS_MAX = 64;

/** Stores behind a load balancer to which a router keeps connections of their own. */
export const REPLICAS_MAX = 100;

/** Milliseconds that a store has to answer a router. */
export const STORE_CALL_MS_MAX = 10_000;

/** Bytes of a store's answer. */
export const STORE_ANSWER_BYTES_MAX = 16_777_216;
