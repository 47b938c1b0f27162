// One instantiated WebAssembly module and its input/output area. The module never allocates: the face lays arguments
// and results out above `ioBase`, calls an export with pointers, copies the result out and wipes what it used.
import { KernelError } from "./error.ts";

/** An export of the module: integers in, an integer (or nothing) out. */
export type Export = (...args: number[]) => number;

/** The little of the WebAssembly JavaScript interface that the kernel needs (the `es2023` library declares none). */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: Readonly<Record<string, unknown>> };
}

/** `WebAssembly.Memory`, as far as the kernel uses it. */
interface Memory {
  readonly buffer: ArrayBuffer;
  grow(pages: number): number;
}

const PAGE_BYTES = 65_536;
const ALIGNMENT = 16;

/** Largest linear memory when nothing else is said: since memory never shrinks, none is hoarded. */
const MEMORY_BYTES_MAX = 268_435_456;

/** Largest of all: one page less than what 32 bits address, so that the end of a region has an address. */
const ADDRESSED_BYTES_MAX = 4_294_901_760;

/** Where a region that stays begins: at the line of a cache. */
const CLAIM_ALIGNMENT = 64;

/** Most bytes of tables that an instance keeps: room for those of the range proofs, about 5 MiB, and some more. */
const KEPT_BYTES_MAX = 8 * 1024 * 1024;

/** Imports for a rewritten module; the shipped module has none. The trace test passes its recorder here. */
export type Imports = Readonly<Record<string, Readonly<Record<string, (...args: number[]) => unknown>>>>;

/** Compiles the module, or explains in one error why this engine cannot. */
export function compile(wasm: Uint8Array): object {
  const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly;
  if (api === undefined) {
    throw new KernelError("wasm-unsupported", "This engine has no WebAssembly, which Fogbow needs.");
  }
  try {
    return new api.Module(wasm);
  } catch (cause) {
    throw new KernelError(
      "wasm-unsupported",
      "The kernel does not compile here: Fogbow needs WebAssembly with SIMD (Node 20, browsers since 2023) and, under a content security policy, 'wasm-unsafe-eval'.",
      { cause },
    );
  }
}

/** A running module. Not re-entrant: one call at a time, which JavaScript guarantees as no export calls back. */
export class Instance {
  /** The module's functions, by the names of `assembly/index.ts`. */
  readonly exports: Readonly<Record<string, Export>>;
  readonly #memory: Memory;
  /** Where each kept table lies, by its bytes. */
  readonly #kept = new WeakMap<Uint8Array, number>();
  #keptBytes = 0;
  #ioBase: number;
  #bytes: Uint8Array;
  #top: number;
  readonly #memoryBytesMax: number;

  constructor(module: object, imports: Imports = {}, memoryBytesMax: number = MEMORY_BYTES_MAX) {
    const api = (globalThis as { WebAssembly?: WebAssemblyApi }).WebAssembly as WebAssemblyApi; // `compile` has checked.
    const exports = new api.Instance(module, imports).exports;
    this.exports = exports as Readonly<Record<string, Export>>; // Only `memory` and `ioBase` are no functions.
    this.#memory = exports.memory as Memory;
    this.#ioBase = (exports.ioBase as { readonly value: number }).value;
    this.#top = this.#ioBase;
    this.#bytes = new Uint8Array(this.#memory.buffer);
    this.#memoryBytesMax = Math.min(memoryBytesMax, ADDRESSED_BYTES_MAX);
  }

  /** The whole linear memory, for the tests that look for secrets left behind. */
  get memory(): Uint8Array {
    return this.#bytes;
  }

  /** Runs one exchange with the module and then wipes every byte it laid out, also when it throws. */
  exchange<T>(body: (io: Instance) => T): T {
    try {
      return body(this);
    } finally {
      this.#bytes.fill(0, this.#ioBase, this.#top);
      this.#top = this.#ioBase;
    }
  }

  /**
   * The address of public bytes that calls use again and again: a copy below the area, made the first time and never
   * wiped. Undefined when there is no room left for it, which a caller answers by `put`. Not to be called within an
   * exchange, since it moves the area.
   */
  keep(bytes: Uint8Array): number | undefined {
    const known = this.#kept.get(bytes);
    if (known !== undefined || this.#keptBytes + bytes.length > KEPT_BYTES_MAX) return known;
    if (this.#top !== this.#ioBase) throw new Error("Within an exchange, nothing can be kept.");
    const address = this.put(bytes);
    this.#ioBase = this.#top;
    this.#keptBytes += bytes.length;
    this.#kept.set(bytes, address);
    return address;
  }

  /**
   * Takes `length` zeroed bytes for a structure that stays: aligned to 64, never moved and never wiped. Throws
   * {@link KernelError} `invalid-length` when they do not fit in memory, which is then as it was. Not to be called within
   * an exchange.
   */
  claim(length: number): number {
    if (this.#top !== this.#ioBase) throw new Error("Within an exchange, nothing can be claimed.");
    const address = Math.ceil(this.#ioBase / CLAIM_ALIGNMENT) * CLAIM_ALIGNMENT;
    this.reserve(address - this.#ioBase + length);
    this.#ioBase = this.#top;
    return address;
  }

  /**
   * Reserves `length` zeroed bytes of the area, aligned to 16, and returns their address. Throws {@link KernelError}
   * `invalid-length` when they do not fit in memory, which is then as it was.
   */
  reserve(length: number): number {
    const address = this.#top;
    const top = Math.ceil((address + length) / ALIGNMENT) * ALIGNMENT;
    if (top > this.#bytes.length) this.#grow(top);
    this.#top = top;
    return address;
  }

  #grow(length: number): void {
    const message = "The arguments need more memory than the kernel may have.";
    if (length > this.#memoryBytesMax) throw new KernelError("invalid-length", message);
    try {
      this.#memory.grow(Math.ceil((length - this.#bytes.length) / PAGE_BYTES));
    } catch (cause) {
      throw new KernelError("invalid-length", message, { cause });
    }
    this.#bytes = new Uint8Array(this.#memory.buffer);
  }

  /** Copies `bytes` into the area and returns their address. */
  put(bytes: Uint8Array): number {
    const address = this.reserve(bytes.length);
    this.#bytes.set(bytes, address);
    return address;
  }

  /** Copies `length` bytes out of the area. */
  take(address: number, length: number): Uint8Array {
    return this.#bytes.slice(address, address + length);
  }
}

/** Throws `invalid-length` unless `bytes` are a Uint8Array, of any length. */
export function expectBytes(bytes: Uint8Array, name: string): void {
  if (!(bytes instanceof Uint8Array)) throw new KernelError("invalid-length", `${name} must be a Uint8Array.`);
}

/** Throws `invalid-length` unless `bytes` are a Uint8Array of exactly `length` bytes. */
export function expectLength(bytes: Uint8Array, length: number, name: string): void {
  if (!(bytes instanceof Uint8Array) || bytes.length !== length) {
    throw new KernelError("invalid-length", `${name} must be ${length} bytes.`);
  }
}

/** How many items of `size` bytes `bytes` are. Throws `invalid-length` unless they are a Uint8Array of whole ones. */
export function expectWhole(bytes: Uint8Array, size: number, name: string): number {
  if (!(bytes instanceof Uint8Array) || bytes.length % size !== 0) {
    throw new KernelError("invalid-length", `${name} must be a multiple of ${size} bytes.`);
  }
  return bytes.length / size;
}
