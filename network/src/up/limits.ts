// Bounds of a network in one process.
import type { FaucetAPI } from "@fogbow/core-wire";
import type { ServiceLimits } from "@fogbow/server";

/** picoMOB that the faucet gives at once: a hundred MOB. */
export const FAUCET_PICOMOB_MAX = 100_000_000_000_000n;

/** Payments queue: each takes a block. */
export const FAUCET_LIMITS: ServiceLimits<typeof FaucetAPI> = {
  give: { requestBytesMax: 4_096, responseBytesMax: 256, deadlineMs: 60_000, concurrencyMax: 16, queueMax: 64 },
};

/** Milliseconds that a network has to end when it is told to. */
export const DOWN_MS_MAX = 15_000;

/** Lines of the log that are printed at once. */
export const LOG_LINES_MAX = 10_000;
