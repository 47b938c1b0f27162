// Runs one function with many secrets, each in a fresh instance, and says whether their traces are identical.
import { createKernel, type Instance, type Kernel, KernelError } from "@fogbow/kernel";
import type { Instrumented } from "./instrument.ts";
import { type Divergence, Recorder } from "./recorder.ts";
import type { Tree } from "./trees.ts";

/** One secret: what it is called and what to do with it. Everything public is the same for all secrets of a case. */
export interface SecretRun {
  readonly name: string;
  readonly run: (kernel: Kernel, instance?: Instance) => unknown;
  /** Trees through which the run takes random paths. */
  readonly trees?: readonly Tree[];
}

/** What came of one case. */
export interface Comparison {
  readonly runs: number;
  /** Events in each run. */
  readonly events: number;
  /** The exports that the runs entered. */
  readonly entered: ReadonlySet<string>;
  /** The numbers of the sites that the runs passed. */
  readonly passed: ReadonlySet<number>;
  /** The first secret whose trace differs from the first one's. */
  readonly leak?: { readonly reference: string; readonly secret: string; readonly divergence: Divergence };
}

const recorder = new Recorder();

/** Compares the traces of all runs with the first one's; stops at the first that differs. */
export function compareTraces(instrumented: Instrumented, secrets: readonly SecretRun[]): Comparison {
  recorder.forget();
  let runs = 0;
  for (const { name, run, trees } of secrets) {
    let instance: Instance | undefined;
    const inspect = (running: Instance): unknown => (instance = running);
    const kernel = createKernel({ wasm: instrumented.wasm, imports: recorder.imports, inspect });
    recorder.begin(trees);
    ignoreRefusal(() => run(kernel, instance));
    const divergence = recorder.end();
    runs += 1;
    if (divergence !== undefined) {
      return { ...summary(instrumented, runs), leak: { reference: secrets[0]?.name ?? "", secret: name, divergence } };
    }
  }
  return summary(instrumented, runs);
}

/** One sentence for each operand of a function that sees secrets which no case has passed: a leak there goes unseen. */
export function unpassed(
  { sites }: Instrumented,
  secretFunctions: ReadonlySet<string>,
  passed: ReadonlySet<number>,
): string[] {
  return sites.flatMap((site, number) =>
    secretFunctions.has(site.function) && !passed.has(number)
      ? [`No case passes the ${site.kind} in ${site.function}: ${site.text}`]
      : [],
  );
}

function summary({ sites }: Instrumented, runs: number): Comparison {
  const passed = recorder.sites();
  const entered = [...passed].flatMap((site) => sites[site]?.export ?? []);
  return { runs, events: recorder.events, entered: new Set(entered), passed };
}

/** A secret may be a bad point or scalar: the face says so once the module has done its work. */
function ignoreRefusal(call: () => unknown): void {
  try {
    call();
  } catch (error) {
    if (!(error instanceof KernelError) || !/^invalid-(point|scalar)$/.test(error.code)) throw error;
  }
}
