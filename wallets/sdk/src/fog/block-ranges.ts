// Sets of blocks, as ranges that do not touch, in ascending order.
import type { BlockRange } from "./fog-servers.ts";

/** The set with a range added. */
export function withRange(ranges: readonly BlockRange[], added: BlockRange): readonly BlockRange[] {
  if (added.startBlock >= added.endBlock) return ranges;
  const apart = ranges.filter((each) => each.endBlock < added.startBlock || each.startBlock > added.endBlock);
  const touching = ranges.filter((each) => !apart.includes(each));
  const startBlock = touching.reduce((min, each) => (each.startBlock < min ? each.startBlock : min), added.startBlock);
  const endBlock = touching.reduce((max, each) => (each.endBlock > max ? each.endBlock : max), added.endBlock);
  return [...apart, { startBlock, endBlock }].sort((a, b) => (a.startBlock < b.startBlock ? -1 : 1));
}

/** The set without one block. */
export function withoutBlock(ranges: readonly BlockRange[], block: bigint): readonly BlockRange[] {
  return ranges.flatMap(({ startBlock, endBlock }) =>
    block < startBlock || block >= endBlock
      ? [{ startBlock, endBlock }]
      : [
          { startBlock, endBlock: block },
          { startBlock: block + 1n, endBlock },
        ].filter((each) => each.startBlock < each.endBlock),
  );
}

/** The first blocks of a set, so many at most. */
export function firstBlocks(ranges: readonly BlockRange[], count: bigint): readonly BlockRange[] {
  const chosen: BlockRange[] = [];
  let left = count;
  for (const { startBlock, endBlock } of ranges) {
    if (left <= 0n) break;
    const end = endBlock - startBlock > left ? startBlock + left : endBlock;
    chosen.push({ startBlock, endBlock: end });
    left -= end - startBlock;
  }
  return chosen;
}
