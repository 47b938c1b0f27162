// Bounds of the wallets that are driven over the network.

/** Wallets at one time, each with what it knows, until they are stopped or reset. */
export const WALLETS_MAX = 10_000;

/** Milliseconds that a balance check asks again for as long as something fails that may pass. */
export const CHECK_MS_MAX = 15_000;

/** Milliseconds for one request to Fog. */
export const FOG_CALL_MS_MAX = 5_000;

/** Characters of what is told of one error. */
export const ERROR_LENGTH_MAX = 512;

/** Bytes of standard input that words come from. */
export const WORDS_BYTES_MAX = 1_024;
