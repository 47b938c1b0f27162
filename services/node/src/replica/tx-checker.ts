// Has transactions checked by the enclave: those that wait go together in one call, callers in turn (spec 05 §2.4, §7.3).
// Nothing of consensus waits for it: while a slot is being decided, the transactions of the next ones are checked.
import { Code, ConnectError } from "@connectrpc/connect";
import { membershipProofToWire, TRANSACTION_VALIDATION_NUMBERS } from "@fogbow/core-transaction";
import type { TxContext } from "@fogbow/core-wire";
import type { LedgerReader } from "@fogbow/ledger-db";
import { CHECK_BATCH_MAX, UNCHECKED_MAX } from "../limits.ts";
import type { Clock, ReplicaMetrics } from "../parts.ts";
import type { EnclaveDoor } from "./enclave-door.ts";
import { FairQueue } from "./fair-queue.ts";
import { hashName, type KnownTxs, knownTx } from "./known-txs.ts";

/** What checking works with. */
export interface TxCheckerParts {
  readonly door: EnclaveDoor;
  readonly ledger: LedgerReader;
  readonly known: KnownTxs;
  readonly clock: Clock;
  readonly metrics: ReplicaMetrics | undefined;
}

interface Waiting {
  readonly context: TxContext;
  readonly resolve: (result: number) => void;
  readonly reject: (error: unknown) => void;
}

/** Batches in the enclave at one time: one is verified while the proofs of another are looked up. */
const BATCHES = 2;

/** Milliseconds that a batch is meant to take: whoever comes next must not wait long because somebody else had much. */
const BATCH_MS = 100;

/** What a transaction takes at least, whatever the clock says. */
const MS_EACH_LEAST = 0.1;

/** Checks transactions, and makes those known that are well formed. */
export class TxChecker {
  readonly #parts: TxCheckerParts;
  readonly #queue = new FairQueue<Waiting>(UNCHECKED_MAX);
  readonly #inProgress = new Map<string, Promise<number>>();
  /** How many proposals of each caller have come and are not decided. */
  readonly #entered = new Map<string, number>();
  #batches = 0;
  /** What one transaction takes, in milliseconds, as the latest ones did. */
  #msEach = 4;
  #lastDone = Number.NEGATIVE_INFINITY;

  constructor(parts: TxCheckerParts) {
    this.#parts = parts;
  }

  /** Transactions that wait. */
  get waiting(): number {
    return this.#queue.length;
  }

  /** Whether a transaction is being checked or waits for it. */
  isChecking(hash: Uint8Array): boolean {
    return this.#inProgress.has(hashName(hash));
  }

  /** A proposal of this caller has come and will be checked; returns what says that it was, or will not be. */
  enter(caller: string): () => void {
    this.#entered.set(caller, (this.#entered.get(caller) ?? 0) + 1);
    return () => {
      const left = (this.#entered.get(caller) ?? 1) - 1;
      if (left > 0) this.#entered.set(caller, left);
      else this.#entered.delete(caller);
    };
  }

  /** How many proposals of this caller have come and are not decided. */
  inProgress(caller: string): number {
    return this.#entered.get(caller) ?? 0;
  }

  /** Milliseconds that a proposal of this caller would wait, callers being served in turn, as far as can be told. */
  delayOf(caller: string): number {
    const own = this.inProgress(caller);
    let ahead = own;
    for (const [other, count] of this.#entered) if (other !== caller) ahead += Math.min(count, own + 1);
    return ahead * this.#msEach;
  }

  /**
   * The number of `ProposeTxResult` that decides about a transaction that the enclave has taken in; of one that is well
   * formed 0. Rejects with a ConnectError when it cannot be told.
   */
  check(context: TxContext, caller: string): Promise<number> {
    const name = hashName(context.txHash);
    const known = this.#inProgress.get(name);
    if (known !== undefined) return known;
    const checked = new Promise<number>((resolve, reject) => {
      if (!this.#queue.add(caller, { context, resolve, reject })) reject(busy());
    });
    this.#inProgress.set(name, checked);
    const forget = (): void => void this.#inProgress.delete(name);
    void checked.then(forget, forget);
    this.#pump();
    return checked;
  }

  #pump(): void {
    while (this.#batches < BATCHES && this.#queue.length > 0) {
      const batch = this.#queue.take(Math.max(1, Math.min(CHECK_BATCH_MAX, Math.floor(BATCH_MS / this.#msEach))));
      this.#batches++;
      void this.#check(batch).finally(() => {
        this.#batches--;
        this.#pump();
      });
    }
  }

  async #check(batch: readonly Waiting[]): Promise<void> {
    const { door, ledger, clock, metrics } = this.#parts;
    const started = clock.now();
    try {
      const size = ledger.numTxOuts();
      const fits = batch.filter(({ context }) => context.highestIndices.every((index) => index < size));
      for (const { context, resolve } of batch) {
        if (context.highestIndices.some((index) => index >= size)) {
          void door.forgetTxs([context.txHash]).catch(() => undefined); // It makes room when there is none.
          resolve(TRANSACTION_VALIDATION_NUMBERS["ledger-tx-out-index-out-of-bounds"]);
        }
      }
      if (fits.length === 0) return;
      const indices = [...new Set(fits.flatMap(({ context }) => context.highestIndices))];
      const { verdicts } = await door.checkTxs({
        currentIndex: ledger.numBlocks(),
        rootProofs: ledger.membershipProofs(indices.sort((a, b) => (a < b ? -1 : 1))).map(membershipProofToWire),
        txHashes: fits.map(({ context }) => context.txHash),
      });
      const now = clock.now();
      metrics?.observe("check_ms", now - started);
      // Of batches that overlap each counts from the end of the one before.
      const each = (now - Math.max(started, this.#lastDone)) / fits.length;
      this.#msEach = Math.max(MS_EACH_LEAST, this.#msEach + (each - this.#msEach) / 4);
      this.#lastDone = now;
      for (const [i, waiting] of fits.entries()) this.#answer(waiting, verdicts[i]);
    } catch (error) {
      const failure = error instanceof ConnectError ? error : busy(error);
      for (const { reject } of batch) reject(failure);
    }
  }

  #answer({ context, resolve, reject }: Waiting, verdict: { result: number; isUnknown: boolean } | undefined): void {
    const isLost = verdict === undefined || verdict.isUnknown;
    if (isLost || (verdict.result === 0 && !this.#parts.known.add(knownTx(context)))) reject(busy());
    else resolve(verdict.result);
  }
}

function busy(cause?: unknown): ConnectError {
  return new ConnectError("Temporarily over capacity; try again later.", Code.Unavailable, undefined, undefined, cause);
}
