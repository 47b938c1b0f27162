// Bounds of an ingest server.

/** Outputs in one call of the enclave: what it takes. */
export const CHUNK_OUTPUTS_MAX = 4_096;

/** Blocks that a report may promise past the next one. */
export const EXPIRY_WINDOW_MAX = 1_000_000;

/** Servers that share a key. */
export const PEERS_MAX = 64;

/** Milliseconds that a peer has to answer. */
export const PEER_CALL_MS_MAX = 10_000;

/** Bytes of one answer of a peer: evidence, or a summary. */
export const PEER_ANSWER_BYTES_MAX = 1_048_576;

/** Bytes of a state file. */
export const STATE_BYTES_MAX = 1_048_576;

/** Milliseconds between two tries of something that fails again and again. */
export const BACKOFF_MS_MAX = 30_000;

/** Milliseconds that the enclave has for the outputs of one chunk. */
export const INGEST_MS_MAX = 600_000;
