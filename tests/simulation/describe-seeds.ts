// Seeds as tests: some in each, so that a failure says early where it is. FOGBOW_SEED runs that seed alone.
import { describe, test } from "vitest";
import { assertSame, failureLines } from "./run-seeds.ts";
import { RunFailure, type RunReport, simulate } from "./simulate.ts";
import { drawConfig, type RunConfig } from "./world/config.ts";

/** Seeds in `npm test`, of both halves together. `npm run sim` runs more. */
const SEEDS = 300;
const SEEDS_PER_TEST = 15;
const TIMEOUT_MS = 900_000;

const chosen = process.env.FOGBOW_SEED;

/** Every second seed from `first` on, a test for so many of them. The first of each half is run twice. */
export function describeSeeds(name: string, first: 1 | 2): void {
  const all = Array.from({ length: SEEDS / 2 }, (_, i) => first + 2 * i);
  const seeds = chosen === undefined ? all : [Number(chosen)].filter((seed) => seed % 2 === first % 2);
  describe.skipIf(seeds.length === 0)(name, () => {
    for (let i = 0; i < seeds.length; i += SEEDS_PER_TEST) {
      const some = seeds.slice(i, i + SEEDS_PER_TEST);
      test(`${some[0]} to ${some.at(-1)}`, { timeout: TIMEOUT_MS }, async () => {
        for (const seed of some) {
          const config = drawConfig(seed);
          const report = await run(config);
          if (seed === first) await assertSame(config, report);
        }
      });
    }
  });
}

/** Runs a seed; a failure says how to see it again. */
async function run(config: RunConfig): Promise<RunReport> {
  try {
    return await simulate(config);
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    throw new Error([...failureLines(error), ...error.trace].join("\n"), { cause: error });
  }
}
