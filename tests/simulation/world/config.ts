// What a run is like, drawn from its seed: which network, who lies and how, and which faults there are. Each fault is absent
// from about half of the runs, as all of them together would hide what one of them shows (spec 05 §6.1).
import { ADVERSARIES, type AdversaryName } from "../adversaries/names.ts";
import type { ClockFault } from "../engine/node-clock.ts";
import type { PartitionConfig } from "../engine/partitions.ts";
import { SeededRandom } from "../engine/random.ts";
import type { ArchiveConfig } from "./archive.ts";
import type { DiskConfig } from "./disk.ts";
import type { EnclaveConfig } from "./enclave.ts";
import type { NetworkConfig } from "./network.ts";
import { drawTopology, SIZES, type Topology } from "./topologies.ts";

/** Everything about a run. Two runs with equal configurations are the same. */
export interface RunConfig {
  readonly seed: number;
  readonly topology: Topology;
  /** Who may do anything. */
  readonly faulty: readonly number[];
  readonly adversary: AdversaryName | undefined;
  readonly leaderHash: "bound" | "compat";
  readonly baseMs: number;
  readonly settleMs: number;
  readonly network: NetworkConfig;
  readonly partition: PartitionConfig;
  /** By node. */
  readonly clocks: readonly ClockFault[];
  readonly disk: DiskConfig;
  readonly enclave: EnclaveConfig;
  readonly archive: ArchiveConfig;
  readonly crashes: CrashConfig;
  readonly workload: WorkloadConfig;
  /** How long faults last, milliseconds. */
  readonly faultsMs: number;
  /** Whether the reference model runs beside every slot. */
  readonly withModel: boolean;
  /** Whether verdicts about signatures are shared among nodes. */
  readonly withMemo: boolean;
}

/** How often machines stop. */
export interface CrashConfig {
  /** Mean time between two crashes of the network, milliseconds; 0 for none. */
  readonly everyMs: number;
  readonly restartMs: number;
  /** Probability that a machine stops at a write to its journal, and at an append. */
  readonly atWrite: number;
  readonly atAppend: number;
  /** Mean time between two pauses of a process, milliseconds; 0 for none. */
  readonly freezeEveryMs: number;
  readonly freezeMs: number;
}

/** What clients do. */
export interface WorkloadConfig {
  /** Valid payments. */
  readonly payments: number;
  /** Pairs of transactions of which at most one can be in a block, submitted to different nodes. */
  readonly rivals: number;
  readonly twins: number;
  /** Transactions that expire soon. */
  readonly shortLived: number;
  readonly invalid: number;
  /** Whether tokens are minted. */
  readonly mints: boolean;
  /** Whether there are governors although the workload mints nothing: a script does. */
  readonly mintsFor?: "script";
  /** Mean time between two submissions, milliseconds. */
  readonly everyMs: number;
  /** To how many nodes each transaction is submitted. */
  readonly copies: number;
}

const SEEDS_PER_MODEL_RUN = 8;
const SEEDS_PER_RUN_WITHOUT_MEMO = 100;

/** Draws the configuration of a seed. */
export function drawConfig(seed: number, nodes?: number): RunConfig {
  const random = new SeededRandom(seed, "config");
  const rare = random.for("rare faults");
  const n = nodes ?? random.weighted(SIZES);
  const { topology, faulty } = drawTopology(random, n, random.chance(0.95));
  const isOn = (): boolean => random.chance(0.5);
  const isLarge = n > 7;
  const delayMin = random.pick([0, 1, 5, 10, 30]);
  const slots = n >= 13 ? 2 : isLarge ? 4 : 27;
  return {
    seed,
    topology,
    faulty,
    adversary: faulty.length === 0 ? undefined : random.pick(ADVERSARIES),
    leaderHash: random.chance(0.8) ? "bound" : "compat",
    baseMs: random.pick([250, 250, 500, 1_000]),
    settleMs: random.pick([50, 50, 0, 100]),
    network: {
      delayMin,
      delayMean: random.pick([2, 10, 20, 30, 60]),
      loss: isOn() ? random.unit() * (random.chance(0.7) ? 0.05 : 0.3) : 0,
      duplication: isOn() ? random.unit() * 0.5 : 0,
      reorder: isOn(),
      clog: isOn() ? random.unit() * 0.02 : 0,
      authenticatesCallers: random.chance(0.8),
    },
    partition: {
      mode: random.pick(["none", "none", "none", "halves", "isolate-one", "any-cut"] as const),
      asymmetric: isOn(),
      start: 0.01 + random.unit() * 0.1,
      heal: 0.05 + random.unit() * 0.3,
      swizzle: random.chance(0.25),
    },
    clocks: topology.quorumSets.map(() => ({
      driftPpm: isOn() ? random.between(-200, 200) : 0,
      skewMs: isOn() ? random.between(-500, 500) : 0,
    })),
    disk: {
      latencyMs: isOn() ? 0.5 : random.pick([0.1, 2, 10]),
      errors: random.chance(0.2) ? random.unit() * 0.01 : 0,
      torn: 0.9,
      losesSync: rare.chance(0.25),
      fullEveryMs: rare.chance(0.25) ? rare.between(4_000, 12_000) : 0,
    },
    enclave: {
      latencyMs: random.pick([0.2, 1, 5]),
      refusals: random.chance(0.25) ? random.unit() * 0.02 : 0,
      crashes: random.chance(0.25) ? random.unit() * 0.005 : 0,
      wrongSeals: rare.chance(0.25) ? 0.2 : 0,
    },
    archive: {
      lag: random.pick([0, 0, 1, 5]),
      missing: isOn() ? random.unit() * 0.3 : 0,
      wrong: isOn() ? random.unit() * 0.3 : 0,
      truncated: isOn() ? random.unit() * 0.3 : 0,
      latencyMs: random.pick([5, 50, 500]),
    },
    crashes: {
      everyMs: isOn() ? random.between(2_000, 10_000) : 0,
      restartMs: random.pick([100, 1_000, 5_000]),
      atWrite: random.chance(0.3) ? 0.003 : 0,
      atAppend: random.chance(0.3) ? 0.02 : 0,
      freezeEveryMs: random.chance(0.3) ? random.between(3_000, 15_000) : 0,
      freezeMs: random.pick([500, 3_000, 10_000]),
    },
    workload: {
      payments: slots,
      rivals: isOn() ? 3 : 0,
      twins: isOn() ? 2 : 0,
      shortLived: isOn() ? 3 : 0,
      invalid: isOn() ? 3 : 0,
      mints: random.chance(0.1),
      everyMs: random.pick([300, 600, 900]),
      copies: random.pick([1, 1, 2]),
    },
    faultsMs: isLarge ? 5_000 : random.between(6_000, 15_000),
    withModel: seed % SEEDS_PER_MODEL_RUN === 0,
    withMemo: seed % SEEDS_PER_RUN_WITHOUT_MEMO !== 0,
  };
}
