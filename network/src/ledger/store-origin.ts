// Making a ledger with its first block, so that a block that is refused leaves no empty ledger behind.
import type { BlockData } from "@fogbow/core-block";
import { createLedger, type LmdbLedger, MemoryLedger } from "@fogbow/ledger-db";

/** Makes a ledger in a directory with this origin block, and leaves it open. Throws as `createLedger` and `append` do. */
export function storeOrigin(directory: string, origin: BlockData): LmdbLedger {
  new MemoryLedger().append(origin); // The same rules, with nothing on the disk.
  const ledger = createLedger(directory);
  try {
    ledger.append(origin);
    return ledger;
  } catch (error) {
    void ledger.close();
    throw error;
  }
}
