// What every server is bounded by, whatever it serves. What each RPC is bounded by, `rpc-limits.ts` says.

/** Connections of one listener, unless the process may have fewer descriptors. */
export const CONNECTIONS_MAX = 10_000;

/** Descriptors that a process keeps for its files and databases when it accepts connections. */
export const RESERVED_DESCRIPTORS_MAX = 128;

/** RPCs in progress on one HTTP/2 connection. */
export const STREAMS_MAX = 100;

/** Requests that one connection of HTTP/1.1 may send ahead of their answers. Clients that matter send none ahead. */
export const PIPELINED_REQUESTS_MAX = 4;

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

/** Milliseconds until a connection of HTTP/2 with calls in progress is pinged, and in which it answers that. */
export const PING_MS_MAX = 10_000;

/** Milliseconds until a page must be read. */
export const PAGE_MS_MAX = 5_000;

/** Pages in progress at one time. */
export const PAGES_MAX = 16;

/** Requests for pages that wait for others to end. */
export const PAGE_QUEUE_MAX = 64;

/** Characters of one text in the log; what is longer is cut. */
export const LOG_TEXT_MAX = 1_024;

/** Items of one list or record in the log; the rest is counted. */
export const LOG_ITEMS_MAX = 64;

/** Milliseconds that RPCs in progress get to end when the server stops. */
export const DRAIN_MS_MAX = 700;

/** Milliseconds that a server tries to get a port somebody else has. */
export const PORT_RETRY_MS_MAX = 10_000;

/** Characters of the URI of a service. */
export const SERVICE_URI_LENGTH_MAX = 4_096;
