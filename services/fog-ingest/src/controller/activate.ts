// Becoming active (spec 03 §2.8).
import { IngestControllerMode } from "@fogbow/core-wire";
import type { LeaseClaim } from "@fogbow/recovery-db";
import { IngestError } from "../error.ts";
import type { IngestOptions } from "../options.ts";
import type { ControllerParts } from "../parts.ts";
import { confirmBackup, statusOf } from "../peers/backups.ts";
import type { IngestState } from "./ingest-state.ts";
import { isCode } from "./invocations.ts";
import { publishReport } from "./publish-report.ts";

/**
 * Makes an idle server active. Rejects with `active-peer`, `peer-unreachable`, `peer-refused`, `attestation-failed`,
 * `unexpected-key`, `key-lost`, `key-raced`, `key-retired`, `evidence-differs`, and as the database does; the server stays idle.
 */
export async function activate(
  state: IngestState,
  options: IngestOptions,
  parts: ControllerParts,
  lease?: LeaseClaim,
): Promise<void> {
  const { enclave, log } = parts;
  const key = state.key.publicKey;
  await enclave.refreshEvidence();
  const others = state.peers.filter(({ responderId }) => responderId !== options.localNodeId);
  for (const peer of others) {
    const { mode } = await statusOf(peer, parts);
    if (mode === IngestControllerMode.Active) {
      throw new IngestError("active-peer", `${peer.responderId} is active.`);
    }
  }
  const peers = state.peers.map(({ uri }) => uri);
  for (const peer of others) await confirmBackup(peer, { ingressKey: key, peers, mayUpdate: true }, parts);

  const start = await startBlock(key, parts, lease);
  // A report exists from here on, even if no block ever comes: without one nobody can pay.
  const status = await publishReport(
    { ingressKey: key, reportId: options.fogReportId, invocation: undefined, pubkeyExpiry: start + state.window },
    parts,
  );
  if (status.retired && start > status.pubkeyExpiry) {
    throw new IngestError("key-retired", "The key is retired, and all that it promised is scanned.");
  }
  state.next = start;
  state.isRestoring = false;
  state.isActive = true;
  state.save();
  log.info("active", { next: start });
}

/** The first block to scan: after the last one that was scanned with this key, or a new key's own first one. */
async function startBlock(
  key: Uint8Array,
  { db, blocks }: Pick<ControllerParts, "db" | "blocks">,
  lease: LeaseClaim | undefined,
): Promise<bigint> {
  const status = await db.ingressKeyStatus(key);
  if (status?.lost === true) {
    throw new IngestError("key-lost", "The key was declared lost: make new keys first.");
  }
  if (status !== undefined) {
    const last = await db.lastScannedBlockIndex(key);
    return last === undefined ? status.startBlock : last + 1n;
  }
  const highest = await db.highestKnownBlockIndex();
  const proposals = [blocks.numBlocks(), highest === undefined ? 0n : highest + 1n];
  try {
    return await db.newIngressKey(
      key,
      proposals.reduce((a, b) => (a > b ? a : b)),
      lease,
    );
  } catch (error) {
    if (!isCode(error, "key-exists")) throw error;
    throw new IngestError("key-raced", "Another server has taken this key on in the same moment: try again.");
  }
}
