// How much this package's storage takes.

/** Small encoded values of the tables, in bytes. */
export const VALUE_BYTES_MAX = 1_024;

/** What one block mints, or how it configures minting, in bytes. */
export const MINTING_BYTES_MAX = 67_108_864;

/** Readers of one ledger at one time, over all processes. */
export const READERS_MAX = 1_000;

/** Large nodes of the tree of outputs that an open ledger keeps in memory, 32 bytes each. */
export const KEPT_NODES_MAX = 16_384;

/** Sources that one watcher watches. */
export const WATCHED_SOURCES_MAX = 1_000;

/** A watched source's name, in bytes: it is a key. */
export const SOURCE_NAME_BYTES_MAX = 500;

/** Signers of whom a watcher keeps what was said of them. */
export const SIGNERS_MAX = 1_024;

/** What is kept of one signer, as long as it says something new. */
export const EVIDENCE_PER_SIGNER_MAX = 64;

/** So many blocks behind the tip a forgetting ledger drops which block held what. */
export const REMEMBERED_BLOCKS_MAX = 100n;

/** Milliseconds that a block's time is waited for before it counts as unknown. */
export const LATE_BLOCK_MS_MAX = 5_000;

/** Milliseconds between two looks for a block's time. */
export const TIMESTAMP_POLL_MS = 10;
