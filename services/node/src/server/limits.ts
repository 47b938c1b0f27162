// Bounds of a node's listeners.

/** RPCs in progress on one connection of a peer (spec 05 §2.8). */
export const PEER_STREAMS_MAX = 64;

/** Milliseconds that a peer has to answer when nobody says how long. */
export const PEER_CALL_MS_MAX = 10_000;

/** Bytes of one answer of a peer: a hundred transactions. */
export const PEER_ANSWER_BYTES_MAX = 16_777_216;
