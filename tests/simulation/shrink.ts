// Looks for a smaller run that breaks the same promise: less to do and fewer kinds of faults first, then fewer faults
// (spec 05 §6.5).
import { RunFailure, simulate } from "./simulate.ts";
import type { RunConfig } from "./world/config.ts";

/** Runs after which the search ends. */
const ATTEMPTS_MAX = 100;

/** What a run may do without, one after the other. A change that changes nothing costs no run. */
const SIMPLER: readonly ((config: RunConfig) => RunConfig)[] = [
  ...Array.from({ length: 4 }, () => halfThePayments),
  withWorkload({ rivals: 0 }),
  withWorkload({ twins: 0 }),
  withWorkload({ shortLived: 0 }),
  withWorkload({ invalid: 0 }),
  withWorkload({ mints: false }),
  withWorkload({ copies: 1 }),
  (config) => ({ ...config, clocks: config.clocks.map(() => ({ driftPpm: 0, skewMs: 0 })) }),
  (config) => ({ ...config, archive: { ...config.archive, lag: 0, missing: 0, wrong: 0, truncated: 0 } }),
  (config) => ({ ...config, enclave: { ...config.enclave, refusals: 0, crashes: 0, wrongSeals: 0 } }),
  (config) => ({ ...config, disk: { ...config.disk, errors: 0, losesSync: false, fullEveryMs: 0 } }),
  (config) => ({ ...config, crashes: { ...config.crashes, freezeEveryMs: 0 } }),
  (config) => ({ ...config, crashes: { ...config.crashes, atWrite: 0, atAppend: 0 } }),
  (config) => ({ ...config, crashes: { ...config.crashes, everyMs: 0 } }),
  (config) => ({ ...config, partition: { ...config.partition, mode: "none", swizzle: false } }),
  withNetwork({ clog: 0 }),
  withNetwork({ duplication: 0 }),
  withNetwork({ loss: 0 }),
  withNetwork({ reorder: false }),
  withNetwork({ delayMean: 0 }),
];

/** What of a failed run is needed for the failure, in lines. `run` runs as {@link simulate} does. */
export async function shrink(failure: RunFailure, run: typeof simulate = simulate): Promise<string[]> {
  const { violation } = failure;
  let attempts = 0;
  const breaks = async (config: RunConfig, masked: ReadonlySet<number>): Promise<RunFailure | undefined> => {
    attempts++;
    try {
      await run(config, { masked });
      return undefined;
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      return error.violation.invariant === violation.invariant ? error : undefined;
    }
  };
  let smallest = failure;
  for (const simpler of SIMPLER) {
    const config = simpler(smallest.config);
    if (JSON.stringify(config) === JSON.stringify(smallest.config)) continue;
    smallest = (await breaks(config, new Set())) ?? smallest;
  }
  const { config } = smallest;
  let masked = new Set<number>();
  let total = countFaults(smallest);
  // Delta debugging over the numbers of faults: halves, quarters, and so on.
  for (let pieces = 2; pieces <= total && attempts < ATTEMPTS_MAX; pieces *= 2) {
    const size = Math.ceil(total / pieces);
    for (let from = 1; from <= total && attempts < ATTEMPTS_MAX; from += size) {
      const tried = new Set([...masked, ...Array.from({ length: size }, (_, i) => from + i)]);
      const found = await breaks(config, tried);
      if (found === undefined) continue;
      masked = tried;
      smallest = found;
      total = Math.max(total, countFaults(found));
    }
  }
  const { topology, ...rest } = config;
  return [
    `shrunk in ${attempts} runs: ${smallest.message}`,
    `  config ${JSON.stringify({ ...rest, topology: topology.name })}`,
    `  faults that are left: ${JSON.stringify(smallest.report.faults)}`,
    `  masked: ${JSON.stringify([...masked])}`,
  ];
}

function countFaults({ report }: RunFailure): number {
  return Object.values(report.faults).reduce((sum, count) => sum + count, 0);
}

function halfThePayments(config: RunConfig): RunConfig {
  return { ...config, workload: { ...config.workload, payments: config.workload.payments >> 1 } };
}

function withWorkload(change: Partial<RunConfig["workload"]>): (config: RunConfig) => RunConfig {
  return (config) => ({ ...config, workload: { ...config.workload, ...change } });
}

function withNetwork(change: Partial<RunConfig["network"]>): (config: RunConfig) => RunConfig {
  return (config) => ({ ...config, network: { ...config.network, ...change } });
}
