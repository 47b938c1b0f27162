// A store in a file, for Node: one process has it at a time, and what is there is always a whole state.
import { open, readFile, rename, rm, writeFile } from "node:fs/promises";
import { dirname } from "node:path";
import { SdkError, type WalletStore } from "@fogbow/sdk";

/** A file of a wallet's state. Put an {@link EncryptedStore} around it. */
export class FileStore implements WalletStore {
  readonly #path: string;
  #last: Promise<unknown> = Promise.resolve();
  #isClosed = false;

  private constructor(path: string) {
    this.#path = path;
  }

  /** Takes the file, which need not be there, for this process. Rejects with SdkError `store-locked`. */
  static async open(path: string): Promise<FileStore> {
    const lock = lockOf(path);
    for (;;) {
      try {
        await writeFile(lock, `${process.pid}`, { flag: "wx", mode: 0o600 });
        return new FileStore(path);
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
        const holder = Number(await readFile(lock, "utf8").catch(() => ""));
        if (isRunning(holder)) {
          throw new SdkError("store-locked", `Process ${holder} has the wallet in ${path} open.`);
        }
        await rm(lock, { force: true }); // Its process was killed.
      }
    }
  }

  async read(): Promise<Uint8Array | undefined> {
    await this.#last;
    return readFile(this.#path).then(
      (bytes) => new Uint8Array(bytes),
      () => undefined,
    );
  }

  write(state: Uint8Array): Promise<void> {
    if (this.#isClosed) return Promise.reject(new SdkError("store-locked", "This program has let go of the wallet."));
    const written = this.#last.then(() => this.#replace(state));
    this.#last = written.catch(() => undefined); // Whoever wrote is told.
    return written;
  }

  /** Deletes what was written. */
  async remove(): Promise<void> {
    await this.#last;
    await rm(this.#path, { force: true });
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#last;
    await rm(lockOf(this.#path), { force: true });
  }

  /** A new file, durable before it takes the old one's place. */
  async #replace(state: Uint8Array): Promise<void> {
    const part = `${this.#path}.part`;
    const file = await open(part, "w", 0o600);
    try {
      await file.writeFile(state);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(part, this.#path);
    const folder = await open(dirname(this.#path), "r");
    try {
      await folder.sync();
    } finally {
      await folder.close();
    }
  }
}

const lockOf = (path: string): string => `${path}.lock`;

/** Whether a process is there. This one counts: it has the file open already. */
function isRunning(pid: number): boolean {
  if (!Number.isSafeInteger(pid) || pid < 1) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
