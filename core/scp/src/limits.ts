// Every bound of this package (spec 05 §1.1, §1.3, §1.6).

/** Levels of a quorum set, its own members being the first. */
export const QUORUM_SET_DEPTH_MAX = 4;

/** Nodes in a quorum set, counting those of inner sets. */
export const QUORUM_SET_NODES_MAX = 1_000;

/** Values in the votes and acceptances of one nomination. */
export const NOMINATED_VALUES_MAX = 10_000;

/** Values in a ballot: 5 000 transactions and 10 of either kind that mints. */
export const BALLOT_VALUES_MAX = 5_020;

/** Values that a node votes for or has accepted before it stops voting for more. */
export const OWN_VOTES_MAX = 5_020;

/**
 * Characters of those values: about 1 500 hashes. A message says its nomination and up to three ballots, so that what nodes
 * vote for must leave room for four times as much as they may have accepted.
 */
export const OWN_VOTES_LENGTH_MAX = 100_000;

/** Characters of the values that a node votes for or has accepted: others may have voted for as much that it has not. */
export const NOMINATED_LENGTH_MAX = 200_000;

/**
 * Values that a node adopts from one leader in one slot. Five leaders that tell everybody something else, which takes no more
 * than five who lie, leave no votes for the sixth.
 */
export const ADOPTED_VALUES_MAX = 300;

/** Characters of one value: 64 KiB of a minting transaction in hex. */
export const VALUE_LENGTH_MAX = 131_073;

/** Bytes of an encoded message. About 14 000 hashes fit. */
export const MESSAGE_BYTES_MAX = 1_048_576;

/** Maps and lists inside each other in an encoded message. */
export const CBOR_DEPTH_MAX = 16;

/** Levels of the signer sets of a configuration of minting: with more it would not fit into every message. */
export const SIGNER_SET_DEPTH_MAX = 2;

/** Nodes whose messages a slot keeps, itself included. */
export const SENDERS_MAX = 1_001;

/** Values that a slot remembers to be valid. */
export const VALID_VALUES_MAX = 100_000;

/** Lists of values that a slot remembers to be valid and combined: honest nodes name few, and liars must not fill memory. */
export const COMBINED_LISTS_MAX = 64;

/** Slots ahead of the current one whose messages are kept. */
export const SLOTS_AHEAD_MAX = 100;

/** Closed slots that still answer, unless told otherwise. */
export const CLOSED_SLOTS_MAX = 10;

/** Passes of the state machine over one event; more means that it does not settle. */
export const STEPS_MAX = 1_000;

/** The longest a timer waits, in milliseconds. */
export const TIMEOUT_MS_MAX = 1_800_000;

/** Nodes of a network whose quorums are compared. */
export const NETWORK_NODES_MAX = 1_000;

/** Branches that the comparison of quorums looks at before it says that it does not know. */
export const INTERSECTION_BRANCHES_MAX = 1_000_000;

/** Nodes of a network up to which that comparison looks for nodes that can change places, which saves most branches. */
export const SYMMETRY_NODES_MAX = 100;
