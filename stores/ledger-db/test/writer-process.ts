// Another process that writes a ledger: `append-blocks.mjs`, on the built packages.
import { type ChildProcess, spawn } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { type BlockData, encodeArchiveBlock } from "@fogbow/core-block";
import { MemoryLedger } from "../src/index.ts";
import { contents, next, origin } from "./chain.ts";
import { newDirectory } from "./directories.ts";

const APPEND_BLOCKS = fileURLToPath(new URL("append-blocks.mjs", import.meta.url));

/** Writes a chain of unsigned blocks into a new folder, one file each. Returns the folder and the blocks. */
export function archiveChain(
  blocks: number,
  outputs: number,
): { readonly archive: string; readonly chain: BlockData[] } {
  const archive = join(newDirectory(), "archive");
  mkdirSync(archive);
  const ledger = new MemoryLedger();
  const chain: BlockData[] = [];
  for (let index = 0; index < blocks; index++) {
    const parent = ledger.lastBlock();
    const data: BlockData =
      parent === undefined
        ? origin(outputs)
        : { ...next(parent, ledger.root(), contents(index, outputs), 2), signature: undefined, metadata: undefined };
    ledger.append(data);
    writeFileSync(join(archive, `${index}`), encodeArchiveBlock(data));
    chain.push(data);
  }
  return { archive, chain };
}

/** A running writer. */
export interface WriterProcess {
  /** Lets it begin: until then it has loaded its program and done nothing. */
  begin(): void;
  /** What it has printed so far. */
  readonly lines: readonly string[];
  /** Resolves with the first line, already printed or not, that satisfies a condition; rejects after ten seconds. */
  line(isWanted: (line: string) => boolean): Promise<string>;
  /** Kills it with SIGKILL and resolves when it is gone and everything it printed was read. */
  kill(): Promise<void>;
}

/** Starts a writer that waits to begin. `fileKilobytesMax` bounds the size of any file it writes, as a full disk does. */
export function startWriter(
  directory: string,
  archive: string,
  fileKilobytesMax?: number,
  kind: "archive" | "forget" = "archive",
): WriterProcess {
  const command = [process.execPath, APPEND_BLOCKS, kind, directory, archive];
  const [program, args]: [string, string[]] =
    fileKilobytesMax === undefined
      ? [process.execPath, command.slice(1)]
      : ["bash", ["-c", `ulimit -f ${fileKilobytesMax}; exec "$@"`, "bash", ...command]];
  const child: ChildProcess = spawn(program, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines: string[] = [];
  const listeners = new Set<() => void>();
  const gone = new Promise<void>((resolve) => child.once("close", () => resolve()));
  const { stdin, stdout } = child;
  if (stdin === null || stdout === null) {
    throw new Error("The writer's input and output are pipes.");
  }
  createInterface({ input: stdout }).on("line", (line) => {
    lines.push(line);
    for (const listener of listeners) {
      listener();
    }
  });
  const line = (isWanted: (line: string) => boolean): Promise<string> =>
    new Promise((resolve, reject) => {
      const give = (): void => {
        listeners.delete(look);
        clearTimeout(deadline);
      };
      const look = (): void => {
        const found = lines.find(isWanted);
        if (found !== undefined) {
          give();
          resolve(found);
        }
      };
      const deadline = setTimeout(() => {
        give();
        reject(new Error(`The writer printed only: ${lines.slice(-3).join(", ")}`));
      }, 10_000);
      listeners.add(look);
      look();
    });
  const kill = async (): Promise<void> => {
    child.kill("SIGKILL");
    await gone;
  };
  const begin = (): void => void stdin.write("begin\n");
  return { begin, lines, line, kill };
}
