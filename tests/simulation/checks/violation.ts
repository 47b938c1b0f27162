// A promise that was broken.

/** Names of what is checked (spec 05 §1.10, §6.4); for reports. */
export const INVARIANTS = {
  S1: "no two honest nodes decide differently",
  S2: "an honest node decides a slot once, also across restarts",
  S3: "what is decided was valid, and is as `combine` puts it",
  S4: "blocks follow each other, and are the same at one height on all honest nodes",
  "S5-S8": "the state of a slot is consistent (asserted by the slot itself)",
  S9: "what a node says about a slot ascends, also across restarts",
  S10: "who accepted to commit values never names others",
  S11: "a quorum accepted to commit what is decided",
  L1: "once faults have ended, all that was begun is finished in time",
  money: "outputs hold what was there, and what was minted",
  "key-images": "no key image is spent twice",
  "tx-once": "no transaction is in two blocks",
  acknowledged: "what a node took is in a block, or expired, or its money was spent otherwise",
  answers: "a client is told the code of what is wrong with its transaction",
  memory: "what is kept stays within its bounds",
  budget: "a quiet slot takes at most 20·N·(N−1) messages",
  secrets: "no log line tells of a transaction what the host may not know",
  ledgers: "ledgers are the same, byte for byte, but for each node's own metadata and signatures",
  model: "slots do what the reference model does",
  halt: "an honest node halts only if its own disk or enclave failed",
} as const;

/** What was promised. */
export type Invariant = keyof typeof INVARIANTS;

/** The earliest promise that a run broke. */
export class Violation extends Error {
  readonly invariant: Invariant;

  constructor(invariant: Invariant, detail: string) {
    super(`${invariant}: ${INVARIANTS[invariant]}. ${detail}`);
    this.invariant = invariant;
  }
}
