// Randomness is an argument of pure code, never something it reaches for.

/**
 * Returns `length` fresh uniform bytes in an array of their own: they become the caller's, who may wipe them. Production
 * passes the system's generator, tests a seeded one.
 */
export type Random = (length: number) => Uint8Array;
