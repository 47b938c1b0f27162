// How large the things of this package may be. Each limit leaves several times the room of the largest real one.

/** An encoded account, identity or key file, in bytes or characters. A Fog authority's RSA key takes 550 bytes of it. */
export const ACCOUNT_SIZE_MAX = 16_384;

/** An encoded public address, in bytes. */
export const ADDRESS_BYTES_MAX = 4_096;

/** A printable code, in characters. Base58 takes time in the square of the length. */
export const CODE_LENGTH_MAX = 4_096;
