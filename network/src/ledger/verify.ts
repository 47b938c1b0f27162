// `fogbow ledger verify DIR`: derives everything again and names the block where something is wrong. Of a ledger that forgets
// anybody can verify the headers; with `--node` its node's enclave reads the rest.
import type { Checkpoint } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";
import {
  LedgerError,
  openForgetLedger,
  type VerifyForgetReport,
  verifyForgetLedger,
  verifyLedger,
} from "@fogbow/ledger-db";
import { loadNodeConfig, readConfigText, verifyNodeLedger } from "@fogbow/node";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import type { Surroundings } from "../surroundings.ts";
import { counted, JSON_HELP, type JsonOption, jsonLine, Progress } from "./output.ts";
import { reading } from "./reading.ts";
import { readCheckpoints } from "./snapshot.ts";

interface VerifyCommandOptions extends JsonOption {
  readonly node?: string;
  readonly checkpoint?: string;
}

/** Adds the command. */
export function addVerifyCommand(ledger: Command, { stdout, stderr }: Surroundings): void {
  ledger
    .command("verify")
    .description(
      "derive everything in a ledger again: ids, contents, tree, counts, indexes, and signatures by the keys beside " +
        "them; whose keys these are it does not know. Names the first block that is wrong. Of a node that forgets anybody " +
        "can verify headers and counts, and with --node its enclave the rest",
    )
    .argument("<dir>", "directory of the ledger")
    .option("--node <file>", "a node that forgets and is stopped: its enclave reads what is sealed")
    .option("--checkpoint <file>", "of a node that forgets: what nodes signed must be in its chain")
    .option("--json", JSON_HELP)
    .action(async (directory: string, { json, node, checkpoint }: VerifyCommandOptions) => {
      if (isForgetting(directory)) {
        const about = checkpoint === undefined ? undefined : (await readCheckpoints([checkpoint])).checkpoint;
        const report = await verifyForgetting(directory, node, about);
        stdout.write(json === true ? jsonLine({ valid: true, ...report }) : forgettingWords(report));
        return;
      }
      if (node !== undefined || checkpoint !== undefined) {
        throw new CommandError(
          "invalid-argument",
          "--node and --checkpoint are for the ledger of a node that forgets.",
        );
      }
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

function isForgetting(directory: string): boolean {
  try {
    void openForgetLedger(directory, { readOnly: true }).close();
    return true;
  } catch (error) {
    if (error instanceof LedgerError && error.code === "unknown-schema-version") return false;
    throw error;
  }
}

async function verifyForgetting(
  directory: string,
  nodeFile: string | undefined,
  checkpoint: Checkpoint | undefined,
): Promise<VerifyForgetReport> {
  const about = checkpoint === undefined ? {} : { checkpoint };
  if (nodeFile === undefined) {
    const ledger = openForgetLedger(directory, { readOnly: true });
    try {
      return await verifyForgetLedger(ledger, about);
    } finally {
      await ledger.close();
    }
  }
  const text = await readConfigText(nodeFile, { file: "command line", field: "--node" });
  const config = await loadNodeConfig({ flags: {}, env: {}, file: { path: nodeFile, text } });
  return await verifyNodeLedger({ ...config, ledgerPath: directory }, about);
}

function forgettingWords(report: VerifyForgetReport): string {
  const { blocks, firstHeader, txOuts, keyImages, signatures, recordsVerified } = report;
  const held = `${counted(blocks, "block")}, ${counted(txOuts, "output")}, ${counted(keyImages, "key image")}`;
  const read = recordsVerified
    ? "the enclave has read every record: outputs, tree, key images, tags and minting are those of the newest block"
    : "outputs, tree, key images and minting are sealed: name the node's file with --node to have its enclave read them";
  return (
    `valid: ${held}; it forgets\nheaders from block ${firstHeader} on follow each other\n` +
    `${counted(signatures, "signature")} by the keys beside them; signer not verified\n${read}\n`
  );
}
