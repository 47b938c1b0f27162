// A monotonic counter in a file: as strong as the file, which its host can put back. It says so.
import { CodedError, fromUtf8, U64_MAX, utf8 } from "@fogbow/core-bytes";
import type { MonotonicCounter } from "../enclave.ts";
import { RuntimeError } from "../error.ts";

/** The bytes of one small file, read and replaced as a whole. */
export interface SmallFile {
  /** Undefined when there is no file yet. */
  read(): Uint8Array | undefined;
  /** Replaces the content, which is durable when it returns. */
  write(content: Uint8Array): void;
}

/** Counts in a file, in decimal. Its strength is `none`: a host that restores the file is not noticed. */
export function fileCounter(file: SmallFile): MonotonicCounter {
  const read = (): bigint => {
    const text = guarded(() => {
      const content = file.read();
      return content === undefined ? "0" : fromUtf8(content).trimEnd();
    });
    const value = /^(?:0|[1-9][0-9]{0,19})$/.test(text) ? BigInt(text) : undefined;
    if (value === undefined || value > U64_MAX) throw unavailable("holds no number of 64 bits");
    return value;
  };
  return {
    strength: "none",
    read,
    increment: () => {
      const value = read() + 1n;
      if (value > U64_MAX) throw unavailable("is at its end");
      guarded(() => file.write(utf8(`${value}\n`)));
      return value;
    },
  };
}

function guarded<T>(body: () => T): T {
  try {
    return body();
  } catch (cause) {
    throw unavailable(cause instanceof CodedError ? "holds no text" : "cannot be read or written", { cause });
  }
}

function unavailable(problem: string, options?: ErrorOptions): RuntimeError {
  return new RuntimeError("counter-unavailable", `The counter's file ${problem}.`, options);
}
