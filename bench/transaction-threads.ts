// How much faster two verifier threads are than one: the same pool, the same block of transactions in their wire encoding,
// the sides in turn.
import { encodeMembershipProof, encodeTx, type Tx } from "@fogbow/core-transaction";
import { type VerificationContext, workerPool } from "@fogbow/verifier-enclave";
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

/** Milliseconds a transaction on two threads; the peer is one thread. Some half a minute. */
export async function verificationOnThreads({ txs, context, rootProof }: PoolTask): Promise<Figure> {
  const encoded = txs.map((tx) => encodeTx(tx));
  const whole: VerificationContext = { ...context, rootProofs: [encodeMembershipProof(rootProof)] };
  const [one, two] = [1, 2].map((threads) => ({ pool: workerPool({ threads }), times: [] as number[] }));
  if (one === undefined || two === undefined) throw new Error("There are two pools.");
  try {
    for (let turn = -WARM_UP_TURNS; turn < TURNS; turn++) {
      for (const { pool, times } of [one, two]) {
        const start = performance.now();
        const answers = await pool.verify(encoded, whole);
        const milliseconds = performance.now() - start;
        if (answers.some(({ code }) => code !== "ok")) throw new Error("A valid transaction is refused.");
        if (turn >= 0) times.push(milliseconds / encoded.length);
      }
    }
  } finally {
    await Promise.all([one, two].map(({ pool }) => pool.close()));
  }
  const peer = summary("one thread", "ms", one.times);
  const figure = summary("transaction-verify-100-two-threads", "ms", two.times);
  return {
    ...figure,
    peer: "one thread of the same pool",
    peerP50: peer.p50,
    ratio: Number((peer.p50 / figure.p50).toPrecision(4)),
  };
}
