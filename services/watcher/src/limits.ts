// Every bound of this package, with what happens at it in docs/limits.md.

/** Blocks that one pass over a source reads (spec 05 §3.5): then the others get a turn. */
export const BLOCKS_PER_PASS_MAX = 1_000;

/** Blocks that are recorded in one transaction. */
export const BLOCKS_PER_WRITE_MAX = 100;

/** Blocks of one source that are being fetched at one time. */
export const PREFETCHED_BLOCKS_MAX = 8;

/** Milliseconds that an archive may be silent. */
export const ARCHIVE_SILENCE_MS_MAX = 30_000;

/** Quick looks for a block that a node has announced and its archive does not have yet; then it is polled as usual. */
export const QUICK_LOOKS_MAX = 20;

/** Milliseconds between attempts to hear a node's stream, from 1 000 doubling. */
export const RECONNECT_MS_MAX = 60_000;

/** Sources of one watcher. */
export const SOURCES_MAX = 1_000;

/** Signers that may be named for one source. */
export const SIGNERS_PER_SOURCE_MAX = 1_000;

/** Bytes of one block header in a node's stream. */
export const HEADER_BYTES_MAX = 65_536;
