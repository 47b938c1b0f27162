// Ingest invocations (spec 03 §2.5): one for each egress key that something was scanned with.
import { RecoveryDbError } from "@fogbow/recovery-db";
import type { ControllerParts } from "../parts.ts";
import { untilDone } from "./backoff.ts";
import type { IngestState } from "./ingest-state.ts";

type InvocationParts = Pick<ControllerParts, "db" | "clock" | "log">;

/**
 * Tells users of the current egress key, and in the same moment that the one before is done. Tries until it is so. Rejects with
 * `unknown-key` when the database has forgotten the ingress key.
 */
export async function beginInvocation(
  state: IngestState,
  startBlock: bigint,
  { db, clock, log }: InvocationParts,
  signal: AbortSignal,
): Promise<void> {
  const onFailure = (error: unknown): void => {
    if (isCode(error, "unknown-key")) throw error;
    if (isCode(error, "already-decommissioned", "unknown-invocation")) state.superseded = undefined;
    log.error("an ingest invocation cannot be begun; it is tried again", { error });
  };
  state.invocation = await untilDone(
    () => db.newIngestInvocation(state.superseded, state.key.publicKey, state.rng, startBlock),
    { clock, signal, onFailure },
  );
  state.superseded = undefined;
  state.save();
}

/** Decommissions what is superseded, if anything is. Rejects as the database does; then it is tried again later. */
export async function endSuperseded(state: IngestState, { db }: Pick<InvocationParts, "db">): Promise<void> {
  const { superseded } = state;
  if (superseded === undefined) return;
  try {
    await db.decommissionIngestInvocation(superseded);
  } catch (error) {
    if (!isCode(error, "already-decommissioned", "unknown-invocation")) throw error;
  }
  state.superseded = undefined;
  state.save();
}

/** Whether an error is one of the recovery database with one of these codes. */
export function isCode(error: unknown, ...codes: readonly RecoveryDbError["code"][]): boolean {
  return error instanceof RecoveryDbError && codes.includes(error.code);
}
