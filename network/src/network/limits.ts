// How large a network a command makes on one machine.

/** Milliseconds that a node has to run. */
export const NODE_START_MS_MAX = 60_000;

/** Milliseconds that a node has to end when it is told to; then it is killed. */
export const NODE_STOP_MS_MAX = 5_000;

/** Nodes: each has a port in three ranges of a hundred. */
export const NODES_MAX = 100;

/** Accounts that own something from the beginning. */
export const ACCOUNTS_MAX = 10_000;

/** Outputs that all of them own from the beginning. */
export const ORIGIN_OUTPUTS_MAX = 100_000;
