// Opening a ledger for a command that only reads.
import { type LmdbLedger, openLedger } from "@fogbow/ledger-db";

/** Opens the ledger read-only, uses it, closes it. Rejects as `openLedger` and the use do. */
export async function reading<Result>(
  directory: string,
  use: (ledger: LmdbLedger) => Result | Promise<Result>,
): Promise<Result> {
  const ledger = openLedger(directory, { readOnly: true });
  try {
    return await use(ledger);
  } finally {
    await ledger.close();
  }
}
