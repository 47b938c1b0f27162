import { accountKeyFromMnemonic, type PublicAddress, publicAddress, shortAddressHash } from "@fogbow/core-account";
import { bytes, MOB } from "@fogbow/core-bytes";
import type { Tx } from "@fogbow/core-transaction";
import { type HistoryEntry, type PaymentStatus, SdkError } from "@fogbow/sdk";
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import { runCanary, type ToldTransfer } from "../src/canary/canary.ts";
import { canaryMetrics } from "../src/canary/canary-metrics.ts";
import type { CanaryWallet, TransferFault } from "../src/canary/transfer.ts";

const FEE = 400n;
const AMOUNT = 20n;
const MNEMONIC = `${"abandon ".repeat(11)}about`;
const ADDRESSES = [0, 1].map((index) => publicAddress(accountKeyFromMnemonic(MNEMONIC, index)));

/** What is wrong with a payment, and when that ends. */
interface Wrong {
  readonly outcome?: PaymentStatus;
  readonly isLost?: boolean;
  readonly stolen?: bigint;
  readonly isForged?: boolean;
  readonly refused?: boolean;
}

/** Two wallets on a ledger that does with the next payments as it is told, and then as it should. */
function world(balances: readonly [bigint, bigint], wrongs: readonly Wrong[] = []) {
  let nowMs = 0;
  const worth = [...balances];
  const histories: HistoryEntry[][] = [[], []];
  const left = [...wrongs];
  const wallet = (i: 0 | 1): CanaryWallet => {
    const [address, other] = [ADDRESSES[i], ADDRESSES[1 - i]] as [PublicAddress, PublicAddress];
    return {
      address,
      poll: async () => ({ balance: { sums: new Map(), blockCount: 1n }, errors: [], report: undefined }) as never,
      balance: () => ({ value: worth[i] ?? 0n, blockCount: 7n }) as never,
      history: () => histories[i] ?? [],
      pay: async () => {
        const wrong = left.shift() ?? {};
        if (wrong.refused === true) throw new SdkError("connection-failed", "for a test");
        const end = wrong.outcome ?? { kind: "final", blockIndex: 5n };
        const common = { blockIndex: 5n, timestamp: 0n, tokenId: MOB };
        if (end.kind === "final") {
          worth[i] = (worth[i] ?? 0n) - AMOUNT - FEE - (wrong.stolen ?? 0n);
          histories[i]?.push({
            ...common,
            kind: "sent",
            net: -AMOUNT - FEE,
            amount: AMOUNT,
            fee: FEE,
            recipients: 1,
            recipientHash: bytes(shortAddressHash(other), 16, "an address hash"),
            recipient: other,
            paymentRequestId: undefined,
          });
          if (wrong.isLost !== true) {
            worth[1 - i] = (worth[1 - i] ?? 0n) + AMOUNT;
            const sender = wrong.isForged === true ? other : address;
            histories[1 - i]?.push({ ...common, kind: "received", net: AMOUNT, sender, paymentRequestId: undefined });
          }
        }
        return {
          tx: {} as Tx, // It is only handed on.
          fee: { value: FEE, tokenId: MOB } as never,
          status: async function* () {
            yield { kind: "built" };
            yield { kind: "submitted" };
            yield end;
          },
          ended: () => (end.kind === "submitted" ? new Promise<never>(() => undefined) : Promise.resolve(end as never)),
        };
      },
    };
  };
  const clock = {
    now: () => nowMs,
    wait: async (ms: number) => {
      nowMs += ms;
    },
  };
  return { wallets: [wallet(0), wallet(1)], clock };
}

async function ran(
  { wallets, clock }: ReturnType<typeof world>,
  { transfers = 1, takesTwice = false }: { readonly transfers?: number; readonly takesTwice?: boolean } = {},
) {
  const registry = new Registry();
  const told: ToldTransfer[] = [];
  const result = await runCanary(
    { transfers, periodMs: 0, amount: AMOUNT, waits: { consensusMs: 5_000, ledgerSyncMs: 5_000, pollingMs: 200 } },
    {
      wallets,
      clock,
      metrics: canaryMetrics(registry),
      consensus: {
        propose: async () => {
          if (!takesTwice) throw new SdkError("input-spent", "for a test");
        },
      },
      tell: (transfer) => told.push(transfer),
    },
    new AbortController().signal,
  );
  const figure = async (name: string): Promise<number | undefined> => {
    const values = (await registry.getSingleMetric(`fog_test_client_${name}`)?.get())?.values;
    return values?.[0]?.value;
  };
  return { result, told, figure };
}

const faults: readonly (readonly [TransferFault, Wrong, string])[] = [
  ["build-failed", { refused: true }, "tx_build_failure"],
  ["tx-failed", { outcome: { kind: "failed", reason: new SdkError("tx-refused", "for a test") } }, "tx_failure"],
  ["tx-expired", { outcome: { kind: "failed", reason: new SdkError("tombstone-passed", "for a test") } }, "tx_expired"],
  ["receive-timeout", { isLost: true }, "tx_received_deadline_exceeded_count"],
  ["bad-balance", { stolen: 1n }, "bad_balance"],
  ["bad-memo", { isForged: true }, "memo_failure"],
];

test.each(faults)(
  "%s is told, counted, and over with the next transfer that is as it should be",
  async (fault, wrong, name) => {
    const first = await ran(world([100_000n, 100_000n], [wrong]));
    expect(first.result).toEqual({ made: 0, failed: 1 });
    expect(first.told[0]).toMatchObject({ number: 0, from: 0, to: 1, error: { fault } });
    expect(await first.figure(name)).toBe(1);
    expect(await first.figure("last_polling_successful")).toBe(0);
    const healed = await ran(world([100_000n, 100_000n], [wrong]), { transfers: 2 });
    expect(healed.result).toEqual({ made: 1, failed: 1 });
    expect(await healed.figure("last_polling_successful")).toBe(1);
    expect(await healed.figure("tx_success")).toBe(1);
  },
);

test("a payer without money is told from one whose payment fails", async () => {
  const { result, told, figure } = await ran(world([0n, 100_000n]), { transfers: 2 });
  expect(result).toEqual({ made: 1, failed: 1 });
  expect(told[0]).toMatchObject({ error: { fault: "zero-balance" } });
  expect(await figure("zero_balance")).toBe(1);
});

test("a network that takes a payment twice is found out", async () => {
  const honest = await ran(world([100_000n, 100_000n]), { transfers: 3 });
  expect(honest.result).toEqual({ made: 3, failed: 0 });
  expect(await honest.figure("double_spend")).toBe(0);
  const liar = await ran(world([100_000n, 100_000n]), { transfers: 3, takesTwice: true });
  expect(liar.result).toEqual({ made: 3, failed: 1 });
  expect(await liar.figure("double_spend")).toBe(1);
});
