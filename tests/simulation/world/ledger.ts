// A machine's ledger: memory that outlives the processes that use it, up to the last block that was appended whole.
import type { BlockData } from "@fogbow/core-block";
import { type Ledger, LedgerError, type MemoryLedger } from "@fogbow/ledger-db";
import { ProcessKilled, type SimulatedProcess } from "../engine/process.ts";

/** What happens to an append. */
export type AppendFault =
  | "none"
  | "crash-before" // The process dies, and the block is not there.
  | "crash-after" // The process dies, and the block is there.
  | "full"; // The disk is full.

/** What the ledger tells of itself. */
export interface LedgerHooks {
  /** Decides before each block. */
  readonly fault: (data: BlockData) => AppendFault;
  /** The process dies now. */
  readonly kill: () => void;
  /** A block is in the ledger. */
  readonly appended: (data: BlockData) => void;
}

/** The ledger as one process sees it. */
export function ledgerOf(memory: MemoryLedger, process: SimulatedProcess, hooks: LedgerHooks): Ledger {
  const append = (data: BlockData): void => {
    if (!process.isAlive) throw new ProcessKilled();
    const fault = hooks.fault(data);
    if (fault === "full") throw new LedgerError("storage-failure", "The disk is full.");
    if (fault === "crash-before") {
      hooks.kill();
      throw new ProcessKilled();
    }
    memory.append(data);
    hooks.appended(data);
    if (fault === "crash-after") {
      hooks.kill();
      throw new ProcessKilled();
    }
  };
  const bound = new Map<string | symbol, unknown>([
    ["append", append],
    ["close", async () => undefined],
  ]);
  return new Proxy(memory, {
    get: (target, name) => {
      const found = bound.get(name);
      if (found !== undefined) return found;
      const value: unknown = Reflect.get(target, name, target);
      const result = typeof value === "function" ? value.bind(target) : value;
      bound.set(name, result);
      return result;
    },
  });
}
