// When a folder's database was written to, by whatever process: the system tells, where it can.
import { type FSWatcher, watch } from "node:fs";
import { join } from "node:path";

/** Changes of some folders. They may go unnoticed, and may be told that are none: who waits for one looks by itself. */
export class FolderChanges {
  readonly #folders: readonly string[];
  readonly #watchers = new Map<string, FSWatcher>();
  #changes = 0;
  #seen = 0;
  #waiting: (() => void)[] = [];

  constructor(folders: readonly string[]) {
    this.#folders = folders;
  }

  /**
   * Resolves when a folder changed since the last time that this resolved, or after so many milliseconds, or when the signal is
   * aborted.
   */
  async next(milliseconds: number, signal: AbortSignal): Promise<void> {
    this.#watchAll();
    if (this.#changes === this.#seen && !signal.aborted) await this.#wait(milliseconds, signal);
    this.#seen = this.#changes;
  }

  /** Watches no more; whoever waits goes on. */
  close(): void {
    for (const watcher of this.#watchers.values()) watcher.close();
    this.#watchers.clear();
    this.#tell();
  }

  #wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        signal.removeEventListener("abort", end);
        this.#waiting = this.#waiting.filter((each) => each !== end);
        resolve();
      };
      const timer = setTimeout(end, milliseconds);
      signal.addEventListener("abort", end);
      this.#waiting.push(end);
    });
  }

  /** A folder that is not there yet, or that the system cannot watch, is tried again the next time. */
  #watchAll(): void {
    for (const folder of this.#folders) {
      if (this.#watchers.has(folder)) continue;
      try {
        const watcher = watch(join(folder, DATA_FILE), { persistent: false }, () => this.#tell());
        watcher.on("error", () => {
          watcher.close();
          this.#watchers.delete(folder);
        });
        this.#watchers.set(folder, watcher);
      } catch {
        // Nobody is told then, and whoever waits looks after its time.
      }
    }
  }

  #tell(): void {
    this.#changes += 1;
    for (const resolve of this.#waiting.slice()) resolve();
  }
}

/** What LMDB writes to. */
const DATA_FILE = "data.mdb";
