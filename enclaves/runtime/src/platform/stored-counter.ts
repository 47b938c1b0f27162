// The counter of a platform that has none of its own: a file, if the operator names one.
import type { MonotonicCounter } from "../enclave.ts";
import { RuntimeError } from "../error.ts";
import { fileCounter } from "../sealing/counter.ts";
import type { FileOperations } from "./file-operations.ts";
import { systemCode } from "./system-error.ts";

/** Counts in the file, whose strength is `none`; without a path every use throws `counter-unavailable`. */
export function storedCounter(path: string | undefined, files: FileOperations): MonotonicCounter {
  if (path === undefined) {
    const refuse = (): never => {
      throw new RuntimeError("counter-unavailable", "The platform was given no file to count in.");
    };
    return { strength: "none", read: refuse, increment: refuse };
  }
  return fileCounter({
    read: () => readIfThere(path, files),
    write: (content) => files.replaceFileSync(path, content),
  });
}

/** The file's bytes; undefined when there is none. */
export function readIfThere(path: string, files: FileOperations): Uint8Array | undefined {
  try {
    return files.readFileSync(path);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}
