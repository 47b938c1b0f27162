// `fogbow ledger verify DIR`: derives everything again and names the block where something is wrong.
import { toHex } from "@fogbow/core-bytes";
import { verifyLedger } from "@fogbow/ledger-db";
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { counted, JSON_HELP, type JsonOption, jsonLine, Progress } from "./output.ts";
import { reading } from "./reading.ts";

/** Adds the command. */
export function addVerifyCommand(ledger: Command, { stdout, stderr }: Surroundings): void {
  ledger
    .command("verify")
    .description(
      "derive everything in a ledger again: ids, contents, tree, counts, indexes, and signatures by the keys beside " +
        "them; whose keys these are it does not know. Names the first block that is wrong",
    )
    .argument("<dir>", "directory of the ledger")
    .option("--json", JSON_HELP)
    .action(async (directory: string, { json }: JsonOption) => {
      const { root, ...counts } = await reading(directory, (opened) => {
        const progress = new Progress(stderr);
        const onProgress = (blocks: bigint): void =>
          progress.tell(() => `verified ${blocks} of ${counted(opened.numBlocks(), "block")}`);
        return verifyLedger(opened, { onProgress });
      });
      const facts = { valid: true, ...counts, root: toHex(root.hash) };
      const { blocks, txOuts, keyImages, signatures } = counts;
      stdout.write(
        json === true
          ? jsonLine(facts)
          : `valid: ${counted(blocks, "block")}, ${counted(txOuts, "output")}, ${counted(keyImages, "key image")}\n` +
              `${counted(signatures, "signature")} by the keys beside them; signer not verified\n`,
      );
    });
}
