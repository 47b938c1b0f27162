// An ingest enclave in this thread, whose map of counters can be filled from within: through the enclave's door it would take
// minutes, since each output is worth a dozen operations on points.
import { randomBytes } from "node:crypto";
import { createFogIngestEnclave } from "@fogbow/fog-ingest-enclave";
import { createKernel, type Instance, type Kernel } from "@fogbow/kernel";
import { identityOf } from "@fogbow/runtime-enclave";

/** What the map is made for, and how many counters it is filled with. */
export const CAPACITY: number = 2 ** 20;
export const COUNTERS: number = Math.floor(0.7 * CAPACITY);

/** Where the map begins in ingest's secrets, and the bytes of its keys and values. */
const MAP = 1152;
const KEY_BYTES = 32;
const COUNTER_BYTES = 8;
/** Keys in one call of the kernel. */
const KEYS = 4096;

/** The enclave, and a way into the map in its kernel. */
export interface FullIngestEnclave {
  readonly enclave: ReturnType<typeof createFogIngestEnclave>;
  /** Adds counters of users that nobody else meets. After the enclave was initialised. */
  readonly fill: () => void;
}

/** Makes an enclave that seals nothing. */
export function makeIngestEnclave(): FullIngestEnclave {
  let fill = (): void => undefined;
  const makeKernel = (): Kernel => {
    let running: Instance | undefined;
    const inspect = (instance: Instance): void => {
      running = instance;
    };
    const kernel = createKernel({ memoryBytesMax: 2 ** 32, inspect });
    const instance = running as Instance; // `createKernel` has called `inspect`.
    const map = instance.claim(0) + MAP; // Ingest's secrets are the next to be claimed.
    fill = () => fillMap(instance, map);
    return kernel;
  };
  const sealing = { seal: () => new Uint8Array(0), unseal: () => new Uint8Array(0) };
  const peer = { identity: identityOf(new Uint8Array(32)), platform: "simulated" } as const;
  const random = (length: number): Uint8Array => new Uint8Array(randomBytes(length));
  const enclave = createFogIngestEnclave({ random, sealing, peer }, { makeKernel });
  return { enclave, fill: () => fill() };
}

function fillMap(instance: Instance, map: number): void {
  for (let made = 0; made < COUNTERS; made += KEYS) {
    instance.exchange((io) => {
      const keys = io.put(randomBytes(KEYS * KEY_BYTES));
      const old = io.reserve(KEYS * COUNTER_BYTES);
      instance.exports.mapIncrementAll?.(map, keys, old, Math.min(KEYS, COUNTERS - made));
    });
  }
}
