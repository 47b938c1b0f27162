// A pool of verifier threads with one queue before it. A thread that is free takes its share of what waits as one batch:
// under load batches are large and cheap, without load a transaction does not wait for company.
import { availableParallelism } from "node:os";
import { VerifierError } from "./error.ts";
import {
  BATCH_BYTES_MAX,
  BATCH_TRANSACTIONS_MAX,
  QUEUE_BYTES_MAX,
  QUEUE_TRANSACTIONS_MAX,
  THREAD_FAILURES_MAX,
} from "./limits.ts";
import type { BatchAnswers, SpawnVerifierThread, VerifierThread } from "./thread.ts";
import type { VerificationAnswer, VerificationContext } from "./verify-batch.ts";
import { spawnWorkerThread } from "./worker-thread.ts";

/** How large a pool is. */
export interface VerifierPoolOptions {
  /** As many as the machine has processors, unless given. */
  readonly threads?: number;
  /** Transactions that may wait; {@link QUEUE_TRANSACTIONS_MAX} unless given. */
  readonly queueTransactionsMax?: number;
}

/** A call of `verify`. */
interface Call {
  readonly answers: (VerificationAnswer | undefined)[];
  unanswered: number;
  /** Settles the promise of the call; what happens later to its transactions is nobody's business. */
  readonly settle: (outcome: "answered" | VerifierError) => void;
  isSettled: boolean;
}

/** A transaction that waits or is being verified. */
interface Item {
  readonly call: Call;
  readonly position: number;
  readonly tx: Uint8Array;
  readonly context: VerificationContext;
  /** A thread died of the batch it was in: it is tried once more, without company. */
  isSuspect: boolean;
}

/** A thread, and what it has in hand. */
interface Seat {
  readonly thread: VerifierThread;
  items: readonly Item[];
  cancelled: Uint8Array;
}

/** Verifies transactions on several threads. */
export class VerifierPool {
  readonly #threads: number;
  readonly #queueTransactionsMax: number;
  readonly #spawn: SpawnVerifierThread;
  readonly #seats = new Set<Seat>();
  #queue: Item[] = [];
  #queueBytes = 0;
  #waiting: (() => void)[] = [];
  #failures = 0;
  /** Why the pool takes nothing any more. */
  #end: VerifierError | undefined;

  /** Starts no thread before there is something to verify. */
  constructor(options: VerifierPoolOptions = {}, parts: { readonly spawn?: SpawnVerifierThread } = {}) {
    this.#threads = options.threads ?? availableParallelism();
    this.#queueTransactionsMax = options.queueTransactionsMax ?? QUEUE_TRANSACTIONS_MAX;
    this.#spawn = parts.spawn ?? spawnWorkerThread;
  }

  /** How many transactions wait for a thread. */
  get queued(): number {
    return this.#queue.length;
  }

  /**
   * The answer to each transaction, in order. Transactions that are cancelled leave the queue at once, and a thread that
   * has some of them in hand skips those it has not begun. Rejects with VerifierError `queue-full` before it takes any
   * transaction, `cancelled`, `closed` or `thread-failed`.
   */
  verify(
    txs: readonly Uint8Array[],
    context: VerificationContext,
    { signal }: { readonly signal?: AbortSignal } = {},
  ): Promise<VerificationAnswer[]> {
    return new Promise((resolve, reject) => {
      if (this.#end !== undefined) throw this.#end;
      if (signal?.aborted) throw cancelled();
      const bytes = txs.reduce((sum, tx) => sum + tx.length, 0);
      if (this.#queue.length + txs.length > this.#queueTransactionsMax || this.#queueBytes + bytes > QUEUE_BYTES_MAX) {
        throw new VerifierError("queue-full", "Too many transactions wait to be verified.");
      }
      // What the caller does to its arrays from now on changes nothing.
      const own = { ...context, rootProofs: context.rootProofs.map((proof) => proof.slice()) };
      const cancel = (): void => this.#cancel(call);
      const call: Call = {
        answers: txs.map(() => undefined),
        unanswered: txs.length,
        isSettled: false,
        settle: (outcome) => {
          if (call.isSettled) return;
          call.isSettled = true;
          signal?.removeEventListener("abort", cancel);
          if (outcome === "answered")
            resolve(call.answers as VerificationAnswer[]); // None is unanswered.
          else reject(outcome);
        },
      };
      if (txs.length === 0) return call.settle("answered");
      signal?.addEventListener("abort", cancel);
      this.#queue.push(
        ...txs.map((tx, position) => ({
          call,
          position,
          tx: tx.slice(),
          context: own,
          isSuspect: false,
        })),
      );
      this.#queueBytes += bytes;
      this.#dispatch();
    });
  }

  /** Resolves when no more than half of the queue is taken, or the pool is closed: back-pressure for whoever feeds it. */
  async room(): Promise<void> {
    while (this.#end === undefined && this.#queue.length > this.#queueTransactionsMax / 2) {
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** Rejects what is not answered with `closed` and resolves when the threads have ended. */
  async close(): Promise<void> {
    await this.#giveUp(new VerifierError("closed", "The pool of verifiers is closed."));
  }

  /** Gives every free thread its share of the queue, starting threads that are missing. */
  #dispatch(): void {
    while (this.#queue.length > 0) {
      const seat = this.#freeSeat();
      if (seat === undefined) return;
      seat.items = this.#takeBatch();
      seat.cancelled = new Uint8Array(new SharedArrayBuffer(seat.items.length));
      seat.thread.verify({
        requests: seat.items.map(({ tx, context }) => ({ tx, context })),
        cancelled: seat.cancelled,
      });
    }
  }

  #freeSeat(): Seat | undefined {
    for (const seat of this.#seats) if (seat.items.length === 0) return seat;
    if (this.#seats.size >= this.#threads) return undefined;
    const thread = this.#spawn({
      onAnswers: (answers) => this.#onAnswers(seat, answers),
      onFailure: (cause) => this.#onFailure(seat, cause),
    });
    const seat: Seat = { thread, items: [], cancelled: new Uint8Array(0) };
    this.#seats.add(seat);
    return seat;
  }

  /** The first of the queue: an even share for each thread, within the bounds of a batch, and suspects alone. */
  #takeBatch(): Item[] {
    const share = Math.min(BATCH_TRANSACTIONS_MAX, Math.ceil(this.#queue.length / this.#threads));
    let bytes = 0;
    let count = 0;
    for (const { tx, isSuspect } of this.#queue.slice(0, share)) {
      bytes += tx.length;
      if (count > 0 && (isSuspect || bytes > BATCH_BYTES_MAX)) break;
      count++;
      if (isSuspect) break;
    }
    const items = this.#queue.splice(0, count);
    this.#queueBytes -= items.reduce((sum, { tx }) => sum + tx.length, 0);
    this.#announceRoom();
    return items;
  }

  #onAnswers(seat: Seat, answers: BatchAnswers): void {
    this.#failures = 0;
    const { items } = seat;
    seat.items = [];
    for (const [i, { call, position }] of items.entries()) {
      call.answers[position] = answers[i];
      if (--call.unanswered === 0) call.settle("answered");
    }
    this.#dispatch();
  }

  #onFailure(seat: Seat, cause: unknown): void {
    this.#seats.delete(seat);
    const failed = new VerifierError("thread-failed", "A verifier thread ended unexpectedly.", { cause });
    const [first] = seat.items;
    // One of them may have killed it, but no more than one a batch is left without an answer.
    if (seat.items.length === 1 && first?.isSuspect) this.#abandon(first.call, failed);
    else this.#requeue(seat.items);
    if (++this.#failures > THREAD_FAILURES_MAX) void this.#giveUp(failed);
    else this.#dispatch();
  }

  #requeue(items: readonly Item[]): void {
    const wanted = items.filter(({ call }) => !call.isSettled);
    for (const item of wanted) item.isSuspect = true;
    this.#queue.unshift(...wanted);
    this.#queueBytes += wanted.reduce((sum, { tx }) => sum + tx.length, 0);
  }

  #cancel(call: Call): void {
    this.#abandon(call, cancelled());
    for (const { items, cancelled } of this.#seats) {
      for (const [i, item] of items.entries()) if (item.call === call) Atomics.store(cancelled, i, 1);
    }
  }

  /** Settles a call without an answer and takes what is left of it out of the queue. */
  #abandon(call: Call, reason: VerifierError): void {
    this.#queue = this.#queue.filter((item) => item.call !== call);
    this.#queueBytes = this.#queue.reduce((sum, { tx }) => sum + tx.length, 0);
    call.settle(reason);
    this.#announceRoom();
  }

  /** Settles everything without an answer, for good. */
  async #giveUp(reason: VerifierError): Promise<void> {
    this.#end ??= reason;
    const seats = [...this.#seats];
    const items = [...this.#queue, ...seats.flatMap((seat) => seat.items)];
    this.#queue = [];
    this.#queueBytes = 0;
    this.#seats.clear();
    for (const { call } of items) call.settle(reason);
    this.#announceRoom();
    await Promise.all(seats.map(({ thread }) => thread.terminate()));
  }

  #announceRoom(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

const cancelled = (): VerifierError => new VerifierError("cancelled", "The caller no longer wants the answer.");
