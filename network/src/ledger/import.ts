// `fogbow ledger import DIR SOURCE`: blocks from archive files, verified on the way.
import { existingArchiveFilesAt } from "@fogbow/archive";
import { CodedError } from "@fogbow/core-bytes";
import type { Command } from "commander";
import { CommandError, StoppedError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";
import { parseIndex } from "./arguments.ts";
import { type ImportReport, importArchives } from "./import-archives.ts";
import { ImportTarget } from "./import-target.ts";
import { TIMEOUT_SECONDS_MAX } from "./limits.ts";
import { counted, JSON_HELP, type JsonOption, jsonLine, Progress } from "./output.ts";
import { trustedSigners } from "./signers.ts";

interface ImportOptions extends JsonOption {
  readonly signer?: readonly string[];
  readonly signers?: string;
  readonly timeout: string;
}

/** Adds the command. */
export function addImportCommand(ledger: Command, { stdout, stderr }: Surroundings): void {
  ledger
    .command("import")
    .description(
      "append archived blocks to a ledger, made when it is not there, as far as the source has them; verifies ids, " +
        "contents, signatures, parents, counts and roots, and stops at the first block that is wrong",
    )
    .argument("<dir>", "directory of the ledger")
    .argument(
      "<source>",
      "folder with archive files, or their address: https://…, http://…, s3://bucket/prefix?region=…; redirects are refused",
    )
    .option("--signer <key>", "a key to trust, 64 hex digits; may be repeated", append)
    .option("--signers <file>", "a file of keys to trust, one in each line")
    .option("--timeout <seconds>", `how long the server may be silent, at most ${TIMEOUT_SECONDS_MAX}`, "30")
    .option("--json", JSON_HELP)
    .action(async (directory: string, name: string, { signer = [], signers: file, timeout, json }: ImportOptions) => {
      const signers = await trustedSigners(signer, file);
      const source = await existingArchiveFilesAt(name, 1_000 * parseSeconds(timeout));
      const progress = new Progress(stderr);
      const onProgress = (blocks: bigint): void => progress.tell(() => `imported ${counted(blocks, "block")}`);
      const { blocks, trusted, ...report } = await importInto(directory, (target) =>
        importArchives(target, source, { signers, onProgress }),
      );
      const facts = { ...report, blocks, signer: trusted > 0n ? "verified" : "not verified" };
      stdout.write(
        json === true
          ? jsonLine(facts)
          : `imported ${counted(report.imported, "block")}; the ledger has ${blocks}\nsigner ${facts.signer}\n`,
      );
    });
}

/** Runs an import into the ledger of a directory. Errors say how many blocks the ledger has when it ends. */
async function importInto(
  directory: string,
  run: (target: ImportTarget) => Promise<ImportReport>,
): Promise<ImportReport & { readonly blocks: bigint }> {
  const target = new ImportTarget(directory);
  try {
    const report = await run(target);
    if (target.next === 0n) {
      throw new CommandError("no-archive", "The source has no block 0.");
    }
    return { ...report, blocks: target.next };
  } catch (cause) {
    if (!(cause instanceof CodedError)) {
      throw cause;
    }
    throw new StoppedError(cause, `The ledger has ${counted(target.next, "block")}.`);
  } finally {
    await target.close();
  }
}

function append(key: string, keys: readonly string[] = []): readonly string[] {
  return [...keys, key];
}

function parseSeconds(text: string): number {
  const seconds = parseIndex(text, "A number of seconds");
  if (seconds < 1n || seconds > TIMEOUT_SECONDS_MAX) {
    throw new CommandError("invalid-argument", `A time-out is from 1 to ${TIMEOUT_SECONDS_MAX} seconds.`);
  }
  return Number(seconds);
}
