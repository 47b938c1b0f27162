// A pool whose threads are worker threads of Node: for whoever verifies outside of an enclave.
import { availableParallelism } from "node:os";
import { VerifierPool, type VerifierPoolOptions } from "./verifier-pool.ts";
import { spawnWorkerThread } from "./worker-thread.ts";

/** A pool of worker threads: as many as the machine has processors, unless given. */
export function workerPool(options: Partial<VerifierPoolOptions> = {}): VerifierPool {
  return new VerifierPool({ threads: availableParallelism(), ...options }, { spawn: spawnWorkerThread });
}
