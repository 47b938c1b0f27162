// Reading files and streams of at most so many bytes.
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { concatBytes, utf8 } from "@fogbow/core-bytes";
import { ArchiveError } from "./error.ts";

/** A regular file; undefined when there is none. Rejects with `file-too-large`, `source-failure`. */
export async function readFileIfAny(path: string, bytesMax: number): Promise<Uint8Array | undefined> {
  try {
    const about = await stat(path);
    if (!about.isFile()) {
      throw new ArchiveError("source-failure", `${path} is not a file.`);
    }
    if (about.size > bytesMax) {
      throw tooLarge(path, bytesMax);
    }
    return await readStream(createReadStream(path), path, bytesMax); // It may grow meanwhile.
  } catch (cause) {
    if (cause instanceof ArchiveError) {
      throw cause;
    }
    const code = cause instanceof Error && "code" in cause ? cause.code : "unknown";
    if (code === "ENOENT" || code === "ENOTDIR") {
      return undefined;
    }
    throw new ArchiveError("source-failure", `${path} cannot be read: ${code}.`, { cause });
  }
}

/** Everything that a stream gives. Rejects with `file-too-large` as soon as it is, and as the stream does. */
export async function readStream(
  stream: AsyncIterable<Uint8Array | string>,
  name: string,
  bytesMax: number,
): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let length = 0;
  for await (const part of stream) {
    const read = typeof part === "string" ? utf8(part) : part;
    length += read.length;
    if (length > bytesMax) {
      throw tooLarge(name, bytesMax);
    }
    parts.push(read);
  }
  return concatBytes(...parts);
}

/** The error for a file that has more bytes than it may. */
export function tooLarge(name: string, bytesMax: number): ArchiveError {
  return new ArchiveError("file-too-large", `${name} has more than ${bytesMax} bytes.`);
}
