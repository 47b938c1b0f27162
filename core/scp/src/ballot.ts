// Ballots: a counter and the list of values that are to be agreed on together (spec 05 §1.2).
import { compareValues, type ValueList } from "./value.ts";

/** A ballot ⟨n, x⟩. */
export interface Ballot {
  /** The counter, an unsigned 32-bit integer. Zero only in the ballot before the first. */
  readonly n: number;
  /** The values, in the order in which `combine` puts them. */
  readonly x: ValueList;
}

/** The counter that stands for "every ballot from here on". No node ever votes with it. */
export const INFINITE_COUNTER = 0xffff_ffff;

/** The ballot before the first. */
export const ZERO_BALLOT: Ballot = { n: 0, x: "" };

/** Negative, zero or positive as `a` is lower than, equal to or higher than `b`: counter first, then values. */
export function compareBallots(a: Ballot, b: Ballot): number {
  return a.n - b.n || compareValues(a.x, b.x);
}

/** The same, where an absent ballot is lower than any. */
export function compareOptionalBallots(a: Ballot | undefined, b: Ballot | undefined): number {
  if (a === undefined || b === undefined) return Number(a !== undefined) - Number(b !== undefined);
  return compareBallots(a, b);
}

/** a ≲ b: the same values, and a counter that is not higher. */
export function isLowerCompatible(a: Ballot, b: Ballot): boolean {
  return a.x === b.x && a.n <= b.n;
}

/** a ⋦ b: `b` is not lower and has other values, so whoever prepares `b` gives `a` up. */
export function isAborted(a: Ballot, b: Ballot | undefined): boolean {
  return b !== undefined && a.x !== b.x && compareBallots(a, b) <= 0;
}
