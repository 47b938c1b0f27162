// How large the things of this package may be. Each limit leaves several times the room of the largest real one.

/** An encoded account, identity or key file, in bytes or characters. A Fog authority's RSA key takes 550 bytes of it. */
export const ACCOUNT_SIZE_MAX = 16_384;

/** An encoded public address, in bytes. */
export const ADDRESS_BYTES_MAX = 4_096;

/** A printable code before base58, checksum included, in bytes. Base58 takes time in the square of the length. */
export const CODE_BYTES_MAX = 2_048;

/** A printable code, in characters: what 2 048 bytes can take, 8 · 2 048 / log₂ 58. */
export const CODE_LENGTH_MAX = 2_797;
