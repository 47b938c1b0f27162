// Makes a forgetting ledger of a snapshot: read once to be believed, and once more to be stored.
import { existsSync, renameSync, rmSync } from "node:fs";
import {
  type Ed25519Verifier,
  type QuorumSet,
  type SnapshotAddition,
  SnapshotReader,
  splitSnapshot,
  verifyCheckpointQuorum,
} from "@fogbow/core-block";
import { LedgerError } from "../error.ts";
import { createForgetLedger } from "../forget/forget-ledger.ts";
import type { SealedBlock } from "../forget/sealed-block.ts";
import { dataFileOf, hasData } from "../lmdb/data-file.ts";

/** What an enclave makes of a record of a snapshot. */
export interface LoadedRecords extends SealedBlock {
  readonly keyImageTags: readonly Uint8Array[];
}

/** What a snapshot is checked with. */
export interface VerifySnapshotParts {
  /** The file, from its beginning, each time it is called. */
  readonly open: () => AsyncIterable<Uint8Array>;
  /** Whom the node listens to: enough of them must have signed. */
  readonly quorumSet: QuorumSet;
  readonly verify?: Ed25519Verifier;
}

/** What a snapshot is loaded with. */
export interface LoadSnapshotParts extends VerifySnapshotParts {
  /** Has the enclave make of a record what may be stored (`load-snapshot`). */
  readonly load: (record: Uint8Array) => Promise<LoadedRecords>;
}

/**
 * Checks a snapshot from beginning to end: its signatures against the quorum set, and every digest against the ledger that it
 * holds. Rejects with BlockError `malformed-snapshot` and `snapshot-mismatch`, which name the record, and as
 * `verifyCheckpointQuorum` throws.
 */
export async function verifySnapshot(parts: VerifySnapshotParts): Promise<void> {
  for await (const _ of additionsOf(parts)) {
    // Taken.
  }
}

/**
 * Makes a forgetting ledger in a directory of a snapshot. Nothing is stored before all of it was checked, and the directory has
 * a ledger only once it is whole; what an attempt that was cut short has left, the next one removes. Open it with
 * `openForgetLedger`. Rejects as {@link verifySnapshot} does, with `ledger-exists`, `storage-failure`, and as `load` does.
 */
export async function loadSnapshot(directory: string, parts: LoadSnapshotParts): Promise<void> {
  if (hasData(dataFileOf(directory))) {
    throw new LedgerError("ledger-exists", `There is a ledger in ${directory} already.`);
  }
  await verifySnapshot(parts);
  const part = `${directory}.part`;
  rmSync(part, { recursive: true, force: true });
  const ledger = createForgetLedger(part);
  try {
    for await (const { record, addition, block } of additionsOf(parts)) {
      ledger.load(await parts.load(record), addition, block);
    }
  } finally {
    await ledger.close();
  }
  if (existsSync(directory)) rmSync(directory, { recursive: true });
  renameSync(part, directory);
}

/** What each record adds, the signatures being checked after the first and the digests after the last. */
async function* additionsOf({ open, quorumSet, verify }: VerifySnapshotParts): AsyncGenerator<{
  readonly record: Uint8Array;
  readonly addition: SnapshotAddition;
  readonly block: ReturnType<SnapshotReader["head"]>["block"];
}> {
  const reader = new SnapshotReader();
  let isSigned = false;
  for await (const record of splitSnapshot(open())) {
    const addition = reader.take(record);
    const { block, signed } = reader.head();
    if (!isSigned) verifyCheckpointQuorum(signed.checkpoint, signed.signatures, quorumSet, verify);
    isSigned = true;
    yield { record, addition, block };
  }
  if (!reader.isComplete) throw new LedgerError("malformed-snapshot", "The snapshot ends before its last record.");
}
