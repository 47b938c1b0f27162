// Who may write. LMDB keeps two writers from writing at the same moment, not from taking turns; two nodes taking turns on
// one ledger would be a mistake. So a writer leaves its name in the ledger, in a transaction, and shows it at each append.
import { randomUUID } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { fromUtf8, utf8 } from "@fogbow/core-bytes";
import { LedgerError } from "../error.ts";
import type { Tables } from "./tables.ts";

/** A writer's name. A process that was killed leaves it behind; the next writer sees that the process is gone. */
export interface WriterClaim {
  readonly pid: number;
  /** When the process started, in the system's own count: a later process can have the same pid. */
  readonly started: string;
  /** The file that is claimed: a copy of the ledger is not. */
  readonly file: string;
  /** Unique to each opening. */
  readonly nonce: string;
}

const WRITER_KEY = utf8("writer");

/** Claims the ledger in this file for this process. Only within a transaction. Throws `ledger-in-use`. */
export function claimWriter({ about }: Tables, dataFile: string): WriterClaim {
  const file = fileIdentity(dataFile);
  const current = readClaim(about.get(WRITER_KEY));
  if (current !== undefined && current.file === file && isAlive(current)) {
    throw new LedgerError("ledger-in-use", `Process ${current.pid} is writing this ledger: stop it first.`);
  }
  const claim = { pid: process.pid, started: startOf(process.pid) ?? "", file, nonce: randomUUID() };
  about.put(WRITER_KEY, utf8(JSON.stringify(claim)));
  return claim;
}

/** Throws `writer-replaced` when the ledger is not claimed by this writer any more. Only within a transaction. */
export function assertWriter({ about }: Tables, claim: WriterClaim): void {
  if (readClaim(about.get(WRITER_KEY))?.nonce !== claim.nonce) {
    throw new LedgerError("writer-replaced", "Another process has taken over writing this ledger.");
  }
}

/** Gives the claim up, if it still stands. Only within a transaction. */
export function releaseWriter({ about }: Tables, claim: WriterClaim): void {
  if (readClaim(about.get(WRITER_KEY))?.nonce === claim.nonce) {
    about.remove(WRITER_KEY);
  }
}

/** A claim that cannot be read binds nobody. */
function readClaim(encoded: Uint8Array | undefined): WriterClaim | undefined {
  if (encoded === undefined) {
    return undefined;
  }
  try {
    const { pid, started, file, nonce } = JSON.parse(fromUtf8(encoded));
    return { pid: Number(pid), started: String(started), file: String(file), nonce: String(nonce) };
  } catch {
    return undefined;
  }
}

/** Whether the process that left a claim still runs. */
function isAlive({ pid, started }: WriterClaim): boolean {
  if (!Number.isSafeInteger(pid) || pid <= 0) {
    return false;
  }
  try {
    process.kill(pid, 0);
  } catch (error) {
    // Without permission to signal it there is such a process; otherwise there is none.
    return error instanceof Error && "code" in error && error.code === "EPERM";
  }
  return (startOf(pid) ?? started) === started;
}

/** When a process started, from Linux's process table; undefined where there is none. */
function startOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets and may hold anything; the start is the 22nd.
    return stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
  } catch {
    return undefined;
  }
}

function fileIdentity(path: string): string {
  const { dev, ino } = statSync(path, { bigint: true });
  return `${dev}:${ino}`;
}
