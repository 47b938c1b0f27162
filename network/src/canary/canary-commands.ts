// `fogbow canary`: transfers between wallets of its own, without end, with figures for Prometheus.
import { formatMob, parseMob, type TokenValue } from "@fogbow/core-bytes";
import { fogIngestBundle } from "@fogbow/fog-ingest";
import { fogLedgerBundle } from "@fogbow/fog-ledger";
import { fogViewBundle } from "@fogbow/fog-view";
import { consensusBundle, parseNodeUri } from "@fogbow/node";
import type { Wallet } from "@fogbow/sdk";
import {
  createMetrics,
  healthService,
  type Log,
  type Metrics,
  parseServiceUri,
  type Server,
  serve,
} from "@fogbow/server";
import type { Command } from "commander";
import { wait } from "../client/fog-access.ts";
import { FogWallets } from "../client/fog-wallets.ts";
import { NodeClient } from "../client/node-client.ts";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { readAccounts } from "../fog/keys.ts";
import { RoleOptions } from "../fog/role-options.ts";
import { trustedEnclave } from "../fog/trusted-enclave.ts";
import { JSON_HELP, jsonLine } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { type Connection, connectTo } from "../up/connect.ts";
import { fundedWallet } from "../up/first-payments.ts";
import { homeOf, withHome } from "../up/home.ts";
import { runCanary, type ToldTransfer } from "./canary.ts";
import { canaryMetrics } from "./canary-metrics.ts";
import { CANARY_CLIENTS_MAX } from "./limits.ts";

/** What a wallet on one's own network is given once. */
const GIVEN: TokenValue = parseMob("10");

/** Adds the command. */
export function addCanaryCommand(program: Command, surroundings: Surroundings): void {
  const command = withHome(
    program
      .command("canary")
      .description(
        "pay from wallet to wallet and check all that both can see: times, balances, memos, and that nothing is taken twice. On the " +
          "network of `fogbow up` it makes wallets of its own; elsewhere --keys names accounts that have money. It ends with exit " +
          "code 0 when every transfer was as it should be. Every option can be a variable: FOGBOW_CLIENTS for --clients, and so on",
      ),
  )
    .option("--clients <n>", "wallets, each of which pays the next (6)")
    .option("--transfers <n>", "how many (36)")
    .option("--continuous", "without end, until a signal")
    .option("--period-seconds <seconds>", "from the beginning of one to that of the next (0; 900 with --continuous)")
    .option("--amount <picoMOB>", "of each (20)")
    .option("--consensus-wait-seconds <seconds>", "within which a payment is to be in a block (5)")
    .option("--ledger-sync-wait-seconds <seconds>", "within which it is then to be found through Fog (5)")
    .option("--polling-wait-ms <ms>", "between two looks of a wallet (200)")
    .option("--metrics-port <port>", "serves /metrics for Prometheus on the loopback, and the health service")
    .option("--keys <folder>", "accounts with money, such as those of `fogbow fog keys`")
    .option("--consensus-uri <uri>", "with --keys: a node, such as mc://node1.example/")
    .option("--fog-view-uri <uri>", "with --keys: Fog View, such as fog-view://fog.example/")
    .option("--fog-ledger-uri <uri>", "with --keys: Fog Ledger, such as fog-ledger://fog.example/")
    .option("--chain-id <id>", "with --keys: name of the chain")
    .option("--measurements <file>", "trusts the enclaves that it names; those built with this program without")
    .option("--trust-simulated", "trust simulated platforms, which protect nobody (FOGBOW_TRUST_SIMULATED=1)")
    .option("--log-level <level>", "of the server of figures: silent, error, warn, info, debug or trace (info)")
    .option("--json", `${JSON_HELP} for each transfer, and one at the end`)
    .action(() => run(command, surroundings));
  withExamples(command, [
    ["fogbow canary --clients 2 --transfers 4", "beside fogbow up"],
    ["fogbow canary --continuous --metrics-port 9400", "one every quarter of an hour, watched by Prometheus"],
    [
      "fogbow canary --keys keys --consensus-uri mc://node1.example/ --fog-view-uri fog-view://fog.example/ --fog-ledger-uri " +
        "fog-ledger://fog.example/ --chain-id main --measurements measurements.json",
      "of a real deployment",
    ],
  ]);
}

async function run(command: Command, surroundings: Surroundings): Promise<void> {
  const { stdout, env } = surroundings;
  const options = new RoleOptions(command, env);
  const stop = new AbortController();
  void stopSignal(surroundings).then(() => stop.abort());
  const isEndless = options.flag("continuous");
  const seconds = (name: string, usual: number): number => options.count(name, usual) * 1_000;
  const plan = {
    transfers: isEndless ? Number.POSITIVE_INFINITY : options.count("transfers", 36),
    periodMs: seconds("period-seconds", isEndless ? 900 : 0),
    amount: BigInt(options.count("amount", 20)),
    waits: {
      consensusMs: seconds("consensus-wait-seconds", 5),
      ledgerSyncMs: seconds("ledger-sync-wait-seconds", 5),
      pollingMs: options.count("polling-wait-ms", 200),
    },
  };
  const clients = options.count("clients", 6);
  if (clients < 2 || clients > CANARY_CLIENTS_MAX) {
    throw new CommandError("invalid-argument", `--clients is from 2 to ${CANARY_CLIENTS_MAX}, not ${clients}.`);
  }
  const isJson = options.flag("json");
  const metrics = createMetrics();
  const [connection, wallets] = await connected(options, command, clients, surroundings);
  let server: Server | undefined;
  try {
    server = await serveFigures(options, metrics, options.log("canary", surroundings));
    const result = await runCanary(
      plan,
      {
        wallets,
        consensus: connection.node,
        metrics: canaryMetrics(metrics.registry),
        clock: { now: () => performance.now(), wait: (ms, signal) => wait(ms, signal).catch(() => undefined) },
        tell: (told) => stdout.write(isJson ? jsonLine(factsOf(told)) : narrated(told)),
      },
      stop.signal,
    );
    stdout.write(isJson ? jsonLine(result) : `${result.made} transfers as they should be, ${result.failed} not.\n`);
    if (result.failed > 0)
      throw new CommandError("canary-failed", `${result.failed} transfers were not as they should be.`);
  } finally {
    connection.close();
    await server?.close();
  }
}

/** Serves them where that is asked for. */
async function serveFigures(options: RoleOptions, metrics: Metrics, log: Log): Promise<Server | undefined> {
  if (options.text("metrics-port") === undefined) return undefined;
  const { registry } = metrics;
  const page = { path: "/metrics", contentType: registry.contentType, text: () => registry.metrics() };
  const listen = { host: "127.0.0.1", port: options.count("metrics-port", 0) };
  return serve({ listen, services: [healthService(() => true)], pages: [page] }, { log, metrics, now: Date.now });
}

/** Clients, and wallets that have money. */
async function connected(
  options: RoleOptions,
  command: Command,
  clients: number,
  { env }: Surroundings,
): Promise<readonly [Connection, readonly Wallet[]]> {
  const keys = options.text("keys");
  if (keys !== undefined) {
    const accounts = (await readAccounts(keys)).slice(0, clients);
    if (accounts.length < 2) throw new CommandError("invalid-argument", `There are no two accounts in ${keys}.`);
    const connection = await connectBy(options);
    return [connection, accounts.map((account) => connection.wallets.wallet(account, connection.node))];
  }
  const home = homeOf(command.opts(), env);
  const connection = await connectTo(home, { random: systemRandom });
  try {
    const wallets: Wallet[] = [];
    for (let i = 0; i < clients; i++) {
      wallets.push(await fundedWallet(home, `canary-${i}`, { connection, value: GIVEN }));
    }
    return [connection, wallets];
  } catch (error) {
    connection.close();
    throw error;
  }
}

/** Clients of a deployment that the options name. */
async function connectBy(options: RoleOptions): Promise<Connection> {
  const chainId = options.text("chain-id") ?? "";
  const [consensus, view, ledger, ingest] = await Promise.all([
    trustedEnclave(options, { name: "consensus", bundle: consensusBundle }),
    trustedEnclave(options, { name: "fog-view", bundle: fogViewBundle }),
    trustedEnclave(options, { name: "fog-ledger", bundle: fogLedgerBundle }),
    trustedEnclave(options, { name: "fog-ingest", bundle: fogIngestBundle }),
  ]);
  const uri = parseNodeUri(options.required("consensus-uri"), "client", { file: "options", field: "--consensus-uri" });
  const node = new NodeClient({ uri, chainId, policy: consensus }, { random: systemRandom });
  const place = {
    viewUri: parseServiceUri(options.required("fog-view-uri"), "fog-view"),
    ledgerUri: parseServiceUri(options.required("fog-ledger-uri"), "fog-ledger"),
    chainId,
  };
  const wallets = new FogWallets(place, { view, ledger, ingest }, { random: systemRandom });
  const close = (): void => {
    wallets.close();
    node.close();
  };
  return { wallets, node, close };
}

function factsOf(told: ToldTransfer): Readonly<Record<string, unknown>> {
  const { number, from, to } = told;
  return "error" in told
    ? { number, from, to, fault: told.error.fault, message: told.error.message, cause: causeOf(told.error) }
    : { number, from, to, seconds: told.times, fee: formatMob(told.payment.fee.value) };
}

function narrated(told: ToldTransfer): string {
  const { number, from, to } = told;
  const who = `${number + 1}: ${from} to ${to}`;
  if ("error" in told) return `${who}: ${told.error.message} ${causeOf(told.error)} (${told.error.fault})\n`;
  const { build, send, confirmed, received } = told.times;
  const ms = (seconds: number): string => `${Math.round(seconds * 1_000)} ms`;
  return `${who}: built in ${ms(build)}; valid after ${ms(send)}, final after ${ms(confirmed)}, received after ${ms(received)}\n`;
}

const causeOf = ({ cause }: Error): string => (cause instanceof Error ? cause.message : "");
