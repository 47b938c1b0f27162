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
