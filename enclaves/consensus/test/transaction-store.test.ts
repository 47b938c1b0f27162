// Tests of what the enclave keeps: no more than its bounds, whatever a client or a host does, and overwritten afterwards.
import { encodeTx, type Tx, txHash } from "@fogbow/core-transaction";
import { describe, expect, test } from "vitest";
import { forming, foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { type KeptTx, type StoreLimits, TransactionStore } from "../src/transaction-store.ts";
import { startNode } from "./test-node.ts";

const ledger = foundLedger();
const txs = [0n, 1n, 2n, 3n].map((index) => spend(ledger, [index]));
const [a, b, c, d] = txs as [Tx, Tx, Tx, Tx];
const full = expect.objectContaining({ code: "transactions-full" });

function store(limits: StoreLimits = {}): { readonly store: TransactionStore; readonly take: (tx: Tx) => KeptTx } {
  const made = new TransactionStore(forming(), limits);
  const take = (tx: Tx): KeptTx => {
    const intake = made.takeIn(encodeTx(tx));
    if (!("kept" in intake)) throw new Error(intake.refused);
    return intake.kept;
  };
  return { store: made, take };
}
const isKept = (kept: TransactionStore, tx: Tx): boolean => kept.find(txHash(tx)) !== undefined;

test("what it tells of a transaction outlives the transaction's bytes", () => {
  const { store: kept, take } = store();
  const { facts, encoded } = take(a);
  const before = structuredClone(facts);
  kept.forget(txHash(a));
  expect(encoded.every((byte) => byte === 0)).toBe(true);
  expect(facts).toEqual(before);
  expect([kept.size, kept.bytes]).toEqual([0, 0]);
});

test("a transaction that comes again is the one that is kept, and the second copy is overwritten", () => {
  const { store: kept, take } = store();
  const first = take(a);
  const again = encodeTx(a);
  expect(kept.takeIn(again)).toEqual({ kept: first });
  expect(again.every((byte) => byte === 0)).toBe(true);
  expect([kept.size, kept.bytes]).toEqual([1, encodeTx(a).length]);
});

describe("at the bound", () => {
  test.each<[string, StoreLimits]>([
    ["of transactions", { transactionsMax: 3 }],
    ["of bytes", { bytesMax: encodeTx(a).length + encodeTx(b).length + encodeTx(c).length + 500 }],
  ])("%s, the oldest that nobody found well formed makes room, and is overwritten", (_, limits) => {
    const { store: kept, take } = store(limits);
    const [first, second] = [take(a), take(b)];
    take(c);
    expect(kept.accept(first)).toBe(true);
    take(d);
    expect([a, b, c, d].map((tx) => isKept(kept, tx))).toEqual([true, false, true, true]);
    expect(second.encoded.every((byte) => byte === 0)).toBe(true);
    expect(kept.accept(second)).toBe(false); // It was forgotten while it was checked.
  });

  test("with nothing but well-formed ones, more are refused, until some are forgotten", () => {
    const { store: kept, take } = store({ transactionsMax: 2 });
    for (const tx of [a, b]) kept.accept(take(tx));
    const refused = encodeTx(c);
    expect(() => kept.takeIn(refused)).toThrow(full);
    expect(refused.every((byte) => byte === 0)).toBe(true);
    expect(take(a).isWellFormed).toBe(true); // What is there already needs no room.
    kept.forget(txHash(a));
    take(c);
    expect([a, b, c].map((tx) => isKept(kept, tx))).toEqual([false, true, true]);
  });

  test("a transaction that is larger than all the room is refused without taking anybody's", () => {
    const { store: kept } = store({ bytesMax: 1_000 });
    expect(() => kept.takeIn(encodeTx(a))).toThrow(full);
    expect([kept.size, kept.bytes]).toEqual([0, 0]);
  });

  test("a client is told, and its session goes on", async () => {
    const node = await startNode({ overrides: { storeLimits: { transactionsMax: 1 } } });
    await node.accept(ledger, a);
    const session = await node.client();
    await expect(node.propose(session, b)).rejects.toThrow(full);
    await node.forget(txHash(a));
    expect((await node.propose(session, b)).result.case).toBe("tx");
  });
});
