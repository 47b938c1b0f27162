// Bounds of a node's listeners.

/** RPCs in progress on one connection of a peer (spec 05 §2.8). */
export const PEER_STREAMS_MAX = 64;

/** Milliseconds that a peer has to answer when nobody says how long. */
export const PEER_CALL_MS_MAX = 10_000;

/** Bytes of one answer of a peer: a hundred transactions. */
export const PEER_ANSWER_BYTES_MAX = 16_777_216;

/** Bytes of a question of a conversation; a larger one is asked by an RPC of its own. */
export const QUESTION_BYTES_MAX = 65_536;

/** Questions of one conversation that are unanswered; no further one is read until one of them is answered. */
export const QUESTIONS_MAX = 256;

/** Milliseconds for which a peer that knows no conversations is not asked for one again. */
export const NOT_OFFERED_MS = 60_000;

/** The same for one that refuses a conversation, or cannot be reached. */
export const NO_ROOM_MS = 2_000;
