// Writes one file under another name first, so that no reader ever sees a part of it, not even after a power failure.
import { existsSync } from "node:fs";
import { type FileHandle, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { ArchiveError } from "./error.ts";

const COMPARED_BYTES = 65_536;

/** A file being written. Ends with `isThere` answering yes, with `finish` or with `abandon`. */
export class ArchiveFileWriter {
  readonly #path: string;
  readonly #part: string;
  readonly #file: FileHandle;
  #ended = false;

  private constructor(path: string, part: string, file: FileHandle) {
    this.#path = path;
    this.#part = part;
    this.#file = file;
  }

  /** Begins a file; makes its folder when that is not there. */
  static async open(path: string): Promise<ArchiveFileWriter> {
    await mkdir(dirname(path), { recursive: true });
    const part = `${path}.${process.pid}.part`;
    return new ArchiveFileWriter(path, part, await open(part, "w"));
  }

  /** Writes bytes after those before. */
  async write(bytes: Uint8Array): Promise<void> {
    await this.#file.writeFile(bytes); // From where the file stands.
  }

  /** Whether a file of this name and content is there already; then this one is dropped. Rejects with `archive-differs`. */
  async isThere(): Promise<boolean> {
    if (!existsSync(this.#path)) {
      return false;
    }
    try {
      if (!(await equalFiles(this.#path, this.#part))) {
        throw new ArchiveError("archive-differs", `${this.#path} is there already and has other content.`);
      }
      return true;
    } finally {
      await this.abandon();
    }
  }

  /** Gives the file its name, once its content is on the disk. */
  async finish(): Promise<void> {
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#part, this.#path);
    this.#ended = true;
    await syncFolder(dirname(this.#path));
  }

  /** Closes and removes what was written; the file does not appear. Does nothing to a file that has ended. */
  async abandon(): Promise<void> {
    if (!this.#ended) {
      this.#ended = true;
      await this.#file.close(); // Closing again does nothing.
      await rm(this.#part, { force: true });
    }
  }
}

/** Puts the name on the disk as well, where the system can do that for folders. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(path, "r").catch(() => undefined);
  await folder?.datasync().catch(() => undefined);
  await folder?.close();
}

async function equalFiles(pathA: string, pathB: string): Promise<boolean> {
  const [a, b] = [await open(pathA), await open(pathB)];
  try {
    if ((await a.stat()).size !== (await b.stat()).size) {
      return false;
    }
    const [partA, partB] = [Buffer.alloc(COMPARED_BYTES), Buffer.alloc(COMPARED_BYTES)];
    for (;;) {
      const { bytesRead } = await a.read(partA);
      const other = await b.read(partB);
      if (bytesRead !== other.bytesRead || !partA.subarray(0, bytesRead).equals(partB.subarray(0, bytesRead))) {
        return false;
      }
      if (bytesRead === 0) {
        return true;
      }
    }
  } finally {
    await a.close();
    await b.close();
  }
}
