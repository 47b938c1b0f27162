// `fogbow ledger snapshot DIR FILE --checkpoint FILE…`: a whole ledger without its blocks, for nodes that forget to begin with.
import { createWriteStream, existsSync } from "node:fs";
import { rename, rm } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import {
  checkpointDigest,
  decodeSignedCheckpoint,
  frameSnapshotRecord,
  type SignedCheckpoint,
} from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { exportSnapshot, type LedgerReader } from "@fogbow/ledger-db";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";
import { CHECKPOINT_FILE_BYTES_MAX } from "./limits.ts";
import { counted, JSON_HELP, type JsonOption, jsonLine } from "./output.ts";
import { readNamedFile } from "./read-bounded.ts";
import { reading } from "./reading.ts";

interface SnapshotOptions extends JsonOption {
  readonly checkpoint: readonly string[];
}

/** Adds the command. */
export function addSnapshotCommand(ledger: Command, { stdout }: Surroundings): void {
  ledger
    .command("snapshot")
    .description(
      "write the ledger as it was at a checkpoint, without its blocks: a node that forgets can begin with it",
    )
    .argument("<dir>", "directory of a ledger that keeps all blocks")
    .argument("<file>", "the file to make; nothing is overwritten")
    .requiredOption("--checkpoint <file...>", "what nodes signed: checkpoints/HEIGHT.pb of their state folders")
    .option("--json", JSON_HELP)
    .action(async (directory: string, file: string, { checkpoint, json }: SnapshotOptions) => {
      const signed = await readCheckpoints(checkpoint);
      await reading(directory, (opened) => writeSnapshot(opened, signed, file));
      const facts = { height: signed.checkpoint.height, signatures: BigInt(signed.signatures.length), file };
      stdout.write(
        json === true
          ? jsonLine(facts)
          : `wrote the ledger of block ${facts.height} with ${counted(facts.signatures, "signature")} to ${file}\n`,
      );
    });
}

/** The one checkpoint that all files are of, with all of their signatures. */
export async function readCheckpoints(files: readonly string[]): Promise<SignedCheckpoint> {
  const read: SignedCheckpoint[] = [];
  for (const file of files) read.push(decodeSignedCheckpoint(await readNamedFile(file, CHECKPOINT_FILE_BYTES_MAX)));
  const [first] = read;
  if (first === undefined) throw new CommandError("invalid-argument", "Name a checkpoint.");
  const digest = checkpointDigest(first.checkpoint);
  const other = read.findIndex(({ checkpoint }) => !equalBytes(checkpointDigest(checkpoint), digest));
  if (other >= 0) {
    throw new CommandError("invalid-argument", `${files[other]} is of another checkpoint than ${files[0]}.`);
  }
  return { checkpoint: first.checkpoint, signatures: read.flatMap(({ signatures }) => signatures) };
}

/** The file has its name when it is whole. */
async function writeSnapshot(ledger: LedgerReader, signed: SignedCheckpoint, file: string): Promise<void> {
  if (existsSync(file)) throw new CommandError("invalid-argument", `There is something at ${file} already.`);
  const part = `${file}.part`;
  const framed = function* (): Generator<Uint8Array> {
    for (const record of exportSnapshot(ledger, signed)) yield frameSnapshotRecord(record);
  };
  try {
    await pipeline(Readable.from(framed()), createWriteStream(part, { flush: true }));
    await rename(part, file);
  } catch (error) {
    await rm(part, { force: true });
    throw error;
  }
}
