// One simulated network from its start to its end: everything that a run has, and what goes wrong in it.
import type { BlockData, QuorumSet } from "@fogbow/core-block";
import { ComparedSlot } from "@fogbow/core-scp-model";
import type { ConsensusMsg } from "@fogbow/core-wire";
import { MessageReader, type ReplicaCounter, type ReplicaParts } from "@fogbow/node";
import { type Conspiracy, Liar } from "../adversaries/liar.ts";
import type { AdversaryName } from "../adversaries/names.ts";
import { ChainChecks } from "../checks/chain-checks.ts";
import { assertNoSecrets } from "../checks/log-checks.ts";
import { MessageChecks } from "../checks/message-checks.ts";
import { Violation } from "../checks/violation.ts";
import { Faults } from "../engine/faults.ts";
import { MachineClock } from "../engine/node-clock.ts";
import { Partitions } from "../engine/partitions.ts";
import type { SimulatedProcess } from "../engine/process.ts";
import { SeededRandom } from "../engine/random.ts";
import { Scheduler } from "../engine/scheduler.ts";
import { SimulatedArchive } from "./archive.ts";
import { type Chain, simulatedChain } from "./chain.ts";
import { Clients } from "./clients.ts";
import type { RunConfig } from "./config.ts";
import { SimulatedDisk } from "./disk.ts";
import { governorsSignature, originLedger } from "./economy.ts";
import { type EnclaveWorld, sharedMemo } from "./enclave.ts";
import { type Identity, identity } from "./identity.ts";
import type { AppendFault } from "./ledger.ts";
import { type Side, SimulatedNetwork } from "./network.ts";
import { type LogLine, SimulatedNode } from "./node.ts";
import { verifyDigest } from "./signer.ts";
import { assertBears } from "./topologies.ts";
import { Workload } from "./workload.ts";

/** What a schedule that is fixed decides instead of chance. */
export interface Overrides {
  /** Nodes that are not there until they are started. */
  readonly absent?: readonly number[];
  /** The rules that a node believes its chain to have. */
  readonly chainOf?: (index: number, chain: Chain) => Chain;
  /** Which message key a node has, as another one (or itself) has it configured. */
  readonly keyOf?: (index: number, seenBy: number) => number;
  /** Whom a node listens to, at each of its starts. */
  readonly quorumSetOf?: (index: number) => QuorumSet | undefined;
  readonly appendFault?: (node: SimulatedNode, data: BlockData) => AppendFault | undefined;
  /** Whether a machine stops after a step of a journal write. */
  readonly stopsAfterWrite?: (node: SimulatedNode, step: "written" | "synchronised") => boolean;
  /** Whether a node may halt with this code. */
  readonly mayHalt?: (node: SimulatedNode, code: string) => boolean;
}

/** Nodes that have just started do not know yet who hears whom at first hand, and pass on more than they will. */
const STARTING_MS = 5_000;
const FAULT_TICK_MS = 100;
const FULL_MS_MAX = 3_000;
const POLL_MS = 500;

/** A network under one scheduler. */
export class World {
  readonly config: RunConfig;
  readonly overrides: Overrides;
  readonly scheduler: Scheduler = new Scheduler();
  readonly random: SeededRandom;
  readonly faults: Faults;
  readonly chain: Chain;
  readonly network: SimulatedNetwork;
  readonly partitions: Partitions;
  readonly enclaveWorld: EnclaveWorld;
  readonly archives: readonly SimulatedArchive[];
  readonly nodes: readonly SimulatedNode[];
  readonly honest: readonly SimulatedNode[];
  readonly clients: Clients;
  readonly workload: Workload;
  readonly chainChecks: ChainChecks = new ChainChecks();
  readonly messageChecks: MessageChecks;
  /** Reads messages for all nodes: that a signature is somebody's, it says for all of them. */
  readonly messageReader: MessageReader = new MessageReader(verifyDigest);
  readonly counters = new Map<ReplicaCounter, number>();
  /** Whether a script broke something: budgets are for quiet networks. */
  wasDisturbed = false;
  /** How often slot and model were compared. */
  compared = 0;
  readonly #conspiracy: Conspiracy | undefined;
  #newestBlockAt = 0;

  constructor(
    config: RunConfig,
    { masked = [], ...overrides }: Overrides & { readonly masked?: Iterable<number> } = {},
  ) {
    this.config = config;
    this.overrides = overrides;
    const { topology, faulty, seed } = config;
    assertBears(topology, faulty);
    this.random = new SeededRandom(seed);
    this.faults = new Faults(this.scheduler.hash, masked);
    this.chain = simulatedChain(
      config.leaderHash,
      config.workload.mints || config.workload.mintsFor !== undefined ? governorsSignature() : undefined,
    );
    this.messageChecks = new MessageChecks(topology, faulty);
    const indexes = topology.quorumSets.map((_, i) => i + 1);
    this.partitions = new Partitions(config.partition, indexes, this.random.for("partitions"));
    this.network = new SimulatedNetwork(config.network, {
      scheduler: this.scheduler,
      random: this.random.for("network"),
      faults: this.faults,
      observer: {
        request: (from, method, request) => {
          if (method !== "sendConsensusMsg") return;
          const { payload } = request as ConsensusMsg; // It is what the method takes.
          const isCounted = this.scheduler.now > STARTING_MS;
          this.#guard(() => this.messageChecks.sent(from, payload, isCounted));
        },
        answer: (by, method, bytes) => {
          if (method !== "getLatestMsg" && method !== "getSlotMsg") return;
          this.#guard(() => this.messageChecks.answered(by, bytes));
        },
      },
    });
    this.network.isCut = (from, to) => this.partitions.isCut(from, to);
    this.enclaveWorld = {
      scheduler: this.scheduler,
      faults: this.faults,
      chainOf: (index) => this.chainOf(index),
      memo: config.withMemo ? sharedMemo : undefined,
      vouched: new Set(),
    };
    this.archives = this.#createArchives();
    this.#conspiracy = this.#createConspiracy(indexes);
    const half = this.#conspiracy?.half ?? new Set();
    this.network.sideOf = (from) => (half.has(from) ? "first" : "second");
    this.nodes = indexes.flatMap((index) => this.#createNodes(index));
    this.honest = this.nodes.filter(({ isFaulty }) => !isFaulty);
    this.clients = new Clients({
      scheduler: this.scheduler,
      random: this.random.for("clients"),
      nodes: this.nodes,
      chain: this.chainChecks,
    });
    this.workload = new Workload(config.workload, {
      scheduler: this.scheduler,
      random: this.random.for("workload"),
      clients: this.clients,
      nodes: this.nodes,
    });
  }

  /** When the network was healed, or had its latest block after that. */
  progressAt(healedAt: number): number {
    return Math.max(healedAt, this.#newestBlockAt);
  }

  /** Everybody starts, and what the configuration says goes wrong begins to. */
  start(): void {
    for (const node of this.nodes) if (!this.overrides.absent?.includes(node.index)) node.start();
    if (this.config.adversary === "colluders") this.partitions.cutOff(this.#conspiracy?.half ?? []);
    this.#tickFaults();
    this.#poll();
  }

  /** Faults stop: the network is whole, every machine is up, and only those that lie go on as they are. */
  heal(): void {
    this.faults.stop();
    this.partitions.heal();
    this.network.unclog();
    this.network.config = { ...this.config.network, loss: 0, duplication: 0, clog: 0 };
    for (const archive of this.archives) archive.config = { ...archive.config, missing: 0, truncated: 0, lag: 0 };
    for (const node of this.nodes) {
      node.process?.thaw();
      node.machine.disk.isFull = false;
      node.start();
    }
  }

  indexOf(responderId: string): number {
    return Number(/^node(\d+)\./.exec(responderId)?.[1] ?? Number.NaN);
  }

  /** What a faulty node's host does; undefined for honest ones. */
  liarFor(node: SimulatedNode, process: SimulatedProcess): Liar | undefined {
    if (this.#conspiracy === undefined || !node.isFaulty) return undefined;
    return new Liar(node.index, this.#conspiracy, { process, ledger: node.machine.ledger });
  }

  /** Lets the model run beside the slots of an honest node. */
  slotFactory(node: SimulatedNode): Pick<ReplicaParts, "makeSlot"> {
    if (!this.config.withModel || node.isFaulty) return {};
    return {
      makeSlot: (...made) => {
        this.compared++;
        return new ComparedSlot(...made, ({ event, slot, model }) =>
          this.scheduler.fail(new Violation("model", `Node ${node.index} after ${event}: ${slot} and ${model}`)),
        );
      },
    };
  }

  /** Decides what becomes of an append. */
  appendFault(node: SimulatedNode, data: BlockData): AppendFault {
    const chosen = this.overrides.appendFault?.(node, data);
    if (chosen !== undefined) return chosen;
    const { crashes } = this.config;
    const random = this.random.for(`append ${node.index} ${node.blockCount} ${this.scheduler.ran}`);
    if (node.machine.disk.isFull) return "full";
    if (!this.faults.happens("crash at append", crashes.atAppend, random)) return "none";
    return random.chance(0.5) ? "crash-before" : "crash-after";
  }

  /** The rules by which a node goes. */
  chainOf(index: number): Chain {
    return this.overrides.chainOf?.(index, this.chain) ?? this.chain;
  }

  /** A node as another one, or itself, knows it. */
  identityOf(index: number, seenBy: number): Identity {
    return identity(index, this.overrides.keyOf?.(index, seenBy) ?? 0);
  }

  /** Whom a node listens to. */
  quorumSetOf(index: number): QuorumSet {
    const found = this.overrides.quorumSetOf?.(index) ?? this.config.topology.quorumSets[index - 1];
    if (found === undefined) throw new RangeError(`There is no node ${index}.`);
    return found;
  }

  /** A step of a journal write is done. */
  afterWrite(node: SimulatedNode, step: "written" | "synchronised"): void {
    const random = this.random.for(`write ${node.index} ${step} ${this.scheduler.ran}`);
    if (this.overrides.stopsAfterWrite?.(node, step)) this.crash(node);
    else if (this.faults.happens(`crash when ${step}`, this.config.crashes.atWrite, random)) this.crash(node);
  }

  /** A machine stops, and starts again after a while. */
  crash(node: SimulatedNode): void {
    if (!node.isUp) return;
    node.crash();
    this.restartLater(node);
  }

  /** Starts a machine after a while. */
  restartLater(node: SimulatedNode): void {
    const random = this.random.for(`restart ${node.index} ${this.scheduler.ran}`);
    this.scheduler.schedule(random.exponential(this.config.crashes.restartMs), `start ${node.index}`, () =>
      node.start(),
    );
  }

  /** Whether a machine that starts finds the sealed key of another one in place of its own. */
  findsWrongSeal({ machine, index, isFaulty }: SimulatedNode): boolean {
    const { wrongSeals } = this.config.enclave;
    if (isFaulty || machine.enclaveDisk.sealedKey.length === 0) return false;
    return this.faults.happens("wrong seal", wrongSeals, this.random.for(`seal ${index} ${this.scheduler.ran}`));
  }

  /** A node has a block more. */
  appended(node: SimulatedNode, data: BlockData): void {
    if (node.isFaulty) return;
    const height = this.chainChecks.height;
    this.#guard(() => this.chainChecks.appended(node.index, data));
    if (this.chainChecks.height === height) return;
    this.#newestBlockAt = this.scheduler.now;
    this.workload.appended(data.block.index);
  }

  logged(node: SimulatedNode, line: LogLine): void {
    this.#guard(() => assertNoSecrets(node.index, line));
  }

  counted(name: ReplicaCounter, by: number): void {
    this.counters.set(name, (this.counters.get(name) ?? 0) + by);
  }

  /** Checks where the code under test would catch what they throw. */
  #guard(check: () => void): void {
    try {
      check();
    } catch (error) {
      this.scheduler.fail(error);
    }
  }

  #createArchives(): SimulatedArchive[] {
    const { archive, adversary } = this.config;
    const chain = {
      block: (index: bigint) => this.chainChecks.block(Number(index))?.data,
      count: () => BigInt(this.chainChecks.height),
    };
    const wrong = adversary === "archiveLiar" ? 0.8 : archive.wrong;
    return ["first", "second"].map(
      (name, i) =>
        new SimulatedArchive(
          name,
          { ...archive, wrong: i === 0 ? wrong : 0 },
          {
            chain,
            random: this.random.for(`archive ${name}`),
            faults: this.faults,
          },
        ),
    );
  }

  #createConspiracy(indexes: readonly number[]): Conspiracy | undefined {
    const { adversary, faulty, baseMs, leaderHash } = this.config;
    if (adversary === undefined) return undefined;
    const random = this.random.for("conspiracy");
    const honest = indexes.filter((index) => !faulty.includes(index));
    return {
      name: adversary,
      faulty,
      nodes: indexes,
      half: new Set(random.shuffled(honest).slice(0, Math.ceil(honest.length / 2))),
      random,
      baseMs,
      leaderHash,
      heard: [],
      decode: (payload) => this.messageChecks.decode(payload),
      lied: (name: AdversaryName) => void this.faults.count(`lie: ${name}`),
    };
  }

  /** A node; two for a colluder, each honest to one side. */
  #createNodes(index: number): SimulatedNode[] {
    const isFaulty = this.config.faulty.includes(index);
    const isTwo = isFaulty && this.config.adversary === "colluders";
    const sides: readonly Side[] = isTwo ? ["first", "second"] : ["both"];
    return sides.map((side) => {
      const machine = {
        clock: new MachineClock(this.scheduler, this.config.clocks[index - 1] ?? { driftPpm: 0, skewMs: 0 }),
        disk: new SimulatedDisk(isFaulty ? this.config.disk : { ...this.config.disk, losesSync: false }, {
          random: this.random.for(`disk ${index} ${side}`),
          faults: this.faults,
        }),
        ledger: originLedger().copy(),
        enclaveDisk: { sealedKey: new Uint8Array() },
      };
      return new SimulatedNode(this, { index, isFaulty, side }, machine);
    });
  }

  /** Partitions, crashes and pauses, while faults last. */
  #tickFaults(): void {
    const { crashes, disk, adversary } = this.config;
    const [random, disks] = [this.random.for("faults"), this.random.for("full disks")];
    const tick = (): void => {
      if (this.faults.isStopped) return;
      // Colluders have a plan of their own for the network.
      const change = adversary === "colluders" ? undefined : this.partitions.tick();
      if (change !== undefined) this.faults.count(change);
      if (this.#isDue("crash", crashes.everyMs, random)) this.crash(random.pick(this.nodes));
      if (this.#isDue("freeze", crashes.freezeEveryMs, random)) this.#freeze(random.pick(this.nodes), random);
      if (this.#isDue("disk full", disk.fullEveryMs, disks)) this.#fill(disks.pick(this.nodes), disks);
      this.scheduler.schedule(FAULT_TICK_MS, "faults", tick);
    };
    tick();
  }

  #isDue(kind: string, everyMs: number, random: SeededRandom): boolean {
    return everyMs > 0 && this.faults.happens(kind, FAULT_TICK_MS / everyMs, random);
  }

  #freeze(node: SimulatedNode, random: SeededRandom): void {
    const { process } = node;
    process?.freeze();
    this.scheduler.schedule(random.unit() * this.config.crashes.freezeMs, "thaw", () => process?.thaw());
  }

  /** A disk is full until somebody makes room. */
  #fill({ machine }: SimulatedNode, random: SeededRandom): void {
    machine.disk.isFull = true;
    this.scheduler.schedule(random.unit() * FULL_MS_MAX, "room on a disk", () => {
      machine.disk.isFull = false;
    });
  }

  /** Looks at every honest node from time to time: whether it has halted, and whether it keeps to its bounds. */
  #poll(): void {
    const poll = (): void => {
      for (const node of this.honest) this.#look(node);
      this.scheduler.schedule(POLL_MS, "poll", poll);
    };
    poll();
  }

  #look(node: SimulatedNode): void {
    const status = node.status();
    if (status === undefined) return;
    if (status.state === "halted") {
      const code = status.halted?.code ?? "";
      if (this.overrides.mayHalt?.(node, code)) return;
      if (!this.#mayHalt(code)) {
        throw new Violation("halt", `Node ${node.index}: ${code}: ${status.halted?.message}`);
      }
      this.faults.count(`halt: ${code}`);
      node.crash();
      this.restartLater(node);
      return;
    }
    const isBounded =
      status.pending <= PENDING_MAX &&
      (status.slot?.parked ?? 0) <= PARKED_MAX &&
      status.peers.every(({ queued }) => queued <= QUEUED_MAX);
    if (!isBounded) throw new Violation("memory", `Node ${node.index}: ${JSON.stringify(status, bigintAsText)}`);
  }

  #mayHalt(code: string): boolean {
    const { disk, enclave } = this.config;
    if (code === "storage-failure")
      return disk.errors + disk.fullEveryMs > 0 || this.nodes.some(({ machine }) => machine.disk.isFull);
    return code === "enclave-failure" && enclave.refusals + enclave.crashes > 0;
  }
}

const PENDING_MAX = 600;
const PARKED_MAX = 1_000;
const QUEUED_MAX = 2_000;

/** For JSON. */
export function bigintAsText(_key: string, value: unknown): unknown {
  return typeof value === "bigint" ? value.toString() : value;
}
