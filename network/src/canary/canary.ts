// A canary: wallets that pay one another for as long as they are let, to notice before users do that something is wrong.
import { type ConsensusService, SdkError } from "@fogbow/sdk";
import type { CanaryMetrics } from "./canary-metrics.ts";
import {
  type CanaryWallet,
  type MadeTransfer,
  type TransferClock,
  TransferError,
  type TransferWaits,
  transfer,
} from "./transfer.ts";

/** What a canary does. */
export interface CanaryPlan {
  /** How many transfers; without end unless there is a number. */
  readonly transfers: number;
  /** From the beginning of one to that of the next, in ms; less long ones are followed at once. */
  readonly periodMs: number;
  /** picoMOB of each. */
  readonly amount: bigint;
  readonly waits: TransferWaits;
}

/** What it does that with. */
export interface CanaryParts {
  /** Two or more; each pays the next. */
  readonly wallets: readonly CanaryWallet[];
  readonly consensus: Pick<ConsensusService, "propose">;
  readonly metrics: CanaryMetrics;
  readonly clock: TransferClock;
  /** Hears of each transfer when it is over. */
  readonly tell: (told: ToldTransfer) => void;
}

/** How a transfer was: its times in seconds, or what was wrong with it. */
export type ToldTransfer = { readonly number: number; readonly from: number; readonly to: number } & (
  | MadeTransfer
  | { readonly error: TransferError }
);

/** How a run was. */
export interface CanaryResult {
  readonly made: number;
  readonly failed: number;
}

/** Runs until all transfers are made, or the signal aborts, which the transfer under way does not notice. */
export async function runCanary(plan: CanaryPlan, parts: CanaryParts, signal: AbortSignal): Promise<CanaryResult> {
  const { wallets, metrics, clock } = parts;
  let [made, failed] = [0, 0];
  let last: MadeTransfer | undefined;
  for (let number = 0; number < plan.transfers && !signal.aborted; number++) {
    const started = clock.now();
    const [from, to] = [number % wallets.length, (number + 1) % wallets.length];
    const told = { number, from, to };
    try {
      last = await transfer(walletOf(wallets, from), walletOf(wallets, to), plan.amount, { waits: plan.waits, clock });
      made++;
      metrics.made(last.times);
      parts.tell({ ...told, ...last });
    } catch (error) {
      failed++;
      const fault = faultOf(error);
      metrics.failed(fault.fault);
      parts.tell({ ...told, error: fault });
    }
    for (const client of [from, to]) {
      const { value, asOf } = walletOf(wallets, client).balance();
      metrics.wallet(client, value, asOf);
    }
    const pause = started + plan.periodMs - clock.now();
    if (pause > 0 && number + 1 < plan.transfers) await clock.wait(pause, signal);
  }
  if (last !== undefined && (await isTakenTwice(last, parts.consensus))) {
    failed++;
    metrics.failed("double-spend");
  }
  return { made, failed };
}

/** Whether the network takes a payment again that it has made. That nobody answers is no answer. */
async function isTakenTwice({ payment }: MadeTransfer, consensus: Pick<ConsensusService, "propose">): Promise<boolean> {
  try {
    await consensus.propose(payment.tx);
    return true;
  } catch (error) {
    if (error instanceof SdkError) return false;
    throw error;
  }
}

/** What the SDK rejects with where no transfer expects it is a fault of polling. */
function faultOf(error: unknown): TransferError {
  if (error instanceof TransferError) return error;
  if (error instanceof SdkError) return new TransferError("poll-failed", error.message, { cause: error });
  throw error;
}

function walletOf(wallets: readonly CanaryWallet[], client: number): CanaryWallet {
  const wallet = wallets[client];
  if (wallet === undefined) throw new RangeError("There is no such wallet.");
  return wallet;
}
