// How long commands wait for nodes.

/** Milliseconds that a node has to say how it is doing. */
export const STATUS_MS_MAX = 3_000;
