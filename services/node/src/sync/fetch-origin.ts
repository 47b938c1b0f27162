// The first block, which nobody agreed on: a network is known by its id (spec 05 §3.4).
import type { BlockSource } from "@fogbow/archive";
import { type BlockData, contentsHash, hasValidId } from "@fogbow/core-block";
import { CodedError, equalBytes, toHex } from "@fogbow/core-bytes";
import type { ReplicaLog } from "../parts.ts";
import { SyncError } from "./error.ts";

/**
 * The origin block of a network from the first source that has it. Signature and metadata are dropped: origin blocks have
 * none. Rejects with `wrong-origin` when no source has the right one, and with the signal's reason.
 */
export async function fetchOrigin(
  id: Uint8Array,
  { sources, log }: { readonly sources: readonly BlockSource[]; readonly log: ReplicaLog },
  signal: AbortSignal,
): Promise<BlockData> {
  for (const source of sources) {
    try {
      const data = await source.fetch(0n, { signal });
      if (data !== undefined && isOrigin(data, id)) return { ...data, signature: undefined, metadata: undefined };
      log.warn("archive refused", { source: source.name, block: 0n, reason: "it has another origin block, or none" });
    } catch (error) {
      signal.throwIfAborted();
      const code = error instanceof CodedError ? error.code : "unknown";
      log.warn("archive failed", { source: source.name, block: 0n, code });
    }
  }
  const message = `No archive has the origin block ${toHex(id)}.`;
  throw new SyncError("wrong-origin", message, { blockIndex: 0n });
}

function isOrigin({ block, contents }: BlockData, id: Uint8Array): boolean {
  const isRight = block.index === 0n && equalBytes(block.id, id) && hasValidId(block);
  return isRight && equalBytes(contentsHash(contents), block.contentsHash);
}
