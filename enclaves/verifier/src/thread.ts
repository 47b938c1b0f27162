// The messages between a pool and its threads, and what a thread is to the pool: whoever starts threads, in a service, in
// a confidential machine or in a test, gives the pool a way to.
import type { VerificationAnswer, VerificationRequest } from "./verify-batch.ts";

/** A batch on its way to a thread. */
export interface Batch {
  readonly requests: readonly VerificationRequest[];
  /** A byte for each request, shared with the pool: not zero once nobody wants the answer any more. */
  readonly cancelled: Uint8Array;
}

/** The answers of a batch; undefined for those that were cancelled. */
export type BatchAnswers = readonly (VerificationAnswer | undefined)[];

/** A thread as the pool sees it. It has one batch at a time. */
export interface VerifierThread {
  /** Hands a batch over. Either `onAnswers` or `onFailure` follows. */
  readonly verify: (batch: Batch) => void;
  /** Ends the thread, if it has not ended. What it says from now on is not heard. */
  readonly terminate: () => Promise<unknown>;
}

/** What the pool wants to hear from a thread. */
export interface VerifierThreadEvents {
  readonly onAnswers: (answers: BatchAnswers) => void;
  /** The thread is gone, and with it the batch it had. Once at most. */
  readonly onFailure: (cause: unknown) => void;
}

/** Starts a thread. Its events come later, never before this has returned. */
export type SpawnVerifierThread = (events: VerifierThreadEvents) => VerifierThread;
