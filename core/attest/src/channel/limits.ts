// Bounds of channels (spec 04 §2.6, §2.7, §3.1, §4.3).

/** Bytes of a handshake payload, which is evidence: real ones have 15 to 25 KiB. Noise's own 65 535 do not apply. */
export const PAYLOAD_BYTES_MAX = 262_144;

/** Bytes of a handshake message: a payload, two keys and two tags. */
export const HANDSHAKE_BYTES_MAX = 262_272;

/** Bytes of a sealed message as protobuf, either way. */
export const SEALED_MESSAGE_BYTES_MAX = 67_108_864;

/** Counters below the highest one seen of which a session with explicit nonces knows whether they were used. */
export const REPLAY_WINDOW_MAX = 1_024;

/** Sessions of clients in an enclave. */
export const CLIENT_SESSIONS_MAX = 10_000;

/** Sessions with peers in an enclave, for each direction. */
export const PEER_SESSIONS_MAX = 64;

/** Sessions of routers in a store. */
export const ROUTER_SESSIONS_MAX = 64;

/** Sessions with stores in a router, and messages of one broadcast. */
export const STORE_SESSIONS_MAX = 100;

/** Handshakes with peers that have begun and await an answer. */
export const PENDING_PEER_HANDSHAKES_MAX = 64;

/** Handshakes with stores that have begun and await an answer. */
export const PENDING_STORE_HANDSHAKES_MAX = 100;

/** Calls that wait for their turn on one channel. */
export const WAITING_CALLS_MAX = 256;
