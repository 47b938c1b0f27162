// `fogbow load`: how much the network of `fogbow up` bears. It talks to this machine alone.
import { parseMob, tokenValue } from "@fogbow/core-bytes";
import type { Wallet } from "@fogbow/sdk";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { stopSignal } from "../signals.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { type Connection, connectTo } from "../up/connect.ts";
import { fundedWallet, untilFinal } from "../up/first-payments.ts";
import { type Home, homeOf, withHome } from "../up/home.ts";
import { drive, type LoadResult } from "./drive.ts";
import { loadIngest } from "./ingest.ts";
import { LOAD_BLOCKS_MAX, LOAD_KEYS_MAX, LOAD_OUTPUTS_MAX, LOAD_SECONDS_MAX, LOAD_WORKERS_MAX } from "./limits.ts";

const SEARCH_KEY_BYTES = 16;
/** What each wallet is given once, and what it pays each time. */
const [GIVEN, PAID] = [parseMob("10"), tokenValue(20n)];

interface LoadOptions extends JsonOption {
  readonly home?: string;
  readonly workers: string;
  readonly seconds: string;
  readonly keys?: string;
}

/** Adds the commands to the program. */
export function addLoadCommands(program: Command, surroundings: Surroundings): void {
  const load = program
    .command("load")
    .description("ask the network of `fogbow up` as fast as it answers, for a bounded time");
  const view = withLoad(load.command("view").description("ask Fog View for random search keys"), "4")
    .option("--keys <n>", "search keys of one request", "100")
    .action((options: LoadOptions) =>
      run(options, surroundings, async ({ wallets }) => {
        const keys = bounded(options.keys ?? "", "--keys", LOAD_KEYS_MAX);
        const clients = Array.from({ length: workersOf(options) }, () => wallets.clients().view);
        return async (worker) => {
          const searchKeys = Array.from({ length: keys }, () => systemRandom(SEARCH_KEY_BYTES));
          await clients[worker]?.query({ eventCursor: 0n, blockCountCursor: 0n, searchKeys });
        };
      }),
    );
  withExamples(view, [["fogbow load view --workers 8 --seconds 30", "beside fogbow up"]]);
  addIngestCommand(load, surroundings);
  const pay = withLoad(
    load
      .command("pay")
      .description("let wallets pay one another, each its next payment when the change of the last one has come back"),
    "2",
  ).action((options: LoadOptions) =>
    run(options, surroundings, async (connection, home) => {
      const count = workersOf(options) + 1; // The last one only receives.
      const all: Wallet[] = [];
      for (let i = 0; i < count; i++) all.push(await fundedWallet(home, `load-${i}`, { connection, value: GIVEN }));
      return async (worker) => {
        const [payer, payee] = [all[worker], all[worker + 1]];
        if (payer === undefined || payee === undefined) throw new RangeError("There is no such wallet.");
        await untilFinal(await payer.pay({ to: payee.address, amount: PAID }));
        do await payer.poll();
        while (payer.balance().pending > 0n); // Its change pays the next one.
      };
    }),
  );
  withExamples(pay, [["fogbow load pay --workers 4 --seconds 60", "four payers beside fogbow up"]]);
}

function addIngestCommand(load: Command, surroundings: Surroundings): void {
  const command = load
    .command("ingest")
    .description("append blocks full of outputs to a test ledger, and wait until Fog ingest has scanned each")
    .requiredOption("--keys <dir>", "folder of the accounts that are paid")
    .requiredOption("--ledger-db <dir>", "the test ledger's folder")
    .requiredOption("--watcher-db <dir>", "its watcher's folder")
    .requiredOption("-u, --uri <uri>", "the active ingest server, such as insecure-fog-ingest://127.0.0.1:3221/")
    .option("--chain-id <id>", "name of the chain, which the server is told", "")
    .option("--outputs <n>", `of each block, at most ${LOAD_OUTPUTS_MAX}`, "500")
    .option("--blocks <n>", `how many, at most ${LOAD_BLOCKS_MAX}`, "10")
    .option("--json", JSON_HELP)
    .action(async (options: IngestLoadOptions) => {
      const stop = new AbortController();
      void stopSignal(surroundings).then(() => stop.abort());
      const outputs = bounded(options.outputs, "--outputs", LOAD_OUTPUTS_MAX);
      const blocks = bounded(options.blocks, "--blocks", LOAD_BLOCKS_MAX);
      const result = await loadIngest({ ...options, outputs, blocks }, stop.signal);
      const outputsPerSecond = result.meanMs === 0 ? 0 : (1_000 * outputs) / result.meanMs;
      const facts = { outputs, blocks: result.answered, outputsPerSecond, p50Ms: result.p50Ms, p99Ms: result.p99Ms };
      const ms = (value: number): string => `${value.toFixed(1)} ms`;
      const lines = [
        ["scanned", `${facts.blocks} blocks of ${outputs} outputs`],
        ["time of one", `p50 ${ms(facts.p50Ms)}, p99 ${ms(facts.p99Ms)}`],
        ["rate", `${Math.round(outputsPerSecond)} outputs a second`],
      ] as const;
      surroundings.stdout.write(options.json === true ? jsonLine(facts) : rows(lines));
    });
  withExamples(command, [
    [
      "fogbow load ingest --keys keys --ledger-db ledger --watcher-db watcher -u insecure-fog-ingest://127.0.0.1:3221/",
      "beside the Fog of docs/fog.md",
    ],
  ]);
}

interface IngestLoadOptions extends JsonOption {
  readonly keys: string;
  readonly ledgerDb: string;
  readonly watcherDb: string;
  readonly uri: string;
  readonly chainId: string;
  readonly outputs: string;
  readonly blocks: string;
}

function withLoad(command: Command, workers: string): Command {
  return withHome(command)
    .option("--workers <n>", `who ask at one time, at most ${LOAD_WORKERS_MAX}`, workers)
    .option("--seconds <n>", `how long, at most ${LOAD_SECONDS_MAX}`, "10")
    .option("--json", JSON_HELP);
}

async function run(
  options: LoadOptions,
  surroundings: Surroundings,
  prepare: (connection: Connection, home: Home) => Promise<(worker: number) => Promise<unknown>>,
): Promise<void> {
  const { stdout, env } = surroundings;
  const plan = {
    workers: workersOf(options),
    durationMs: bounded(options.seconds, "--seconds", LOAD_SECONDS_MAX) * 1_000,
  };
  const stop = new AbortController();
  void stopSignal(surroundings).then(() => stop.abort());
  const home = homeOf(options, env);
  const connection = await connectTo(home, { random: systemRandom });
  try {
    const ask = await prepare(connection, home);
    const result = await drive(plan, ask, { now: () => performance.now(), signal: stop.signal });
    stdout.write(options.json === true ? jsonLine(result) : told(plan.workers, result));
    if (result.answered === 0) throw new CommandError("nothing-answered", "Not one request was answered.");
  } finally {
    connection.close();
  }
}

const workersOf = ({ workers }: LoadOptions): number => bounded(workers, "--workers", LOAD_WORKERS_MAX);

function bounded(text: string, name: string, max: number): number {
  const value = /^\d{1,6}$/.test(text) ? Number(text) : 0;
  if (value >= 1 && value <= max) return value;
  throw new CommandError("invalid-argument", `${name} is from 1 to ${max}, not ${text}.`);
}

function told(workers: number, result: LoadResult): string {
  const ms = (value: number): string => `${value.toFixed(1)} ms`;
  return rows([
    ["workers", workers],
    ["answered", `${result.answered} in ${result.seconds.toFixed(1)} s, ${result.perSecond.toFixed(1)} a second`],
    ["time of one", `mean ${ms(result.meanMs)}, p50 ${ms(result.p50Ms)}, p99 ${ms(result.p99Ms)}`],
    ["failed", result.failed],
    ...Object.entries(result.failures).map(([message, count]) => [`${count} ×`, message] as const),
  ]);
}
