// How many seeds of the simulation one core gets through in a minute.
import { fork } from "node:child_process";
import { once } from "node:events";
import { text } from "node:stream/consumers";
import { type Figure, rounded } from "./measure.ts";

const MINUTES = 1;
/** More than that is enough for. */
const SEEDS = 2_000;

/** Runs the simulation in a process of its own, which has one thread at work. Rejects when a promise is broken. */
export async function simulationRate(): Promise<Figure> {
  const args = ["--seeds", `1..${SEEDS}`, "--minutes", `${MINUTES}`, "--json"];
  const program = new URL("../tests/simulation/run.ts", import.meta.url);
  const child = fork(program, args, { stdio: ["ignore", "pipe", "inherit", "ipc"] });
  const exit = once(child, "exit");
  const said = child.stdout === null ? "" : await text(child.stdout);
  const [code] = await exit;
  if (code !== 0) throw new Error(`The simulation has ended with ${code}: ${said}`);
  const summary: Readonly<Record<string, unknown>> = JSON.parse(said);
  const rate = rounded(Number(summary.seedsPerMinute));
  const numbers = Object.entries(summary).filter((entry): entry is [string, number] => typeof entry[1] === "number");
  return { name: "simulation-rate", unit: "seeds/min", p50: rate, p99: rate, details: Object.fromEntries(numbers) };
}
