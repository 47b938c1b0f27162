// One slot as one node sees it (spec 05 §1.6): the pure state machine. Events go in with the time at which they happen;
// what to send, when to wake up and what was decided come out. The driver owns clock, network, disk and signatures.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { checkMessage, type MessageFault } from "../check-message.ts";
import { ScpError } from "../error.ts";
import { type LeaderHash, leaderOf } from "../leader.ts";
import { COMBINED_LISTS_MAX, OWN_VOTES_MAX, SENDERS_MAX, STEPS_MAX, VALID_VALUES_MAX } from "../limits.ts";
import { ballotsOf, type Message, nominationOf } from "../message.ts";
import { compareTopics } from "../message-order.ts";
import { checkQuorumSet } from "../quorum/check-quorum-set.ts";
import { type NodeKey, nodeKey } from "../quorum/node-key.ts";
import { QuorumView, SELF } from "../quorum/quorum-view.ts";
import { compareValues, type Value, type ValueList, valueList, valuesOf } from "../value.ts";
import { ballot } from "./balloting.ts";
import { buildTopic, ownStatement } from "./build-topic.ts";
import { FederatedVote } from "./federated-vote.ts";
import { assertInvariants, stateBefore } from "./invariants.ts";
import { nominate, type StepInputs } from "./nominate.ts";
import { type Combine, endBallot, initialState, isBefore, type SlotState } from "./slot-state.ts";
import { type Statement, statementOf } from "./statement.ts";
import { restoreState, type StoredSlot, storeState } from "./stored-slot.ts";
import { settleTime, type Timers, type Timing, updateTimers } from "./timers.ts";

/** Who takes part in a slot, and how. */
export interface SlotOptions extends Timing {
  readonly self: NodeId;
  /** Whom this node listens to; without itself. */
  readonly quorumSet: QuorumSet;
  readonly slotIndex: bigint;
  readonly leaderHash: LeaderHash;
  /** Whether to join the values of a confirmed ballot at once instead of after the timeout. Normally true. */
  readonly eagerBump: boolean;
}

/** What a slot needs to know of values. All answers must be functions of the ledger before the slot. */
export interface SlotParts {
  /** `unknown`: data is missing; the message should be offered again when it is there. */
  readonly validity: (value: Value) => "valid" | "invalid" | "unknown";
  /**
   * The values as the block would have them, the same on every node; undefined while that is not known. What waits for it
   * is tried again by every event, and by nothing else: call `tick` once it is known.
   */
  readonly combine: Combine;
}

/** What is to be done after an event. */
export interface SlotEffects {
  /** To be made durable, signed and sent to all; higher than every message of this node for this slot before. */
  readonly send: Message | undefined;
  /** The decision, in the effects of the event that brought it about and of no other. */
  readonly externalized: readonly Value[] | undefined;
  /** Call `tick` when the first of these is due. They replace those of earlier effects. */
  readonly timers: Timers;
}

/** What became of a message. Only a stored one has changed anything. */
export type MessageVerdict =
  | "stored"
  | MessageFault
  | "other-slot" // It is about another slot.
  | "own-message" // An echo of a message that this node sent.
  | "own-key-reused" // It has this node's key, and this node never sent it: someone else signs with that key. Halt.
  | "not-higher" // Its sender has said as much or more.
  | "too-many-senders" // Messages of 1 000 other nodes are kept; only configured nodes should be heard.
  | "invalid-value" // One of its values does not belong in a block now.
  | "unknown-value" // Data about its values, or how they combine, is not known: find out, then offer the message again.
  | "not-combined"; // The values of a ballot are not as `combine` puts them.

/** A message's verdict together with what is to be done. */
export interface MessageReceipt extends SlotEffects {
  readonly verdict: MessageVerdict;
}

/** A slot. The first call should be `tick`, which starts the timers. */
export class Slot {
  readonly #options: SlotOptions;
  #bases: Partial<Timing> = {};
  readonly #parts: SlotParts;
  readonly #self: NodeKey;
  readonly #view: QuorumView;
  readonly #state: SlotState;
  /** The latest message of every other node, and what it states, by the node's number. */
  readonly #messages: (Message | undefined)[] = [];
  readonly #statements: (Statement | undefined)[] = [];
  readonly #valid = new Set<Value>();
  /** Lists of valid values that are as `combine` puts them. */
  readonly #combined = new Set<ValueList>();

  /** Opens a slot, or goes on with one that was stored. Throws `invalid-quorum-set` and `invalid-parameter`. */
  constructor(options: SlotOptions, parts: SlotParts, stored?: StoredSlot) {
    assertOptions(options);
    this.#options = options;
    this.#parts = parts;
    this.#self = nodeKey(options.self);
    this.#view = new QuorumView(this.#self, options.quorumSet);
    this.#state = stored === undefined ? initialState(this.#leader(1, new Set())) : restoreState(stored);
  }

  get slotIndex(): bigint {
    return this.#options.slotIndex;
  }

  /** How far the slot is. */
  get phase(): SlotState["phase"] {
    return this.#state.phase;
  }

  /** The decision, once there is one. */
  get decision(): ValueList | undefined {
    return this.phase === "externalize" ? this.#state.b.x : undefined;
  }

  /** The latest messages, this node's own last. For peers that ask, and for showing who is where. */
  latestMessages(): Message[] {
    const own = this.lastSent();
    return [...this.#messages.filter((message) => message !== undefined), ...(own === undefined ? [] : [own])];
  }

  /** This node's latest message. */
  lastSent(): Message | undefined {
    const { lastSent } = this.#state;
    return lastSent === undefined ? undefined : this.#message(lastSent);
  }

  /** What must be durable before the message of the effects is sent, so that a restart never contradicts it. */
  store(): StoredSlot {
    return storeState(this.#state);
  }

  /** Whether values proposed now can still get into this slot. */
  get acceptsProposals(): boolean {
    return this.#state.phase === "nominate-prepare" && this.#state.z.size === 0;
  }

  /** Has the timers that are set from now on last as long as the network takes, instead of what the options say. */
  retime({ baseRoundMs, baseBallotMs }: Pick<Timing, "baseRoundMs" | "baseBallotMs">): void {
    assertTimes({ ...this.#options, baseRoundMs, baseBallotMs });
    this.#bases = { baseRoundMs, baseBallotMs };
  }

  /** Proposes values of this node. Those that are not valid, or come too late, are left out: offer them to the next slot. */
  propose(values: readonly Value[], now: number): SlotEffects {
    if (!this.acceptsProposals) return this.#effects(undefined, undefined, now);
    const { w } = this.#state;
    for (const value of values) {
      if (w.size < OWN_VOTES_MAX && !w.has(value) && this.#validity(value) === "valid") w.add(value);
    }
    return this.#run(now);
  }

  /** Hears a message. Its signature must have been verified, and its sender be one whom the node knows. */
  receive(message: Message, now: number): MessageReceipt {
    const verdict = this.#judge(message);
    if (verdict !== "stored") return { verdict, ...this.#effects(undefined, undefined, now) };
    const number = this.#view.learn(nodeKey(message.sender), message.quorumSet);
    this.#messages[number] = message;
    this.#statements[number] = statementOf(message.topic);
    return { verdict, ...this.#run(now) };
  }

  /** Lets the timers fire that are due, and goes on with what waited for `combine`. */
  tick(now: number): SlotEffects {
    const state = this.#state;
    if (state.nominationAt !== undefined && now >= state.nominationAt && state.phase === "nominate-prepare") {
      state.nominationAt = undefined;
      state.round++;
      state.leaders.add(this.#leader(state.round, state.leaders));
    }
    if (state.ballotAt !== undefined && now >= state.ballotAt && isBefore(state, "externalize")) {
      state.ballotAt = undefined;
      state.isOverdue = true;
    }
    return this.#run(now);
  }

  /** Lets the state machine settle, and says what is new. */
  #run(now: number): SlotEffects {
    const state = this.#state;
    const before = stateBefore(state);
    const wasDecided = state.phase === "externalize";
    const inputs = this.#stepInputs(now);
    if (state.isOverdue) endBallot(state, this.#parts.combine);
    for (let steps = 0; this.#step(inputs); steps++) {
      if (steps >= STEPS_MAX) throw new ScpError("invariant-violated", "The state machine does not settle.");
    }
    updateTimers(state, inputs.vote, { ...this.#options, ...this.#bases }, now);
    assertInvariants(state, before);
    const externalized = !wasDecided && state.phase === "externalize" ? valuesOf(state.b.x) : undefined;
    return this.#effects(this.#nextMessage(), externalized, now);
  }

  #step(inputs: StepInputs): boolean {
    const nominated = nominate(inputs);
    return ballot(inputs) || (nominated && isBefore(this.#state, "externalize"));
  }

  /**
   * What to send, if it is higher than what was sent. A receiver ignores what is not, and this node must never take
   * anything back; the rare state that shows as less, since only ballots up to the current one show, waits.
   */
  #nextMessage(): Message | undefined {
    const topic = buildTopic(this.#state);
    const { lastSent } = this.#state;
    if (topic === undefined || (lastSent !== undefined && compareTopics(topic, lastSent) <= 0)) return undefined;
    this.#state.lastSent = topic;
    return this.#message(topic);
  }

  #judge(message: Message): MessageVerdict {
    const { slotIndex, sender, topic } = message;
    if (slotIndex !== this.slotIndex) return "other-slot";
    const fault = checkMessage(message, this.#combined);
    if (fault !== undefined) return fault;
    const key = nodeKey(sender);
    if (key === this.#self) return this.#judgeOwn(message);
    const number = this.#view.numberOf(key);
    if (number === undefined && this.#view.size >= SENDERS_MAX) return "too-many-senders";
    const known = number === undefined ? undefined : this.#messages[number];
    if (known !== undefined && compareTopics(topic, known.topic) <= 0) return "not-higher";
    return this.phase === "externalize" ? "stored" : this.#judgeValues(message);
  }

  #judgeOwn({ topic }: Message): MessageVerdict {
    const { lastSent } = this.#state;
    return lastSent === undefined || compareTopics(topic, lastSent) > 0 ? "own-key-reused" : "own-message";
  }

  #judgeValues({ topic }: Message): MessageVerdict {
    const { x = [], y = [] } = nominationOf(topic) ?? {};
    const lists = new Set(ballotsOf(topic).map((each) => each.x));
    const newLists = [...lists].filter((list) => !this.#combined.has(list));
    let verdict: MessageVerdict = "stored";
    for (const value of [...x, ...y, ...newLists.flatMap(valuesOf)]) {
      const validity = this.#validity(value);
      if (validity === "invalid") return "invalid-value";
      if (validity === "unknown") verdict = "unknown-value";
    }
    if (verdict !== "stored") return verdict;
    for (const list of newLists) {
      const combined = this.#parts.combine([...new Set(valuesOf(list))].sort(compareValues));
      if (combined === undefined) verdict = "unknown-value";
      else if (valueList(combined) !== list) return "not-combined";
      else remember(this.#combined, list, COMBINED_LISTS_MAX);
    }
    return verdict;
  }

  /** Remembers only what is valid: what is not may become so when its data arrives. */
  #validity(value: Value): "valid" | "invalid" | "unknown" {
    if (this.#valid.has(value)) return "valid";
    const validity = this.#parts.validity(value);
    if (validity === "valid") remember(this.#valid, value, VALID_VALUES_MAX);
    return validity;
  }

  #stepInputs(now: number): StepInputs {
    const { settleMs, eagerBump } = this.#options;
    return {
      state: this.#state,
      now,
      self: this.#self,
      vote: () => {
        this.#statements[SELF] = ownStatement(this.#state);
        return new FederatedVote(this.#view, this.#statements);
      },
      nominationBy: (node) => {
        const number = this.#view.numberOf(node);
        const message = number === undefined ? undefined : this.#messages[number];
        return message === undefined ? undefined : nominationOf(message.topic);
      },
      combine: this.#parts.combine,
      settleMs,
      eagerBump,
    };
  }

  #effects(send: Message | undefined, externalized: readonly Value[] | undefined, now: number): SlotEffects {
    const { nominationAt, ballotAt } = this.#state;
    const settleAt = settleTime(this.#state, this.#options);
    // A wait that is over and did not lead to a ballot has nothing to wait for: the next event tries again.
    const timers = {
      nominationAt,
      ballotAt,
      settleAt: settleAt !== undefined && settleAt > now ? settleAt : undefined,
    };
    return { send, externalized, timers };
  }

  #message(topic: Message["topic"]): Message {
    const { self, slotIndex, quorumSet } = this.#options;
    return { sender: self, slotIndex, quorumSet, topic };
  }

  #leader(round: number, leaders: ReadonlySet<NodeKey>): NodeKey {
    const { slotIndex, leaderHash, quorumSet } = this.#options;
    return leaderOf({ slotIndex, round, leaderHash }, this.#self, quorumSet, leaders);
  }
}

/** Keeps an item; forgets all others first when there are too many. */
function remember(items: Set<string>, item: string, most: number): void {
  if (items.size >= most) items.clear();
  items.add(item);
}

function assertOptions({ self, quorumSet, leaderHash, ...timing }: SlotOptions): void {
  const fault = checkQuorumSet(quorumSet, nodeKey(self));
  if (fault !== undefined) throw new ScpError("invalid-quorum-set", `The node's quorum set is refused: ${fault}.`);
  assertTimes(timing);
  if (leaderHash.kind === "bound" && leaderHash.previousBlockId.length !== 32) {
    throw new ScpError("invalid-parameter", "The id of the block before has 32 bytes.");
  }
}

function assertTimes({ baseRoundMs, baseBallotMs, settleMs }: Timing): void {
  const inRange = (ms: number, least: number): boolean => Number.isInteger(ms) && ms >= least;
  if (!inRange(baseRoundMs, 1) || !inRange(baseBallotMs, 1) || !inRange(settleMs, 0)) {
    throw new ScpError("invalid-parameter", "Times are whole milliseconds; the time bases are at least 1.");
  }
}
