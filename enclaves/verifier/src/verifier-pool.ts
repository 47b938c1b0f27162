// A pool of verifier threads with one queue before it. A thread that is free takes its share of what waits as one batch:
// under load batches are large and cheap, without load a transaction does not wait for company.
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

/** How large a pool is. */
export interface VerifierPoolOptions {
  /** At least one. */
  readonly threads: number;
  /** Transactions that may wait; {@link QUEUE_TRANSACTIONS_MAX} unless given. */
  readonly queueTransactionsMax?: number;
}

/** A call of `verify`. */
interface Call {
  readonly items: readonly Item[];
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
  /** What it holds in memory; the first one of a call answers for their context. */
  readonly bytes: number;
  /** A thread died of the batch it was in: it is tried once more, without company. */
  isSuspect: boolean;
}

/** A thread, and what it has in hand. */
interface Seat {
  readonly thread: VerifierThread;
  items: readonly Item[];
  cancelled: Uint8Array;
}

/** Verifies transactions on several threads, in the order in which they come. */
export class VerifierPool {
  readonly #threads: number;
  readonly #queueTransactionsMax: number;
  readonly #spawn: SpawnVerifierThread;
  readonly #seats = new Set<Seat>();
  /** In order. Sets, so that who no longer waits leaves at once, however many there are. */
  readonly #queue = new Set<Item>();
  /** Their turn is before that of the queue, one at a time. */
  readonly #suspects = new Set<Item>();
  #queueBytes = 0;
  #waiting: (() => void)[] = [];
  #failures = 0;
  #isClosed = false;

  /** Starts no thread before there is something to verify. */
  constructor(options: VerifierPoolOptions, parts: { readonly spawn: SpawnVerifierThread }) {
    this.#threads = Math.max(1, options.threads);
    this.#queueTransactionsMax = options.queueTransactionsMax ?? QUEUE_TRANSACTIONS_MAX;
    this.#spawn = parts.spawn;
  }

  /** How many transactions wait for a thread. */
  get queued(): number {
    return this.#queue.size + this.#suspects.size;
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
      if (this.#isClosed) throw closed();
      if (signal?.aborted) throw cancelled();
      const contextBytes = context.rootProofs.reduce((sum, proof) => sum + proof.length, 0);
      const bytes = txs.reduce((sum, tx) => sum + tx.length, contextBytes);
      if (this.queued + txs.length > this.#queueTransactionsMax || this.#queueBytes + bytes > QUEUE_BYTES_MAX) {
        throw new VerifierError("queue-full", "Too many transactions wait to be verified.");
      }
      const own = copyOf(context);
      const items: Item[] = [];
      const cancel = (): void => this.#abandon(call, cancelled());
      const call: Call = {
        items,
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
      for (const [position, tx] of txs.entries()) {
        const bytes = tx.length + (position === 0 ? contextBytes : 0);
        items.push({ call, position, tx: tx.slice(), context: own, bytes, isSuspect: false });
      }
      for (const item of items) this.#enqueue(this.#queue, item);
      this.#dispatch();
    });
  }

  /** Resolves when no more than half of the queue is taken, or the pool is closed: back-pressure for whoever feeds it. */
  async room(): Promise<void> {
    const isNarrow = (): boolean =>
      this.queued > this.#queueTransactionsMax / 2 || this.#queueBytes > QUEUE_BYTES_MAX / 2;
    while (!this.#isClosed && isNarrow()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  /** Rejects what is not answered with `closed` and resolves when the threads have ended. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const seats = [...this.#seats];
    this.#seats.clear();
    for (const { items } of seats) for (const { call } of items) this.#abandon(call, closed());
    this.#refuseWaiting(closed());
    this.#announceRoom();
    await Promise.allSettled(seats.map(({ thread }) => thread.terminate()));
  }

  /** Gives every free thread its share of the queue, starting threads that are missing. */
  #dispatch(): void {
    while (this.queued > 0) {
      let seat: Seat | undefined;
      try {
        seat = this.#freeSeat();
      } catch (cause) {
        // Those that live go on; without any, nobody would.
        if (this.#seats.size === 0) this.#refuseWaiting(threadFailed(cause));
      }
      if (seat === undefined) return;
      seat.items = this.#takeBatch();
      seat.cancelled = flags(seat.items.length);
      const requests = seat.items.map(({ tx, context }) => ({ tx, context }));
      try {
        seat.thread.verify({ requests, cancelled: seat.cancelled });
      } catch (cause) {
        this.#onFailure(seat, cause);
      }
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

  /** A suspect alone, or the first of the queue: an even share of all that is unanswered, within the bounds of a batch. */
  #takeBatch(): Item[] {
    const [suspect] = this.#suspects;
    const items = suspect === undefined ? this.#share() : [suspect];
    for (const item of items) this.#dequeue(item);
    this.#announceRoom();
    return items;
  }

  #share(): Item[] {
    let unanswered = this.#queue.size;
    for (const seat of this.#seats) unanswered += seat.items.length;
    const count = Math.min(BATCH_TRANSACTIONS_MAX, Math.ceil(unanswered / this.#threads));
    const items: Item[] = [];
    let bytes = 0;
    for (const item of this.#queue) {
      bytes += item.bytes;
      if (items.length === count || (items.length > 0 && bytes > BATCH_BYTES_MAX)) break;
      items.push(item);
    }
    return items;
  }

  #onAnswers(seat: Seat, answers: BatchAnswers): void {
    if (!this.#seats.has(seat)) return; // It was given up.
    const { items } = seat;
    const isWhole = items.every(({ call }, i) => call.isSettled || answers[i] !== undefined);
    if (answers.length !== items.length || !isWhole) {
      this.#onFailure(seat, new Error("The thread did not answer what it was asked."));
      return;
    }
    this.#failures = 0;
    seat.items = [];
    for (const [i, { call, position, tx }] of items.entries()) {
      tx.fill(0); // Nobody asks again.
      call.answers[position] = answers[i];
      if (--call.unanswered === 0) call.settle("answered");
    }
    this.#dispatch();
  }

  #onFailure(seat: Seat, cause: unknown): void {
    if (!this.#seats.delete(seat)) return;
    void seat.thread.terminate().catch(() => undefined);
    const wanted = seat.items.filter(({ call }) => !call.isSettled);
    const [first] = wanted;
    // One of them may have killed it, but no more than one a batch is left without an answer.
    if (seat.items.length === 1 && first?.isSuspect) this.#abandon(first.call, threadFailed(cause));
    else {
      for (const item of wanted) {
        item.isSuspect = true;
        this.#enqueue(this.#suspects, item);
      }
    }
    if (++this.#failures > THREAD_FAILURES_MAX) {
      this.#failures = 0;
      this.#refuseWaiting(threadFailed(cause)); // Whoever calls again makes the next attempt.
    }
    this.#dispatch();
  }

  /** Settles a call without an answer; what waits of it leaves the queue, and threads skip what they have not begun. */
  #abandon(call: Call, reason: VerifierError): void {
    if (call.isSettled) return;
    call.settle(reason);
    for (const item of call.items) {
      this.#dequeue(item);
      item.tx.fill(0); // Threads have copies of their own.
    }
    for (const { items, cancelled } of this.#seats) {
      for (const [i, item] of items.entries()) if (item.call === call) cancelled[i] = 1;
    }
    this.#announceRoom();
  }

  #refuseWaiting(reason: VerifierError): void {
    for (const { call } of [...this.#suspects, ...this.#queue]) this.#abandon(call, reason);
  }

  #enqueue(queue: Set<Item>, item: Item): void {
    queue.add(item);
    this.#queueBytes += item.bytes;
  }

  #dequeue(item: Item): void {
    if (this.#queue.delete(item) || this.#suspects.delete(item)) this.#queueBytes -= item.bytes;
  }

  #announceRoom(): void {
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const wake of waiting) wake();
  }
}

/** Shared with threads, where memory can be: in an enclave's realm it cannot, and threads finish what they have begun. */
const flags = (length: number): Uint8Array =>
  typeof SharedArrayBuffer === "undefined" ? new Uint8Array(length) : new Uint8Array(new SharedArrayBuffer(length));

/** What the caller does to its arrays from now on changes nothing. */
const copyOf = (context: VerificationContext): VerificationContext => ({
  ...context,
  minimumFees: context.minimumFees.map(([token, fee]) => [token, fee]),
  rootProofs: context.rootProofs.map((proof) => proof.slice()),
});

const cancelled = (): VerifierError => new VerifierError("cancelled", "The caller no longer wants the answer.");
const closed = (): VerifierError => new VerifierError("closed", "The pool of verifiers is closed.");
const threadFailed = (cause: unknown): VerifierError =>
  new VerifierError("thread-failed", "A verifier thread ended unexpectedly.", { cause });
