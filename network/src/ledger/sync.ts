// `fogbow ledger sync`: follows a network without taking part in it.
import { ArchiveBlockSource, archiveFilesAt } from "@fogbow/archive";
import { ARCHIVE_BLOCK_BYTES_MAX, parseArchiveBlock } from "@fogbow/core-block";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import type { LmdbLedger } from "@fogbow/ledger-db";
import {
  FOLLOW_SILENCE_MS,
  fetchOrigin,
  followNetwork,
  type NetworkConfig,
  parseNetworkConfig,
  readConfigText,
} from "@fogbow/node";
import { createLog, type Log } from "@fogbow/server";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { parseHex32 } from "./arguments.ts";
import { tryOpenLedger } from "./import-target.ts";
import { counted, JSON_HELP, type JsonOption, jsonLine, Progress } from "./output.ts";
import { readNamedFile } from "./read-bounded.ts";
import { trustedSigners } from "./signers.ts";
import { storeOrigin } from "./store-origin.ts";

interface SyncOptions extends JsonOption {
  readonly config?: string;
  readonly ledgerPath?: string;
  readonly chainId?: string;
  readonly originBlockPath?: string;
  readonly originBlockId?: string;
  readonly signer?: readonly string[];
  readonly signers?: string;
  readonly once?: boolean;
}

/** Adds the command. */
export function addSyncCommand(ledger: Command, surroundings: Surroundings): void {
  const command = ledger
    .command("sync")
    .description(
      "follow a network without validating: blocks that enough of its nodes agree on, contents from its archives; the " +
        "ledger is made when it is not there, and can be read by others meanwhile",
    )
    .option("--config <file>", "network.toml or network.json: peers, archives and quorum set (MC_NETWORK)")
    .option("--ledger-path <dir>", "directory of the ledger (MC_LEDGER_PATH)")
    .option("--chain-id <id>", "name of the chain, which nodes are told (MC_CHAIN_ID)")
    .option("--origin-block-path <file>", "archive file of the first block (MC_ORIGIN_BLOCK_PATH)")
    .option("--origin-block-id <hex>", "id of the first block, to fetch it from an archive (MC_ORIGIN_BLOCK_ID)")
    .option("--signer <key>", "a block signing key whose signatures are stored, 64 hex digits; may be repeated", append)
    .option("--signers <file>", "a file of such keys, one in each line")
    .option("--once", "end at the tip instead of following on")
    .option("--json", JSON_HELP)
    .action((options: SyncOptions) => sync(options, surroundings));
  withExamples(command, [
    ["fogbow ledger sync --config network.toml --ledger-path ledger --chain-id main --origin-block-id …", "follow"],
    [
      "fogbow ledger sync --config network.toml --ledger-path ledger --chain-id main --once",
      "go on where it was, to the tip",
    ],
  ]);
}

async function sync(options: SyncOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, env } = surroundings;
  const { signer = [], signers: file, once = false, json } = options;
  const config = named(options.config ?? env.MC_NETWORK, "--config");
  const chainId = named(options.chainId ?? env.MC_CHAIN_ID, "--chain-id");
  const directory = named(options.ledgerPath ?? env.MC_LEDGER_PATH, "--ledger-path");
  const network = parseNetworkConfig(await readConfigText(config, { file: "command line", field: "--config" }), config);
  const signers = await trustedSigners(signer, file);
  const log = createLog(
    { name: "ledger-sync", level: "warn" },
    { destination: { write: (line) => stderr.write(line) } },
  );
  const stop = new AbortController();
  void stopSignal(surroundings).then(() => stop.abort());
  const origin = { path: options.originBlockPath ?? env.MC_ORIGIN_BLOCK_PATH, id: originId(options, env) };
  const ledger = await openFollowed(directory, { origin, network, log }, stop.signal);
  try {
    const before = ledger.numBlocks();
    const progress = new Progress(stderr);
    const onProgress = (count: bigint): void => progress.tell(() => `synced ${counted(count, "block")}`);
    await followNetwork({ network, chainId, signers, once, pollMs: POLL_MS }, { ledger, log, onProgress }, stop.signal);
    const blocks = ledger.numBlocks();
    const facts = { appended: blocks - before, blocks, tip: toHex(ledger.lastBlock()?.id ?? new Uint8Array()) };
    stdout.write(
      json === true
        ? jsonLine(facts)
        : `appended ${counted(facts.appended, "block")}; the ledger has ${blocks}\ntip ${facts.tip}\n`,
    );
  } finally {
    await ledger.close();
  }
}

function originId({ originBlockId }: SyncOptions, env: Surroundings["env"]): Uint8Array | undefined {
  const id = originBlockId ?? env.MC_ORIGIN_BLOCK_ID ?? "";
  return id === "" ? undefined : parseHex32(id, "The id of a block");
}

interface Following {
  readonly origin: { readonly path: string | undefined; readonly id: Uint8Array | undefined };
  readonly network: NetworkConfig;
  readonly log: Log;
}

/** Opens the ledger, made with its first block when it is not there: from the file that is named, else from an archive. */
async function openFollowed(
  directory: string,
  { origin: { path, id }, network, log }: Following,
  signal: AbortSignal,
): Promise<LmdbLedger> {
  const ledger = tryOpenLedger(directory);
  const first = ledger?.block(0n);
  if (ledger !== undefined) {
    if (id === undefined || (first !== undefined && equalBytes(first.id, id))) return ledger;
    await ledger.close();
    throw new CommandError("wrong-origin", "The ledger is of another network: its first block has another id.");
  }
  if (path !== undefined && path !== "") {
    const data = parseArchiveBlock(await readNamedFile(path, ARCHIVE_BLOCK_BYTES_MAX), 0n);
    if (id !== undefined && !equalBytes(data.block.id, id)) {
      throw new CommandError("wrong-origin", "The file of the first block holds one with another id.");
    }
    return storeOrigin(directory, data);
  }
  if (id === undefined) {
    const message = "There is no ledger yet: say with --origin-block-path or --origin-block-id how it begins.";
    throw new CommandError("invalid-argument", message);
  }
  const sources = network.txSourceUrls.map((url) => new ArchiveBlockSource(archiveFilesAt(url, FOLLOW_SILENCE_MS)));
  return storeOrigin(directory, await fetchOrigin(id, { sources, log }, signal));
}

const POLL_MS = 1_000;

function named(value: string | undefined, option: string): string {
  if (value === undefined || value === "") throw new CommandError("invalid-argument", `${option} is missing.`);
  return value;
}

function append(key: string, keys: readonly string[] = []): readonly string[] {
  return [...keys, key];
}
