// `fogbow ledger info DIR`: how large a ledger is and where it stands.
import { toHex } from "@fogbow/core-bytes";
import { type LmdbLedger, SCHEMA_VERSION } from "@fogbow/ledger-db";
import type { Command } from "commander";
import type { Surroundings } from "../surroundings.ts";
import { timeText } from "./block-facts.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "./output.ts";
import { reading } from "./reading.ts";

/** Adds the command. */
export function addInfoCommand(ledger: Command, { stdout }: Surroundings): void {
  ledger
    .command("info")
    .description("print how large a ledger is and its newest block; verifies nothing")
    .argument("<dir>", "directory of the ledger")
    .option("--json", JSON_HELP)
    .action(async (directory: string, { json }: JsonOption) => {
      const facts = await reading(directory, infoFacts);
      stdout.write(json === true ? jsonLine(facts) : narrate(facts));
    });
}

/** What `info` prints; the blocks' own facts are absent in an empty ledger. */
interface InfoFacts {
  readonly blocks: bigint;
  readonly txOuts: bigint;
  readonly keyImages: bigint;
  readonly signedBlocks: bigint;
  readonly schemaVersion: bigint;
  readonly originId: string | undefined;
  readonly lastId: string | undefined;
  readonly lastVersion: number | undefined;
  readonly lastSignedAt: bigint | undefined;
  readonly root: string | undefined;
}

function infoFacts(ledger: LmdbLedger): InfoFacts {
  const { blocks, txOuts, keyImages, signatures } = ledger.entryCounts();
  const origin = ledger.block(0n);
  const last = ledger.lastBlock();
  return {
    blocks,
    txOuts,
    keyImages,
    signedBlocks: signatures,
    schemaVersion: SCHEMA_VERSION,
    originId: origin && toHex(origin.id),
    lastId: last && toHex(last.id),
    lastVersion: last?.version,
    lastSignedAt: last && ledger.blockTimestamp(last.index),
    root: last && toHex(ledger.root().hash),
  };
}

function narrate(facts: InfoFacts): string {
  return rows([
    ["blocks", facts.blocks],
    ["outputs", facts.txOuts],
    ["key images", facts.keyImages],
    ["signed blocks", facts.signedBlocks],
    ["schema version", facts.schemaVersion],
    ["origin block", facts.originId ?? "none"],
    ["newest block", facts.lastId ?? "none"],
    ["its version", facts.lastVersion ?? "none"],
    ["signed at", facts.lastSignedAt === undefined ? "not signed" : timeText(facts.lastSignedAt)],
    ["root of outputs", facts.root ?? "none"],
  ]);
}
