// The named adversaries (spec 05 §6.2). Each has the keys of its nodes and a real enclave, and lies as its host.

/** Who they are, and what they do. */
export const ADVERSARIES = [
  "mute", // Says nothing about any slot.
  "flip", // Tells one half of the others of one list of values, and the other half of another.
  "splitCommit", // Claims to one half that it has committed one list, to the other half another.
  "liarPrepared", // Claims to have accepted ballots that it never accepted.
  "earlyExternalize", // Claims a decision before there is one.
  "quorumSetForger", // Claims quorum sets that anybody, or only its accomplices, satisfy.
  "counterBomb", // Ballots whose counters are near the largest.
  "valueFlood", // A hundred values that nobody knows in every message.
  "invalidValue", // Votes for transactions that are not valid.
  "ghostTx", // Votes for transactions that it gives to few or none.
  "unsortedBallot", // Ballots whose values are not as `combine` puts them.
  "replayOldSlot", // Sends what was said about slots before.
  "wrongParent", // Names another block before the slot.
  "stallLeader", // Says nothing unless it leads, and then only to few.
  "slowDrip", // Says everything just before others would give up waiting.
  "colluders", // Share what they know, and each side of a partition hears a story of its own.
  "sigGarbage", // Signatures that do not verify.
  "lateJoinerLiar", // Lies to those who catch up, and only to them.
  "archiveLiar", // Publishes blocks that nobody agreed on.
] as const;

/** One of them. */
export type AdversaryName = (typeof ADVERSARIES)[number];
