// Where archive files are read from: a folder, or a web server.
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { CommandError } from "../error.ts";
import { httpSource } from "./http-source.ts";
import { readFileIfAny } from "./read-bounded.ts";

/** A place with archive files. */
export interface ArchiveSource {
  /** The file at a path; undefined when there is none. Rejects with `file-too-large` and as the kind of place does. */
  read(path: string, bytesMax: number): Promise<Uint8Array | undefined>;
}

/**
 * The source that a text names: what begins with `http://` or `https://` is a server, all else a folder. A server may
 * be silent for so many milliseconds. Rejects with `invalid-argument`, `source-not-found`.
 */
export async function archiveSource(name: string, silenceMs: number): Promise<ArchiveSource> {
  if (/^https?:\/\//i.test(name)) {
    return httpSource(name, silenceMs);
  }
  const about = await stat(name).catch(() => undefined);
  if (about?.isDirectory() !== true) {
    throw new CommandError("source-not-found", `${name} is neither a folder nor an address that begins with http.`);
  }
  return { read: (path, bytesMax) => readFileIfAny(join(name, path), bytesMax) };
}
