// Scenarios with a fixed schedule (spec 05 §6.7): a script that lets time pass, waits for what should come, and breaks things
// in between. Nothing is left to chance but delays; every promise is checked as in any run.
import { Violation } from "./checks/violation.ts";
import { assertDone, failureOf, isDone } from "./simulate.ts";
import type { RunConfig } from "./world/config.ts";
import type { SimulatedNode } from "./world/node.ts";
import type { Topology } from "./world/topologies.ts";
import { payment } from "./world/tx-pool.ts";
import { type Overrides, World } from "./world/world.ts";

/** A network in which nothing goes wrong by chance; `change` says otherwise. */
export function quietConfig(topology: Topology, change: Partial<RunConfig> = {}): RunConfig {
  return {
    seed: 1,
    topology,
    faulty: [],
    adversary: undefined,
    leaderHash: "bound",
    baseMs: 250,
    settleMs: 50,
    network: {
      delayMin: 5,
      delayMean: 10,
      loss: 0,
      duplication: 0,
      reorder: false,
      clog: 0,
      authenticatesCallers: true,
    },
    partition: { mode: "none", asymmetric: false, start: 0, heal: 1, swizzle: false },
    clocks: [],
    disk: { latencyMs: 0.5, errors: 0, torn: 0, losesSync: false, fullEveryMs: 0 },
    enclave: { latencyMs: 0.5, refusals: 0, crashes: 0, wrongSeals: 0 },
    archive: { lag: 0, missing: 0, wrong: 0, truncated: 0, latencyMs: 20 },
    crashes: { everyMs: 0, restartMs: 1_000, atWrite: 0, atAppend: 0, freezeEveryMs: 0, freezeMs: 0 },
    workload: {
      payments: 0,
      rivals: 0,
      twins: 0,
      shortLived: 0,
      invalid: 0,
      mints: false,
      everyMs: 500,
      copies: 1,
    },
    faultsMs: Number.POSITIVE_INFINITY,
    withModel: true,
    withMemo: true,
    ...change,
  };
}

/** A network that a script drives. */
export class Scenario {
  readonly world: World;
  #nextPayment = 0;

  constructor(world: World) {
    this.world = world;
  }

  /** Says that the script breaks something. */
  disturb(): void {
    this.world.wasDisturbed = true;
  }

  /** Node `index`, from 1. */
  node(index: number): SimulatedNode {
    const found = this.world.nodes.find((each) => each.index === index);
    if (found === undefined) throw new RangeError(`There is no node ${index}.`);
    return found;
  }

  /** How many blocks somebody has. */
  get height(): number {
    return this.world.chainChecks.height;
  }

  /** Submits the next payment of the pool to these nodes. */
  pay(...to: readonly number[]): void {
    this.world.clients.submit(
      payment(this.#nextPayment++),
      to.map((each) => this.node(each)),
    );
  }

  /** Lets time pass. */
  async pass(ms: number): Promise<void> {
    const end = this.world.scheduler.now + ms;
    this.world.scheduler.schedule(ms, "pass", () => undefined);
    while (this.world.scheduler.now < end) await this.world.scheduler.step();
  }

  /** Waits until something holds, at most so long. */
  async until(what: string, holds: () => boolean, limitMs = 30_000): Promise<void> {
    const { scheduler } = this.world;
    const end = scheduler.now + limitMs;
    scheduler.schedule(limitMs, "until", () => undefined);
    while (!holds()) {
      if (scheduler.now >= end) throw new Violation("L1", `Waited ${limitMs} ms in vain: ${what}.`);
      await scheduler.step();
    }
  }

  /** Waits until these nodes have so many blocks. */
  async untilHeight(height: number, nodes: readonly number[], limitMs = 30_000): Promise<void> {
    const has = (index: number): boolean => this.node(index).blockCount >= BigInt(height);
    await this.until(`nodes ${nodes} have ${height} blocks`, () => nodes.every(has), limitMs);
  }

  /** Pays and waits for the block, so many times. */
  async payAndWait(times: number, nodes: readonly number[], limitMs = 30_000): Promise<void> {
    for (let i = 0; i < times; i++) {
      const { height } = this;
      this.pay(nodes[i % nodes.length] ?? 1);
      await this.untilHeight(height + 1, nodes, limitMs);
    }
  }

  /** Waits until every honest node has every block and wallets wait for nothing. */
  async finish(limitMs = 60_000): Promise<void> {
    await this.until("everything is finished", () => isDone(this.world), limitMs);
    await assertDone(this.world);
  }
}

/** Runs a script over a network. Throws a RunFailure as `simulate` does. */
export async function runScenario(
  config: RunConfig,
  script: (scenario: Scenario) => Promise<void>,
  overrides: Overrides = {},
): Promise<World> {
  const world = new World(config, overrides);
  try {
    world.start();
    await script(new Scenario(world));
    return world;
  } catch (error) {
    throw failureOf(world, error);
  } finally {
    for (const node of world.nodes) node.process?.kill();
  }
}
