// Many workers that ask as fast as they are answered, for a bounded time, and what came of it.

/** What a run of workers came to. */
export interface LoadResult {
  readonly answered: number;
  readonly failed: number;
  /** Of the whole run. */
  readonly seconds: number;
  readonly perSecond: number;
  /** Milliseconds of one that was answered; 0 without any. */
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p99Ms: number;
  /** What failed, by its message, and how often. */
  readonly failures: Readonly<Record<string, number>>;
}

/** How long, and with how many. */
export interface LoadPlan {
  readonly workers: number;
  readonly durationMs: number;
}

/** Lets each worker ask again and again until the time is over or the signal aborts; what is under way then is waited for. */
export async function drive(
  { workers, durationMs }: LoadPlan,
  ask: (worker: number) => Promise<unknown>,
  { now, signal }: { readonly now: () => number; readonly signal: AbortSignal },
): Promise<LoadResult> {
  const times: number[] = [];
  const failures: Record<string, number> = {};
  const started = now();
  const work = async (worker: number): Promise<void> => {
    while (!signal.aborted && now() - started < durationMs) {
      const asked = now();
      try {
        await ask(worker);
        times.push(now() - asked);
      } catch (error) {
        const told = error instanceof Error ? error.message : String(error);
        failures[told] = (failures[told] ?? 0) + 1;
      }
    }
  };
  await Promise.all(Array.from({ length: workers }, (_, worker) => work(worker)));
  return resultOf(times, failures, (now() - started) / 1_000);
}

/** What times in milliseconds, and failures, come to. */
export function resultOf(
  unsorted: readonly number[],
  failures: Readonly<Record<string, number>>,
  seconds: number,
): LoadResult {
  const times = [...unsorted].sort((a, b) => a - b);
  const at = (share: number): number => times[Math.min(times.length - 1, Math.floor(times.length * share))] ?? 0;
  return {
    answered: times.length,
    failed: Object.values(failures).reduce((sum, count) => sum + count, 0),
    seconds,
    perSecond: seconds === 0 ? 0 : times.length / seconds,
    meanMs: times.length === 0 ? 0 : times.reduce((sum, ms) => sum + ms, 0) / times.length,
    p50Ms: at(0.5),
    p99Ms: at(0.99),
    failures,
  };
}
