// How long the check of a network's quorum sets may search.

/** Groups of nodes that are taken to lie, or to be silent, one after the other. */
export const GROUPS_MAX = 3_000;

/** Branches of the search for disjoint quorums, for each of those groups. */
export const BRANCHES_MAX = 20_000;
