// A network in one process under one seed (spec 05 §6.1): virtual clock, lost, late, repeated and reordered messages,
// partitions, crashes and liars; then everything heals and every node has to finish. After each event the promises of
// consensus are checked, and in some runs the slot is compared with the reference model.

import { ComparedSlot, largestQuorum } from "@fogbow/core-scp-model";
import {
  compareTopics,
  type Message,
  nodeKey,
  ScpError,
  ScpNode,
  type SlotEffects,
  type StoredSlot,
  type Topic,
  valuesOf,
} from "../../src/index.ts";
import { nodeAt, quorumSet } from "../fixtures.ts";
import { LIES, lie } from "./adversary.ts";
import { EventQueue } from "./event-queue.ts";
import { SeededRandom } from "./random.ts";
import type { Topology } from "./topologies.ts";
import { simulatedParts } from "./values.ts";

/** What a run does; the rest is drawn from the seed. */
export interface SimulationOptions {
  readonly seed: number;
  readonly topology: Topology;
  readonly slots: number;
  /** Whether messages are lost and nodes are cut off and crash. */
  readonly faults: boolean;
  /** Whether one of the topology's fault groups lies. */
  readonly liars: boolean;
  /** Whether each slot is compared with the model after each event. */
  readonly withModel: boolean;
  /** Whether a node forgets its votes when it crashes: the mistake of having no journal. */
  readonly forgetful?: boolean;
  /** Nodes that never say anything. */
  readonly silent?: readonly number[];
}

/** What a run did. */
export interface SimulationReport {
  readonly events: number;
  readonly messages: number;
  readonly milliseconds: number;
  readonly decisions: readonly string[];
  readonly compared: number;
}

/** A promise that was broken, with what is needed to see it again. */
export class BrokenPromise extends Error {
  constructor(promise: string, { seed, topology }: SimulationOptions, at: number) {
    super(`${promise} (FOGBOW_SEED=${seed}, ${topology.name}, at ${at} ms)`);
  }
}

const DEADLINE_MS = 3_600_000;
const KEEP_ALIVE_MS = 1_000;

/** Runs a network until every honest node has decided every slot. Throws {@link BrokenPromise}. */
export function simulate(options: SimulationOptions): SimulationReport {
  return new Simulation(options).run();
}

class Simulation {
  readonly options: SimulationOptions;
  readonly queue = new EventQueue();
  readonly random: SeededRandom;
  readonly nodes: SimulatedNode[];
  readonly decisions: string[] = [];
  /** Every message that anybody sent, for liars to work with. */
  readonly heard: Message[] = [];
  messages = 0;
  compared = 0;
  #partition = new Set<number>();
  /** For each slot and list of values, who ever said that they accept to commit it. */
  readonly #committed = new Map<string, Set<string>>();
  #isOneWay = false;
  readonly #isSplit: boolean;
  /** One half of the nodes, if liars split them. */
  readonly #half: ReadonlySet<number>;
  #healed = false;
  readonly #loss: number;
  readonly #duplication: number;
  readonly #delay: number;
  /** How long a node takes at most to combine values, as one that asks its enclave does; 0 for no time at all. */
  readonly combineMs: number;

  constructor(options: SimulationOptions) {
    this.options = options;
    this.random = new SeededRandom(options.seed);
    const { topology, liars, faults } = options;
    const lying = liars && topology.faultGroups.length > 0 ? this.random.pick(topology.faultGroups) : [];
    // Each fault is absent from about half of the runs: all of them at once would hide what one of them shows.
    this.#loss = faults && this.random.chance(0.5) ? this.random.unit() * 0.3 : 0;
    this.#duplication = faults && this.random.chance(0.5) ? this.random.unit() * 0.5 : 0;
    this.#delay = 5 + this.random.below(100);
    // Liars either say whatever they like, or work together: each is two nodes, one for either half of the others, and the
    // network is split just so while faults last.
    this.#isSplit = lying.length > 0 && this.random.chance(0.5);
    this.combineMs = this.random.chance(0.5) ? 1 + this.random.below(50) : 0;
    this.#half = new Set(topology.quorumSets.map((_, i) => i + 1).filter(() => this.random.chance(0.5)));
    this.nodes = topology.quorumSets.flatMap((_, i) => {
      const index = i + 1;
      if (!lying.includes(index)) return [new SimulatedNode(this, index, "honest")];
      if (!this.#isSplit) return [new SimulatedNode(this, index, "liar")];
      return [new SimulatedNode(this, index, "first-twin"), new SimulatedNode(this, index, "second-twin")];
    });
  }

  run(): SimulationReport {
    const running = this.nodes.filter(({ index }) => !this.options.silent?.includes(index));
    for (const node of this.nodes)
      if (running.includes(node)) node.start();
      else node.crash();
    const faultsUntil = this.options.faults ? 2_000 + this.random.below(10_000) : 0;
    if (this.options.faults) this.#scheduleFaults(faultsUntil, running);
    this.queue.schedule(faultsUntil, () => {
      this.#healed = true;
      this.#partition = new Set();
      for (const node of running) node.restart();
    });
    const honest = running.filter((each) => !each.isLiar);
    while (!(this.#healed && honest.every((each) => each.decided >= this.options.slots))) {
      this.#next();
      if (this.queue.now > DEADLINE_MS) this.fail("L1: every honest node decides once the faults have ended");
    }
    const { now, ran } = this.queue;
    const { messages, decisions, compared } = this;
    return { events: ran, messages, milliseconds: now, decisions, compared };
  }

  #next(): void {
    try {
      this.queue.next();
    } catch (error) {
      if (error instanceof ScpError) this.fail(error.message);
      throw error;
    }
  }

  fail(promise: string): never {
    throw new BrokenPromise(promise, this.options, this.queue.now);
  }

  /** Delivers, late, twice or never. */
  send(from: SimulatedNode, to: SimulatedNode, message: Message): void {
    if (!this.#isMeantFor(from, to)) return;
    this.messages++;
    const committed = committedBy(message.topic);
    if (committed !== undefined) this.#committers(message.slotIndex, committed).add(nodeKey(nodeAt(from.index)));
    if (this.#isCut(from.index, to.index) || (!this.#healed && this.random.chance(this.#loss))) return;
    const copies = !this.#healed && this.random.chance(this.#duplication) ? 2 : 1;
    for (let i = 0; i < copies; i++) {
      const delay = 5 + this.random.below(this.#delay) * (this.#healed ? 1 : 1 + this.random.below(3));
      this.queue.schedule(delay, () => to.hear(message));
    }
  }

  decide(index: number, slotIndex: bigint, list: string): void {
    if (!this.#hasCommitQuorum(index, slotIndex, list)) this.fail("S11: a quorum accepted to commit what is decided");
    const i = Number(slotIndex) - 1;
    this.decisions[i] ??= list;
    if (this.decisions[i] !== list) this.fail("S1: no two honest nodes decide differently");
    const values = valuesOf(list);
    if (!values.every((value) => simulatedParts.validity(value) === "valid")) this.fail("S3: what is decided is valid");
    if (simulatedParts.combine(values)?.join(" ") !== list) this.fail("S3: what is decided is combined");
    if (values.length === 0) this.fail("S3: what is decided was nominated");
  }

  /** Whether the node and all who ever said that they accept the commit contain a quorum; liars are content with anybody. */
  #hasCommitQuorum(index: number, slotIndex: bigint, list: string): boolean {
    const self = nodeKey(nodeAt(index));
    const sets = new Map(
      this.nodes.map((each) => {
        const set = this.options.topology.quorumSets[each.index - 1] ?? quorumSet(0, []);
        return [nodeKey(nodeAt(each.index)), each.isLiar ? quorumSet(0, []) : set];
      }),
    );
    const nodes = new Set([self, ...this.#committers(slotIndex, list)]);
    return largestQuorum(nodes, (node) => sets.get(node)).has(self);
  }

  #committers(slotIndex: bigint, list: string): Set<string> {
    const key = `${slotIndex} ${list}`;
    const nodes = this.#committed.get(key) ?? new Set();
    this.#committed.set(key, nodes);
    return nodes;
  }

  /** Whether two nodes speak to each other: of twins, each with its own half. */
  #isMeantFor(from: SimulatedNode, to: SimulatedNode): boolean {
    if (from.index === to.index) return false;
    if (from.role.endsWith("twin") && to.role.endsWith("twin")) return from.role === to.role;
    const [twin, other] = from.role.endsWith("twin") ? [from, to] : [to, from];
    return !twin.role.endsWith("twin") || this.#half.has(other.index) === (twin.role === "first-twin");
  }

  #isCut(from: number, to: number): boolean {
    if (this.#isSplit && this.options.faults && !this.#healed)
      return this.#isHonest(from) && this.#isHonest(to) && this.#half.has(from) !== this.#half.has(to);
    if (this.#partition.has(from) === this.#partition.has(to)) return false;
    return !this.#isOneWay || this.#partition.has(from);
  }

  #isHonest(index: number): boolean {
    return this.nodes.some((each) => each.index === index && !each.isLiar);
  }

  #scheduleFaults(until: number, running: readonly SimulatedNode[]): void {
    const crashes = this.random.chance(0.5);
    const partitions = this.random.chance(0.5);
    const step = (): void => {
      if (this.queue.now >= until) return;
      const node = this.random.pick(running);
      if (crashes && this.random.chance(0.3)) {
        node.crash();
        this.queue.schedule(this.random.below(1_500), () => node.restart());
      }
      if (partitions && this.random.chance(0.3)) {
        this.#isOneWay = this.random.chance(0.5);
        this.#partition = new Set(this.nodes.filter(() => this.random.chance(0.5)).map(({ index }) => index));
      }
      if (this.random.chance(0.3)) this.#partition = new Set();
      this.queue.schedule(200, step);
    };
    step();
  }
}

/** Honest, or one of three ways to lie: at random, or as two nodes that each speak to one half of the others. */
type Role = "honest" | "liar" | "first-twin" | "second-twin";

/** What a node keeps on its disk: its decisions, and its votes in the open slot. */
class SimulatedNode {
  readonly index: number;
  readonly role: Role;
  readonly #network: Simulation;
  readonly #random: SeededRandom;
  #isUp = true;
  #scp: ScpNode;
  readonly #closed: Message[] = [];
  #journal: StoredSlot | undefined;
  #wake = Number.POSITIVE_INFINITY;
  /** Lists that were combined, or are being; and messages that wait for that. */
  #combined = new Map<string, "soon" | "now">();
  #parked: Message[] = [];
  readonly #highestSent = new Map<bigint, Topic>();
  readonly #decided = new Map<bigint, string>();

  constructor(network: Simulation, index: number, role: Role) {
    this.#network = network;
    this.index = index;
    this.role = role;
    this.#random = network.random;
    this.#scp = new ScpNode(this.#options());
  }

  get isLiar(): boolean {
    return this.role !== "honest";
  }

  get decided(): number {
    return this.#decided.size;
  }

  start(): void {
    this.#open();
    this.#keepAlive();
    if (this.role === "liar") this.#lieOnAndOn();
  }

  hear(message: Message): void {
    if (!this.#isUp) return;
    const { now } = this.#network.queue;
    const { verdict, effects, answer } = this.#scp.receive(message, now);
    if (verdict === "unknown-value") this.#parked.push(message);
    if (verdict === "own-key-reused" && !this.isLiar) this.#network.fail("no node's key is used by another");
    if (answer !== undefined) this.#sendTo(message, answer);
    if (effects !== undefined) this.#apply(effects);
  }

  crash(): void {
    this.#isUp = false;
  }

  restart(): void {
    if (this.#isUp) return;
    this.#isUp = true;
    this.#wake = Number.POSITIVE_INFINITY;
    this.#combined = new Map();
    this.#parked = [];
    this.#scp = new ScpNode(this.#options(), this.#closed);
    const stored = this.#network.options.forgetful === true ? undefined : this.#journal;
    this.#open(stored);
    const again = this.#scp.slot?.lastSent();
    if (again !== undefined) this.#broadcast(again);
  }

  #options(): ConstructorParameters<typeof ScpNode>[0] {
    const quorumSet = this.#network.options.topology.quorumSets[this.index - 1];
    if (quorumSet === undefined) throw new RangeError("A node without a quorum set.");
    const settleMs = this.#network.options.seed % 3 === 0 ? 0 : 50;
    const options = {
      self: nodeAt(this.index),
      quorumSet,
      baseRoundMs: 250,
      baseBallotMs: 250,
      settleMs,
      eagerBump: true,
    };
    if (!this.#network.options.withModel) return options;
    const differs: ConstructorParameters<typeof ComparedSlot>[3] = ({ event, slot, model }) =>
      this.#network.fail(`slot and model agree after ${event}: ${slot} and ${model}`);
    return { ...options, makeSlot: (...made) => new ComparedSlot(...made, differs) };
  }

  #combine(values: readonly string[]): readonly string[] | undefined {
    const { combineMs, queue } = this.#network;
    const combined = this.#combined;
    const key = values.join(" ");
    if (combineMs === 0 || combined.get(key) === "now") return simulatedParts.combine(values);
    if (!combined.has(key)) {
      combined.set(key, "soon");
      queue.schedule(1 + this.#random.below(combineMs), () => {
        combined.set(key, "now");
        if (this.#combined !== combined) return; // It crashed meanwhile.
        for (const message of this.#parked.splice(0)) this.hear(message);
        this.#tick();
      });
    }
    return undefined;
  }

  #nextSlot(): bigint {
    return BigInt(this.#decided.size + 1);
  }

  #open(stored?: StoredSlot): void {
    const slotIndex = this.#nextSlot();
    this.#journal = stored;
    const slot = { slotIndex, leaderHash: { kind: "compat" } as const };
    const parts = { ...simulatedParts, combine: this.#combine.bind(this) };
    const early = this.#scp.open({ ...slot, ...parts, stored });
    this.#tick();
    this.#propose();
    for (const message of early) this.#network.queue.schedule(0, () => this.hear(message));
  }

  #propose(): void {
    const { slot } = this.#scp;
    if (slot === undefined) return;
    const { now } = this.#network.queue;
    const values = Array.from({ length: 1 + this.#random.below(3) }, () => `v${this.#random.below(200)}`);
    this.#apply(slot.propose(values, now));
  }

  #tick(): void {
    const { slot } = this.#scp;
    if (!this.#isUp || slot === undefined) return;
    const { now } = this.#network.queue;
    this.#apply(slot.tick(now));
  }

  #apply({ send, externalized, timers }: SlotEffects): void {
    const { slot } = this.#scp;
    if (slot === undefined) return;
    if (this.#network.options.withModel) this.#network.compared++;
    if (send !== undefined) {
      this.#journal = slot.store(); // Before it leaves.
      this.#broadcast(send);
    }
    this.#wakeAt(Math.min(...[timers.nominationAt, timers.ballotAt, timers.settleAt].filter((at) => at !== undefined)));
    if (externalized !== undefined) this.#externalize(slot.slotIndex, externalized.join(" "));
  }

  #wakeAt(at: number): void {
    if (at === this.#wake) return;
    this.#wake = at;
    const { queue } = this.#network;
    if (at === Number.POSITIVE_INFINITY) return;
    queue.schedule(at - queue.now, () => {
      if (this.#wake !== at) return;
      this.#wake = Number.POSITIVE_INFINITY;
      this.#tick();
    });
  }

  #externalize(slotIndex: bigint, list: string): void {
    if (this.#decided.has(slotIndex)) this.#network.fail("S2: a node decides once");
    if (!this.isLiar) this.#network.decide(this.index, slotIndex, list);
    this.#decided.set(slotIndex, list);
    this.#journal = undefined; // It was this slot's.
    const decision = this.#scp.slot?.lastSent();
    if (decision !== undefined) this.#closed.push(decision);
    if (this.decided < this.#network.options.slots) {
      this.#network.queue.schedule(1, () => {
        if (this.#isUp && this.#scp.slot?.slotIndex === slotIndex) this.#open();
      });
    }
  }

  #broadcast(message: Message): void {
    this.#network.heard.push(message);
    if (this.role === "liar") {
      this.#lie(message);
      return;
    }
    const before = this.#highestSent.get(message.slotIndex);
    if (before !== undefined && before !== message.topic && compareTopics(message.topic, before) <= 0) {
      this.#network.fail("S9: a node's messages ascend");
    }
    if (before !== undefined && givesUpCommit(before, message.topic))
      this.#network.fail("S10: a commit is never given up");
    this.#highestSent.set(message.slotIndex, message.topic);
    for (const node of this.#network.nodes) this.#network.send(this, node, message);
  }

  #sendTo({ sender }: Message, answer: Message): void {
    for (const node of this.#network.nodes) {
      if (nodeKey(nodeAt(node.index)) === nodeKey(sender)) this.#network.send(this, node, answer);
    }
  }

  /** A lost message would otherwise be lost for good. */
  #keepAlive(): void {
    const { queue, nodes } = this.#network;
    const latest = this.#isUp ? this.#scp.slot?.lastSent() : undefined;
    if (latest !== undefined) this.#broadcast(latest);
    if (this.#isUp && this.#scp.slot !== undefined) {
      for (const peer of nodes) if (peer !== this) peer.#answerLatest(this, this.#scp.slot.slotIndex);
    }
    queue.schedule(KEEP_ALIVE_MS, () => this.#keepAlive());
  }

  #answerLatest(asker: SimulatedNode, slotIndex: bigint): void {
    const latest = this.#isUp && !this.isLiar ? this.#scp.latest(slotIndex) : undefined;
    if (latest !== undefined) this.#network.send(this, asker, latest);
  }

  /** Half of the others hear the truth, the others something else. */
  #lie(truth: Message): void {
    for (const node of this.#network.nodes) {
      const isTruth = this.#random.chance(0.5);
      this.#network.send(this, node, isTruth ? truth : this.#makeLie(truth));
    }
  }

  #makeLie(truth: Message): Message {
    const aboutSlot = this.#network.heard.slice(-30).filter(({ slotIndex }) => slotIndex === truth.slotIndex);
    return lie(this.#random.pick(LIES), truth, aboutSlot, this.#random);
  }

  #lieOnAndOn(): void {
    const { slot } = this.#scp;
    const truth = slot?.lastSent();
    if (truth !== undefined && this.decided < this.#network.options.slots) this.#lie(truth);
    this.#network.queue.schedule(50 + this.#random.below(400), () => this.#lieOnAndOn());
  }
}

function committedBy(topic: Topic): string | undefined {
  if (topic.kind === "commit") return topic.commit.b.x;
  return topic.kind === "externalize" ? topic.externalize.c.x : undefined;
}

function givesUpCommit(before: Topic, after: Topic): boolean {
  const committed = committedBy(before);
  return committed !== undefined && committedBy(after) !== committed;
}
