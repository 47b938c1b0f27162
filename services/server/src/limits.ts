// What every server is bounded by, whatever it serves. What each RPC is bounded by, `rpc-limits.ts` says.

/** Connections of one listener, unless the process may have fewer descriptors. */
export const CONNECTIONS_MAX = 10_000;

/** Descriptors that a process keeps for its files and databases when it accepts connections. */
export const RESERVED_DESCRIPTORS_MAX = 128;

/** RPCs in progress on one HTTP/2 connection. */
export const STREAMS_MAX = 100;

/** Bytes of the headers of a request. */
export const HEADER_BYTES_MAX = 16_384;

/** Megabytes that one HTTP/2 connection may hold in the server. */
export const SESSION_MEGABYTES_MAX = 4;

/** Milliseconds in which a new connection has to say what it speaks. */
export const FIRST_BYTES_MS_MAX = 10_000;

/** Milliseconds in which a request must have sent its headers. */
export const HEADERS_MS_MAX = 10_000;

/** Milliseconds that a connection may stay open with nothing in progress. MobileCoin's clients ping every ten seconds. */
export const IDLE_MS_MAX = 120_000;

/** Milliseconds that RPCs in progress get to end when the server stops. */
export const DRAIN_MS_MAX = 700;

/** Milliseconds that a server tries to get a port somebody else has. */
export const PORT_RETRY_MS_MAX = 10_000;
