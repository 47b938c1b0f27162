// Sets of block indices as ascending, disjoint ranges that do not touch.
import type { BlockRange } from "../view/view-answer.ts";

/** The union of ranges, compact. */
export function unionOf(ranges: readonly BlockRange[]): BlockRange[] {
  const union: BlockRange[] = [];
  for (const range of ranges.filter(({ start, end }) => start < end).sort((a, b) => compare(a.start, b.start))) {
    const last = union.at(-1);
    if (last === undefined || range.start > last.end) union.push(range);
    else if (range.end > last.end) union[union.length - 1] = { start: last.start, end: range.end };
  }
  return union;
}

/** The ranges without one index. */
export function without(ranges: readonly BlockRange[], index: bigint): BlockRange[] {
  return ranges.flatMap(({ start, end }) =>
    index < start || index >= end
      ? [{ start, end }]
      : [
          { start, end: index },
          { start: index + 1n, end },
        ].filter((part) => part.start < part.end),
  );
}

/** The ranges' part from an index on. */
export function from(ranges: readonly BlockRange[], index: bigint): BlockRange[] {
  return ranges
    .map(({ start, end }) => ({ start: start < index ? index : start, end }))
    .filter(({ start, end }) => start < end);
}

/** The first so many indices of the ranges. */
export function firstOf(ranges: readonly BlockRange[], count: bigint): BlockRange[] {
  let left = count;
  const first: BlockRange[] = [];
  for (const { start, end } of ranges) {
    if (left === 0n) break;
    const taken = end - start < left ? end - start : left;
    first.push({ start, end: start + taken });
    left -= taken;
  }
  return first;
}

/** Whether an index is in one of the ranges. */
export function includes(ranges: readonly BlockRange[], index: bigint): boolean {
  return ranges.some(({ start, end }) => index >= start && index < end);
}

function compare(a: bigint, b: bigint): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
