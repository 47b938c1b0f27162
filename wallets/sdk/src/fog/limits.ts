// Bounds of a wallet.

/** Search keys in one question to Fog View. */
export const SEARCH_KEYS_MAX = 500;

/** Key images in one question to Fog Ledger; a wallet with more asks several times. */
export const KEY_IMAGES_MAX = 512;

/** Blocks in one question for missed blocks. */
export const MISSED_BLOCKS_MAX = 1_000n;
