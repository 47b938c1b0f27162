// The order of outputs, rings and inputs in a transaction (spec 02 §5.3): ascending by public key, byte by byte.
import type { TxOut } from "../output/tx-out.ts";
import { compareBytes } from "../validation/compare-bytes.ts";

/** Compares outputs by their public keys, for sorting. */
export function byPublicKey(a: TxOut, b: TxOut): number {
  return compareBytes(a.publicKey, b.publicKey);
}
