// Makes kernels: one shared by the program, or as many as there are workers.
import { createCiphers } from "./ciphers.ts";
import { createFog } from "./fog.ts";
import { createFogLedger } from "./fog-ledger.ts";
import { wasmBase64 } from "./generated/kernel-wasm.ts";
import { createHashes } from "./hashes.ts";
import { compile, type Imports, Instance } from "./instance.ts";
import type { Kernel } from "./kernel.ts";
import { createOblivious } from "./oblivious.ts";
import { createObliviousLedgers } from "./oblivious-ledger.ts";
import { createRings } from "./rings.ts";
import { createRistretto } from "./ristretto.ts";
import { createScalarVectors } from "./scalar-vectors.ts";
import { createScalars } from "./scalars.ts";
import { createStrobe } from "./strobe.ts";
import { createView } from "./view.ts";
import { createX25519 } from "./x25519.ts";

/** What a kernel is made from, when it is not the shipped module. */
export interface KernelOptions {
  /** Bytes of a module with the same exports, such as the rewritten one of the trace test. */
  readonly wasm?: Uint8Array;
  /** Imports of that module. The shipped one has none. */
  readonly imports?: Imports;
  /** Sees the instance once it runs, to watch its exports or scan its memory. */
  readonly inspect?: (instance: Instance) => void;
  /** Most bytes of linear memory, with all maps in it; 256 MiB when not given, and below 4 GiB in any case. */
  readonly memoryBytesMax?: number;
}

/** The bytes of the shipped `kernel.wasm`. */
export function kernelWasm(): Uint8Array {
  // Every browser and Node has `atob`; the `es2023` library, which is all the kernel is compiled against, declares it not.
  const { atob } = globalThis as unknown as { readonly atob: (base64: string) => string };
  const characters = atob(wasmBase64);
  const bytes = new Uint8Array(characters.length);
  // A plain loop: iterating over a string takes ten times as long, which every start of an enclave would wait for.
  for (let i = 0; i < bytes.length; i++) bytes[i] = characters.charCodeAt(i);
  return bytes;
}

let shipped: object | undefined;
/** Other modules by their bytes, so that many instances of one cost one compilation. */
const others = new WeakMap<Uint8Array, object>();
let shared: Kernel | undefined;

/**
 * Makes a kernel with a linear memory of its own: instantiating takes well under a millisecond once compiled.
 * Throws {@link KernelError} `wasm-unsupported` when the engine has no WebAssembly with SIMD.
 */
export function createKernel(options: KernelOptions = {}): Kernel {
  const instance = new Instance(compiledModule(options.wasm), options.imports, options.memoryBytesMax);
  options.inspect?.(instance);
  return {
    ristretto: createRistretto(instance),
    scalars: createScalars(instance),
    vectors: createScalarVectors(instance),
    rings: createRings(instance),
    hashes: createHashes(instance),
    strobe: createStrobe(instance),
    ciphers: createCiphers(instance),
    x25519: createX25519(instance),
    fog: createFog(instance),
    fogLedger: createFogLedger(instance),
    ledgers: createObliviousLedgers(instance),
    oblivious: createOblivious(instance),
    view: createView(instance),
  };
}

function compiledModule(wasm: Uint8Array | undefined): object {
  if (wasm === undefined) {
    shipped ??= compile(kernelWasm());
    return shipped;
  }
  const module = others.get(wasm) ?? compile(wasm);
  others.set(wasm, module);
  return module;
}

/** The program's shared kernel, made at the first call. Throws {@link KernelError} `wasm-unsupported`. */
export function kernel(): Kernel {
  shared ??= createKernel();
  return shared;
}
