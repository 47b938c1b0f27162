// Which output indexes a ledger has.
import { LedgerError } from "./error.ts";

/** Throws `tx-out-index-out-of-bounds` unless a ledger of `size` outputs has one with this index. */
export function assertTxOutIndex(index: bigint, size: bigint): void {
  if (index < 0n || index >= size) {
    throw new LedgerError("tx-out-index-out-of-bounds", `The ledger has ${size} outputs.`);
  }
}
