// A verifier thread that is a worker thread of Node.
import { Worker } from "node:worker_threads";
import type { Batch, BatchAnswers, SpawnVerifierThread } from "./thread.ts";

/**
 * Where a thread makes its objects, in MiB: two halves of 32 and as much for large ones. Hardly anything of a transaction
 * outlives it, so with twice the room there is half as often something to collect, by threads of the engine that take
 * their time from the other verifiers.
 */
const YOUNG_GENERATION_MIB = 96;

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
