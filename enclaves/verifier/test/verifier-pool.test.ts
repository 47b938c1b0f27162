// Tests of the pool's promises, with threads that a test drives by hand.
import { afterEach, describe, expect, test } from "vitest";
import {
  type Batch,
  type BatchAnswers,
  type SpawnVerifierThread,
  type VerificationAnswer,
  type VerificationContext,
  VerifierPool,
  type VerifierPoolOptions,
  type VerifierThreadEvents,
} from "../src/index.ts";
import { BATCH_BYTES_MAX, BATCH_TRANSACTIONS_MAX, QUEUE_BYTES_MAX, THREAD_FAILURES_MAX } from "../src/limits.ts";

const CONTEXT: VerificationContext = { blockVersion: 4, currentIndex: 1n, minimumFees: [[0n, 128n]], rootProofs: [] };

/** A thread that does nothing by itself. */
interface Puppet extends VerifierThreadEvents {
  /** The batch in hand. */
  batch: Batch | undefined;
  isTerminated: boolean;
}

const pools: VerifierPool[] = [];
afterEach(async () => {
  await Promise.all(pools.splice(0).map((pool) => pool.close()));
});

function poolOfPuppets(options: VerifierPoolOptions): { pool: VerifierPool; puppets: Puppet[] } {
  const puppets: Puppet[] = [];
  const spawn: SpawnVerifierThread = (events) => {
    const puppet: Puppet = { ...events, batch: undefined, isTerminated: false };
    puppets.push(puppet);
    return {
      verify: (batch) => {
        if (puppet.batch !== undefined) throw new Error("A thread gets one batch at a time.");
        puppet.batch = batch;
      },
      terminate: async () => {
        puppet.isTerminated = true;
      },
    };
  };
  const pool = new VerifierPool(options, { spawn });
  pools.push(pool);
  return { pool, puppets };
}

/** Transactions of one byte, which tells them apart. */
const txs = (...names: number[]): Uint8Array[] => names.map((name) => Uint8Array.of(name));
const namesOf = (batch: Batch | undefined): (number | undefined)[] => (batch?.requests ?? []).map(({ tx }) => tx[0]);
const answerTo = (name: number | undefined): VerificationAnswer => ({ code: "malformed", detail: `${name}` });

/** Lets a puppet answer its batch. */
function answer(puppet: Puppet | undefined): void {
  const { batch } = puppet ?? {};
  if (puppet === undefined || batch === undefined) throw new Error("The thread has nothing to answer.");
  puppet.batch = undefined;
  const answers: BatchAnswers = batch.requests.map(({ tx }, i) => (batch.cancelled[i] ? undefined : answerTo(tx[0])));
  puppet.onAnswers(answers);
}

function fail(puppet: Puppet | undefined): void {
  if (puppet === undefined) throw new Error("There is no such thread.");
  puppet.batch = undefined;
  puppet.onFailure(new Error("It fell over."));
}

const codeOf = async (call: Promise<unknown>): Promise<unknown> => {
  try {
    await call;
    return undefined;
  } catch (error) {
    return (error as { readonly code?: unknown }).code; // What was thrown, whatever it is.
  }
};

describe("sharing", () => {
  test("a call is spread evenly over all threads and answered in order", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 2 });
    const call = pool.verify(txs(1, 2, 3, 4, 5), CONTEXT);
    expect(puppets.map(({ batch }) => namesOf(batch))).toEqual([
      [1, 2, 3],
      [4, 5],
    ]);
    answer(puppets[1]);
    answer(puppets[0]);
    expect(await call).toEqual([1, 2, 3, 4, 5].map(answerTo));
  });

  test("no thread is started before there is something to do, and never more than allowed", () => {
    const { pool, puppets } = poolOfPuppets({ threads: 2 });
    expect(puppets).toHaveLength(0);
    void codeOf(pool.verify(txs(1), CONTEXT));
    expect(puppets).toHaveLength(1);
    void codeOf(pool.verify(txs(2), CONTEXT));
    void codeOf(pool.verify(txs(3), CONTEXT));
    expect(puppets).toHaveLength(2);
    expect(pool.queued).toBe(1);
  });

  test("what waits for a busy thread becomes one batch, of several calls", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    const calls = [1, 2, 3].map((name) => pool.verify(txs(name), CONTEXT));
    expect(namesOf(puppets[0]?.batch)).toEqual([1]);
    answer(puppets[0]);
    expect(namesOf(puppets[0]?.batch)).toEqual([2, 3]);
    answer(puppets[0]);
    expect(await Promise.all(calls)).toEqual([1, 2, 3].map((name) => [answerTo(name)]));
  });

  test("a batch is bounded in transactions and in bytes", () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    void codeOf(pool.verify(txs(...Array.from({ length: BATCH_TRANSACTIONS_MAX + 1 }, () => 1)), CONTEXT));
    expect(puppets[0]?.batch?.requests).toHaveLength(BATCH_TRANSACTIONS_MAX);
    const large = poolOfPuppets({ threads: 1 });
    const third = BATCH_BYTES_MAX / 2;
    void codeOf(
      large.pool.verify(
        [1, 2, 3].map(() => new Uint8Array(third)),
        CONTEXT,
      ),
    );
    expect(large.puppets[0]?.batch?.requests).toHaveLength(2);
    answer(large.puppets[0]);
    void codeOf(large.pool.verify([new Uint8Array(BATCH_BYTES_MAX + 1)], CONTEXT));
    answer(large.puppets[0]);
    expect(large.puppets[0]?.batch?.requests).toHaveLength(1);
  });

  test("a transaction that its owner changes afterwards is verified as it was given", () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    const [tx = new Uint8Array(0)] = txs(7);
    const proof = Uint8Array.of(1);
    const fee: [bigint, bigint] = [0n, 128n];
    void codeOf(pool.verify([tx], { ...CONTEXT, rootProofs: [proof], minimumFees: [fee] }));
    fee[1] = 0n;
    tx.fill(0);
    proof.fill(0);
    expect(namesOf(puppets[0]?.batch)).toEqual([7]);
    expect(puppets[0]?.batch?.requests[0]?.context).toEqual({ ...CONTEXT, rootProofs: [Uint8Array.of(1)] });
  });

  test("no transactions need no thread", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    expect(await pool.verify([], CONTEXT)).toEqual([]);
    expect(puppets).toHaveLength(0);
  });
});

describe("back-pressure", () => {
  test("a call that does not fit is refused whole and at once, and what waits is not touched", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1, queueTransactionsMax: 3 });
    const first = pool.verify(txs(1, 2, 3), CONTEXT);
    answer(puppets[0]); // All three, as one thread takes all.
    const second = [pool.verify(txs(4), CONTEXT), pool.verify(txs(5, 6), CONTEXT)];
    expect(await codeOf(pool.verify(txs(7, 8), CONTEXT))).toBe("queue-full");
    expect(pool.queued).toBe(2);
    answer(puppets[0]);
    answer(puppets[0]);
    expect([await first, ...(await Promise.all(second))].flat()).toEqual([1, 2, 3, 4, 5, 6].map(answerTo));
  });

  test("the bytes that wait are bounded too", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    void codeOf(pool.verify(txs(1), CONTEXT));
    void codeOf(pool.verify([new Uint8Array(QUEUE_BYTES_MAX - 1)], CONTEXT));
    expect(await codeOf(pool.verify(txs(1, 2), CONTEXT))).toBe("queue-full");
    answer(puppets[0]);
    expect(await Promise.race([codeOf(pool.verify(txs(1, 2), CONTEXT)), "taken"])).toBe("taken");
  });

  test("the proofs of a context count, and room is announced in bytes too", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    void codeOf(pool.verify(txs(1), CONTEXT));
    const large = { ...CONTEXT, rootProofs: [new Uint8Array(QUEUE_BYTES_MAX - 3)] };
    void codeOf(pool.verify(txs(1, 2), large));
    expect(await codeOf(pool.verify(txs(1, 2), CONTEXT))).toBe("queue-full");
    let isThereRoom = false;
    const room = pool.room().then(() => {
      isThereRoom = true;
    });
    await Promise.resolve();
    expect(isThereRoom).toBe(false);
    answer(puppets[0]);
    await room;
  });

  test("room is announced when half of the queue is free", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1, queueTransactionsMax: 4 });
    await pool.room();
    void codeOf(pool.verify(txs(1), CONTEXT));
    void codeOf(pool.verify(txs(2, 3, 4), CONTEXT));
    let isThereRoom = false;
    const room = pool.room().then(() => {
      isThereRoom = true;
    });
    await Promise.resolve();
    expect(isThereRoom).toBe(false);
    answer(puppets[0]);
    await room;
  });
});

describe("cancellation", () => {
  test("takes a call out of the queue, and marks what a thread has in hand", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    const controller = new AbortController();
    const { signal } = controller;
    const blocking = pool.verify(txs(1), CONTEXT);
    const [unwanted, wanted] = [pool.verify(txs(2), CONTEXT, { signal }), pool.verify(txs(3), CONTEXT)];
    answer(puppets[0]);
    const late = pool.verify(txs(4), CONTEXT, { signal });
    expect(namesOf(puppets[0]?.batch)).toEqual([2, 3]);
    controller.abort();
    expect([...(puppets[0]?.batch?.cancelled ?? [])]).toEqual([1, 0]);
    expect(pool.queued).toBe(0);
    expect(await codeOf(pool.verify(txs(5), CONTEXT, { signal }))).toBe("cancelled");
    answer(puppets[0]);
    expect(await Promise.all([unwanted, late].map(codeOf))).toEqual(["cancelled", "cancelled"]);
    expect([await blocking, await wanted]).toEqual([[answerTo(1)], [answerTo(3)]]);
  });

  test("a signal that is aborted already takes no place in the queue", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    expect(await codeOf(pool.verify(txs(1), CONTEXT, { signal: AbortSignal.abort() }))).toBe("cancelled");
    expect(puppets).toHaveLength(0);
  });
});

describe("failing threads", () => {
  test("a thread that dies is replaced, and only the transaction it always dies of goes without an answer", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    const blocking = pool.verify(txs(0), CONTEXT);
    const calls = [1, 2, 3].map((name) => pool.verify(txs(name), CONTEXT));
    answer(puppets[0]);
    expect(namesOf(puppets[0]?.batch)).toEqual([1, 2, 3]);
    fail(puppets[0]);
    for (let turn = 0; turn < 3; turn++) {
      const puppet = puppets.findLast(({ batch }) => batch !== undefined);
      expect(puppet?.batch?.requests).toHaveLength(1);
      if (namesOf(puppet?.batch)[0] === 2) fail(puppet);
      else answer(puppet);
    }
    expect(await Promise.all(calls.map(codeOf))).toEqual([undefined, "thread-failed", undefined]);
    expect(await blocking).toEqual([answerTo(0)]);
    expect(puppets).toHaveLength(3);
  });

  test("when no thread lives, calls are refused instead of started for ever, and the next ones try again", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    const calls = Array.from({ length: 100 }, (_, i) => pool.verify(txs(i), CONTEXT));
    const outcomes = Promise.all(calls.map(codeOf));
    for (let i = 0; puppets[i]?.batch !== undefined; i++) fail(puppets[i]);
    expect(await outcomes).toEqual(calls.map(() => "thread-failed"));
    expect(puppets.length).toBeLessThanOrEqual(THREAD_FAILURES_MAX + 2);
    expect(pool.queued).toBe(0);
    const next = pool.verify(txs(7), CONTEXT);
    answer(puppets.at(-1));
    expect(await next).toEqual([answerTo(7)]);
  });

  test("a thread that answers something else than it was asked is replaced, and its batch verified again", async () => {
    const wrong: BatchAnswers[] = [[], [answerTo(1)], [answerTo(1), undefined], [1, 2, 3].map(answerTo)];
    for (const answers of wrong) {
      const { pool, puppets } = poolOfPuppets({ threads: 1 });
      const call = pool.verify(txs(1, 2), CONTEXT);
      puppets[0]?.onAnswers(answers);
      expect(puppets[0]?.isTerminated).toBe(true);
      answer(puppets[1]);
      answer(puppets[1]);
      expect(await call).toEqual([1, 2].map(answerTo));
    }
  });

  test("what a thread says after it was given up, or unasked, is not heard", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 1 });
    const call = pool.verify(txs(1), CONTEXT);
    fail(puppets[0]);
    puppets[0]?.onAnswers([answerTo(9)]);
    expect(await Promise.race([call, "waiting"])).toBe("waiting");
    puppets[0]?.onFailure(new Error("Twice."));
    expect(puppets).toHaveLength(2);
    answer(puppets[1]);
    expect(await call).toEqual([answerTo(1)]);
    puppets[1]?.onAnswers([answerTo(9)]);
    expect(puppets[1]?.isTerminated).toBe(true);
    const next = pool.verify(txs(2), CONTEXT);
    answer(puppets[2]);
    expect(await next).toEqual([answerTo(2)]);
  });

  test("a thread that cannot be started or given work is a failed thread, and no crash", async () => {
    const noThread: SpawnVerifierThread = () => {
      throw new Error("Out of memory.");
    };
    const deaf: SpawnVerifierThread = () => ({
      verify: () => {
        throw new Error("Not cloneable.");
      },
      terminate: () => Promise.reject(new Error("Not even that.")),
    });
    for (const spawn of [noThread, deaf]) {
      const pool = new VerifierPool({ threads: 2 }, { spawn });
      expect(await codeOf(pool.verify(txs(1, 2), CONTEXT))).toBe("thread-failed");
      expect(pool.queued).toBe(0);
      await pool.close();
    }
  });

  test("closing answers everyone and ends every thread", async () => {
    const { pool, puppets } = poolOfPuppets({ threads: 2 });
    const calls = [1, 2, 3].map((name) => pool.verify(txs(name), CONTEXT));
    const closing = pool.close();
    expect(await Promise.all(calls.map(codeOf))).toEqual(["closed", "closed", "closed"]);
    await closing;
    expect(puppets.map(({ isTerminated }) => isTerminated)).toEqual([true, true]);
    expect(pool.queued).toBe(0);
    for (const puppet of puppets) answer(puppet);
    expect(puppets).toHaveLength(2);
    expect(await codeOf(pool.verify(txs(4), CONTEXT))).toBe("closed");
    await pool.room();
  });
});
