// Hashes, weights and leaders (spec 05 §1.5).
import { fromHex, toHex } from "@fogbow/core-bytes";
import { sha3_256 } from "@noble/hashes/sha3.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { leaderHashOf, leaderOf, nodeKey, weightOf } from "../src/index.ts";
import { nodeAt, quorumSet } from "./fixtures.ts";

const key = (i: number): string => nodeKey(nodeAt(i));

describe("leader hashes", () => {
  test.each([
    [1n, 1, 1, 0x00, "e9f6ca9784aebbd4da56159fb7dfe91850064f15c107b3b161d230574b555df1"],
    [1n, 2, 1, 0x00, "b9a11beb670f5f831cf0f8f7a9e2bca8669195e1ff553a861cf3bac4346b8136"],
    [1n, 1, 1, 0x01, "270a9438be9d1abe933913eb7079f088aa9754c2488c00776d4d1d9da97778d5"],
    [1n, 2, 1, 0x01, "4069e6e673de19c578725b059c5ea12b1ff3a3412f61626fd3cbe10020de25e0"],
    [2n, 2, 3, 0xff, "d0c56434f582de6f12646d19d7bfc1e8ee05670f4c29e6e83ec4ea1ef3b5787c"],
    [0x0102030405060708n, 2, 0x0a0b0c0d, 0x11, "0aaa8e4d0c7cfbda2a5fefacbddcb6b805fdf949f799506ca3533f0828bf869f"],
  ])("slot %s, salt %i, round %i, key of bytes %i", (slotIndex, salt, round, byte, expected) => {
    const hash = leaderHashOf({ slotIndex, round, leaderHash: { kind: "compat" } }, salt, key(byte));
    expect(hash.toString(16).padStart(64, "0")).toBe(expected);
  });

  test("a bound hash is also of the block before", () => {
    const previousBlockId = fromHex("ab".repeat(32));
    const input = new Uint8Array([0, 0, 0, 0, 0, 0, 0, 1, 2, 0, 0, 0, 1, ...nodeAt(1).publicKey, ...previousBlockId]);
    const hash = leaderHashOf({ slotIndex: 1n, round: 1, leaderHash: { kind: "bound", previousBlockId } }, 2, key(1));
    expect(hash).toBe(BigInt(`0x${toHex(sha3_256(input))}`));
  });
});

describe("weights", () => {
  const set = quorumSet(2, [2, 3, quorumSet(1, [4])]);

  test.each([
    [1, 1n, 1n],
    [2, 2n, 3n],
    [4, 2n, 3n],
    [9, 0n, 1n],
  ])("node %i", (node, numerator, denominator) => {
    expect(weightOf(key(node), key(1), set)).toEqual({ numerator, denominator });
  });
});

describe("leaders", () => {
  const set = quorumSet(3, [2, 3, 4, 5]);
  const compat = { kind: "compat" } as const;

  test("are the same for any order of members", () => {
    const turned = quorumSet(3, [4, 5, 3, 2]);
    fc.assert(
      fc.property(fc.bigInt(1n, 1_000n), (slotIndex) => {
        const round = { slotIndex, round: 1, leaderHash: compat };
        expect(leaderOf(round, key(1), turned, new Set())).toBe(leaderOf(round, key(1), set, new Set()));
      }),
      { numRuns: 20 },
    );
  });

  test("have the highest priority where all are neighbours", () => {
    const trusted = quorumSet(4, [2, 3, 4, 5]);
    for (let slotIndex = 1n; slotIndex <= 20n; slotIndex++) {
      const round = { slotIndex, round: 1, leaderHash: compat };
      const priorities = [1, 2, 3, 4, 5].map((i) => ({ node: key(i), priority: leaderHashOf(round, 2, key(i)) }));
      const [first] = priorities.sort((a, b) => (a.priority > b.priority ? -1 : 1));
      expect(leaderOf(round, key(1), trusted, new Set())).toBe(first?.node);
    }
  });

  test("are new ones each round while any are left, then oneself", () => {
    const leaders = new Set<string>();
    for (let round = 1; round <= 400; round++) {
      leaders.add(leaderOf({ slotIndex: 7n, round, leaderHash: compat }, key(1), set, leaders));
    }
    expect([...leaders].sort()).toEqual([1, 2, 3, 4, 5].map(key).sort());
    expect(leaderOf({ slotIndex: 7n, round: 401, leaderHash: compat }, key(1), set, leaders)).toBe(key(1));
  });
});
