// Traces of oblivious memory are random by design: each access reads a path that was drawn at random. Here every number is
// zero, so that all paths are one and traces can be compared address by address. That paths are random is another test.
import type { Instance } from "@fogbow/kernel";

// A generator's state (kernel/assembly/random.ts): key, bytes of the batch that are used, the batch.
const USED = 32;
const BATCH = 48;
const BATCH_BYTES = 1024;
const KEY_BYTES = 32;

/**
 * Finds the generator that was seeded with these bytes and from which nothing was drawn yet. What is returned makes its next
 * 992 bytes zeros, whenever it is called. Without an instance there is nothing to still.
 */
export function stillRandomness(instance: Instance | undefined, seed: Uint8Array): () => void {
  if (instance === undefined) return () => {};
  const address = Buffer.from(instance.memory.buffer).indexOf(seed);
  if (address < 0) throw new Error("No generator has this seed.");
  return () => {
    const state = instance.memory.subarray(address, address + BATCH + BATCH_BYTES);
    state.fill(0, BATCH);
    new DataView(state.buffer, state.byteOffset).setUint32(USED, KEY_BYTES, true);
  };
}
