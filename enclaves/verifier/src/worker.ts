// The program of a verifier thread: a batch in, its answers out.
import { randomBytes } from "node:crypto";
import { parentPort } from "node:worker_threads";
import type { Batch } from "./thread.ts";
import { verifyBatch } from "./verify-batch.ts";

parentPort?.on("message", ({ requests, cancelled }: Batch) => {
  parentPort?.postMessage(verifyBatch(requests, randomBytes, (index) => Atomics.load(cancelled, index) !== 0));
});
