// Bounds of the canary.

/** Wallets that pay one another. */
export const CANARY_CLIENTS_MAX = 1_000;
