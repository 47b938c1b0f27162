// What is done when no ingest server is active (spec 03 §2.13, step 2): one that holds the key which still has blocks to scan
// goes on with it; when nobody holds it, it is lost and a new key is taken on.
import { setTimeout as pause } from "node:timers/promises";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import type { RecoveryDb } from "@fogbow/recovery-db";
import type { Log } from "@fogbow/server";
import type { IngestNode } from "./ingest-node.ts";
import type { Leadership } from "./leadership.ts";
import { TRIES_MAX } from "./limits.ts";
import { ingressKeyOf, type Responsive } from "./survey.ts";

/** What a failover uses. */
export interface FailOverParts {
  readonly db: RecoveryDb;
  readonly log: Log;
  readonly leadership: Leadership;
  /** Pause between tries, in ms. */
  readonly retryMs: number;
}

/** What came of it. */
export type FailOverOutcome =
  | { readonly kind: "activated"; readonly node: IngestNode }
  | { readonly kind: "failed"; readonly node: IngestNode | undefined; readonly error: unknown }
  | { readonly kind: "too-many-keys"; readonly keys: readonly string[] };

/**
 * Fails over to one of some idle servers, of which the first are tried first. Who failed is told, and nobody else is tried in
 * its place: it may be active all the same.
 */
export async function failOver(
  idle: readonly Responsive[],
  signal: AbortSignal,
  parts: FailOverParts,
): Promise<FailOverOutcome> {
  const { db, log, leadership } = parts;
  const outstanding = await outstandingKeys(db);
  const [key, ...others] = outstanding;
  if (others.length > 0) return { kind: "too-many-keys", keys: outstanding.map(toHex) };
  const holder = key && idle.find((each) => equalBytes(ingressKeyOf(each), key));
  if (holder !== undefined) return activate(holder.node, signal, parts);
  if (key !== undefined) {
    log.error("no ingest server holds the key that still has blocks to scan: it is lost", { key: toHex(key) });
    await tried(
      async () => {
        if (!(await leadership.renew())) throw new Error("This overseer leads no more.");
        await db.reportLostIngressKey(key);
      },
      signal,
      parts,
    );
  }
  let last: unknown;
  for (const { node } of idle) {
    try {
      await tried(() => node.newKeys(signal), signal, parts);
    } catch (error) {
      log.warn("an ingest server makes no new keys", { node: node.name, error });
      last = error;
      continue;
    }
    return activate(node, signal, parts);
  }
  return { kind: "failed", node: undefined, error: last };
}

/** Keys that were used, are not lost, and whose last published expiry is not scanned yet; retired ones too. */
async function outstandingKeys(db: RecoveryDb): Promise<readonly Uint8Array[]> {
  const records = await db.ingressKeyRecords(0n, { includeLost: false, includeRetired: true, onlyUnexpired: true });
  return records.map(({ key }) => key);
}

async function activate(node: IngestNode, signal: AbortSignal, parts: FailOverParts): Promise<FailOverOutcome> {
  try {
    await tried(() => node.activate(parts.leadership.lease, signal), signal, parts);
    return { kind: "activated", node };
  } catch (error) {
    return { kind: "failed", node, error };
  }
}

/** Does something, and tries it a few times. */
async function tried<Result>(
  action: () => Promise<Result>,
  signal: AbortSignal,
  { retryMs }: FailOverParts,
): Promise<Result> {
  for (let tries = 1; ; tries++) {
    signal.throwIfAborted();
    try {
      return await action();
    } catch (error) {
      if (tries >= TRIES_MAX) throw error;
    }
    await pause(retryMs, undefined, { signal });
  }
}
