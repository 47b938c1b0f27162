// A simulated machine with a node on it: what is on its disks stays, and its processes come and go.
import type { MemoryLedger } from "@fogbow/ledger-db";
import { catchUp, FileJournal, type NodeStatus, Replica, type ReplicaLog, type ReplicaMetrics } from "@fogbow/node";
import { RuntimeError } from "@fogbow/runtime-enclave";
import { Violation } from "../checks/violation.ts";
import type { MachineClock } from "../engine/node-clock.ts";
import { SimulatedProcess } from "../engine/process.ts";
import type { SeededRandom } from "../engine/random.ts";
import type { SimulatedDisk } from "./disk.ts";
import { type EnclaveDisk, SimulatedEnclave } from "./enclave.ts";
import { filesOn } from "./journal.ts";
import { ledgerOf } from "./ledger.ts";
import type { Side } from "./network.ts";
import { signWith, verifyDigest } from "./signer.ts";
import type { World } from "./world.ts";

/** What of a machine outlives its processes. */
export interface Machine {
  readonly clock: MachineClock;
  readonly disk: SimulatedDisk;
  /** Another one only when somebody restores a backup. */
  ledger: MemoryLedger;
  readonly enclaveDisk: EnclaveDisk;
}

/** A line that a node logged. */
export interface LogLine {
  readonly at: number;
  readonly level: keyof ReplicaLog;
  readonly event: string;
  readonly fields: Readonly<Record<string, unknown>> | undefined;
}

/** One process of a node. */
interface Running {
  readonly process: SimulatedProcess;
  readonly replica: Replica;
  readonly enclave: SimulatedEnclave;
}

const LOG_LINES_MAX = 200;

/** A node of the network, honest or not. */
export class SimulatedNode {
  readonly index: number;
  readonly isFaulty: boolean;
  readonly machine: Machine;
  /** The latest lines of its log. */
  readonly log: LogLine[] = [];
  readonly #world: World;
  readonly #random: SeededRandom;
  /** On which side of a partition it is a node, when its host runs two of them. */
  readonly side: Side;
  #running: Running | undefined;
  #starts = 0;

  constructor(
    world: World,
    options: { readonly index: number; readonly isFaulty: boolean; readonly side?: Side },
    machine: Machine,
  ) {
    this.#world = world;
    this.index = options.index;
    this.isFaulty = options.isFaulty;
    this.side = options.side ?? "both";
    this.machine = machine;
    this.#random = world.random.for(`node ${options.index} ${options.side ?? "both"}`);
  }

  get process(): SimulatedProcess | undefined {
    return this.#running?.process;
  }

  get replica(): Replica | undefined {
    return this.#running?.replica;
  }

  get isUp(): boolean {
    return this.#running !== undefined;
  }

  /** How many blocks its ledger has. */
  get blockCount(): bigint {
    return this.machine.ledger.numBlocks();
  }

  status(): NodeStatus | undefined {
    return this.#running?.replica.status();
  }

  /** Starts a process. */
  start(): void {
    if (this.#running !== undefined) return;
    const { index, machine, isFaulty } = this;
    const { clock, disk, ledger, enclaveDisk } = machine;
    const { config, network, scheduler, enclaveWorld, archives } = this.#world;
    const process = new SimulatedProcess(`node ${index}`, scheduler);
    const name = `node ${index} ${this.side} start ${this.#starts++}`;
    const random = this.#random.for(name);
    const startEnclave = (on: EnclaveDisk): SimulatedEnclave =>
      new SimulatedEnclave(
        { index, name, config: isFaulty ? { ...config.enclave, refusals: 0, crashes: 0 } : config.enclave },
        { world: enclaveWorld, process, random, disk: on },
      );
    if (this.#world.findsWrongSeal(this)) {
      process.kill();
      assertRefusesSeal(index, () => startEnclave({ sealedKey: damaged(enclaveDisk.sealedKey) }));
      this.#world.restartLater(this); // By then somebody has found the right file.
      return;
    }
    const enclave = startEnclave(enclaveDisk);
    const liar = this.#world.liarFor(this, process);
    const self = this.#world.identityOf(index, index);
    const others = config.topology.quorumSets.map((_, i) => i + 1).filter((each) => each !== index);
    const { blockSigningKey, mintingTrustRoot } = enclave.started;
    const replica = new Replica(
      {
        self: self.node,
        clientResponderId: self.clientResponderId,
        peers: others.map((each) => this.#world.identityOf(each, index).node),
        quorumSet: this.#world.quorumSetOf(index),
        chain: this.#world.chainOf(index),
        enclave: {
          blockSigningKey: blockSigningKey?.data ?? new Uint8Array(),
          mintingTrustRoot: mintingTrustRoot?.data ?? new Uint8Array(),
        },
        timing: {
          baseRoundMs: config.baseMs,
          baseBallotMs: config.baseMs,
          settleMs: config.settleMs,
          graceMs: 10 * config.baseMs,
        },
      },
      {
        clock: {
          now: () => clock.now(),
          unixSeconds: () => clock.unixSeconds(),
          unixMilliseconds: () => clock.unixSeconds() * 1_000n,
          setTimer: (atMs, run) => clock.setTimer(process, atMs, run),
        },
        enclave,
        ledger: ledgerOf(ledger, process, {
          fault: (data) => this.#world.appendFault(this, data),
          kill: () => this.#world.crash(this),
          appended: (data) => this.#world.appended(this, data),
        }),
        journal: new FileJournal(filesOn(disk, process, (step) => this.#world.afterWrite(this, step))),
        peer: (responderId) => {
          const to = this.#world.indexOf(responderId);
          const rpc = network.connect(index, process, to, this.side);
          return liar?.peer(to, rpc) ?? rpc;
        },
        blockSources: archives.map((archive) => archive.sourceFor(process)),
        catchUp,
        messageKey: self.messageKey,
        signer: { sign: signWith(self.messageKey), verify: verifyDigest },
        messageReader: this.#world.messageReader,
        random: random.bytes,
        log: this.#logFor(process),
        metrics: this.#metrics(),
        ...this.#world.slotFactory(this),
      },
    );
    this.#running = { process, replica, enclave };
    network.listen(index, { process, handlers: liar?.serve(replica.peer) ?? replica.peer }, this.side);
    replica.start();
  }

  /** The process is killed, and the machine loses power: what was not synchronised is gone. */
  crash(): void {
    if (this.#running === undefined) return;
    this.#running.process.kill();
    this.#running = undefined;
    this.machine.disk.crash();
    this.#world.network.reset(this.index, this.side);
  }

  #logFor(process: SimulatedProcess): ReplicaLog {
    const write =
      (level: LogLine["level"]) =>
      (event: string, fields?: Readonly<Record<string, unknown>>): void => {
        if (!process.isAlive) return;
        const line = { at: this.#world.scheduler.now, level, event, fields };
        this.log.push(line);
        if (this.log.length > LOG_LINES_MAX) this.log.splice(0, LOG_LINES_MAX / 2);
        if (!this.isFaulty) this.#world.logged(this, line);
      };
    return { error: write("error"), warn: write("warn"), info: write("info"), debug: write("debug") };
  }

  #metrics(): ReplicaMetrics {
    return { count: (name, by = 1) => this.#world.counted(name, by), observe: () => undefined };
  }
}

/** A seal that does not open is never answered with a new key, which would be another signer. */
function assertRefusesSeal(index: number, start: () => unknown): void {
  try {
    start();
  } catch (error) {
    if (error instanceof RuntimeError && error.code === "unseal-failed") return;
    throw error;
  }
  throw new Violation("halt", `Node ${index} started with a seal that is not its own.`);
}

function damaged(sealed: Uint8Array): Uint8Array {
  const wrong = sealed.slice();
  wrong[wrong.length >> 1] = (wrong[wrong.length >> 1] ?? 0) ^ 1;
  return wrong;
}
