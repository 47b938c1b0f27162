// Reading files that were named on the command line.
import { readFileIfAny, readStream } from "@fogbow/archive";
import { CommandError } from "../error.ts";

export { readFileIfAny, readStream };

/** A file that was named. Rejects with `source-not-found`, `file-too-large`, `source-failure`. */
export async function readNamedFile(path: string, bytesMax: number): Promise<Uint8Array> {
  const content = await readFileIfAny(path, bytesMax);
  if (content === undefined) {
    throw new CommandError("source-not-found", `There is no file ${path}.`);
  }
  return content;
}
