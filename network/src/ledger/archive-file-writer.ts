// Writes one file under another name first, so that no reader ever sees a part of it.
import { closeSync, existsSync, mkdirSync, openSync, readSync, renameSync, rmSync, statSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { CommandError } from "../error.ts";

const COMPARED_BYTES = 65_536;

/** A file being written. Ends with `finish` or `abandon`. */
export class ArchiveFileWriter {
  readonly #path: string;
  readonly #part: string;
  readonly #file: number;

  constructor(path: string) {
    this.#path = path;
    this.#part = `${path}.${process.pid}.part`;
    mkdirSync(dirname(path), { recursive: true });
    this.#file = openSync(this.#part, "w");
  }

  /** Writes bytes after those before. When it throws, the file is abandoned. */
  write(bytes: Uint8Array): void {
    try {
      for (let written = 0; written < bytes.length; ) {
        written += writeSync(this.#file, bytes, written);
      }
    } catch (error) {
      this.abandon();
      throw error;
    }
  }

  /** Gives the file its name, or keeps the one that is there already and the same. Throws `archive-differs`. */
  finish(): "written" | "kept" {
    if (!existsSync(this.#path)) {
      closeSync(this.#file);
      renameSync(this.#part, this.#path);
      return "written";
    }
    this.#abandonAfter(() => {
      if (!equalFiles(this.#path, this.#part)) {
        throw new CommandError("archive-differs", `${this.#path} is there already and has other content.`);
      }
    });
    return "kept";
  }

  /** Closes and removes what was written; the file does not appear. Abandoning again does nothing. */
  abandon(): void {
    this.#abandonAfter(() => undefined);
  }

  #abandonAfter(last: () => void): void {
    try {
      last();
    } finally {
      if (existsSync(this.#part)) {
        closeSync(this.#file);
        rmSync(this.#part);
      }
    }
  }
}

function equalFiles(pathA: string, pathB: string): boolean {
  if (statSync(pathA).size !== statSync(pathB).size) {
    return false;
  }
  const [a, b] = [openSync(pathA, "r"), openSync(pathB, "r")];
  try {
    const [partA, partB] = [Buffer.alloc(COMPARED_BYTES), Buffer.alloc(COMPARED_BYTES)];
    for (;;) {
      const read = readSync(a, partA);
      if (read !== readSync(b, partB) || !partA.subarray(0, read).equals(partB.subarray(0, read))) {
        return false;
      }
      if (read === 0) {
        return true;
      }
    }
  } finally {
    closeSync(a);
    closeSync(b);
  }
}
