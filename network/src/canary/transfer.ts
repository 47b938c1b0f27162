// One transfer of the canary: a payment between two of its wallets, watched from both ends (spec 03 §9.7).
import { type PublicAddress, shortAddressHash } from "@fogbow/core-account";
import { equalBytes, MOB } from "@fogbow/core-bytes";
import { type Payment, type PayRequest, SdkError, type Wallet } from "@fogbow/sdk";

/** How long each part of a transfer may take, in ms. */
export interface TransferWaits {
  /** From the submission to a block. */
  readonly consensusMs: number;
  /** From there to the recipient's balance. */
  readonly ledgerSyncMs: number;
  /** Between two polls of one wallet. */
  readonly pollingMs: number;
}

/** What went wrong with a transfer. */
export type TransferFault =
  | "zero-balance" // The payer has nothing to pay with.
  | "poll-failed" // A wallet could not be polled.
  | "build-failed" // The payment could not be built.
  | "tx-failed" // The network refused it.
  | "tx-expired" // Its tombstone block came without it.
  | "confirm-timeout" // It was in no block in time.
  | "receive-timeout" // The recipient did not find it in time.
  | "bad-balance" // A balance is not what the transfer made it.
  | "bad-memo" // A history does not tell the transfer as it was.
  | "double-spend"; // The network took a payment that had been made already.

/** What a transfer took, in seconds. */
export interface TransferTimes {
  readonly build: number;
  /** From the first proposal to a node's word that it is valid. */
  readonly send: number;
  /** From the first proposal to a block. */
  readonly confirmed: number;
  /** From the first proposal to the recipient's balance. */
  readonly received: number;
}

/** A transfer that is not as it should be. */
export class TransferError extends Error {
  override readonly name = "TransferError";
  readonly fault: TransferFault;

  constructor(fault: TransferFault, message: string, options?: ErrorOptions) {
    super(message, options);
    this.fault = fault;
  }
}

/** What transfers tell time with. */
export interface TransferClock {
  /** In ms, of any origin. */
  readonly now: () => number;
  /** Resolves after so many ms; before that, when the signal aborts. */
  readonly wait: (ms: number, signal?: AbortSignal) => Promise<void>;
}

/** What a transfer asks of a wallet. */
export type CanaryWallet = Pick<Wallet, "address" | "poll" | "balance" | "history"> & {
  readonly pay: (request: PayRequest) => Promise<CanaryPayment>;
};

/** What it asks of a payment. */
export type CanaryPayment = Pick<Payment, "tx" | "fee" | "status" | "ended">;

/** A transfer that was made. */
export interface MadeTransfer {
  readonly payment: CanaryPayment;
  readonly times: TransferTimes;
}

/** Pays `amount` picoMOB from one wallet to another, and checks everything that either can know. Rejects with TransferError. */
export async function transfer(
  source: CanaryWallet,
  target: CanaryWallet,
  amount: bigint,
  { waits, clock }: { readonly waits: TransferWaits; readonly clock: TransferClock },
): Promise<MadeTransfer> {
  await Promise.all([polled(source), polled(target)]);
  const before = { source: source.balance().value, target: target.balance().value };
  const known = source.history().length;
  if (before.source === 0n) throw new TransferError("zero-balance", "The payer has nothing to pay with.");

  const { now } = clock;
  const asked = now();
  const payment = await source.pay({ to: target.address, amount }).catch((cause: unknown) => {
    throw new TransferError("build-failed", "The payment could not be built.", { cause });
  });
  const started = now();
  const found = untilBalance(target, before.target + amount, {
    endMs: started + waits.consensusMs + waits.ledgerSyncMs,
    pollingMs: waits.pollingMs,
    clock,
  });
  found.catch(() => undefined); // It is awaited once the payment is in a block.
  const sent = untilSubmitted(payment).then(() => now());
  await confirmed(payment, waits.consensusMs, clock);
  const confirmedAt = now();
  const receivedAt = await found;

  await polled(source);
  const news = source.history([target.address]).slice(known);
  const merged = news.reduce((sum, entry) => (entry.kind === "merged" ? sum - entry.net : sum), 0n);
  if (source.balance().value !== before.source - amount - payment.fee.value - merged) {
    throw new TransferError("bad-balance", "The payer's balance is not what it was, less the payment and its fee.");
  }
  checkMemos(source, target, payment, amount);
  const seconds = (from: number, to: number): number => (to - from) / 1_000;
  return {
    payment,
    times: {
      build: seconds(asked, started),
      send: seconds(started, await sent),
      confirmed: seconds(started, confirmedAt),
      received: seconds(started, receivedAt),
    },
  };
}

async function polled(wallet: CanaryWallet): Promise<void> {
  const { errors } = await wallet.poll().catch((cause: unknown) => ({ errors: [cause] }));
  const [cause] = errors;
  if (cause !== undefined) throw new TransferError("poll-failed", "A wallet could not be polled.", { cause });
}

/** Polls until a balance is there. When that was, in ms. A balance that is neither the old nor the new one is no accident. */
async function untilBalance(
  wallet: CanaryWallet,
  wanted: bigint,
  { endMs, pollingMs, clock }: { readonly endMs: number; readonly pollingMs: number; readonly clock: TransferClock },
): Promise<number> {
  const old = wallet.balance().value;
  for (;;) {
    await wallet.poll().catch(() => undefined); // The next poll may do; the end comes anyway.
    const { value } = wallet.balance();
    if (value === wanted) return clock.now();
    if (value !== old)
      throw new TransferError("bad-balance", "The recipient's balance is neither the old nor the new.");
    if (clock.now() > endMs)
      throw new TransferError("receive-timeout", "The recipient did not find the payment in time.");
    await clock.wait(pollingMs);
  }
}

async function untilSubmitted(payment: CanaryPayment): Promise<void> {
  for await (const { kind } of payment.status()) if (kind !== "built") return;
}

async function confirmed(payment: CanaryPayment, withinMs: number, { wait }: TransferClock): Promise<void> {
  const over = new AbortController();
  const end = await Promise.race([payment.ended(), wait(withinMs, over.signal)]);
  over.abort();
  if (end === undefined) throw new TransferError("confirm-timeout", "The payment was in no block in time.");
  if (end.kind === "final") return;
  const cause = end.reason;
  const isExpired = cause instanceof SdkError && cause.code === "tombstone-passed";
  throw new TransferError(isExpired ? "tx-expired" : "tx-failed", "The payment failed.", { cause });
}

/** The payer's memo tells whom, how much and for which fee; the recipient's proves who paid. */
function checkMemos(source: CanaryWallet, target: CanaryWallet, { fee }: CanaryPayment, amount: bigint): void {
  const sent = source.history([target.address]).findLast((entry) => entry.kind === "sent" && entry.tokenId === MOB);
  const isSent =
    sent?.kind === "sent" &&
    sent.amount === amount &&
    sent.fee === fee.value &&
    sent.recipients === 1 &&
    equalBytes(sent.recipientHash, shortAddressHash(target.address));
  const received = target
    .history([source.address])
    .findLast((entry) => entry.kind === "received" && entry.net === amount);
  const isReceived = received?.kind === "received" && isSame(received.sender, source.address);
  if (!isSent || !isReceived) throw new TransferError("bad-memo", "The histories do not tell the payment as it was.");
}

function isSame(address: PublicAddress | undefined, other: PublicAddress): boolean {
  return address !== undefined && equalBytes(shortAddressHash(address), shortAddressHash(other));
}
