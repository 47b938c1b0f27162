// Mistakes in what surrounds the protocol, of which spec 05 §6.6 names some: the journal, the order of values, whom a node
// believes. Scenarios of whole nodes must notice them.
import type { Mutant } from "./mutant.ts";

const REPLICA = "services/node/src/replica";
const SCENARIOS = "tests/simulation/scenarios";

/** Mistakes in the node and in how blocks are put together. */
export const NODE_MUTANTS: readonly Mutant[] = [
  {
    name: "a restart without the journal",
    file: `${REPLICA}/replica.ts`,
    search: "restoreVotes(await journal.read())",
    replacement: "restoreVotes({ records: [], unreadable: [] })",
    tests: [`${SCENARIOS}/storage.test.ts`],
  },
  {
    name: "a vote is sent before it is durable",
    file: `${REPLICA}/consensus.ts`,
    search: "await journal.write(message.slotIndex, record).catch(",
    replacement: "void journal.write(message.slotIndex, record).catch(",
    tests: [`${SCENARIOS}/storage.test.ts`],
  },
  {
    name: "votes that cannot be read are no reason to keep silent",
    file: `${REPLICA}/restored-votes.ts`,
    search: "return { bySlot, silentThrough: last + 1n };",
    replacement: "return { bySlot, silentThrough: 0n * last };",
    tests: [`${SCENARIOS}/storage.test.ts`, "services/node/test/restart.test.ts"],
  },
  {
    name: "a node votes in slots that others have decided long ago",
    file: `${REPLICA}/consensus.ts`,
    search: "if (slot - 1n > this.#silentThrough) this.#silentThrough = slot - 1n;",
    replacement: "",
    tests: [`${SCENARIOS}/storage.test.ts`],
  },
  {
    name: "candidates are combined in the order in which they were heard of",
    file: "core/block/src/form/choose-txs.ts",
    search: "[...candidates].sort(compareCandidates)",
    replacement: "[...candidates]",
    tests: [`${SCENARIOS}/transactions.test.ts`],
  },
  {
    name: "a peer is not asked for its latest message while anything comes from it",
    file: `${REPLICA}/peers/peer-link.ts`,
    search: "if (now - this.#toldAt < silenceMs ||",
    replacement: "if (now - (this.#heardAt ?? Number.NEGATIVE_INFINITY) < silenceMs ||",
    tests: [`${SCENARIOS}/network.test.ts`],
  },
];
