// Watches every kernel of some enclaves: their module is the one that was asked for, rewritten so that it reports each address
// and each condition. The enclaves are bundled into a program of their own, so that clients' kernels stay unwatched.
import { fileURLToPath } from "node:url";
import { type Imports, kernelWasm } from "@fogbow/kernel";
import { build } from "esbuild";
import { disassemble, instrument } from "../../traces/instrument.ts";
import type { EnclaveMakers } from "./enclave-makers.ts";

const LINE_BITS = 6;
const PAGE_BITS = 14;

/** What the kernels of an enclave touched in one call. */
export interface Trace {
  /** How many addresses and conditions were reported. */
  readonly events: number;
  /** A digest of all places in the code that reported, in order, and of what conditions said. */
  readonly course: number;
  /** How often each 16 KiB of memory was touched, by kernel and page. */
  readonly pages: ReadonlyMap<string, number>;
  /** The 64-byte lines that were touched, by kernel and line. */
  readonly lines: ReadonlySet<number>;
}

/** Kernels that are watched, each of which is a number. */
export class KernelWatch {
  readonly #kernels: WatchedMemory[] = [];
  #isOpen = false;
  #events = 0;
  #course = 0;

  /** Runs a call and says what it touched. Calls do not overlap. */
  async during<T>(call: () => T | Promise<T>): Promise<{ readonly result: T; readonly trace: Trace }> {
    this.#events = 0;
    this.#course = 0;
    for (const memory of this.#kernels) memory.begin();
    this.#isOpen = true;
    try {
      const result = await call();
      const pages = new Map(this.#kernels.flatMap((memory, i) => memory.pages(`${i}`)));
      const lines = new Set(this.#kernels.flatMap((memory, i) => memory.lines.map((line) => LINES * i + line)));
      return { result, trace: { events: this.#events, course: this.#course, pages, lines } };
    } finally {
      this.#isOpen = false;
    }
  }

  /** The imports of the next kernel. */
  imports(): Imports {
    const memory = new WatchedMemory();
    this.#kernels.push(memory);
    const take = (site: number, isTrue: number): void => {
      this.#events += 1;
      this.#course = (Math.imul(this.#course, 0x01000193) ^ (2 * site + isTrue)) | 0;
    };
    return {
      trace: {
        operand: (site = 0, value = 0) => {
          if (this.#isOpen) {
            take(site, 0);
            memory.touch(value >>> 0);
          }
          return value;
        },
        condition: (site = 0, value = 0) => {
          if (this.#isOpen) take(site, value === 0 ? 0 : 1);
          return value;
        },
        enter: (site = 0) => {
          if (this.#isOpen) take(site, 0);
        },
      },
    };
  }
}

/** Lines of memory that are told apart: those of 64 MiB, which the kernels of the games do not fill. */
const LINES = 2 ** 20;

/** Which lines and pages of one kernel were touched since a call has begun. Millions are noted a second. */
class WatchedMemory {
  readonly #touchedIn = new Uint32Array(LINES);
  readonly #counts = new Uint32Array(LINES >> (PAGE_BITS - LINE_BITS));
  #call = 0;
  lines: number[] = [];

  begin(): void {
    this.#call += 1;
    this.#counts.fill(0);
    this.lines = [];
  }

  touch(address: number): void {
    const line = (address >>> LINE_BITS) & (LINES - 1);
    if (this.#touchedIn[line] !== this.#call) {
      this.#touchedIn[line] = this.#call;
      this.lines.push(line);
    }
    const page = line >>> (PAGE_BITS - LINE_BITS);
    this.#counts[page] = (this.#counts[page] ?? 0) + 1;
  }

  /** How often each page was touched that was. */
  pages(name: string): [string, number][] {
    return [...this.#counts].flatMap((count, page) => (count === 0 ? [] : [[`${name}/${page}`, count]]));
  }
}

/**
 * Enclaves whose every kernel is watched, of the shipped module unless another is given. They are the built packages, in a
 * program that shares nothing with this one.
 */
export async function watchedEnclaves(watch: KernelWatch, wasm: Uint8Array = kernelWasm()): Promise<EnclaveMakers> {
  const api = (globalThis as unknown as { readonly WebAssembly: WebAssemblyApi }).WebAssembly; // Node has it.
  const rewritten = new api.Module(instrument(disassemble(wasm)).wasm);
  const makers = (await import(await programOf())) as { readonly make: (wasm: unknown) => EnclaveMakers };
  return makers.make({
    // The only module of an enclave is its kernel.
    Module: new Proxy(api.Module, { construct: () => rewritten }),
    Instance: new Proxy(api.Instance, { construct: (Instance, [module]) => new Instance(module, watch.imports()) }),
  });
}

/** The little of the WebAssembly JavaScript interface that is needed here. */
interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: Imports) => object;
}

const ENTRY = `
  export { createFogIngestEnclave } from "@fogbow/fog-ingest-enclave";
  export { createFogViewEnclave } from "@fogbow/fog-view-enclave";
  export { createLedgerEnclave } from "@fogbow/fog-ledger-enclave";
`;

/** The enclaves as one function, in which `globalThis` has another WebAssembly than ours. */
async function programOf(): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: ENTRY, resolveDir: fileURLToPath(new URL(".", import.meta.url)), loader: "js" },
    bundle: true,
    write: false,
    format: "iife",
    globalName: "enclaves",
    platform: "node",
    target: "node20",
  });
  const [output] = outputFiles;
  if (output === undefined) throw new Error("esbuild has made nothing.");
  const text = `export function make(WebAssembly) {
    const own = globalThis;
    { const globalThis = new Proxy(own, { get: (all, name) => (name === "WebAssembly" ? WebAssembly : all[name]) });
      ${output.text}
      return enclaves; } }`;
  return `data:text/javascript;base64,${Buffer.from(text).toString("base64")}`;
}
