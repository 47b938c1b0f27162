// Being active again after a restart (spec 03 §2.9).

import { IngestError } from "../error.ts";
import type { IngestOptions } from "../options.ts";
import type { ControllerParts } from "../parts.ts";
import { confirmBackup } from "../peers/backups.ts";
import type { IngestState } from "./ingest-state.ts";
import { isCode } from "./invocations.ts";

/** Whether the server may go on where it was. */
export type RestoreResult = "active" | "unreachable" | "idle";

/**
 * Tries once. `unreachable` when a peer or the database does not answer, which may heal; `idle` when somebody else is active,
 * or a peer has another key or other peers than this server remembers. The first block is the one that the database lacks: a
 * server that was killed may have stored one more than its file says.
 */
export async function tryRestore(
  state: IngestState,
  { localNodeId }: IngestOptions,
  parts: ControllerParts,
): Promise<RestoreResult> {
  const { db, log } = parts;
  const rules = { ingressKey: state.key.publicKey, peers: state.peers.map(({ uri }) => uri), mayUpdate: false };
  try {
    for (const peer of state.peers) {
      if (peer.responderId !== localNodeId) await confirmBackup(peer, rules, parts);
    }
    const status = await db.ingressKeyStatus(rules.ingressKey);
    if (status?.lost === true) throw new IngestError("key-lost", "The key was declared lost.");
    const last = await db.lastScannedBlockIndex(rules.ingressKey);
    if (last !== undefined && last >= state.next) state.next = last + 1n;
  } catch (error) {
    const mayHeal = error instanceof IngestError && error.code === "peer-unreachable";
    if (mayHeal || isCode(error, "database-unavailable", "schema-outdated")) {
      log.warn("not active again yet", { error });
      return "unreachable";
    }
    log.error("was active, and stays idle now", { error });
    state.isRestoring = false;
    state.save();
    return "idle";
  }
  state.isRestoring = false;
  state.isActive = true;
  state.save();
  log.info("active again", { next: state.next });
  return "active";
}
