// `fogbow up`: a whole network in this process, until a signal ends it.
import { toHex } from "@fogbow/core-bytes";
import { fogIngestBundle } from "@fogbow/fog-ingest";
import { consensusBundle } from "@fogbow/node";
import { measureBundle, readBundle } from "@fogbow/runtime-enclave";
import type { LogLevel } from "@fogbow/server";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { accountNames } from "../wallet/accounts.ts";
import { type FirstPayments, firstPayments } from "./first-payments.ts";
import { type Home, homeOf, portOf, withHome } from "./home.ts";
import { LOCAL_CHAIN_ID, LocalNetwork } from "./local-network.ts";

interface UpOptions extends JsonOption {
  readonly home?: string;
  readonly walletPort: string;
  readonly portOffset: string;
  readonly logLevel: LogLevel;
  readonly fresh?: boolean;
}

/** What is printed when everything runs. */
interface UpFacts {
  readonly home: string;
  readonly wallet: string;
  readonly chainId: string;
  readonly nodes: readonly string[];
  readonly wallets: readonly string[];
  readonly seconds: number;
  /** Of a network that was made just now. */
  readonly first?: FirstPayments;
}

/** Adds the command. */
export function addUpCommand(program: Command, surroundings: Surroundings): void {
  const command = withHome(
    program
      .command("up")
      .description(
        "run a whole network in this process until Ctrl-C: five validators, a Fog, a watcher, a faucet, and one port for wallets. " +
          "Its enclaves are simulated, which protects nobody from root on this machine",
      )
      .option("--wallet-port <port>", "where wallets find everything, on localhost", "7700")
      .option("--port-offset <n>", "added to the ports of nodes and of Fog's roles", "0")
      .option("--log-level <level>", "what goes into the log: silent, error, warn, info, debug or trace", "warn")
      .option("--fresh", "delete the network of the folder first, with its money and its wallets")
      .option("--json", `${JSON_HELP}, when everything runs`),
  ).action((options: UpOptions) => up(options, surroundings));
  withExamples(command, [
    ["fogbow up", "until Ctrl-C; then again, and everything is as it was"],
    ["fogbow up --fresh", "from the beginning"],
    ["fogbow up --home /tmp/net --wallet-port 7800 --port-offset 20000", "beside another one"],
  ]);
}

async function up(options: UpOptions, surroundings: Surroundings): Promise<void> {
  const { stdout, stderr, env } = surroundings;
  const started = performance.now();
  const stop = stopSignal(surroundings);
  const home = homeOf(options, env);
  if (home.tryRunning() !== undefined) {
    throw new CommandError("network-up", `A network runs in ${home.folder} already. Stop it: fogbow down`);
  }
  if (options.fresh === true) home.clear();
  const build = await ownBuild();
  const made = home.made();
  if (made !== undefined && made.build !== build) {
    const message = `The network in ${home.folder} was made with other enclaves, which sealed its keys. Begin anew: fogbow up --fresh`;
    throw new CommandError("network-of-another-build", message);
  }
  const ports = made ?? { walletPort: portOf(options.walletPort), portOffset: portOf(options.portOffset) };
  if (made === undefined) stderr.write("fogbow: making a network, once\n");
  const network = await LocalNetwork.make({ home, logLevel: options.logLevel, ...ports }, { random: systemRandom });
  const starting = network.up().then(() => true);
  try {
    const isUp = await Promise.race([starting, stop]);
    if (isUp === undefined) return;
    const { fogReportUrl, fogAuthoritySpki } = network.fogAddress;
    if (made === undefined) home.finish({ build, ...ports, fogReportUrl, fogAuthoritySpki: toHex(fogAuthoritySpki) });
    const seconds = Number(((performance.now() - started) / 1_000).toFixed(1));
    const first = made === undefined ? await firstPayments(home, { random: systemRandom }) : undefined;
    const facts = factsOf(home, network, seconds, first);
    stdout.write(options.json === true ? jsonLine(facts) : narrate(facts));
    await stop;
  } finally {
    await starting.catch(() => undefined); // What is half started cannot be stopped.
    await network.stop();
  }
}

function factsOf(home: Home, { nodes }: LocalNetwork, seconds: number, first: FirstPayments | undefined): UpFacts {
  const { wallet } = home.running();
  const wallets = accountNames(home);
  return { home: home.folder, wallet, chainId: LOCAL_CHAIN_ID, nodes, wallets, seconds, ...(first && { first }) };
}

function narrate({ home, wallet, nodes, wallets, seconds, first }: UpFacts): string {
  const table = rows([
    ["wallets ask", `${wallet}, for everything; chain ${LOCAL_CHAIN_ID}`],
    ["nodes", nodes.join("  ")],
    ["Fog", "ingest, view, ledger and report, behind the same port"],
    ["wallets", wallets.join(", ")],
    ["kept in", home],
    ["trust", "simulated enclaves, whose root is in the source: they protect nobody from root on this machine"],
  ]);
  return [
    `Everything runs, after ${seconds} s.\n\n${table}`,
    ...(first === undefined ? [] : [`\n${story(first)}`]),
    "\nTry: fogbow pay alice bob 5 · fogbow wallet balance bob · fogbow faucet alice 50 · Ctrl-C stops everything.\n",
  ].join("");
}

function story({ given, paid, fee, block, buildMs, finalMs, foundMs }: FirstPayments): string {
  return (
    `The faucet gave alice ${given} MOB, and she has paid bob ${paid} MOB for a fee of ${fee} MOB. Her wallet holds no ledger: it built the\n` +
    `payment in ${buildMs} ms with rings, proofs and bob's key from Fog. It was final in block ${block} after ${finalMs} ms, and bob's wallet had found it\n` +
    `through Fog after ${foundMs} ms.\n`
  );
}

/** The measurements of the enclaves that seal something. */
async function ownBuild(): Promise<string> {
  const bundles = await Promise.all([consensusBundle, fogIngestBundle].map(readBundle));
  return bundles.map((bundle) => toHex(measureBundle(bundle))).join(" ");
}
