// How long the clients of this program wait, and what they hold.

/** Milliseconds for one call. */
export const CALL_MS_MAX = 10_000;

/** Milliseconds until a transaction is in a block. */
export const WATCH_MS_MAX = 60_000;

/** Bytes of one answer of Fog. */
export const FOG_ANSWER_BYTES_MAX = 16_777_216;

/** Servers of Fogs, each for one chain, that the wallets of one process are with. */
export const FOG_CONNECTIONS_MAX = 64;
