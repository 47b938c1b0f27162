// Bounds of a node's process.

/** Bytes of the archive file of an origin block. */
export const ORIGIN_BLOCK_BYTES_MAX = 67_108_864;

/** Milliseconds that an archive may be silent. */
export const ARCHIVE_SILENCE_MS_MAX = 30_000;

/** Files of slots that took too long; older ones are removed. */
export const SLOT_DUMPS_MAX = 100;

/** Files of the vote journal that are kept for slots to come when theirs is forgotten. */
export const SPARE_FILES_MAX = 64;

/** Milliseconds after which a node that forgets overwrites what its JavaScript engine has freed, again and again. */
export const CLEAN_HEAP_MS = 30_000;
