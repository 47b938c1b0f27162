// `fogbow down`, `status`, `logs` and `doctor`: a network that `fogbow up` runs, from outside.
import { createReadStream, existsSync, statfsSync } from "node:fs";
import { createServer } from "node:net";
import { freemem } from "node:os";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { localFogPorts } from "../fog/local-fog.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import { nodePorts } from "../network/generate.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { accountNames } from "../wallet/accounts.ts";
import { connectTo } from "./connect.ts";
import { type Home, homeOf, type MadeFacts, portOf, withHome } from "./home.ts";
import { DOWN_MS_MAX, LOG_LINES_MAX } from "./limits.ts";
import { LOCAL_NODES } from "./local-network.ts";

interface HomeOption extends JsonOption {
  readonly home?: string;
}

/** Adds the commands to the program. */
export function addHomeCommands(program: Command, surroundings: Surroundings): void {
  const { stdout, env } = surroundings;
  const print = (options: JsonOption, facts: object, table: string): void => {
    stdout.write(options.json === true ? jsonLine(facts) : table);
  };
  const down = withHome(program.command("down").description("stop the network that runs in a folder"))
    .option("--json", JSON_HELP)
    .action(async (options: HomeOption) => {
      const home = homeOf(options, env);
      const { pid } = home.running();
      process.kill(pid, "SIGTERM");
      for (let waited = 0; home.tryRunning() !== undefined; waited += POLL_MS) {
        if (waited > DOWN_MS_MAX) throw new CommandError("network-up", `Process ${pid} does not end.`);
        await sleep(POLL_MS);
      }
      print(options, { folder: home.folder }, `The network in ${home.folder} has stopped. Everything is kept.\n`);
    });
  withExamples(down, [["fogbow down", "the one here"]]);
  const status = withHome(program.command("status").description("how the network that runs in a folder is doing"))
    .option("--json", JSON_HELP)
    .action(async (options: HomeOption) => {
      const home = homeOf(options, env);
      const { pid, wallet, chainId } = home.running();
      const connection = await connectTo(home, { random: systemRandom });
      try {
        await connection.node.attest();
        const { blockCount, blockVersion } = await connection.node.info();
        const wallets = accountNames(home);
        print(
          options,
          { pid, wallet, chainId, blockCount, blockVersion, wallets },
          rows([
            ["process", pid],
            ["wallets ask", `${wallet}, chain ${chainId}; its consensus enclave was verified just now`],
            ["blocks", `${blockCount}, of version ${blockVersion}`],
            ["wallets", wallets.join(", ")],
          ]),
        );
      } finally {
        connection.close();
      }
    });
  withExamples(status, [["fogbow status", "the one here"]]);
  const logs = withHome(
    program.command("logs").description("print the last lines of a network's log, one JSON object each"),
  )
    .option("--lines <n>", "how many", "50")
    .action(async (options: HomeOption & { readonly lines: string }) => {
      const { log } = homeOf(options, env);
      if (!existsSync(log)) throw new CommandError("source-not-found", `There is no log ${log}.`);
      for (const line of await lastLines(log, Math.min(Number(options.lines) || 0, LOG_LINES_MAX)))
        stdout.write(`${line}\n`);
    });
  withExamples(logs, [["fogbow logs --lines 200", "the newest ones last"]]);
  const doctor = withHome(program.command("doctor").description("check what a network needs on this machine"))
    .option("--wallet-port <port>", "where wallets would ask, unless there is a network already", "7700")
    .option("--port-offset <n>", "what would be added to the other ports, unless there is a network already", "0")
    .option("--json", JSON_HELP)
    .action(async (options: HomeOption & { readonly walletPort: string; readonly portOffset: string }) => {
      const home = homeOf(options, env);
      const asked = { walletPort: portOf(options.walletPort), portOffset: portOf(options.portOffset) };
      const checks = await diagnose(home, home.made() ?? asked);
      print(
        options,
        checks,
        checks.map(({ name, ok, found }) => `${ok ? "ok  " : "BAD "} ${name}: ${found}\n`).join(""),
      );
      if (checks.some(({ ok }) => !ok))
        throw new CommandError("unfit-machine", "Something is not as a network needs it.");
    });
  withExamples(doctor, [["fogbow doctor", "before `fogbow up`"]]);
}

/** Between two looks whether a process has ended, in ms. */
const POLL_MS = 50;
/** What a network in one process needs. */
const NODE_MIN = [20, 19] as const;
const MEMORY_MB_MIN = 1_600;
const DISK_MB_MIN = 500;
/** Blocks are timed to the second, and evidence lasts for days. */
const YEAR_MIN = 2026;

interface Check {
  readonly name: string;
  readonly ok: boolean;
  readonly found: string;
}

async function diagnose(
  home: Home,
  { walletPort, portOffset }: Pick<MadeFacts, "walletPort" | "portOffset">,
): Promise<Check[]> {
  const { folder } = home;
  const running = home.tryRunning();
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const memory = Math.round(freemem() / 1_048_576);
  const { bavail, bsize } = statfsSync(existsSync(folder) ? folder : ".");
  const disk = Math.round((bavail * bsize) / 1_048_576);
  const nodes = Array.from({ length: LOCAL_NODES }, (_, i) => Object.values(nodePorts(i, portOffset))).flat();
  const ports = [walletPort, ...nodes, ...Object.values(localFogPorts(portOffset))];
  const taken = (await Promise.all(ports.map(async (port) => ((await isFree(port)) ? [] : [port])))).flat();
  const now = new Date();
  return [
    {
      name: "Node",
      ok: major > NODE_MIN[0] || (major === NODE_MIN[0] && minor >= NODE_MIN[1]),
      found: `${process.versions.node}; ${NODE_MIN.join(".")} or later is needed`,
    },
    {
      name: "memory",
      ok: memory >= MEMORY_MB_MIN,
      found: `${memory} MB free; ${MEMORY_MB_MIN} are needed at the peak`,
    },
    { name: "disk", ok: disk >= DISK_MB_MIN, found: `${disk} MB free; ${DISK_MB_MIN} are needed` },
    {
      name: "ports",
      ok: taken.length === 0 || running !== undefined,
      found:
        running !== undefined
          ? `used by the network of process ${running.pid}`
          : taken.length === 0
            ? "all free"
            : `${taken.join(", ")} taken: fogbow down, or --wallet-port and --port-offset`,
    },
    { name: "clock", ok: now.getUTCFullYear() >= YEAR_MIN, found: now.toISOString() },
  ];
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}

async function lastLines(path: string, count: number): Promise<string[]> {
  const last: string[] = [];
  for await (const line of createInterface({ input: createReadStream(path) })) {
    last.push(line);
    if (last.length > count) last.shift();
  }
  return last;
}
