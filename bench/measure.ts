// Measures a piece of work beside its peer: both run in the same process in short alternating bursts, so that a change
// of clock rate or load meets both alike. A figure is the median and the 99th percentile over bursts, never a best case.

/** One figure, as `--json` prints it. Times are per unit of work. */
export interface Figure {
  readonly name: string;
  readonly unit: string;
  readonly p50: number;
  readonly p99: number;
  /** Who else did the same work in the same run. */
  readonly peer?: string;
  readonly peerP50?: number;
  /** The peer's median time divided by ours: above 1, we are faster. */
  readonly ratio?: number;
  /** What p50 may not be above, where the figure is a promise. */
  readonly limit?: number;
  readonly p95?: number;
  /** The same for p95. */
  readonly limitP95?: number;
  /** What else was counted and measured, for whoever wants to know why. */
  readonly details?: Readonly<Record<string, number>>;
}

/** One of the two sides of a measurement. */
export interface Side {
  /** Does the work once. */
  readonly run: () => unknown;
  /** How many units of work one run does; its time is divided by it. 1 when not given. */
  readonly units?: number;
}

/** What to measure, and how long. */
export interface Measurement {
  readonly name: string;
  readonly unit: "µs" | "µs/point" | "ms";
  readonly ours: Side;
  readonly peer?: Side & { readonly name: string };
  /** How many bursts a side gets. */
  readonly bursts?: number;
  /**
   * How long a burst is meant to take; work that takes longer is done once. Short, so that another process that wants
   * the processor spoils few bursts and not the median.
   */
  readonly burstMs?: number;
  /** How long a side runs before anything counts, so that the engine has compiled it at its best tier. */
  readonly warmUpMs?: number;
}

/** Warms both sides up, then alternates their bursts and returns the figure. */
export function measure(measurement: Measurement): Figure {
  const { name, unit, ours, peer, bursts = 1000, burstMs = 0.5, warmUpMs = 700 } = measurement;
  const scale = unit === "ms" ? 1 : 1000;
  const lanes = (peer === undefined ? [ours] : [ours, peer]).map((side) => {
    const runs = Math.max(1, Math.round(burstMs / warmUp(side, warmUpMs)));
    return { side, runs, times: [] as number[] };
  });
  for (let i = 0; i < bursts; i++) {
    for (const { side, runs, times } of lanes) {
      times.push((burst(side, runs) * scale) / (runs * (side.units ?? 1)));
    }
  }
  const [own = [], other = []] = lanes.map(({ times }) => times);
  return summary(name, unit, own, peer && { name: peer.name, times: other });
}

/** The figure of times in the unit that were taken elsewhere, and of the peer's in the same run. */
export function summary(
  name: string,
  unit: string,
  times: readonly number[],
  peer?: { readonly name: string; readonly times: readonly number[] },
): Figure {
  const p50 = percentile(times, 50);
  const figure = { name, unit, p50: rounded(p50), p99: rounded(percentile(times, 99)) };
  if (peer === undefined) return figure;
  const peerP50 = percentile(peer.times, 50);
  return { ...figure, peer: peer.name, peerP50: rounded(peerP50), ratio: rounded(peerP50 / p50) };
}

/** A figure that is a count, not a time. */
export function count(name: string, unit: string, value: number): Figure {
  return { name, unit, p50: value, p99: value };
}

/** Runs a side for `milliseconds` (at least three times) and returns the median run of the second half. */
function warmUp(side: Side, milliseconds: number): number {
  const end = performance.now() + milliseconds;
  const times: number[] = [];
  while (times.length < 3 || performance.now() < end) times.push(burst(side, 1));
  return percentile(times.slice(times.length >> 1), 50);
}

/** Milliseconds that `runs` runs take. */
function burst(side: Side, runs: number): number {
  const start = performance.now();
  for (let i = 0; i < runs; i++) side.run();
  return performance.now() - start;
}

/** The nearest-rank percentile. */
export function percentile(numbers: readonly number[], rank: number): number {
  const sorted = [...numbers].sort((a, b) => a - b);
  const value = sorted[Math.max(0, Math.ceil((rank / 100) * sorted.length) - 1)];
  if (value === undefined) throw new Error("A percentile needs at least one number.");
  return value;
}

/** Four significant digits: more would claim what a shared machine cannot hold. */
export const rounded = (value: number): number => Number(value.toPrecision(4));
