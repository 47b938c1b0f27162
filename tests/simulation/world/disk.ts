// A simulated disk with the few files of one machine: what was written is there after a crash only if it was synchronised,
// or by luck, and then perhaps in part (spec 05 §6.1).
import type { Faults } from "../engine/faults.ts";
import type { SimulatedProcess } from "../engine/process.ts";
import type { SeededRandom } from "../engine/random.ts";

/** How a disk misbehaves. */
export interface DiskConfig {
  /** Mean time of one operation, milliseconds. */
  readonly latencyMs: number;
  /** Share of operations that fail. */
  readonly errors: number;
  /** Probability that the last write before a crash is on the disk in part. */
  readonly torn: number;
  /** Whether synchronising does nothing: only on disks of nodes that may be faulty. */
  readonly losesSync: boolean;
  /** Mean time until some disk of the network is full for a while, milliseconds; 0 for never. */
  readonly fullEveryMs: number;
}

/** Why an operation failed, as operating systems name it. */
class DiskError extends Error {
  readonly code: "EIO" | "ENOSPC" | "ENOENT";

  constructor(code: "EIO" | "ENOSPC" | "ENOENT", path: string) {
    super(`${code}: ${path}`);
    this.code = code;
  }
}

interface File {
  /** What programs read. */
  contents: Uint8Array;
  /** What is there after the power went. */
  durable: Uint8Array | undefined;
}

/** One machine's disk. It outlives the machine's processes. */
export class SimulatedDisk {
  config: DiskConfig;
  isFull = false;
  readonly #random: SeededRandom;
  readonly #faults: Faults;
  readonly #files = new Map<string, File>();
  #lastWritten: string | undefined;

  constructor(config: DiskConfig, parts: { readonly random: SeededRandom; readonly faults: Faults }) {
    this.config = config;
    this.#random = parts.random;
    this.#faults = parts.faults;
  }

  /** Writes a file anew. Not durable until {@link sync}. */
  write(process: SimulatedProcess, path: string, contents: Uint8Array): Promise<void> {
    return this.#operate(process, `write ${path}`, () => {
      if (this.isFull) throw new DiskError("ENOSPC", path);
      this.#fail(path);
      const file = this.#files.get(path) ?? { contents, durable: undefined };
      file.contents = contents.slice();
      this.#files.set(path, file);
      this.#lastWritten = path;
    });
  }

  /** Makes a file durable. */
  sync(process: SimulatedProcess, path: string): Promise<void> {
    return this.#operate(process, `sync ${path}`, () => {
      this.#fail(path);
      const file = this.#files.get(path);
      if (file === undefined) throw new DiskError("ENOENT", path);
      if (this.config.losesSync && this.#faults.count("lost sync")) return;
      file.durable = file.contents;
      if (this.#lastWritten === path) this.#lastWritten = undefined;
    });
  }

  /** Reads a file; undefined when it is not there. */
  read(process: SimulatedProcess, path: string): Promise<Uint8Array | undefined> {
    return this.#operate(process, `read ${path}`, () => this.#files.get(path)?.contents.slice());
  }

  /** Removes a file. */
  remove(process: SimulatedProcess, path: string): Promise<void> {
    return this.#operate(process, `remove ${path}`, () => {
      this.#files.delete(path);
    });
  }

  /** The names of all files, sorted. */
  list(process: SimulatedProcess): Promise<string[]> {
    return this.#operate(process, "list", () => [...this.#files.keys()].sort());
  }

  /** The power goes: what was not synchronised is lost, or is there in part. */
  crash(): void {
    for (const [path, file] of this.#files) {
      const isTorn = path === this.#lastWritten && this.#faults.happens("torn write", this.config.torn, this.#random);
      const kept = isTorn ? file.contents.slice(0, this.#random.below(file.contents.length)) : file.durable;
      if (kept === undefined) this.#files.delete(path);
      else this.#files.set(path, { contents: kept, durable: kept });
    }
    this.#lastWritten = undefined;
  }

  /** What somebody copies away, to be put back later: files as they are, durable or not. */
  backup(): ReadonlyMap<string, Uint8Array> {
    return new Map([...this.#files].map(([path, { contents }]) => [path, contents]));
  }

  /** Somebody puts an old copy in place of what is there. */
  restore(backup: ReadonlyMap<string, Uint8Array>): void {
    this.#files.clear();
    for (const [path, contents] of backup) this.#files.set(path, { contents, durable: contents });
  }

  /** Turns what is there into something else. */
  corrupt(isMeant: (path: string) => boolean): number {
    let count = 0;
    for (const [path, file] of this.#files) {
      if (!isMeant(path)) continue;
      const damaged = file.contents.slice();
      damaged[damaged.length >> 1] = (damaged[damaged.length >> 1] ?? 0) ^ 0xff;
      this.#files.set(path, { contents: damaged, durable: damaged });
      count++;
    }
    return count;
  }

  #operate<T>(process: SimulatedProcess, label: string, work: () => T): Promise<T> {
    return process.complete(this.#random.exponential(this.config.latencyMs), label, work);
  }

  #fail(path: string): void {
    if (this.#faults.happens("disk error", this.config.errors, this.#random)) throw new DiskError("EIO", path);
  }
}
