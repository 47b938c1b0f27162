// Threads of an enclave's own code. What crosses between them is bytes, and every thread evaluates the measured module anew.
import type { Random } from "@fogbow/core-bytes";
import type { BundleFiles } from "../bundle/bundle.ts";
import type { EnclaveThread, Threads } from "../enclave.ts";
import { RuntimeError } from "../error.ts";
import { copyOut, startHelperInRealm } from "../realm/realm.ts";

/** Threads of one enclave at one time. */
const THREADS_MAX = 64;

/** Starts a thread for the helper of these files, which were measured. */
export type SpawnThread = (files: BundleFiles, random: Random) => EnclaveThread;

/** Threads, of which there are never more than the bound. */
export function boundThreads(spawn: () => EnclaveThread): Threads {
  const running = new Set<EnclaveThread>();
  return {
    spawn: () => {
      if (running.size >= THREADS_MAX) {
        throw new RuntimeError("too-many-threads", `An enclave has at most ${THREADS_MAX} threads.`);
      }
      const thread = spawn();
      running.add(thread);
      return {
        call: (input) => thread.call(input),
        close: () => {
          running.delete(thread);
          thread.close();
        },
      };
    },
  };
}

/** The helper in the caller's own thread: for an enclave that runs there itself. */
export const spawnHere: SpawnThread = (files, random) => {
  let helper: ((input: Uint8Array) => Uint8Array) | undefined;
  let isClosed = false;
  return {
    call: async (input) => {
      if (isClosed) throw threadEnded("it was closed");
      helper ??= startHelperInRealm(files, random);
      return runHelper(helper, input);
    },
    close: () => {
      isClosed = true;
    },
  };
};

/** One answer of a helper. Throws {@link RuntimeError} `helper-failed`, which tells nothing of what it worked on. */
export function runHelper(helper: (input: Uint8Array) => Uint8Array, input: Uint8Array): Uint8Array<ArrayBuffer> {
  let output: Uint8Array<ArrayBuffer> | undefined;
  try {
    output = copyOut(helper(input));
  } catch {
    // Enclave code's own words: they may tell what the host must not know.
  } finally {
    input.fill(0);
  }
  if (output === undefined) throw helperFailed();
  return output;
}

/** A helper failed, and nothing is said of how. */
export function helperFailed(): RuntimeError {
  return new RuntimeError("helper-failed", "The helper of the enclave failed.");
}

/** A thread is gone. */
export function threadEnded(detail: string): RuntimeError {
  return new RuntimeError("thread-ended", `A thread of the enclave is gone: ${detail}.`);
}
