// `fogbow watcher run`: the only source of block timestamps for Fog.
import { parseNodeUri, readConfigText } from "@fogbow/node";
import { createLog, type ListenOptions } from "@fogbow/server";
import { parseWatcherConfig, runWatcher } from "@fogbow/watcher";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";

interface RunOptions extends JsonOption {
  readonly config?: string;
  readonly watcherDb?: string;
  readonly chainId?: string;
  readonly adminListenUri?: string;
}

/** Adds the command. */
export function addWatcherRunCommand(watcher: Command, surroundings: Surroundings): void {
  const command = watcher
    .command("run")
    .description(
      "watch archives until a signal ends it: records every block, its signature and its time; different blocks at one " +
        "height, bad signatures and broken chains are alarms in the log and in the figures",
    )
    .option("--config <file>", "sources.toml or .json: the archives, their nodes and signers (MC_SOURCES_PATH)")
    .option("--watcher-db <dir>", "directory for what is seen; made when it is not there (MC_WATCHER_DB)")
    .option("--chain-id <id>", "name of the chain, which nodes are told (MC_CHAIN_ID)")
    .option(
      "--admin-listen-uri <uri>",
      "where health and figures are served, such as insecure-mca://127.0.0.1:9090/ (MC_ADMIN_LISTEN_URI)",
    )
    .option("--json", JSON_HELP)
    .action((options: RunOptions) => run(options, surroundings));
  withExamples(command, [
    ["fogbow watcher run --config sources.toml --watcher-db watcher", "watch"],
    [
      "fogbow watcher run --config sources.toml --watcher-db watcher --admin-listen-uri insecure-mca://127.0.0.1:9090/",
      "with health at that port and figures at /metrics",
    ],
  ]);
}

async function run(options: RunOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, env } = surroundings;
  const stop = stopSignal(surroundings);
  const config = named(options.config ?? env.MC_SOURCES_PATH, "--config");
  const directory = named(options.watcherDb ?? env.MC_WATCHER_DB, "--watcher-db");
  const sources = parseWatcherConfig(await readConfigText(config, { file: "command line", field: "--config" }));
  const uri = options.adminListenUri ?? env.MC_ADMIN_LISTEN_URI;
  const running = await runWatcher(
    {
      sources,
      directory,
      chainId: options.chainId ?? env.MC_CHAIN_ID ?? "",
      listen: uri === undefined || uri === "" ? undefined : listenOf(uri),
      version: packageVersion(),
    },
    { log: createLog({ name: "watcher" }, { destination: { write: (line) => stderr.write(line) } }) },
  );
  const facts = { sources: sources.length, directory, port: running.port };
  stdout.write(
    options.json === true
      ? jsonLine(facts)
      : rows([
          ["sources", facts.sources],
          ["recorded in", directory],
          ["health and figures", facts.port === undefined ? "not served" : `port ${facts.port}`],
        ]),
  );
  try {
    await Promise.race([stop, running.done]);
  } finally {
    await running.close();
  }
}

function listenOf(uri: string): ListenOptions {
  const { host, port, isSecure, param } = parseNodeUri(uri, "admin", {
    file: "command line",
    field: "--admin-listen-uri",
  });
  const [chain, key] = [param("tls-chain"), param("tls-key")];
  if (!isSecure) return { host, port };
  if (chain === undefined || key === undefined) {
    throw new CommandError("invalid-argument", "Listening with TLS takes the parameters tls-chain and tls-key.");
  }
  return { host, port, tls: { certificateChainPath: chain, privateKeyPath: key } };
}

function named(value: string | undefined, option: string): string {
  if (value === undefined || value === "") throw new CommandError("invalid-argument", `${option} is missing.`);
  return value;
}
