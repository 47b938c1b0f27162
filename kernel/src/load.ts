// Makes kernels: one shared by the program, or as many as there are workers.
import { createCiphers } from "./ciphers.ts";
import { createFog } from "./fog.ts";
import { wasmBase64 } from "./generated/kernel-wasm.ts";
import { createHashes } from "./hashes.ts";
import { compile, type Imports, Instance } from "./instance.ts";
import type { Kernel } from "./kernel.ts";
import { createRistretto } from "./ristretto.ts";
import { createScalars } from "./scalars.ts";
import { createStrobe } from "./strobe.ts";

/** What a kernel is made from, when it is not the shipped module. */
export interface KernelOptions {
  /** Bytes of a module with the same exports, such as the rewritten one of the trace test. */
  readonly wasm?: Uint8Array;
  /** Imports of that module. The shipped one has none. */
  readonly imports?: Imports;
  /** Sees the instance once it runs, to watch its exports or scan its memory. */
  readonly inspect?: (instance: Instance) => void;
}

/** The bytes of the shipped `kernel.wasm`. */
export function kernelWasm(): Uint8Array {
  return Uint8Array.from(atob(wasmBase64), (character) => character.charCodeAt(0));
}

let compiled: object | undefined;
let shared: Kernel | undefined;

/**
 * Makes a kernel with a linear memory of its own: instantiating takes well under a millisecond once compiled.
 * Throws {@link KernelError} `wasm-unsupported` when the engine has no WebAssembly with SIMD.
 */
export function createKernel(options: KernelOptions = {}): Kernel {
  compiled ??= options.wasm === undefined ? compile(kernelWasm()) : undefined;
  const module = options.wasm === undefined ? (compiled as object) : compile(options.wasm);
  const instance = new Instance(module, options.imports);
  options.inspect?.(instance);
  return {
    ristretto: createRistretto(instance),
    scalars: createScalars(instance),
    hashes: createHashes(instance),
    strobe: createStrobe(instance),
    ciphers: createCiphers(instance),
    fog: createFog(instance),
  };
}

/** The program's shared kernel, made at the first call. Throws {@link KernelError} `wasm-unsupported`. */
export function kernel(): Kernel {
  shared ??= createKernel();
  return shared;
}
