// Five nodes with their enclaves in five processes of this machine, real payments: how long until a payment is final, with
// relays that hold back what passes between nodes and without, and how many a second the nodes keep up with.
import { randomFillSync } from "node:crypto";
import { availableParallelism } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import type { Tx } from "@fogbow/core-transaction";
import { type NodeClient, readGeneratedNetwork } from "fogbow";
import { benchCatchUp } from "./catch-up.ts";
import { PATIENCE_MS, sendPayments } from "./consensus-load.ts";
import { growth, readMeters } from "./consensus-meters.ts";
import { makeNetwork, RELAY_DELAY_MS, startNetwork } from "./consensus-network.ts";
import { buildPayments } from "./consensus-payments.ts";
import { count, type Figure, percentile, rounded, summary } from "./measure.ts";
import { simulationRate } from "./simulation-rate.ts";

const CORES = availableParallelism();
const IS_LARGE = CORES >= 8;
const ACCOUNTS = 10;
/** Of each payment. */
const INPUTS = 2;
/** Clients of each node: one seals its payments one after the other. */
const CLIENTS_EACH = 4;
/** Until what runs often is compiled, in all five processes. */
const WARM_UP = { payments: 100, perSecond: 10 };
const RELAYED = { payments: IS_LARGE ? 750 : 300, perSecond: IS_LARGE ? 50 : 20 };
const DIRECT = { payments: 150, perSecond: 10 };
/** Rates that are tried in turn until one is not kept up with. */
const RATES = [5, 10, 15, 20, 30, 40, 50, 65, 80, 100, 125, 150, 200, 250, 300];
const RATE_SECONDS = 8;
/** Payments for all rates that are tried. */
const RATE_PAYMENTS = IS_LARGE ? 4_000 : 1_200;
/** A rate is kept up with if nothing is refused or lost, and 95 of 100 payments are final within this time. */
const KEPT_UP_MS = 2_000;
const LIMITS = { relayed: 400, relayedP95: 900, direct: 250 };

/** Latency, rate, what a payment costs, and how much is said about it. */
export async function benchConsensus(report: (figure: Figure) => void): Promise<void> {
  const sizes = [WARM_UP, RELAYED, WARM_UP, DIRECT].map(({ payments }) => payments);
  const needed = sizes.reduce((sum, each) => sum + each, RATE_PAYMENTS);
  const outputsEach = Math.ceil(needed / ACCOUNTS) * INPUTS;
  const network = await makeNetwork({ accounts: ACCOUNTS, outputsEach });
  try {
    say(`building ${needed} payments; ${CORES} cores`);
    const built = await buildPayments(network.folder, { accounts: ACCOUNTS, count: needed });
    const left = [...built.payments];
    const take = (count: number): Tx[] => left.splice(0, count);
    const bench = { folder: network.folder, report, take, verification: built.verificationMs };
    await withNodes(bench, { isRelayed: true }, relayedLatency);
    await withNodes(bench, { isRelayed: false }, async (nodes) => {
      await directLatency(nodes);
      await highestRate(nodes);
    });
  } finally {
    network.remove();
  }
  await benchCatchUp((figure) => report({ ...figure, name: "consensus-catch-up" }), "catch-up");
  report(await simulationRate());
}

interface Bench {
  readonly folder: string;
  readonly report: (figure: Figure) => void;
  /** The next payments that have not been sent. */
  readonly take: (count: number) => Tx[];
  /** Milliseconds of processor time that it takes one node to verify a payment. */
  readonly verification: number;
}

interface Nodes extends Bench {
  readonly clients: readonly NodeClient[];
  readonly admins: readonly string[];
}

async function withNodes(
  bench: Bench,
  options: { readonly isRelayed: boolean },
  use: (nodes: Nodes) => Promise<void>,
): Promise<void> {
  const running = await startNetwork(bench.folder, options);
  const clients: NodeClient[] = [];
  try {
    const network = await readGeneratedNetwork(bench.folder, { random });
    // The nodes in turns, so that one payment after the other goes to another node.
    for (let i = 0; i < CLIENTS_EACH; i++) clients.push(...network.nodes.map((_, node) => network.client(node)));
    await Promise.all(clients.map((client) => client.attest()));
    const nodes = { ...bench, clients, admins: running.nodes.map(({ admin }) => admin) };
    await measured(nodes, WARM_UP);
    await use(nodes);
  } finally {
    for (const client of clients) client.close();
    await running.stop();
  }
}

interface Load {
  readonly payments: number;
  readonly perSecond: number;
}

interface Measured {
  readonly latencies: readonly number[];
  readonly details: Readonly<Record<string, number>>;
  readonly isComplete: boolean;
  readonly cpuMs: number;
  readonly messagesPerSlot: number;
}

/** Sends payments, and reads what that made the nodes do. */
async function measured({ take, clients, admins, verification }: Nodes, load: Load): Promise<Measured> {
  const payments = take(load.payments);
  const before = await readMeters(admins);
  const result = await sendPayments({ payments, perSecond: load.perSecond, clients });
  await sleep(500); // What is said about the last slot.
  const after = await readMeters(admins);
  const grown = (name: string): number => growth(before, after, name);
  const mean = (name: string): number => rounded((1_000 * grown(`${name}_sum`)) / Math.max(1, grown(`${name}_count`)));
  const final = Math.max(1, result.latencies.length);
  const slots = Math.max(1, grown("node_blocks_appended_total") / admins.length);
  const cpuMs = (1_000 * grown("process_cpu_seconds_total")) / final;
  const messagesPerSlot = grown("node_messages_sent_total") / slots;
  const isComplete = result.refused + result.lost === 0;
  const details = {
    cores: CORES,
    perSecond: load.perSecond,
    payments: payments.length,
    refused: result.refused,
    lost: result.lost,
    ...(result.latencies.length > 0 && { p95: rounded(percentile(result.latencies, 95)) }),
    slots: rounded(slots),
    paymentsPerSlot: rounded(result.latencies.length / slots),
    messagesPerSlot: rounded(messagesPerSlot),
    gossipPerSlot: rounded(grown("node_messages_gossiped_total") / slots),
    cpuMsPerPayment: rounded(cpuMs),
    verificationPercent: rounded((100 * admins.length * verification) / cpuMs),
    busyCores: rounded(grown("process_cpu_seconds_total") / result.seconds),
    slotMs: mean("node_slot_seconds"),
    checkMs: mean("node_check_seconds"),
    proposalMs: mean("node_proposal_seconds"),
    formBlockMs: mean("node_form_block_seconds"),
    appendMs: mean("node_append_seconds"),
    journalMs: mean("node_journal_seconds"),
    journalWritesPerSlot: rounded(grown("node_journal_seconds_count") / admins.length / slots),
  };
  say(
    Object.entries(details)
      .map((entry) => entry.join(" "))
      .join(", "),
  );
  return { latencies: result.latencies, details, isComplete, cpuMs, messagesPerSlot };
}

async function relayedLatency(nodes: Nodes): Promise<void> {
  const { latencies, details, messagesPerSlot } = await measured(nodes, RELAYED);
  const limits = { limit: LIMITS.relayed, limitP95: LIMITS.relayedP95 };
  nodes.report({
    ...latency("consensus-latency-relayed", latencies, {
      ...details,
      delayMinMs: RELAY_DELAY_MS.min,
      delayMaxMs: RELAY_DELAY_MS.max,
    }),
    ...limits,
  });
  nodes.report(count("consensus-messages-per-slot", "messages", rounded(messagesPerSlot)));
}

async function directLatency(nodes: Nodes): Promise<void> {
  const { latencies, details } = await measured(nodes, DIRECT);
  nodes.report({ ...latency("consensus-latency-direct", latencies, details), limit: LIMITS.direct });
}

/** The highest rate that the nodes keep up with for some seconds; the figures of that one. */
async function highestRate(nodes: Nodes): Promise<void> {
  let left = RATE_PAYMENTS;
  let best: Measured | undefined;
  for (const perSecond of RATES) {
    const payments = perSecond * RATE_SECONDS;
    if (payments > left) {
      say(`the payments do not last for ${perSecond} a second`);
      break;
    }
    left -= payments;
    const result = await measured(nodes, { payments, perSecond });
    if (!result.isComplete || percentile(result.latencies, 95) > KEPT_UP_MS) break;
    best = result;
  }
  if (best === undefined) say(`The nodes did not keep up with ${RATES[0]} payments a second.`);
  const { details = {}, cpuMs = 0 } = best ?? {};
  nodes.report({ ...count("consensus-rate", "payments/s", details.perSecond ?? 0), details });
  nodes.report(count("consensus-cpu-per-payment", "ms", rounded(cpuMs)));
  nodes.report(count("consensus-verification-share", "%", details.verificationPercent ?? 0));
}

/** Those that are not final count as long as anybody waits. */
function latency(name: string, latencies: readonly number[], details: Figure["details"] & object): Figure {
  const missing = Number(details.payments) - latencies.length;
  const all = [...latencies, ...Array.from({ length: missing }, () => PATIENCE_MS)];
  return { ...summary(name, "ms", all), p95: rounded(percentile(all, 95)), details };
}

const say = (text: string): void => console.error(`  ${text}`);

const random = (length: number): Uint8Array => randomFillSync(new Uint8Array(length));
