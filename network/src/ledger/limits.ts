// How much the ledger commands read from outside, and how long they wait for it.

/** The list for an origin block, in bytes of JSON. */
export const ORIGIN_FILE_BYTES_MAX = 67_108_864;

/** A file of trusted signers, in bytes. */
export const SIGNERS_FILE_BYTES_MAX = 65_536;

/** Written archive files that wait to be on the disk before they get their names. */
export const UNNAMED_FILES_MAX = 64;

/** The longest silence of a server that can be asked for, in seconds. Node's `fetch` itself gives up after 300. */
export const TIMEOUT_SECONDS_MAX = 240;

/** A file with a signed checkpoint, in bytes. */
export const CHECKPOINT_FILE_BYTES_MAX = 1_048_576;
