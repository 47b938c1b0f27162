// A kernel whose linear memory can be looked at after its calls: what they left behind is there.
import { createKernel, type Instance, type Kernel } from "@fogbow/kernel";
import { expect } from "vitest";

/** A kernel of its own, its module's instance, and whether memory holds just what it held before the first call. */
export interface WatchedKernel {
  readonly kernel: Kernel;
  readonly instance: Instance;
  /** Memory is as it was, and zero where it has grown since. */
  readonly isClean: () => boolean;
}

/** Makes a kernel to look into, of the shipped module or of another with the same exports. */
export function watchKernel(wasm?: Uint8Array): WatchedKernel {
  const instances: Instance[] = [];
  const inspect = (instance: Instance): unknown => instances.push(instance);
  const kernel = createKernel(wasm === undefined ? { inspect } : { wasm, inspect });
  const instance = instances[0] as Instance; // `createKernel` has called `inspect`.
  const before = Buffer.from(instance.memory); // A copy.
  const isClean = (): boolean =>
    before.equals(instance.memory.subarray(0, before.length)) &&
    instance.memory.subarray(before.length).every((byte) => byte === 0);
  return { kernel, instance, isClean };
}

/** Expects that no call leaves a byte of what it worked on in linear memory. */
export function expectNothingLeft(calls: Readonly<Record<string, (kernel: Kernel) => unknown>>): void {
  const { kernel, instance, isClean } = watchKernel();
  // The comparison can fail: memory from the input/output area on is zero, its last byte too.
  instance.memory.fill(1, -1);
  expect(isClean()).toBe(false);
  instance.memory.fill(0, -1);
  for (const [name, call] of Object.entries(calls)) {
    call(kernel);
    expect(isClean(), `after ${name}`).toBe(true);
  }
}
