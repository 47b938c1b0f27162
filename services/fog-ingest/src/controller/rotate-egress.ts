// A new egress key, and with it a cleared map (invariant I-1 of spec 03 §2.5): whatever was scanned and is not stored must never
// be followed by anything under the same key, or users would stop looking too early.
import type { ControllerParts } from "../parts.ts";
import { untilDone } from "./backoff.ts";
import type { IngestState } from "./ingest-state.ts";

/** Makes a new egress key, whatever it takes. */
export async function rotateEgress(
  state: IngestState,
  { enclave, clock, log }: Pick<ControllerParts, "enclave" | "clock" | "log">,
  signal: AbortSignal,
): Promise<void> {
  const onFailure = (error: unknown): void =>
    log.error("the enclave makes no egress key; it is asked again", { error });
  const rng = await untilDone(
    async () => {
      state.isStale = false; // What happens from here on is told again.
      await enclave.newEgressKey();
      return enclave.rng();
    },
    { clock, signal, onFailure },
  );
  state.replaceRng(rng);
}
