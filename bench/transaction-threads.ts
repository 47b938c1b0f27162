// How much faster two verifier threads are than one: the same pool, the same block of transactions in their wire encoding,
// the sides in turn. What a second processor is worth differs between machines, and on shared ones between minutes: so two
// processes that share nothing verify the same block in the same turns, half of it each, and show what can be had.
import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { encodeMembershipProof, encodeTx, type Tx } from "@fogbow/core-transaction";
import {
  type VerificationContext,
  type VerificationRequest,
  type VerifierPool,
  workerPool,
} from "@fogbow/verifier-enclave";
import { type Figure, summary } from "./measure.ts";

const TURNS = 40;
/** Until the engine has compiled at its best tier all that a thread runs, which it does beside the thread. */
const WARM_UP_TURNS = 30;

/** What the transactions are validated against. */
export interface PoolTask {
  readonly txs: readonly Tx[];
  readonly context: Omit<VerificationContext, "rootProofs">;
  readonly rootProof: Parameters<typeof encodeMembershipProof>[0];
}

/** Milliseconds a transaction on two threads, and by two processes. About a minute and a half. */
export async function verificationOnThreads({ txs, context, rootProof }: PoolTask): Promise<[Figure, Figure]> {
  const encoded = txs.map((tx) => encodeTx(tx));
  const whole: VerificationContext = { ...context, rootProofs: [encodeMembershipProof(rootProof)] };
  const pools = [workerPool({ threads: 1 }), workerPool({ threads: 2 })] as const;
  const processes = [verifyingProcess(), verifyingProcess()] as const;
  const verify = async (pool: VerifierPool): Promise<void> => {
    const answers = await pool.verify(encoded, whole);
    if (answers.some(({ code }) => code !== "ok")) throw new Error("A valid transaction is refused.");
  };
  try {
    await Promise.all(
      processes.map((child) =>
        ask(
          child,
          encoded.map((tx) => ({ tx, context: whole })),
        ),
      ),
    );
    const half = encoded.length / 2;
    const [oneThread, twoThreads, oneProcess, twoProcesses] = await inTurns([
      () => verify(pools[0]),
      () => verify(pools[1]),
      () => ask(processes[0], encoded.length),
      () => Promise.all(processes.map((child) => ask(child, half))),
    ]);
    const perTx = (times: readonly number[] = []): number[] =>
      times.map((milliseconds) => milliseconds / encoded.length);
    return [
      summary("transaction-verify-100-two-threads", "ms", perTx(twoThreads), {
        name: "one thread of the same pool",
        times: perTx(oneThread),
      }),
      summary("transaction-verify-100-two-processes", "ms", perTx(twoProcesses), {
        name: "one of these processes",
        times: perTx(oneProcess),
      }),
    ];
  } finally {
    await Promise.all([...pools.map((pool) => pool.close()), ...processes.map((child) => child.kill())]);
  }
}

/** Milliseconds of each side, warmed up. */
async function inTurns(sides: readonly (() => Promise<unknown>)[]): Promise<number[][]> {
  const times = sides.map((): number[] => []);
  for (let turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
    for (const [i, run] of sides.entries()) {
      const start = performance.now();
      await run();
      if (turn >= 0) times[i]?.push(performance.now() - start);
    }
  }
  return times;
}

const verifyingProcess = (): ChildProcess =>
  fork(new URL("./verifying-process.ts", import.meta.url), { serialization: "advanced" });

/** Resolves when the process has answered. */
async function ask(child: ChildProcess, message: readonly VerificationRequest[] | number): Promise<void> {
  const over = new AbortController();
  child.send(message as Parameters<ChildProcess["send"]>[0]); // Numbers and plain objects.
  const [answer] = await Promise.race([
    once(child, "message", { signal: over.signal }),
    once(child, "exit", { signal: over.signal }),
  ]).finally(() => over.abort());
  if (answer !== "done") throw new Error("A verifying process ended without an answer.");
}
