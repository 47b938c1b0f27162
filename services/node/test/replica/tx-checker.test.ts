// Checking transactions in batches, callers in turn.
import { create } from "@bufbuild/protobuf";
import { TxContextSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { foundLedger } from "../../../../stores/ledger-db/test/economy.ts";
import { CHECK_BATCH_MAX } from "../../src/limits.ts";
import type { EnclaveDoor } from "../../src/replica/enclave-door.ts";
import { KnownTxs } from "../../src/replica/known-txs.ts";
import { TxChecker } from "../../src/replica/tx-checker.ts";
import { VirtualClock } from "../virtual-clock.ts";

const context = (n: number, highest = 5n) =>
  create(TxContextSchema, { txHash: new Uint8Array(32).fill(n), highestIndices: [highest], tombstoneBlock: 9n });

/** An enclave that takes so long for a transaction, and finds odd ones malformed. */
function make(msEach: number) {
  const clock = new VirtualClock();
  const batches: number[] = [];
  const forgotten: number[] = [];
  const door = {
    checkTxs: async ({ txHashes }: { txHashes: Uint8Array[] }) => {
      batches.push(txHashes.length);
      await clock.wait(msEach * txHashes.length);
      return {
        verdicts: txHashes.map((hash) => ({
          result: (hash[0] as number) % 2 === 0 ? 0 : 15,
          isUnknown: hash[0] === 200,
        })),
      };
    },
    forgetTxs: async (hashes: Uint8Array[]) => void forgotten.push(...hashes.map((hash) => hash[0] as number)),
  } as unknown as EnclaveDoor;
  const known = new KnownTxs();
  const checker = new TxChecker({ door, ledger: foundLedger(20), known, clock, metrics: undefined });
  return { clock, batches, forgotten, known, checker };
}

test("what waits is checked together, and what is well formed is known", async () => {
  const { clock, batches, known, checker } = make(1);
  const results = Promise.all([2, 3, 4, 5, 6].map((n) => checker.check(context(n), "a")));
  expect(await clock.resolve(results)).toEqual([0, 15, 0, 15, 0]);
  expect([known.size, checker.waiting]).toEqual([3, 0]);
  expect(batches.reduce((sum, each) => sum + each, 0)).toBe(5);
  expect(batches[0]).toBe(1); // Nobody waits for company.
});

test("a transaction is checked once, however many ask", async () => {
  const { clock, batches, checker } = make(1);
  const results = Promise.all([checker.check(context(2), "a"), checker.check(context(2), "b")]);
  expect(checker.isChecking(context(2).txHash)).toBe(true);
  expect(await clock.resolve(results)).toEqual([0, 0]);
  expect(batches).toEqual([1]);
});

test("no batch takes much longer than a tenth of a second, or is larger than the bound", async () => {
  const slow = make(30);
  await slow.clock.resolve(Promise.all(Array.from({ length: 60 }, (_, n) => slow.checker.check(context(n), "a"))));
  expect(Math.max(...slow.batches.slice(8))).toBeLessThanOrEqual(8); // Begins at 25, and learns.
  const fast = make(0.1);
  await fast.clock.resolve(Promise.all(Array.from({ length: 199 }, (_, n) => fast.checker.check(context(n), "a"))));
  expect(Math.max(...fast.batches)).toBeLessThanOrEqual(CHECK_BATCH_MAX);
});

test("proofs of outputs that the ledger does not have need no enclave, which forgets the transaction", async () => {
  const { clock, batches, forgotten, checker } = make(1);
  expect(await clock.resolve(checker.check(context(2, 99n), "a"))).toBe(54);
  expect([batches, forgotten]).toEqual([[], [2]]);
});

test("a transaction that the enclave has lost is to be proposed again", async () => {
  const { clock, checker } = make(1);
  await expect(clock.resolve(checker.check(context(200), "a"))).rejects.toThrow("try again later");
});

test("who has much in progress would wait longer than who has little", () => {
  const { checker } = make(1);
  const leave = Array.from({ length: 50 }, () => checker.enter("greedy"));
  expect(checker.delayOf("greedy")).toBe(50 * 4);
  expect(checker.delayOf("modest")).toBe(4);
  checker.enter("modest");
  expect(checker.delayOf("modest")).toBe(3 * 4);
  for (const each of leave) each();
  expect([checker.inProgress("greedy"), checker.delayOf("greedy")]).toEqual([0, 4]);
});
