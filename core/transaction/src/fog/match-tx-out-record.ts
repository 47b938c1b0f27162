// The owner's side of a Fog record: rebuild the output and check that it is one's own (spec 01 §9.3).
import { crc32 } from "@fogbow/core-bytes";
import { type MaskedAmount, openMaskedFields } from "../output/masked-amount.ts";
import { type OwnedTxOut, readTxOut, type TxOutReader } from "../output/open-tx-out.ts";
import { FOG_HINT_BYTES, fogHint, type TxOut } from "../output/tx-out.ts";
import type { TxOutRecord } from "./tx-out-record.ts";

/** An output of one's own, rebuilt from its record. */
export interface MatchedTxOut extends OwnedTxOut {
  /**
   * The output with a **zero hint**, which the record does not keep. Its hash is therefore wrong: fetch the ledger's
   * output, with its proof, before putting it into a ring.
   */
  readonly txOut: TxOut;
}

/**
 * Rebuilds the output of a record. Undefined when it is not ours: a key is not a point, or the recomputed commitment
 * has another checksum.
 */
export function matchTxOutRecord(record: TxOutRecord, reader: TxOutReader): MatchedTxOut | undefined {
  let maskedAmount: MaskedAmount | undefined;
  const owned = readTxOut(record, reader, (sharedSecret) => {
    const { unmasked, commitment } = openMaskedFields(record.maskedAmount, sharedSecret);
    if (crc32(commitment) !== record.commitmentCrc32) {
      unmasked.blinding.wipe();
      return undefined;
    }
    maskedAmount = { ...record.maskedAmount, commitment };
    return unmasked;
  });
  if (owned === undefined || maskedAmount === undefined) {
    return undefined;
  }
  const { targetKey, publicKey, encryptedMemo } = record;
  const encryptedFogHint = fogHint(new Uint8Array(FOG_HINT_BYTES));
  return { ...owned, txOut: { maskedAmount, targetKey, publicKey, encryptedFogHint, encryptedMemo } };
}
