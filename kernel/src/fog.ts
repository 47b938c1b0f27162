// The face of the Fog steps in `assembly/fog-hint.ts`; that of `assembly/ingest-step.ts` is in `ingest.ts`.
import { KernelError } from "./error.ts";
import { createIngest, type IngestExports } from "./ingest.ts";
import { type Export, expectLength, expectWhole, type Instance } from "./instance.ts";
import type { Fog } from "./kernel.ts";

const HINT_BYTES = 84;
const KEY_BYTES = 32;

/** Hints in one call of the module: enough to share the batch's inversion, and a bound on its memory. */
const HINTS_MAX = 256;

/** Fog on one kernel instance. Wrong sizes throw {@link KernelError} `invalid-length`, a bad key `invalid-scalar`. */
export function createFog(instance: Instance): Fog {
  // The record is open-ended by type; these are the names of `assembly/index.ts`.
  const exports = instance.exports as Readonly<Record<"fogHintsScratch" | "fogOpenHints", Export>> & IngestExports;

  const openSome = (ingressPrivateKey: Uint8Array, hints: Uint8Array, fallbacks: Uint8Array): Uint8Array =>
    instance.exchange((io) => {
      const count = hints.length / HINT_BYTES;
      const out = io.reserve(fallbacks.length);
      const inputs = [io.put(ingressPrivateKey), io.put(hints), io.put(fallbacks)];
      const scratch = io.reserve(exports.fogHintsScratch(count));
      if (exports.fogOpenHints(out, ...inputs, count, scratch) !== 1) {
        throw new KernelError("invalid-scalar", "The ingress private key must be below the group order.");
      }
      return io.take(out, fallbacks.length);
    });

  return {
    openHints(ingressPrivateKey, hints, fallbacks) {
      expectLength(ingressPrivateKey, KEY_BYTES, "The ingress private key");
      const count = expectWhole(hints, HINT_BYTES, "The hints");
      expectLength(fallbacks, count * KEY_BYTES, "The fallbacks");
      const out = new Uint8Array(fallbacks.length);
      let first = 0;
      do {
        const last = first + HINTS_MAX;
        const some = fallbacks.subarray(first * KEY_BYTES, last * KEY_BYTES);
        const opened = openSome(ingressPrivateKey, hints.subarray(first * HINT_BYTES, last * HINT_BYTES), some);
        out.set(opened, first * KEY_BYTES);
        first = last;
      } while (first < count);
      return out;
    },

    createIngest: (options) => createIngest(instance, exports, options),
  };
}
