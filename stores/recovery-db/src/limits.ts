// How much this package takes.

/** The records of one block, encoded, in bytes. */
export const BLOCK_RECORDS_BYTES_MAX = 134_217_728;

/** A report id, in characters, as in addresses. */
export const REPORT_ID_CHARACTERS_MAX = 64;

/** The evidence of a report, in bytes. */
export const EVIDENCE_BYTES_MAX = 1_048_576;

/** How often an operation is tried again when there is no connection. */
export const CONNECTION_RETRIES_MAX = 3;

/** How long a connection lives, in seconds, and how long making one may take, in ms. */
export const CONNECTION_SECONDS_MAX = 120;

/** A lease's name and its holder, in characters. */
export const LEASE_NAME_CHARACTERS_MAX = 200;

/** Bytes of one message to an embedded database that is offered to other processes. */
export const WIRE_MESSAGE_BYTES_MAX = 268_435_456;

/** Clients that an embedded database is offered to at one time. */
export const SERVED_SESSIONS_MAX = 64;

/** Milliseconds that a client may leave its transaction open and say nothing: everybody else waits for it. */
export const SERVED_TRANSACTION_MS_MAX = 10_000;

/** Milliseconds that an embedded database waits for a port somebody else has. */
export const PORT_RETRY_MS_MAX = 10_000;
