// `fogbow ledger export DIR ARCHIVES`: the ledger as archive files that `import`, or a web server, can take.
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { exportArchives } from "./export-archives.ts";
import { counted, JSON_HELP, type JsonOption, jsonLine, Progress } from "./output.ts";
import { reading } from "./reading.ts";

interface ExportOptions extends JsonOption {
  readonly merged?: boolean;
}

/** Adds the command. */
export function addExportCommand(ledger: Command, { stdout, stderr }: Surroundings): void {
  ledger
    .command("export")
    .description("write every block as an archive file; files that are there already must be the same and are kept")
    .argument("<dir>", "directory of the ledger")
    .argument("<archives>", "folder for the archive files; made when it is not there")
    .option("--merged", "write files of 100, 1000 and 10000 blocks too, as far as they are full")
    .option("--json", JSON_HELP)
    .action(async (directory: string, archives: string, { merged = false, json }: ExportOptions) => {
      const facts = await reading(directory, (opened) => {
        const progress = new Progress(stderr);
        const onProgress = (blocks: bigint): void =>
          progress.tell(() => `exported ${blocks} of ${counted(opened.numBlocks(), "block")}`);
        return exportArchives(opened, archives, { merged, onProgress });
      });
      const { blocks, mergedFiles, filesKept } = facts;
      stdout.write(
        json === true
          ? jsonLine(facts)
          : `exported ${counted(blocks, "block")} and ${counted(mergedFiles, "merged file")}; ` +
              `${counted(filesKept, "file")} of these there already\n`,
      );
    });
}
