// How large certificates, revocation lists and chains may be. Real ones are far smaller.

/** Bytes of a certificate. */
export const CERTIFICATE_BYTES_MAX = 16_384;

/** Bytes of a revocation list. */
export const CRL_BYTES_MAX = 1_048_576;

/** Certificates in a chain, the anchor included. */
export const CHAIN_LENGTH_MAX = 10;

/** Trust anchors and revocation lists in one verification, each. */
export const CHAIN_PARTS_MAX = 32;

/** Extensions of a certificate, a revocation list or one of its entries. */
export const EXTENSIONS_MAX = 64;

/** Bits of an RSA modulus. */
export const RSA_BITS_MAX = 8_192;

/** Bytes of a serial number's INTEGER: 20 (RFC 5280 §4.1.2.2), and a leading zero where the first bit is set. */
export const SERIAL_BYTES_MAX = 21;
