// A verifier thread that is a worker thread of Node.
import { Worker } from "node:worker_threads";
import type { Batch, BatchAnswers, SpawnVerifierThread } from "./thread.ts";

/**
 * Where a thread makes its objects, in MiB: two halves of 4 and as much for large ones. Hardly anything of a transaction
 * outlives it, and so little stays in the processor's own cache: with more room, two threads get in each other's way.
 */
const YOUNG_GENERATION_MIB = 12;

/** Starts a worker thread, which loads its own kernel: some 100 MB once it has verified a batch. */
export const spawnWorkerThread: SpawnVerifierThread = ({ onAnswers, onFailure }) => {
  const worker = new Worker(new URL("../dist/worker.js", import.meta.url), {
    stdin: false,
    resourceLimits: { maxYoungGenerationSizeMb: YOUNG_GENERATION_MIB },
  });
  let isOver = false;
  const fail = (cause: unknown): void => {
    if (isOver) return;
    isOver = true;
    onFailure(cause);
  };
  worker.on("message", (answers: BatchAnswers) => {
    worker.unref(); // An idle thread keeps no process alive.
    onAnswers(answers);
  });
  worker.on("error", fail);
  worker.on("messageerror", fail);
  worker.on("exit", (code) => fail(new Error(`The thread ended with code ${code}.`)));
  return {
    verify: (batch: Batch) => {
      worker.ref();
      worker.postMessage(batch);
    },
    terminate: () => {
      isOver = true;
      return worker.terminate();
    },
  };
};
