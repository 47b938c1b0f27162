// Many runs, one after the other, and what they come to (spec 05 §6.5).

import { shrink } from "./shrink.ts";
import { INVARIANT_COUNT, RunFailure, type RunReport, simulate } from "./simulate.ts";
import { drawConfig, type RunConfig } from "./world/config.ts";

/** How the command is used. */
export const USAGE = `npm run sim -- [--seeds A..B] [--nodes N] [--minutes M] [--replay SEED [--shrink]] [--json]

Runs whole networks of nodes under one scheduler, each from a seed that decides everything: who takes part,
who lies and how, what is lost, late or torn, and who stops when. Prints seeds, events, slots, faults and what
was checked. A failure prints its seed, the earliest broken promise, the configuration and the hash of all
events; --replay runs that seed twice and shows more, --shrink looks for fewer faults that break the same.
Ends with 0 when no promise was broken, 1 otherwise. Seeds 1..100 unless told otherwise; --minutes stops early.`;

/** Arguments as they were typed. */
export interface RunArguments {
  readonly seeds?: string | undefined;
  readonly nodes?: string | undefined;
  readonly minutes?: string | undefined;
  readonly replay?: string | undefined;
  readonly json: boolean;
  readonly shrink: boolean;
}

/** One seed in so many is run twice. */
const RUNS_PER_REPEAT = 100;

/** Runs what the arguments ask for; the exit code. */
export async function runSeeds(args: RunArguments, print: (line: string) => void): Promise<0 | 1> {
  const nodes = args.nodes === undefined ? undefined : Number(args.nodes);
  if (args.replay !== undefined) return replay(drawConfig(Number(args.replay), nodes), args, print);
  const [first, last] = parseSeeds(args.seeds ?? "1..100");
  const until =
    args.minutes === undefined ? Number.POSITIVE_INFINITY : performance.now() + Number(args.minutes) * 60_000;
  const totals = new Totals();
  for (let seed = first; seed <= last && performance.now() < until; seed++) {
    const config = drawConfig(seed, nodes);
    try {
      const report = await simulate(config);
      totals.add(report);
      if (seed % RUNS_PER_REPEAT === 0) await assertSame(config, report);
    } catch (error) {
      if (!(error instanceof RunFailure)) throw error;
      totals.fail(error);
      for (const line of failureLines(error)) print(line);
    }
    if (!args.json && (seed - first) % 50 === 49) print(totals.progress());
  }
  print(args.json ? JSON.stringify(totals.summary()) : totals.text());
  return totals.failures.length === 0 ? 0 : 1;
}

/** Runs a seed twice, and says what happened in it. */
async function replay(
  config: RunConfig,
  { json, shrink: isToShrink }: RunArguments,
  print: (line: string) => void,
): Promise<0 | 1> {
  try {
    const report = await simulate(config);
    await assertSame(config, report);
    print(JSON.stringify(json ? report : { ...report, config }, undefined, json ? 0 : 2));
    return 0;
  } catch (error) {
    if (!(error instanceof RunFailure)) throw error;
    for (const line of [...failureLines(error), ...error.trace]) print(line);
    if (isToShrink) for (const line of await shrink(error)) print(line);
    return 1;
  }
}

/** Runs a configuration again; throws unless all events are the same. */
export async function assertSame(config: RunConfig, { hash, events }: RunReport): Promise<void> {
  const again = await simulate(config);
  if (again.hash === hash && again.events === events) return;
  throw new Error(
    `Seed ${config.seed} is not determined: ${events} events, ${hash}; then ${again.events}, ${again.hash}.`,
  );
}

/** A failure, to be copied. */
export function failureLines({ message, config, report }: RunFailure): string[] {
  const { topology, ...rest } = config;
  return [
    `FAIL ${message}`,
    `  config ${JSON.stringify({ ...rest, topology: topology.name })}`,
    `  event hash ${report.hash} after ${report.events} events; ${JSON.stringify(report.faults)}`,
    `  again: npm run sim -- --replay ${config.seed}`,
  ];
}

function parseSeeds(text: string): [number, number] {
  const match = /^(\d+)(?:\.\.(\d+))?$/.exec(text);
  if (match === null) throw new RangeError(`Seeds are A..B, not ${text}.`);
  const first = Number(match[1]);
  return [first, Number(match[2] ?? first)];
}

/** What many runs come to. */
class Totals {
  readonly reports: RunReport[] = [];
  readonly failures: RunFailure[] = [];
  readonly #started = performance.now();
  readonly #cpuAtStart = process.cpuUsage();

  add(report: RunReport): void {
    this.reports.push(report);
  }

  fail(failure: RunFailure): void {
    this.failures.push(failure);
  }

  summary() {
    const sum = (of: (report: RunReport) => number): number =>
      this.reports.reduce((total, each) => total + of(each), 0);
    const faults: Record<string, number> = {};
    for (const report of this.reports) {
      for (const [kind, count] of Object.entries(report.faults)) faults[kind] = (faults[kind] ?? 0) + count;
    }
    const seconds = (performance.now() - this.#started) / 1_000;
    const { user, system } = process.cpuUsage(this.#cpuAtStart);
    const cpuSeconds = (user + system) / 1e6;
    const seeds = this.reports.length + this.failures.length;
    const slots = this.reports.map((each) => each.slots).sort((a, b) => a - b);
    const healing = this.reports.map((each) => each.healingMs).sort((a, b) => a - b);
    return {
      seeds,
      failures: this.failures.map(({ config, violation }) => ({ seed: config.seed, invariant: violation.invariant })),
      events: sum(({ events }) => events),
      slots: sum((each) => each.slots),
      medianSlots: slots[slots.length >> 1] ?? 0,
      messages: sum(({ messages }) => messages),
      byzantineSeeds: this.reports.filter(({ adversary }) => adversary !== undefined).length,
      virtualHours: Number((sum(({ milliseconds }) => milliseconds) / 3_600_000).toFixed(2)),
      healingMsP95: healing[Math.floor(healing.length * 0.95)] ?? 0,
      invariants: INVARIANT_COUNT,
      slotsComparedWithModel: sum(({ compared }) => compared),
      faults: Object.fromEntries(Object.entries(faults).sort()),
      seconds: Number(seconds.toFixed(1)),
      seedsPerMinute: Number(((seeds / seconds) * 60).toFixed(1)),
      cpuSeconds: Number(cpuSeconds.toFixed(1)),
      seedsPerCpuMinute: Number(((seeds / cpuSeconds) * 60).toFixed(1)),
    };
  }

  progress(): string {
    const { seeds, failures, slots, seedsPerMinute } = this.summary();
    return `${seeds} seeds, ${slots} slots, ${failures.length} failures, ${seedsPerMinute} seeds a minute`;
  }

  text(): string {
    const { faults, failures, ...rest } = this.summary();
    const lines = Object.entries(rest).map(([name, value]) => `${name}: ${value}`);
    const injected = Object.entries(faults).map(([kind, count]) => `  ${kind}: ${count}`);
    const failed = failures.map(({ seed, invariant }) => `  seed ${seed}: ${invariant}`);
    return [
      ...lines,
      "faults injected:",
      ...injected,
      failures.length === 0 ? "no promise was broken" : "BROKEN:",
      ...failed,
    ].join("\n");
  }
}
