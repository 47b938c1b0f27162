// A whole network in one process, as `fogbow up` runs it, and wallets in this one that hold no ledger: what a person waits for, what a
// phone sends, and what it takes to run.
import { spawn } from "node:child_process";
import { randomFillSync } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { tokenValue } from "@fogbow/core-bytes";
import type { Wallet } from "@fogbow/sdk";
import { parseServiceUri } from "@fogbow/server";
import { connectTo, FogWallets, fogbowCommand, Home, readAccount } from "fogbow";
import { ByteMeter } from "./byte-meter.ts";
import { walletFigures } from "./fog/wallet-figures.ts";
import { count, type Figure, percentile, rounded, summary } from "./measure.ts";

const WARM_UP = 5;
const PAYMENTS = 30;
const IDLE_POLLS = 40;
const PAID = tokenValue(10_000_000_000n);
/** A wallet that waits for money looks this often, in ms. */
const POLL_MS = 20;
const WAIT_MS = 30_000;
/** Beside whatever network runs here. */
const PORTS = { wallet: 17_700, offset: 21_000 };
const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));

/** Latency of payments, balance checks, memory. */
export async function benchPayment(report: (figure: Figure) => void): Promise<void> {
  await networkFigures(report);
  await walletFigures(report);
}

async function networkFigures(report: (figure: Figure) => void): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), "fogbow-bench-payment-"));
  const home = new Home(join(folder, "home"));
  try {
    const made = await NetworkProcess.start(home);
    report({ ...count("up-made", "ms", made.startMs), limit: 20_000 });
    report({ ...count("up-made-memory-peak", "MB", made.peakMb()), limit: 1_600 });
    await made.stop();
    const network = await NetworkProcess.start(home);
    report({ ...count("up-again", "ms", network.startMs), limit: 20_000 });
    try {
      await payments(home, report);
      report({ ...count("up-memory", "MB", network.residentMb()), limit: 1_200 });
    } finally {
      await network.stop();
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function payments(home: Home, report: (figure: Figure) => void): Promise<void> {
  const connection = await connectTo(home, { random });
  try {
    const [alice, bob] = ["alice", "bob"].map((name) =>
      connection.wallets.wallet(readAccount(home, name), connection.node),
    );
    if (alice === undefined || bob === undefined) throw new Error("There are two.");
    const times = { build: [] as number[], final: [] as number[], found: [] as number[] };
    for (let i = 0; i < WARM_UP + PAYMENTS; i++) {
      const [payer, payee] = i % 2 === 0 ? [alice, bob] : [bob, alice];
      const one = await payOnce(payer, payee);
      if (i < WARM_UP) continue;
      times.build.push(one.build);
      times.final.push(one.final);
      times.found.push(one.found);
    }
    const p95 = (list: readonly number[]): number => rounded(percentile(list, 95));
    report({ ...summary("payment-build", "ms", times.build), p95: p95(times.build), limit: 300 });
    report({ ...summary("payment-final", "ms", times.final), p95: p95(times.final), limit: 500, limitP95: 1_000 });
    report({ ...summary("payment-found", "ms", times.found), p95: p95(times.found), limit: 1_000 });
  } finally {
    connection.close();
  }
  await idleBalance(home, report);
}

async function payOnce(payer: Wallet, payee: Wallet): Promise<Record<"build" | "final" | "found", number>> {
  await Promise.all([settle(payer), settle(payee)]);
  const wanted = payee.balance().value + PAID;
  const asked = performance.now();
  const payment = await payer.pay({ to: payee.address, amount: PAID });
  const built = performance.now();
  const found = untilBalance(payee, wanted);
  found.catch(() => undefined); // It is awaited once the payment is final.
  const end = await payment.ended();
  if (end.kind === "failed") throw end.reason;
  const final = performance.now();
  return { build: built - asked, final: final - built, found: (await found) - built };
}

/** Until a wallet has nothing that is undecided: its change has come back. */
async function settle(wallet: Wallet): Promise<void> {
  for (let waited = 0; waited < WAIT_MS; waited += POLL_MS) {
    const { errors } = await wallet.poll();
    if (errors.length === 0 && wallet.balance().pending === 0n) return;
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
  throw new Error("A wallet's change did not come back.");
}

async function untilBalance(wallet: Wallet, wanted: bigint): Promise<number> {
  const end = performance.now() + WAIT_MS;
  for (;;) {
    await wallet.poll();
    const now = performance.now();
    if (wallet.balance().value >= wanted) return now;
    if (now > end) throw new Error("A payment was not found.");
    await new Promise((resolve) => setTimeout(resolve, POLL_MS));
  }
}

/** A wallet that has asked before, and finds nothing new: how long that takes, and all bytes of both directions. */
async function idleBalance(home: Home, report: (figure: Figure) => void): Promise<void> {
  const { wallet: address, chainId } = home.running();
  const meter = await ByteMeter.before(Number(address.split(":")[1]));
  const uri = (scheme: string) =>
    parseServiceUri(`insecure-${scheme}://localhost:${meter.port}/?responder-id=${address}`, scheme);
  const wallets = await FogWallets.make(
    { viewUri: uri("fog-view"), ledgerUri: uri("fog-ledger"), chainId },
    { random },
  );
  const { node, close } = await connectTo(home, { random });
  try {
    const wallet = wallets.wallet(readAccount(home, "bob"), node);
    for (let i = 0; i < WARM_UP; i++) await settle(wallet);
    const [times, bytes]: [number[], number[]] = [[], []];
    for (let i = 0; i < IDLE_POLLS; i++) {
      const before = meter.bytes;
      const started = performance.now();
      await wallet.poll();
      times.push(performance.now() - started);
      bytes.push(meter.bytes - before);
    }
    report({ ...summary("balance-nothing-new", "ms", times), limit: 50 });
    report({ ...summary("balance-nothing-new-bytes", "bytes", bytes), limit: 20_000 });
  } finally {
    wallets.close();
    close();
    meter.close();
  }
}

/** The process of a network. */
class NetworkProcess {
  readonly #child: ReturnType<typeof spawn>;
  readonly startMs: number;

  private constructor(child: ReturnType<typeof spawn>, startMs: number) {
    this.#child = child;
    this.startMs = startMs;
  }

  static async start(home: Home): Promise<NetworkProcess> {
    const started = performance.now();
    const options = ["--wallet-port", `${PORTS.wallet}`, "--port-offset", `${PORTS.offset}`, "--json"];
    const child = spawn(process.execPath, [fogbowCommand, "up", "--home", home.folder, ...options], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const line = await new Promise<string>((resolve, reject) => {
      createInterface({ input: child.stdout }).once("line", resolve);
      child.once("exit", () => reject(new Error("The network ended.")));
    });
    const { seconds } = JSON.parse(line) as { readonly seconds: number };
    const startMs = Math.min(seconds * 1_000, performance.now() - started); // Without the first payments.
    return new NetworkProcess(child, Math.round(startMs));
  }

  residentMb(): number {
    return this.#megabytes("VmRSS");
  }

  peakMb(): number {
    return this.#megabytes("VmHWM");
  }

  async stop(): Promise<void> {
    const ended = new Promise((resolve) => this.#child.once("close", resolve));
    this.#child.kill("SIGTERM");
    await ended;
  }

  #megabytes(name: string): number {
    const status = readFileSync(`/proc/${this.#child.pid}/status`, "utf8");
    return Math.round(Number(new RegExp(`${name}:\\s+(\\d+) kB`).exec(status)?.[1]) / 1_024);
  }
}
