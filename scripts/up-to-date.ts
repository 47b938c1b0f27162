// Tells whether built files are newer than everything they are made from.
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";

/** Whether every output exists and none of the inputs (files, or folders with all that is in them) is newer. */
export async function upToDate(inputs: readonly string[], outputs: readonly string[]): Promise<boolean> {
  const oldest = Math.min(...(await Promise.all(outputs.map(modified))));
  const newest = Math.max(...(await Promise.all(inputs.map(newestWithin))));
  return oldest > newest;
}

/** Milliseconds since the epoch at which a file was last written; 0 when there is none. */
async function modified(file: string): Promise<number> {
  return stat(file).then(
    ({ mtimeMs }) => mtimeMs,
    () => 0,
  );
}

/** Folders that hold built files are no inputs. */
const BUILT = new Set(["generated", "dist", "node_modules"]);

async function newestWithin(path: string): Promise<number> {
  if (!(await stat(path)).isDirectory()) return modified(path);
  const entries = (await readdir(path)).filter((name) => !BUILT.has(name));
  return Math.max(await modified(path), ...(await Promise.all(entries.map((name) => newestWithin(join(path, name))))));
}
