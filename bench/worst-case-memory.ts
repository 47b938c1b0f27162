// A process of its own that validates one transaction and tells its parent by how many KiB its peak of resident memory
// grew: nothing that ran before can hide it.
import { readFileSync, writeFileSync } from "node:fs";
import { MOB } from "@fogbow/core-bytes";
import {
  type BlockVersion,
  DEFAULT_MINIMUM_FEE,
  decodeMembershipProof,
  decodeTx,
  FeeMap,
  validateTransaction,
} from "@fogbow/core-transaction";

/** What the parent sends. */
export interface MemoryTask {
  readonly tx: Uint8Array;
  readonly rootProof: Uint8Array;
  readonly blockVersion: BlockVersion;
  readonly currentIndex: bigint;
}

process.once("message", ({ tx: encoded, rootProof, blockVersion, currentIndex }: MemoryTask) => {
  const tx = decodeTx(encoded);
  const proof = decodeMembershipProof(rootProof);
  const rootProofs = tx.prefix.inputs.flatMap(({ ring }) => ring.map(() => proof));
  const minimumFees = new FeeMap([[MOB, DEFAULT_MINIMUM_FEE]]);
  resetPeak();
  const before = peakKibibytes();
  const { code } = validateTransaction(tx, { blockVersion, currentIndex, minimumFees, rootProofs });
  if (code !== "invalid-transaction-signature") throw new Error(`Another check decided: ${code}.`);
  process.send?.(peakKibibytes() - before, () => process.disconnect());
});

/** Forgets the peak of starting up, where the system lets us: on Linux (proc(5), `clear_refs`). */
function resetPeak(): void {
  if (process.platform === "linux") writeFileSync("/proc/self/clear_refs", "5");
}

function peakKibibytes(): number {
  if (process.platform !== "linux") return process.resourceUsage().maxRSS;
  return Number(/^VmHWM:\s+(\d+)/m.exec(readFileSync("/proc/self/status", "utf8"))?.[1]);
}
