// The sizes of transactions that every node agrees on (spec 02 §5.1).

/** Members of every ring: one output that is spent and ten decoys. */
export const RING_SIZE = 11;

/** Inputs of a transaction. */
export const INPUTS_MAX = 16;

/** Outputs of a transaction. */
export const OUTPUTS_MAX = 16;

/** Blocks from the one being built to a transaction's tombstone block. */
export const TOMBSTONE_DISTANCE_MAX = 20_160n;

/** A minimum fee is a multiple of this, so that priorities are whole steps. */
export const MINIMUM_FEE_STEP = 128n;
