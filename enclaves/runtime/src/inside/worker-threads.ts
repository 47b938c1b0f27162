// Threads of an enclave as worker threads of Node. They run the launcher, which is measured as the enclave's own process is,
// and are given the files that were measured, not a folder whose files could have changed since.
import { randomFillSync } from "node:crypto";
import { type MessagePort, Worker } from "node:worker_threads";
import type { BundleFiles } from "../bundle/bundle.ts";
import { startHelperInRealm } from "../realm/realm.ts";
import { keepHeapClean } from "./heap-cleaner.ts";
import { helperFailed, runHelper, type SpawnThread, threadEnded } from "./threads.ts";

/** What such a thread is told. */
export interface HelperOptions {
  readonly helperOf: BundleFiles;
  /** Milliseconds after which the thread's heap is cleaned, again and again; never unless given. */
  readonly cleanHeapMs?: number | undefined;
}

/** Megabytes of JavaScript heap that a thread may fill before it is ended. */
const THREAD_HEAP_MEGABYTES_MAX = 512;

/**
 * Megabytes in which a thread makes its objects. What computes on batches hardly keeps any of them: with more room there is
 * less often something to collect.
 */
const YOUNG_GENERATION_MEGABYTES = 96;

/** What a thread answers: bytes, or that the helper failed. */
type Answer = Uint8Array<ArrayBuffer> | "failed";

/** Starts threads that run the launcher at this place. */
export function workerThreads(launcher: URL, { cleanHeapMs }: Pick<HelperOptions, "cleanHeapMs"> = {}): SpawnThread {
  return (files) => {
    const workerData: HelperOptions = { helperOf: files, cleanHeapMs };
    const resourceLimits = {
      maxOldGenerationSizeMb: THREAD_HEAP_MEGABYTES_MAX,
      maxYoungGenerationSizeMb: YOUNG_GENERATION_MEGABYTES,
    };
    const worker = new Worker(launcher, { workerData, env: {}, argv: [], execArgv: [], resourceLimits });
    worker.unref(); // The enclave lives for its host, not for its threads.
    const waiting: { resolve: (output: Uint8Array) => void; reject: (error: Error) => void }[] = [];
    let ended: Error | undefined;
    const end = (detail: string): void => {
      ended ??= threadEnded(detail);
      for (const { reject } of waiting.splice(0)) reject(ended);
    };
    worker.on("message", (answer: Answer) => {
      const { resolve, reject } = waiting.shift() ?? {};
      if (answer === "failed") reject?.(helperFailed());
      else resolve?.(answer);
    });
    worker.on("error", (error: Error) => end(error.message));
    worker.on("exit", (code) => end(`it ended with code ${code}`));
    return {
      call: (input) =>
        new Promise((resolve, reject) => {
          if (ended !== undefined) throw ended;
          waiting.push({ resolve, reject });
          worker.postMessage(input, [input.buffer as ArrayBuffer]); // A copy of its own, which leaves this thread.
        }),
      close: () => {
        end("it was closed");
        void worker.terminate();
      },
    };
  };
}

/** Serves as such a thread. */
export function serveHelper(port: MessagePort, { helperOf, cleanHeapMs }: HelperOptions): void {
  if (cleanHeapMs !== undefined) keepHeapClean(cleanHeapMs);
  const helper = startHelperInRealm(helperOf, (length) => randomFillSync(new Uint8Array(length)));
  port.on("message", (input: Uint8Array) => {
    try {
      const output = runHelper(helper, input);
      port.postMessage(output, [output.buffer]);
    } catch {
      port.postMessage("failed");
    }
  });
}
