// Waiting for the end that an operator or a service manager asks for.
import type { Surroundings } from "./surroundings.ts";

/** Resolves at the first signal to stop. While something else waits for the same signal too, both are told. */
export function stopSignal(surroundings: Surroundings): Promise<void> {
  return new Promise((resolve) => {
    const stop = (): void => {
      surroundings.off?.("SIGTERM", stop);
      surroundings.off?.("SIGINT", stop);
      resolve();
    };
    surroundings.on?.("SIGTERM", stop);
    surroundings.on?.("SIGINT", stop);
  });
}
