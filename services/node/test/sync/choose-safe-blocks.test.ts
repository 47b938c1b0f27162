import { type Block, type BlockData, encodeBlock, type QuorumSet } from "@fogbow/core-block";
import { bytes, toHex } from "@fogbow/core-bytes";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { makeChain } from "../../../../stores/archive/test/chain.ts";
import { chooseSafeBlocks, forkEvidence, type PeerHeaders } from "../../src/sync/choose-safe-blocks.ts";
import { anyOf, node } from "./network.ts";

let chain: readonly BlockData[];
/** As `chain` up to block 5, then another one. */
let other: readonly BlockData[];
/** Another one from the first block on. */
let foreign: readonly BlockData[];
beforeAll(() => {
  chain = makeChain(12);
  other = makeChain(12, { name: 1, differsFrom: 6 });
  foreign = makeChain(12, { name: 2 });
});

const TIP = 3;
const tip = (): Block => (chain[TIP] as BlockData).block;

/** What node i answers: the blocks after the tip up to `last`. */
function says(i: number, last: number, blocks = chain): PeerHeaders {
  return { node: node(i), headers: blocks.slice(TIP + 1, last + 1).map(({ block }) => block) };
}

const ids = (headers: readonly Block[]): unknown => headers.map(({ id }) => id);

function chosen(set: Parameters<typeof chooseSafeBlocks>[0], ...answers: PeerHeaders[]): readonly Block[] {
  const safe = chooseSafeBlocks(set, tip(), answers);
  if (safe.kind === "fork") throw new Error(forkEvidence(safe));
  return safe.headers;
}

const upTo = (last: number): unknown => ids(chain.slice(TIP + 1, last + 1).map(({ block }) => block));

describe("the highest block that enough nodes have is the end of what is safe", () => {
  test("of four of which three are needed, what three have", () => {
    const set = anyOf(3, 4);
    expect(ids(chosen(set, says(1, 11), says(2, 9), says(3, 7), says(4, 6)))).toEqual(upTo(7));
    expect(ids(chosen(set, says(1, 11), says(2, 9), says(3, 7)))).toEqual(upTo(7));
    expect(chosen(set, says(1, 11), says(2, 9))).toEqual([]);
    expect(chosen(set)).toEqual([]);
    expect(chosen(set, says(1, TIP), says(2, TIP), says(3, TIP))).toEqual([]);
  });

  test("being blocking is not enough where it is no slice", () => {
    expect(chosen(anyOf(4, 4), says(1, 9), says(2, 9), says(3, 9))).toEqual([]); // Any one blocks, all are a slice.
    expect(ids(chosen(anyOf(4, 4), says(1, 9), says(2, 9), says(3, 9), says(4, 9)))).toEqual(upTo(9));
  });

  test("being a slice is not enough where it does not block", () => {
    expect(chosen(anyOf(1, 4), says(1, 9))).toEqual([]); // Each is a slice, and all four are needed to block.
    expect(ids(chosen(anyOf(1, 4), says(1, 9), says(2, 9), says(3, 9), says(4, 9)))).toEqual(upTo(9));
  });

  test("groups within the quorum set count as one", () => {
    const inner = (nodes: number[]) => ({
      kind: "inner-set" as const,
      set: { threshold: 2, members: nodes.map((i) => ({ kind: "node" as const, node: node(i) })) },
    });
    const set = { threshold: 2, members: [inner([1, 2, 3]), inner([4, 5, 6])] };
    expect(chosen(set, says(1, 9), says(2, 9), says(3, 9), says(4, 9))).toEqual([]);
    expect(ids(chosen(set, says(1, 9), says(2, 9), says(4, 8), says(5, 9)))).toEqual(upTo(8));
  });

  test("nodes that the quorum set does not list do not count, nor does one key under two names", () => {
    expect(chosen(anyOf(3, 4), says(1, 9), says(2, 9), says(5, 9), says(6, 9))).toEqual([]);
    const twin = { ...says(1, 9), node: { ...node(1), responderId: "twin.example:1" } };
    expect(chosen(anyOf(3, 4), says(1, 9), says(2, 9), twin)).toEqual([]);
  });

  test("a node alone is never behind", () => {
    expect(chosen({ threshold: 0, members: [] }, says(1, 9))).toEqual([]);
  });
});

describe("an answer that does not hold together does not count at all", () => {
  const set = anyOf(2, 3);
  const damages: readonly (readonly [string, (headers: Block[]) => Block[]])[] = [
    ["a gap", (headers) => headers.toSpliced(2, 1)],
    ["a block twice", (headers) => headers.toSpliced(2, 0, headers[2] as Block)],
    ["another first block", (headers) => headers.slice(1)],
    ["a wrong parent", (headers) => headers.with(2, { ...(headers[2] as Block), parentId: (headers[0] as Block).id })],
    [
      "an id that does not follow",
      (headers) => headers.with(3, { ...(headers[3] as Block), id: bytes(new Uint8Array(32), 32, "id") }),
    ],
    ["a count that was changed", (headers) => headers.with(3, { ...(headers[3] as Block), cumulativeTxoCount: 1n })],
    ["a version that was changed", (headers) => headers.with(0, { ...(headers[0] as Block), version: 2 })],
  ];
  test.each(damages)("%s", (_, damage) => {
    const bad = { node: node(2), headers: damage([...says(2, 9).headers]) };
    expect(chosen(set, says(1, 9), bad)).toEqual([]);
    expect(ids(chosen(set, says(1, 9), bad, says(3, 9)))).toEqual(upTo(9));
  });

  test("liars who name another chain are too few", () => {
    expect(ids(chosen(anyOf(3, 4), says(1, 9), says(2, 9), says(3, 9), says(4, 11, other)))).toEqual(upTo(9));
    expect(ids(chosen(anyOf(3, 4), says(1, 9), says(2, 9), says(3, 9), says(4, 11, foreign)))).toEqual(upTo(9));
    expect(ids(chosen(anyOf(3, 4), says(1, 11), says(2, 11), says(3, 11, other), says(4, 11, other)))).toEqual(upTo(5));
  });
});

test("nodes that would convince us of another block than our last are a fork, with what we have and what they have", () => {
  const fork = chooseSafeBlocks(anyOf(2, 3), tip(), [says(1, 9, foreign), says(2, 8, foreign), says(3, 9)]);
  expect(fork).toMatchObject({ kind: "fork", height: BigInt(TIP) });
  const { height, branches } = JSON.parse(fork.kind === "fork" ? forkEvidence(fork) : "{}");
  expect(height).toBe(`${TIP}`);
  expect(branches).toEqual([
    { id: toHex(tip().id), header: toHex(encodeBlock(tip())), nodes: [] },
    {
      id: toHex((foreign[TIP + 1] as BlockData).block.id),
      header: toHex(encodeBlock((foreign[TIP + 1] as BlockData).block)),
      nodes: [node(1).responderId, node(2).responderId],
    },
  ]);
});

describe("no answers can convince us of two blocks at one height", () => {
  const flat = (nodes: readonly number[], threshold: number): QuorumSet => ({
    threshold: Math.min(threshold, nodes.length),
    members: nodes.map((i) => ({ kind: "node" as const, node: node(i) })),
  });
  const quorumSet = fc
    .tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 3 }), fc.integer({ min: 1, max: 5 }))
    .map(([outer, inner, split]): QuorumSet => {
      const set = flat([1, 2, 3].slice(0, split), outer);
      const group = { kind: "inner-set" as const, set: flat([4, 5, 6], inner) };
      return { threshold: Math.min(outer, set.members.length + 1), members: [...set.members, group] };
    });

  test("whatever the quorum set and whoever says what", () => {
    fc.assert(
      fc.property(quorumSet, fc.array(fc.boolean(), { minLength: 6, maxLength: 6 }), (set, sides) => {
        const side = (which: boolean) => sides.flatMap((each, i) => (each === which ? [i + 1] : []));
        const one = chosen(set, ...side(true).map((i) => says(i, 9))).length;
        const two = chosen(set, ...side(false).map((i) => says(i, 9))).length;
        expect(one > 0 && two > 0).toBe(false);
      }),
      { numRuns: 300 },
    );
  });
});

test("the same answers in any order give the same blocks", () => {
  const answers = [says(1, 11), says(2, 9), says(3, 7), says(4, 11, other), says(5, 8)];
  const expected = chosen(anyOf(3, 5), ...answers);
  expect(ids(expected)).toEqual(upTo(8));
  fc.assert(
    fc.property(fc.shuffledSubarray(answers, { minLength: 5 }), (shuffled) => {
      expect(ids(chosen(anyOf(3, 5), ...shuffled))).toEqual(ids(expected));
    }),
    { numRuns: 20 },
  );
});
