// Directories for test ledgers, removed when the test file is done.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll } from "vitest";

const made: string[] = [];

/** A new empty directory. */
export function newDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), "fogbow-ledger."));
  made.push(directory);
  return directory;
}

afterAll(() => {
  for (const directory of made.splice(0)) {
    rmSync(directory, { recursive: true, force: true });
  }
});
