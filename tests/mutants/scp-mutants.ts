// Mistakes in the consensus protocol: those of spec 05 §6.6, which a prototype's simulation did and did not find, and more of
// their kind.
import type { Mutant } from "./mutant.ts";

const SRC = "core/scp/src";
const KNOWN = "core/scp/test/known-transitions.test.ts";
const TABLES = "core/scp/test/stellar-tables.test.ts";
const NOMINATION = "core/scp/test/nomination-tables.test.ts";
const SLOT = "core/scp/test/slot.test.ts";
const QUORUM_SETS = "core/scp/test/quorum-sets.test.ts";

/** Mistakes in core/scp. */
export const SCP_MUTANTS: readonly Mutant[] = [
  {
    name: "any single peer counts as blocking",
    file: `${SRC}/quorum/compiled-quorum-set.ts`,
    search: "let missing = blockingSize - countCommon(nodes, set);",
    replacement: "let missing = Math.min(1, blockingSize) - countCommon(nodes, set);",
    tests: [KNOWN],
  },
  {
    name: "the values of the confirmed ballot are not locked",
    file: `${SRC}/slot/balloting.ts`,
    search: "state.lock = confirmed.x;",
    replacement: "",
    tests: [TABLES],
  },
  {
    name: "votes of a blocking set are accepted",
    file: `${SRC}/slot/federated-vote.ts`,
    search: "return this.isBlocking(accepts) ||",
    replacement: "return this.isBlocking(votesOrAccepts) ||",
    tests: [KNOWN],
  },
  {
    name: "the quorum sets of peers are ignored",
    file: `${SRC}/quorum/quorum-view.ts`,
    search: "shrinkToQuorum(set, this.#compiled);",
    replacement:
      "const anybody = compileQuorumSet({ threshold: 0, members: [] }, this.#numbers);\n    shrinkToQuorum(set, this.#compiled.map((each, i) => (i === SELF ? each : anybody)));",
    tests: [KNOWN],
  },
  {
    name: "a commit counts as prepared for any counter, whatever its pn",
    file: `${SRC}/slot/statement.ts`,
    search: "return ballot.x === commit.b.x && ballot.n <= commit.pn;",
    replacement: "return ballot.x === commit.b.x;",
    tests: [KNOWN],
  },
  {
    name: "a commit vote is kept although its ballot was aborted",
    file: `${SRC}/slot/balloting.ts`,
    search: "if (c === undefined || !(isAborted(c, p) || isAborted(c, pp))) return false;",
    replacement: "return false;",
    tests: [TABLES],
  },
  {
    name: "a slice is one member short",
    file: `${SRC}/quorum/compiled-quorum-set.ts`,
    search: "let missing = threshold - countCommon(nodes, set);",
    replacement: "let missing = threshold - 1 - countCommon(nodes, set);",
    tests: [TABLES],
  },
  {
    name: "a slice needs one member more",
    file: `${SRC}/quorum/compiled-quorum-set.ts`,
    search: "let missing = threshold - countCommon(nodes, set);",
    replacement: "let missing = threshold + 1 - countCommon(nodes, set);",
    tests: [TABLES],
  },
  {
    name: "a blocking set is one member short",
    file: `${SRC}/quorum/compiled-quorum-set.ts`,
    search: "blockingSize: set.members.length - set.threshold + 1,",
    replacement: "blockingSize: set.members.length - set.threshold,",
    tests: [TABLES],
  },
  {
    name: "the infinite counter is one to go to",
    file: `${SRC}/slot/slot-state.ts`,
    search: "if (x === undefined || counter >= INFINITE_COUNTER) return false;",
    replacement: "if (x === undefined) return false;",
    tests: [KNOWN, SLOT],
  },
  {
    name: "the later message is the one that arrived later",
    file: `${SRC}/message-order.ts`,
    search: "export function compareTopics(a: Topic, b: Topic): number {",
    replacement: "export function compareTopics(a: Topic, b: Topic): number {\n  if (a !== b) return 1;",
    tests: [SLOT],
  },
  {
    name: "a stored message is replaced by a lower one",
    file: `${SRC}/slot/slot.ts`,
    search: "if (known !== undefined && compareTopics(topic, known.topic) <= 0)",
    replacement: "if (known !== undefined && compareTopics(topic, known.topic) === 0)",
    tests: [SLOT],
  },
  {
    name: "candidates are combined in the order in which they came",
    file: `${SRC}/slot/slot-state.ts`,
    search: "combine([...z].sort(compareValues))",
    replacement: "combine([...z])",
    tests: [SLOT],
  },
  {
    name: "the node itself counts among those who block it",
    file: `${SRC}/quorum/quorum-view.ts`,
    search: "return isBlocking(this.#own(), set);",
    replacement:
      "const nodes = this.#own().nodes.slice();\n    nodes[0] = (nodes[0] ?? 0) | 1;\n    return isBlocking({ ...this.#own(), nodes }, set);",
    tests: [KNOWN, TABLES],
  },
  {
    name: "a restart forgets the journal",
    file: `${SRC}/slot/slot.ts`,
    search: "stored === undefined ? initialState(this.#leader(1, new Set())) : restoreState(stored)",
    replacement: "stored === undefined || true ? initialState(this.#leader(1, new Set())) : restoreState(stored)",
    tests: [TABLES],
  },
  {
    name: "the hull of two commit intervals is accepted",
    file: `${SRC}/slot/statement.ts`,
    search: "if (commit !== undefined) return x === commit.b.x && commit.cn <= lo && hi <= commit.hn;",
    replacement: "if (commit !== undefined) return x === commit.b.x && commit.cn <= hi && lo <= commit.hn;",
    tests: [KNOWN],
  },
  {
    name: "commit intervals of different blocking sets are joined",
    file: `${SRC}/slot/balloting.ts`,
    search: "} else if (holds(counter, interval.hi)) {",
    replacement: "} else if (holds(counter, counter)) {",
    tests: [TABLES],
  },
  {
    name: "a ballot is accepted with its own counter instead of the common one",
    file: `${SRC}/slot/statement.ts`,
    search: "return (p !== undefined && isLowerCompatible(ballot, p)) ||",
    replacement: "return (p !== undefined && ballot.x === p.x) ||",
    tests: [KNOWN],
  },
  {
    name: "what a node that is late accepts to commit takes back what it accepted before",
    file: `${SRC}/slot/balloting.ts`,
    search: 'state.phase === "commit" && c !== undefined && h !== undefined ? extend(found, c.n, h.n) : found;',
    replacement: "found;",
    tests: [SLOT, TABLES],
  },
  {
    name: "after accepting a commit a node follows others to other values",
    file: `${SRC}/slot/balloting.ts`,
    search: 'if (state.phase === "commit" && x !== state.b.x) continue;',
    replacement: "",
    tests: [TABLES],
  },
  {
    name: "a blocking set that accepts a commit decides",
    file: `${SRC}/slot/balloting.ts`,
    search: "votes.confirm((statement) => acceptsCommit(statement, b.x, lo, hi)),",
    replacement: "votes.isBlocking((statement) => acceptsCommit(statement, b.x, lo, hi)),",
    tests: [SLOT, TABLES],
  },
  {
    name: "values change without the counter",
    file: `${SRC}/slot/balloting.ts`,
    search: "setBallot(state, { n: state.b.n + 1, x });",
    replacement: "setBallot(state, { n: state.b.n, x });",
    tests: [TABLES],
  },
  {
    name: "p shows above the current ballot",
    file: `${SRC}/slot/build-topic.ts`,
    search: "const shownP = clamp(p, b);",
    replacement: "const shownP = p;",
    tests: [TABLES],
  },
  {
    name: "a message that says no more than the last is sent again",
    file: `${SRC}/slot/slot.ts`,
    search: "|| (lastSent !== undefined && compareTopics(topic, lastSent) <= 0)) return undefined;",
    replacement: ") return undefined;",
    tests: [TABLES],
  },
  {
    name: "a ballot that is not as it is combined is stored",
    file: `${SRC}/slot/slot.ts`,
    search: 'else if (valueList(combined) !== list) return "not-combined";',
    replacement: "",
    tests: [SLOT],
  },
  {
    name: "a list that cannot be combined yet is refused for good",
    file: `${SRC}/slot/slot.ts`,
    search: 'if (combined === undefined) verdict = "unknown-value";',
    replacement: 'if (combined === undefined) return "not-combined";',
    tests: [SLOT],
  },
  {
    name: "a value whose data is missing is remembered as valid",
    file: `${SRC}/slot/slot.ts`,
    search: 'if (validity === "valid") remember(this.#valid,',
    replacement: 'if (validity !== "invalid") remember(this.#valid,',
    tests: [SLOT],
  },
  {
    name: "a leader's values are taken without a bound",
    file: `${SRC}/slot/nominate.ts`,
    search: "ADOPTED_VALUES_MAX - adopted",
    replacement: "OWN_VOTES_MAX",
    tests: [SLOT],
  },
  {
    name: "new votes are cast although there are candidates",
    file: `${SRC}/slot/nominate.ts`,
    search: "inputs.state.z.size === 0 && voteForValues(inputs)",
    replacement: "voteForValues(inputs)",
    tests: [NOMINATION],
  },
  {
    name: "a new leader replaces the others",
    file: `${SRC}/slot/slot.ts`,
    search: "state.leaders.add(this.#leader(state.round, state.leaders));",
    replacement:
      "const leader = this.#leader(state.round, state.leaders);\n      state.leaders.clear();\n      state.leaders.add(leader);",
    tests: [NOMINATION],
  },
  {
    name: "ballot n lasts n time bases",
    file: `${SRC}/slot/timers.ts`,
    search: "timing.baseBallotMs * (b.n + 1)",
    replacement: "timing.baseBallotMs * b.n",
    tests: [KNOWN],
  },
  {
    name: "the time of a ballot runs before a quorum has come as far",
    file: `${SRC}/slot/timers.ts`,
    search: "if (vote().hasQuorum((statement) => ballotCounter(statement) >= b.n)) {",
    replacement: "{",
    tests: [TABLES],
  },
  {
    name: "leaders are not bound to the block before",
    file: `${SRC}/leader.ts`,
    search: 'leaderHash.kind === "bound" ? [leaderHash.previousBlockId] : []',
    replacement: "[]",
    tests: ["core/scp/test/leader.test.ts"],
  },
  {
    name: "a signature says nothing of the block before",
    file: `${SRC}/consensus-message.ts`,
    search: 'appendStrict(transcript, "prev_block_id",',
    replacement: 'if (previousBlockId.length !== 32) appendStrict(transcript, "prev_block_id",',
    tests: ["core/scp/test/consensus-message.test.ts"],
  },
  {
    name: "an integer may be encoded longer than it need be",
    file: `${SRC}/wire/cbor-input.ts`,
    search: "if (n < (LEAST[size] ?? 0))",
    replacement: "if (n < 0)",
    tests: ["core/scp/test/wire.test.ts"],
  },
  {
    name: "a quorum set may list its owner",
    file: `${SRC}/quorum/check-quorum-set.ts`,
    search: 'if (owner !== undefined && distinct.has(owner)) return "owner-listed";',
    replacement: "",
    tests: [QUORUM_SETS],
  },
];
