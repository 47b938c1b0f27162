// The system's generator, the one place where these commands get randomness.
import { randomFillSync } from "node:crypto";
import type { Random } from "@fogbow/core-bytes";

/** Filled in place: no copy stays behind. */
export const systemRandom: Random = (length) => randomFillSync(new Uint8Array(length));
