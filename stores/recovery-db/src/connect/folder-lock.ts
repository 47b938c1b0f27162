// Keeps a second process out of the folder of an embedded database, which would destroy it: PGlite itself does not look. The
// lock is a file beside the folder that names its process; a process that was killed leaves one that counts for nothing.
import { closeSync, mkdirSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname, resolve } from "node:path";
import { RecoveryDbError } from "../error.ts";

/** Locks held by this process, which may have its number from one that was killed. */
const held = new Set<string>();

/** Takes the lock of a folder, and gives what lets it go. Throws `folder-in-use`. */
export function lockFolder(folder: string): () => void {
  const path = `${resolve(folder)}.lock`;
  mkdirSync(dirname(path), { recursive: true });
  if (!held.has(path)) {
    for (const _ of ["", "after one that counts for nothing was removed"]) {
      if (create(path)) {
        held.add(path);
        return () => {
          if (held.delete(path)) rmSync(path, { force: true });
        };
      }
      if (isOwnerAlive(path)) break;
      rmSync(path, { force: true });
    }
  }
  throw new RecoveryDbError("folder-in-use", "Another process has the folder of the embedded database open.");
}

function create(path: string): boolean {
  try {
    const file = openSync(path, "wx");
    writeSync(file, ownerText(process.pid));
    closeSync(file);
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw error;
  }
}

function isOwnerAlive(path: string): boolean {
  const text = read(path);
  const pid = Number(/^\d+/.exec(text)?.[0] ?? 0);
  if (pid === 0 || pid === process.pid) return false;
  try {
    process.kill(pid, 0);
  } catch (error) {
    if (codeOf(error) === "ESRCH") return false;
  }
  return text === ownerText(pid); // Else another process has got its number since.
}

/** A process's number, and where the system tells when it began, that too. */
function ownerText(pid: number): string {
  const [, began = ""] = /\) (?:\S+ ){19}(\d+)/.exec(read(`/proc/${pid}/stat`)) ?? [];
  return `${pid} ${began}`;
}

function read(path: string): string {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && "code" in error ? error.code : undefined);
