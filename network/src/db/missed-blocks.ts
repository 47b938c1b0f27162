// `fogbow db missed-blocks`: what an operator does about blocks that ingest has scanned wrongly.
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { type DatabaseOptions, withDatabase, withOpenDatabase } from "./database.ts";

interface MissedOptions extends DatabaseOptions, JsonOption {
  readonly from: string;
  readonly through: string;
}

/** Adds the command. */
export function addMissedBlocksCommand(db: Command, { stdout, env }: Surroundings): void {
  const command = withDatabase(db.command("missed-blocks"))
    .description(
      "tell every wallet to download some blocks and look through them itself, because ingest has scanned them wrongly; what a wallet " +
        "found already counts once, and nothing is deleted",
    )
    .requiredOption("--from <block>", "index of the first of these blocks")
    .requiredOption("--through <block>", "index of the last one")
    .option("--json", JSON_HELP)
    .action(async (options: MissedOptions) => {
      const range = { startBlock: indexOf(options.from), endBlock: indexOf(options.through) + 1n };
      const facts = await withOpenDatabase(options, env, async ({ db: open, name }) => ({
        database: name,
        told: (await open.addMissedBlocks(range)).map(({ startBlock, endBlock }) => ({
          from: startBlock,
          through: endBlock - 1n,
        })),
      }));
      const told = facts.told.map(({ from, through }) => `${from} to ${through}`).join(", ");
      stdout.write(
        options.json === true
          ? jsonLine(facts)
          : rows([
              ["database", facts.database],
              ["wallets are told of", told || "nothing: they were told before"],
            ]),
      );
    });
  withExamples(command, [["fogbow db missed-blocks --from 1200 --through 1203", "four blocks"]]);
}

function indexOf(text: string): bigint {
  if (/^\d{1,18}$/.test(text)) return BigInt(text);
  throw new CommandError("invalid-argument", `A block's index is a whole number, not ${text}.`);
}
