// Who verifies transactions: threads of this enclave, or the enclave itself where it has none.
import type { Random } from "@fogbow/core-bytes";
import type { Threads } from "@fogbow/runtime-enclave";
import { helperThreads, VerifierError, VerifierPool, verifyBatch } from "@fogbow/verifier-enclave";
import { ConsensusError } from "./error.ts";
import { VERIFIER_THREADS_MAX } from "./limits.ts";
import type { VerifyEncoded } from "./verify-txs.ts";

/** With what transactions are verified. */
export interface VerifierParts {
  readonly random: Random;
  /** Absent where there are none, as in the simulation. */
  readonly threads: Threads | undefined;
}

/**
 * Verifies on so many threads beside the enclave's own, or on that one. Throws {@link ConsensusError} `invalid-config` for
 * more threads than there may be.
 */
export function verifierOf(threadCount: number, { random, threads }: VerifierParts): VerifyEncoded {
  if (threadCount > VERIFIER_THREADS_MAX) {
    throw new ConsensusError("invalid-config", `An enclave verifies on at most ${VERIFIER_THREADS_MAX} threads.`);
  }
  if (threadCount === 0 || threads === undefined) {
    return async (txs, context) =>
      verifyBatch(
        txs.map((tx) => ({ tx, context })),
        random,
      ).map((answer) => answer ?? UNANSWERED);
  }
  const pool = new VerifierPool({ threads: threadCount }, { spawn: helperThreads(threads) });
  return async (txs, context) => {
    try {
      return await pool.verify(txs, context);
    } catch (error) {
      if (!(error instanceof VerifierError) || error.code !== "thread-failed" || txs.length === 1) throw error;
      // One of them ends the thread that it is verified on, and must not take the others' verdicts with it.
      return Promise.all(txs.map((tx) => pool.verify([tx], context).then(([answer]) => answer ?? UNANSWERED, refuse)));
    }
  };
}

/** What a transaction is told that no thread survives. */
const UNANSWERED = { code: "ledger", detail: undefined } as const;

function refuse(error: unknown): typeof UNANSWERED {
  if (error instanceof VerifierError && error.code === "thread-failed") return UNANSWERED;
  throw error;
}
