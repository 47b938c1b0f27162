// Reading files that were named on the command line.
import { readFileIfAny, readStream } from "@fogbow/archive";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";

export { readFileIfAny };

/** A file that was named. Rejects with `source-not-found`, `file-too-large`, `source-failure`. */
export async function readNamedFile(path: string, bytesMax: number): Promise<Uint8Array> {
  const content = await readFileIfAny(path, bytesMax);
  if (content === undefined) {
    throw new CommandError("source-not-found", `There is no file ${path}.`);
  }
  return content;
}

/** Standard input to its end; nothing where there is none. Rejects with `file-too-large`. */
export function readStdin({ stdin }: Pick<Surroundings, "stdin">, bytesMax: number): Promise<Uint8Array> {
  return readStream(stdin ?? nothing(), "Standard input", bytesMax);
}

async function* nothing(): AsyncGenerator<Uint8Array, void, undefined> {}
