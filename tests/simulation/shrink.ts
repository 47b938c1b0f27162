// Looks for a smaller run that breaks the same promise: fewer faults first, then less to do (spec 05 §6.5).
import { RunFailure, simulate } from "./simulate.ts";

/** Runs after which the search ends. */
const ATTEMPTS_MAX = 60;

/** What of a failed run is needed for the failure, in lines. */
export async function shrink(failure: RunFailure): Promise<string[]> {
  const { config, violation } = failure;
  let attempts = 0;
  const breaks = async (masked: ReadonlySet<number>): Promise<RunFailure | undefined> => {
    attempts++;
    try {
      await simulate(config, { masked });
      return undefined;
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      return error.violation.invariant === violation.invariant ? error : undefined;
    }
  };
  let masked = new Set<number>();
  let smallest = failure;
  let total = countFaults(failure);
  // Delta debugging over the numbers of faults: halves, quarters, and so on.
  for (let pieces = 2; pieces <= total && attempts < ATTEMPTS_MAX; pieces *= 2) {
    const size = Math.ceil(total / pieces);
    for (let from = 1; from <= total && attempts < ATTEMPTS_MAX; from += size) {
      const tried = new Set([...masked, ...Array.from({ length: size }, (_, i) => from + i)]);
      const found = await breaks(tried);
      if (found === undefined) continue;
      masked = tried;
      smallest = found;
      total = Math.max(total, countFaults(found));
    }
  }
  return [
    `shrunk in ${attempts} runs: ${smallest.message}`,
    `  faults that are left: ${JSON.stringify(smallest.report.faults)}`,
    `  masked: ${JSON.stringify([...masked])}`,
  ];
}

function countFaults({ report }: RunFailure): number {
  return Object.values(report.faults).reduce((sum, count) => sum + count, 0);
}
