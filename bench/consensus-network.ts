// Five nodes in processes of their own, as `fogbow network generate` makes them, with or without relays between them.
import { execFileSync, fork } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fogbowCommand, NodeProcess, nodeFilesIn, type RunningFacts } from "fogbow";
import type { RelayPlan } from "./consensus-relay.ts";

/** What a network is made with. */
export interface BenchNetworkOptions {
  readonly accounts: number;
  readonly outputsEach: number;
}

/** A network on the disk. */
export interface BenchNetwork {
  readonly folder: string;
  readonly remove: () => void;
}

/** Nodes that run. */
export interface RunningNetwork {
  readonly nodes: readonly (RunningFacts & { readonly pid: number })[];
  /** Ends the processes, and the relays. */
  readonly stop: () => Promise<void>;
}

/** How long relays hold back what passes, in milliseconds. */
export const RELAY_DELAY_MS: RelayPlan["delayMs"] = { min: 5, max: 40 };

const NODES = 5;
const FIRST_PORT = 3200;
const PORT_OFFSETS = { from: 17_000, to: 29_000 };

/** Generates a network of five below the system's temporary folder: each needs three of the four others. */
export async function makeNetwork({ accounts, outputsEach }: BenchNetworkOptions): Promise<BenchNetwork> {
  const parent = mkdtempSync(join(tmpdir(), "fogbow-bench-consensus."));
  const folder = join(parent, "network");
  const offset = await freeOffset();
  const args = ["network", "generate", "--topology", `dense${NODES}`, "--out", folder, "--port-offset", String(offset)];
  const sizes = ["--accounts", String(accounts), "--outputs", String(outputsEach), "--json"];
  execFileSync(process.execPath, [fogbowCommand, ...args, ...sizes], { stdio: ["ignore", "ignore", "inherit"] });
  return { folder, remove: () => rmSync(parent, { recursive: true, force: true }) };
}

/** Starts all nodes; with relays, every node calls the others through one of its own each. */
export async function startNetwork(
  folder: string,
  { isRelayed }: { readonly isRelayed: boolean },
): Promise<RunningNetwork> {
  const files = nodeFilesIn(folder);
  const restore = files
    .map((file) => join(dirname(file), "network.toml"))
    .map((file) => [file, readFileSync(file, "utf8")] as const);
  const relays = isRelayed ? await startRelays(restore) : undefined;
  const processes = files.map(
    (file) => new NodeProcess({ file, logLevel: "warn", env: process.env, stderr: process.stderr }),
  );
  const stop = async (): Promise<void> => {
    await Promise.all(processes.map((node) => node.stop()));
    relays?.stop();
    for (const [file, text] of restore) writeFileSync(file, text);
  };
  try {
    const nodes = await Promise.all(processes.map(async (node) => ({ pid: node.pid, ...(await node.untilRunning()) })));
    return { nodes, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

const PEER_URI = /insecure-mcp:\/\/127\.0\.0\.1:(\d+)\/\?/g;

/** One process relays for everybody; the nodes' files name its ports, and beside each who is behind it. */
async function startRelays(files: readonly (readonly [file: string, text: string])[]): Promise<{ stop: () => void }> {
  const targets = files.flatMap(([, text]) => [...text.matchAll(PEER_URI)].map(([, port]) => Number(port)));
  const child = fork(new URL("./consensus-relay.ts", import.meta.url), {
    stdio: ["ignore", "ignore", "inherit", "ipc"],
  });
  child.send({ targets, delayMs: RELAY_DELAY_MS } satisfies RelayPlan);
  const [ports] = (await once(child, "message")) as [number[]]; // What it sends.
  let next = 0;
  for (const [file, text] of files) {
    const relayed = text.replace(
      PEER_URI,
      (_, port: string) => `insecure-mcp://127.0.0.1:${ports[next++]}/?responder-id=127.0.0.1:${port}&`,
    );
    writeFileSync(file, relayed);
  }
  return { stop: () => void child.kill() };
}

/** An offset at which the ports of all nodes are free at this moment. */
async function freeOffset(): Promise<number> {
  for (let offset = PORT_OFFSETS.from; offset < PORT_OFFSETS.to; offset += 1_000) {
    const jittered = offset + Math.floor(Math.random() * 700);
    const ports = [0, 100, 200].flatMap((kind) =>
      Array.from({ length: NODES }, (_, i) => FIRST_PORT + kind + jittered + i),
    );
    const isFree = await Promise.all(ports.map(canListen));
    if (isFree.every(Boolean)) return jittered;
  }
  throw new Error("There are no free ports for five nodes.");
}

async function canListen(port: number): Promise<boolean> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => {
      server.once("error", reject);
      server.listen(port, "127.0.0.1", resolve);
    });
    return (server.address() as AddressInfo).port === port;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
