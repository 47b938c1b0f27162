// Makes a snapshot of a ledger that keeps everything, as it was at a checkpoint.
import {
  blockToWire,
  checkpointDigest,
  encodeSnapshotRecord,
  LedgerSummary,
  nonceElement,
  type SignedCheckpoint,
  SortedKeyImages,
  signedCheckpointToWire,
} from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { encodeActiveMintConfigs, txOutToWire } from "@fogbow/core-transaction";
import { corruptLedger, LedgerError } from "../error.ts";
import type { LedgerReader } from "../ledger.ts";

/** Outputs, and key images, in one record. */
const TX_OUTS_PER_RECORD = 1_000;
const KEY_IMAGES_PER_RECORD = 10_000;

/**
 * The records of a snapshot, encoded. The whole chain up to the checkpoint is read first, and added up: nothing is given of a
 * ledger that the checkpoint is not of. Throws `snapshot-mismatch`, `corrupt-ledger`.
 */
export function* exportSnapshot(
  ledger: LedgerReader,
  { checkpoint, signatures }: SignedCheckpoint,
): Generator<Uint8Array, void, undefined> {
  const summary = LedgerSummary.empty();
  const keyImages: Uint8Array[] = [];
  const mintNonces: Uint8Array[] = [];
  const mintConfigNonces: Uint8Array[] = [];
  for (let index = 0n; index <= checkpoint.height; index++) {
    const data = ledger.blockData(index);
    if (data === undefined) throw mismatch(`the ledger has no block ${index}`);
    summary.append(data);
    const { mintTxs, validatedMintConfigTxs } = data.contents;
    keyImages.push(...data.contents.keyImages);
    mintNonces.push(...mintTxs.map(({ prefix }) => nonceElement(prefix)));
    mintConfigNonces.push(...validatedMintConfigTxs.map(({ mintConfigTx }) => nonceElement(mintConfigTx.prefix)));
  }
  const { block, txOuts } = summary;
  keyImages.sort(Buffer.compare);
  const sorted = SortedKeyImages.of(keyImages);
  if (block === undefined || !equalBytes(checkpointDigest(summary.checkpoint(sorted)), checkpointDigest(checkpoint))) {
    throw mismatch("the ledger is not the one of the checkpoint");
  }
  const signed = signedCheckpointToWire({ checkpoint, signatures });
  yield encodeSnapshotRecord({ record: { case: "head", value: { signed, block: blockToWire(block) } } });
  for (const [first, last] of ranges(Number(txOuts), TX_OUTS_PER_RECORD)) {
    const outputs = Array.from({ length: last - first }, (_, i) => {
      const txOut = ledger.txOut(BigInt(first + i));
      if (txOut === undefined) throw corruptLedger(checkpoint.height, `output ${first + i} is missing`);
      return txOutToWire(txOut);
    });
    yield encodeSnapshotRecord({ record: { case: "txOuts", value: { txOuts: outputs } } });
  }
  for (const [first, last] of ranges(keyImages.length, KEY_IMAGES_PER_RECORD)) {
    yield encodeSnapshotRecord({ record: { case: "keyImages", value: { keyImages: keyImages.slice(first, last) } } });
  }
  const activeMintConfigs = summary.activeMintConfigs().map(encodeActiveMintConfigs);
  yield encodeSnapshotRecord({
    record: { case: "minting", value: { activeMintConfigs, mintNonces, mintConfigNonces } },
  });
  yield encodeSnapshotRecord({ record: { case: "end", value: {} } });
}

function* ranges(count: number, size: number): Generator<readonly [first: number, last: number]> {
  for (let first = 0; first < count; first += size) yield [first, Math.min(count, first + size)];
}

function mismatch(what: string): LedgerError {
  return new LedgerError("snapshot-mismatch", `No snapshot can be made: ${what}.`);
}
