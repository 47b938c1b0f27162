// Bounds of a node's configuration.

/** Bytes of one file of configuration. */
export const CONFIG_FILE_BYTES_MAX = 1_048_576;

/** Peers that a node knows, whether it calls them or not. */
export const PEERS_MAX = 1_000;

/** Archives to fetch blocks from. */
export const TX_SOURCES_MAX = 100;

/** Tokens of a network. */
export const TOKENS_MAX = 1_000;

/** Levels of signers that contain signers. */
export const SIGNER_DEPTH_MAX = 32;

/** Characters of a responder id: a host name and a port. */
export const RESPONDER_ID_LENGTH_MAX = 320;

/** Characters of a URI. */
export const URI_LENGTH_MAX = 4_096;
