// The peer of the oblivious map: a scan of all records, which hides what is asked just as well. It keeps the value in
// registers and reads each record once, 256 bytes with vectors; nothing that hides as much in plain memory is simpler.
import asc from "assemblyscript/asc";

const KEY_BYTES = 16;
const RECORD_BYTES = 256;
const PAGE_BYTES = 65_536;
/** Where the key asked for and the record found lie, and where the records begin. */
const KEY = 1_024;
const OUT = 2_048;
const RECORDS = 4_096;

const SOURCE = `
export function scan(records: usize, n: i32, key: usize, out: usize): void {
  const asked = v128.load(key);
  const end = records + 256 * usize(n);
${lines((i) => `  let a${i} = i32x4.splat(0);`)}
  for (let record = records; record < end; record += 256) {
    const halves = i64x2.eq(v128.load(record), asked);
    const isIt = v128.and(halves, v128.shuffle<i64>(halves, halves, 1, 0));
${lines((i) => `    a${i} = v128.or(a${i}, v128.and(isIt, v128.load(record, ${16 * i})));`)}
  }
${lines((i) => `  v128.store(out, a${i}, ${16 * i});`)}
}`;

function lines(line: (i: number) => string): string {
  return Array.from({ length: 16 }, (_, i) => line(i)).join("\n");
}

interface ScanExports {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  scan(records: number, n: number, key: number, out: number): void;
}

/** Records of 16 bytes of key and 240 of value, in a memory of their own. */
export class LinearScan {
  readonly #exports: ScanExports;
  readonly #n: number;

  private constructor(exports: ScanExports, n: number) {
    this.#exports = exports;
    this.#n = n;
  }

  /** Compiles the scan and makes room for n records. */
  static async of(n: number): Promise<LinearScan> {
    let wasm: Uint8Array | undefined;
    const { error, stderr } = await asc.main(
      ["scan.ts", "--outFile", "scan.wasm", "--runtime", "stub", "--enable", "simd", "-O3", "--noAssert"],
      {
        readFile: async (name) => (name === "scan.ts" ? SOURCE : null),
        writeFile: (_, contents) => {
          if (typeof contents !== "string") wasm = contents;
        },
        listFiles: () => [],
      },
    );
    if (error !== null || wasm === undefined) throw new Error(`The scan does not compile.\n${stderr.toString()}`);
    const { Module, Instance } = (globalThis as unknown as { WebAssembly: WebAssemblyApi }).WebAssembly;
    const exports = new Instance(new Module(wasm), {}).exports;
    const missing = RECORDS + n * RECORD_BYTES - exports.memory.buffer.byteLength;
    exports.memory.grow(Math.ceil(missing / PAGE_BYTES));
    return new LinearScan(exports, n);
  }

  /** Sets record `i`. */
  set(i: number, key: Uint8Array, value: Uint8Array): void {
    const memory = new Uint8Array(this.#exports.memory.buffer);
    memory.set(key, RECORDS + i * RECORD_BYTES);
    memory.set(value, RECORDS + i * RECORD_BYTES + KEY_BYTES);
  }

  /** The value of a key, zeros if there is none. */
  lookup(key: Uint8Array): Uint8Array {
    const memory = new Uint8Array(this.#exports.memory.buffer);
    memory.set(key, KEY);
    this.#exports.scan(RECORDS, this.#n, KEY, OUT);
    return memory.slice(OUT + KEY_BYTES, OUT + RECORD_BYTES);
  }
}

interface WebAssemblyApi {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object, imports: object) => { readonly exports: ScanExports };
}
