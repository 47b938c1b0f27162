// How large the messages of this package may be. Each limit leaves several times the room of the largest real one.

/** An encoded block header, in bytes. */
export const BLOCK_BYTES_MAX = 1_024;

/** An encoded block signature, in bytes. */
export const SIGNATURE_BYTES_MAX = 1_024;

/** Encoded block metadata, in bytes. An enclave's evidence with its certificates takes some 30 000 of them. */
export const METADATA_BYTES_MAX = 1_048_576;

/** Encoded block contents, in bytes. A block of 5 000 transactions with 16 outputs each takes 32 million of them. */
export const CONTENTS_BYTES_MAX = 67_108_864;

/** An archive file of one block, in bytes. */
export const ARCHIVE_BLOCK_BYTES_MAX = 68_157_440;

/** Signed metadata of one block that a light client looks at: a quorum set has at most so many nodes. */
export const LIGHT_CLIENT_METADATA_MAX = 1_000;

/** An encoded checkpoint with its signatures, in bytes: room for those of 1 000 nodes. */
export const SIGNED_CHECKPOINT_BYTES_MAX = 1_048_576;

/** What is kept of a ledger to extend its digests, in bytes. Who may mint each token is part of it. */
export const LEDGER_SUMMARY_BYTES_MAX = 16_777_216;

/** An encoded record of a snapshot, in bytes. */
export const SNAPSHOT_RECORD_BYTES_MAX = 4_194_304;
