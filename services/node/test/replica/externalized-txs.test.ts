import { txHashValue } from "@fogbow/core-scp";
import { expect, test } from "vitest";
import { ExternalizedTxs } from "../../src/replica/externalized-txs.ts";

const value = (n: number) => txHashValue(new Uint8Array(32).fill(n));

test("a node that keeps everything knows which block held what", () => {
  const txs = new ExternalizedTxs();
  for (let i = 1; i <= 200; i++) txs.add(value(i), BigInt(i));
  expect([value(1), value(200), value(201)].map((each) => txs.blockOf(each))).toEqual([1n, 200n, undefined]);
});

test("one that forgets knows of older ones that they are in a block, and not in which", () => {
  const txs = new ExternalizedTxs(100n);
  for (let i = 1; i <= 200; i++) txs.add(value(i), BigInt(i));
  for (let i = 1; i <= 200; i++) expect(txs.blockOf(value(i))).toBe(i <= 100 ? 0n : BigInt(i));
});
