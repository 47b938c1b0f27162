// Randomness is an argument of pure code, never something it reaches for.

/** Returns `length` fresh uniform bytes. Production passes the system's generator, tests a seeded one. */
export type Random = (length: number) => Uint8Array;
