// Has an enclave's evidence made anew before it grows old (spec 04 §4.3).
import type { EnclaveHost } from "./enclave-host.ts";
import { EVIDENCE_REFRESH_MS, EVIDENCE_RETRY_MS } from "./limits.ts";

/** How often, and who is told when it fails: the old evidence stays in use until then, and it is tried again. */
export interface FreshnessOptions {
  /** Milliseconds between refreshes; 18 hours when absent. */
  readonly everyMs?: number;
  /** Milliseconds until the next try after a failure; a minute when absent. */
  readonly retryMs?: number;
  readonly onFailure: (error: unknown) => void;
}

/** Refreshes until it is stopped by the function that it returns. A waiting refresh keeps no process alive. */
export function keepEvidenceFresh(
  host: Pick<EnclaveHost, "refreshEvidence">,
  { everyMs = EVIDENCE_REFRESH_MS, retryMs = EVIDENCE_RETRY_MS, onFailure }: FreshnessOptions,
): () => void {
  let stopped = false;
  let timer: NodeJS.Timeout;
  const schedule = (delayMs: number): void => {
    if (stopped) return;
    timer = setTimeout(refresh, delayMs).unref();
  };
  const refresh = (): void => {
    host.refreshEvidence().then(
      () => schedule(everyMs),
      (error: unknown) => {
        if (!stopped) onFailure(error);
        schedule(retryMs);
      },
    );
  };
  schedule(everyMs);
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
