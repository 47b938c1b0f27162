// How a cost of the ledger grows with its size: a curve, and whether it grows no faster than the logarithm.
import { type Figure, percentile, rounded, summary } from "./measure.ts";

/** Times of both sides in milliseconds, in a ledger of so many outputs. */
export interface Times {
  readonly size: number;
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** What was timed, and how many outputs each time is for. */
export interface Growing {
  readonly name: string;
  readonly peer: string;
  readonly units: number;
}

/**
 * The cost of one output at each size, then how many times the cost at the smallest size that at the largest is, with
 * the same of logarithms as its limit. Says whether that holds.
 */
export function growthFigures({ name, peer, units }: Growing, curve: readonly Times[]): readonly Figure[] {
  const each = (times: readonly number[]): number[] => times.map((ms) => (ms * 1000) / units);
  const points = curve.map(({ size, ours, theirs }) =>
    summary(`${name}-${size}`, "µs/output", each(ours), { name: peer, times: each(theirs) }),
  );
  const [first, last] = [curve[0] as Times, curve.at(-1) as Times]; // The caller measures several sizes.
  const grown = (side: "ours" | "theirs", rank: number): number =>
    rounded(percentile(last[side], rank) / percentile(first[side], rank));
  const growth: Figure = {
    name: `${name}-growth`,
    unit: "×",
    p50: grown("ours", 50),
    p99: grown("ours", 99),
    peer,
    peerP50: grown("theirs", 50),
    limit: rounded(Math.log(last.size) / Math.log(first.size)),
  };
  const added = ({ ours, theirs }: Times): number => percentile(ours, 50) - percentile(theirs, 50);
  console.error(
    `${verdict(growth, first.size, last.size)}; what the ledger adds to bare lmdb costs ${rounded(added(last) / added(first))} × as much`,
  );
  return [...points, growth];
}

function verdict({ name, p50, limit = 0 }: Figure, from: number, to: number): string {
  const holds = p50 <= limit;
  return (
    `${holds ? "holds" : "FAILS"}: ${name}: an output costs ${p50} × as much at ${to} outputs as at ${from}; ` +
    `log ${to} / log ${from} = ${limit}, so it grows ${holds ? "no faster" : "faster"} than log n`
  );
}
