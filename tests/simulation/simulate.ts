// One run: the network of a seed, with faults and then without, checked at every event (spec 05 §6.1, §6.4).

import { verifyLedger } from "@fogbow/ledger-db";
import type { ReplicaCounter } from "@fogbow/node";
import { INVARIANTS, Violation } from "./checks/violation.ts";
import type { RunConfig } from "./world/config.ts";
import { bigintAsText, type Overrides, World } from "./world/world.ts";

/** What a run did. */
export interface RunReport {
  readonly seed: number;
  readonly nodes: number;
  readonly topology: string;
  readonly adversary: string | undefined;
  readonly events: number;
  readonly slots: number;
  /** Messages of consensus that nodes handed to each other. */
  readonly messages: number;
  /** Virtual time. */
  readonly milliseconds: number;
  /** Virtual time from the end of the faults until everything was done. */
  readonly healingMs: number;
  readonly faults: Readonly<Record<string, number>>;
  readonly counters: Readonly<Partial<Record<ReplicaCounter, number>>>;
  readonly hash: string;
  /** Slots that had the model beside them. */
  readonly compared: number;
}

/** The earliest violation of a run, with what is needed to see it again (spec 05 §6.5). */
export class RunFailure extends Error {
  readonly config: RunConfig;
  readonly violation: Violation;
  readonly report: RunReport;
  /** The states and the latest log lines of all nodes. */
  readonly trace: readonly string[];

  constructor(config: RunConfig, violation: Violation, report: RunReport, trace: readonly string[]) {
    super(`seed ${config.seed}, event ${report.events}, at ${report.milliseconds} ms: ${violation.message}`, {
      cause: violation,
    });
    this.config = config;
    this.violation = violation;
    this.report = report;
    this.trace = trace;
  }
}

/** What else a run is told. */
export interface RunOptions extends Overrides {
  /** Faults that do not happen, by number. */
  readonly masked?: Iterable<number>;
}

const LOG_LINES = 30;
/** Events after which a run is taken for one that does not end. */
const EVENTS_MAX = 3_000_000;

/** Runs a configuration to its end. Throws {@link RunFailure}. */
export async function simulate(config: RunConfig, options: RunOptions = {}): Promise<RunReport> {
  const world = new World(config, options);
  const { scheduler, nodes, honest } = world;
  let healedAt = Number.POSITIVE_INFINITY;
  try {
    world.start();
    world.workload.start();
    scheduler.schedule(config.faultsMs, "heal", () => {
      healedAt = scheduler.now;
      world.heal();
    });
    while (!(scheduler.now > healedAt && isDone(world))) {
      await scheduler.step();
      if (scheduler.now > world.progressAt(healedAt) + livenessBoundMs(config))
        throw new Violation("L1", unfinished(world));
      if (scheduler.ran > EVENTS_MAX) throw new Violation("L1", `After ${EVENTS_MAX} events: ${unfinished(world)}`);
    }
    await assertDone(world);
    return reportOf(world, healedAt);
  } catch (error) {
    throw failureOf(world, error, healedAt);
  } finally {
    for (const node of nodes) node.process?.kill();
    for (const { machine } of honest) void machine.ledger.close();
  }
}

/**
 * How long a network may take once it is whole (spec 05 §1.10, L1). Counters and rounds have grown by what the faults lasted;
 * who is behind waits for its grace and the pause between attempts to catch up.
 */
function livenessBoundMs({ baseMs, faultsMs, network }: RunConfig): number {
  const maxDelayMs = network.delayMin + 10 * network.delayMean;
  return faultsMs + 40 * baseMs + 50 * maxDelayMs + 20_000;
}

/** Every honest node has every block, and wallets wait for nothing. */
export function isDone({ honest, chainChecks, clients, workload }: World): boolean {
  const height = BigInt(chainChecks.height);
  const isCurrent = honest.every((node) => node.isUp && node.blockCount === height);
  return isCurrent && workload.isOver && clients.unsettled().length === 0;
}

function unfinished({ honest, chainChecks, clients }: World): string {
  const heights = honest.map(({ index, blockCount, isUp }) => `${index}:${isUp ? "" : "down "}${blockCount}`);
  return `The chain has ${chainChecks.height} blocks, nodes ${heights.join(", ")}. Waiting: ${clients.unsettled().join(", ") || "nobody"}.`;
}

/** Checks what holds once everything is done: ledgers, and what it took. */
export async function assertDone(world: World): Promise<void> {
  const { config, honest, messageChecks, chainChecks } = world;
  for (const node of honest) {
    for (let index = 0; index < chainChecks.height; index++) {
      const data = node.machine.ledger.blockData(BigInt(index));
      if (data === undefined) throw new Violation("ledgers", `Node ${node.index} has no block ${index}.`);
    }
  }
  const [first] = honest;
  if (first !== undefined && config.seed % 10 === 0) {
    try {
      await verifyLedger(first.machine.ledger);
    } catch (error) {
      throw new Violation("ledgers", `Node ${first.index}: ${error}`);
    }
  }
  if (!isQuiet(config) || world.wasDisturbed) return;
  const n = config.topology.quorumSets.length;
  for (const [slot, sent] of messageChecks.sentPerSlot) {
    if (slot === 1n) continue; // Nodes learn during it who hears whom at first hand; until then they pass everything on.
    if (sent > Math.max(20 * n * (n - 1), n)) throw new Violation("budget", `Slot ${slot} took ${sent} messages.`);
  }
}

/** Whether nothing goes wrong in a run. */
function isQuiet({ adversary, network, partition, crashes, enclave, disk }: RunConfig): boolean {
  const isWhole =
    partition.mode === "none" && !partition.swizzle && network.loss + network.duplication + network.clog === 0;
  const isUp = crashes.everyMs + crashes.atWrite + crashes.atAppend + crashes.freezeEveryMs === 0;
  return (
    adversary === undefined &&
    isWhole &&
    isUp &&
    enclave.refusals + enclave.crashes + disk.errors + disk.fullEveryMs === 0
  );
}

function reportOf(world: World, healedAt: number): RunReport {
  const { config, scheduler, network, chainChecks, faults, counters } = world;
  return {
    seed: config.seed,
    nodes: config.topology.quorumSets.length,
    topology: config.topology.name,
    adversary: config.adversary,
    events: scheduler.ran,
    slots: chainChecks.height - 1,
    messages: network.sent.get("sendConsensusMsg") ?? 0,
    milliseconds: Math.round(scheduler.now),
    healingMs: Math.max(0, Math.round(scheduler.now - healedAt)),
    faults: faults.counts(),
    counters: Object.fromEntries(counters),
    hash: scheduler.hash.digest(),
    compared: world.compared,
  };
}

function traceOf({ nodes }: World): string[] {
  return nodes.flatMap((node) => {
    const { state, words, slot } = node.status() ?? { state: "down", words: "", slot: undefined };
    const lines = node.log.slice(-LOG_LINES).map(({ at, level, event, fields }) => {
      const shown = JSON.stringify(fields ?? {}, (key, value) =>
        value instanceof Error ? value.message : bigintAsText(key, value),
      );
      return `  ${at.toFixed(0)} ${level} ${event} ${shown}`;
    });
    const head = `node ${node.index}${node.isFaulty ? " (faulty)" : ""}: ${state}, ${node.blockCount} blocks, slot ${JSON.stringify(slot, bigintAsText)}. ${words}`;
    return [head, ...lines];
  });
}

/** What was broken in a run, with what is needed to see it again. */
export function failureOf(world: World, error: unknown, healedAt: number = Number.POSITIVE_INFINITY): RunFailure {
  const violation = error instanceof Violation ? error : unexpected(error);
  return new RunFailure(world.config, violation, reportOf(world, healedAt), traceOf(world));
}

/** An exception that no check threw: where a node's code let one through, or where this simulation is wrong. */
function unexpected(error: unknown): Violation {
  const violation = new Violation("halt", error instanceof Error ? (error.stack ?? error.message) : String(error));
  violation.cause = error;
  return violation;
}

/** How many promises are checked. */
export const INVARIANT_COUNT: number = Object.keys(INVARIANTS).length;
