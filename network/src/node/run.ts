// `fogbow node run`: one validator in this process, until a signal ends it.
import {
  hostInUri,
  loadNodeConfig,
  NODE_SETTINGS,
  type NodeConfig,
  readConfigText,
  runNode,
  type SettingName,
  variableOf,
} from "@fogbow/node";
import { createLog } from "@fogbow/server";
import { type Command, Option } from "commander";
import { withExamples } from "../examples.ts";
import { JSON_HELP, jsonLine, rows } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { packageVersion } from "../version.ts";

/** What the command line says, in commander's names. */
type RunOptions = Readonly<Record<string, string | readonly string[] | boolean | undefined>>;

/** What is printed when the node runs. */
export interface RunningFacts {
  readonly node: string;
  readonly client: string;
  readonly peer: string;
  readonly admin: string;
}

/** Adds the command. */
export function addRunCommand(node: Command, surroundings: Surroundings): void {
  const command = node
    .command("run")
    .description(
      "run a validator node; it ends within a second of SIGTERM or SIGINT, and reads certificates again on SIGHUP",
    )
    .option(
      "--config <file>",
      "the node's file, .toml or .json, with the settings below; paths in it start at its folder",
    )
    .action((options: RunOptions) => run(options, surroundings));
  for (const name of Object.keys(NODE_SETTINGS) as SettingName[]) command.addOption(settingOption(name));
  command.option("--json", JSON_HELP);
  withExamples(command, [
    ["fogbow node run --config node0/node.toml", "as the file says"],
    ["fogbow node run --config node0/node.toml --log-level debug", "with one setting changed"],
    ["MC_CHAIN_ID=local fogbow node run --network network.toml …", "settings from the environment"],
  ]);
}

/** Its default is in the text: an option with one could not tell whether it was given. */
function settingOption(name: SettingName): Option {
  const { argument, description, default: usual, isList } = NODE_SETTINGS[name];
  const notes = [
    variableOf(name),
    ...(usual === undefined ? [] : [`default ${usual}`]),
    ...(isList ? ["repeatable"] : []),
  ];
  const option = new Option(`--${name} <${argument}>`, `${description} (${notes.join(", ")})`);
  return isList
    ? option.argParser((value: string, previous: readonly string[] | undefined) => [...(previous ?? []), value])
    : option;
}

async function run(options: RunOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const stop = stopSignal(surroundings);
  const config = await configOf(options, env);
  const log = createLog({ name: "node", level: config.logLevel });
  const starting = runNode(config, { log, version: packageVersion(), env });
  // A node that is told to end while it starts ends when it has started: everything of it can be stopped then.
  const running = await starting;
  const reload = (): void => {
    try {
      running.reloadTls();
      log.info("certificates were read again");
    } catch (error) {
      log.error("certificates cannot be used; the old ones stay", { error });
    }
  };
  surroundings.on?.("SIGHUP", reload);
  const facts = factsOf(config, running.ports);
  stdout.write(options.json === true ? jsonLine(facts) : narrate(facts));
  await stop;
  surroundings.off?.("SIGHUP", reload);
  log.info("the node stops");
  await running.close();
}

async function configOf(options: RunOptions, env: Surroundings["env"]): Promise<NodeConfig> {
  const { config: path } = options;
  const place = { file: "command line", field: "--config" };
  const file = typeof path === "string" && path !== "" ? { path, text: await readConfigText(path, place) } : undefined;
  const flags = Object.fromEntries(
    Object.keys(NODE_SETTINGS).map((name) => {
      const value = options[camelCase(name)];
      return [name, typeof value === "boolean" ? undefined : value];
    }),
  );
  return loadNodeConfig({ flags, env, file });
}

/** A flag as commander calls it. */
const camelCase = (name: string): string => name.replace(/-([a-z])/g, (_, letter: string) => letter.toUpperCase());

function factsOf(
  config: NodeConfig,
  ports: { readonly client: number; readonly peer: number; readonly admin: number },
): RunningFacts {
  const { clientListen, peerListen, adminListen, self } = config;
  const address = (
    { host, isSecure }: { readonly host: string; readonly isSecure: boolean },
    scheme: string,
    port: number,
  ): string => `${isSecure ? "" : "insecure-"}${scheme}://${hostInUri(host)}:${port}/`;
  return {
    node: self.responderId,
    client: address(clientListen, "mc", ports.client),
    peer: address(peerListen, "mcp", ports.peer),
    admin: address(adminListen, "mca", ports.admin),
  };
}

function narrate({ node, client, peer, admin }: RunningFacts): string {
  return rows([
    ["node", node],
    ["for clients", client],
    ["for peers", peer],
    ["for you", admin],
  ]);
}
