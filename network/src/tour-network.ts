// The last chapters of the tour: five validators in processes of their own, real payments between real accounts, and a Fog
// beside them, through which wallets without a ledger pay and are paid.
import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { publicAddress } from "@fogbow/core-account";
import { type Random, toHex, tokenValue } from "@fogbow/core-bytes";
import { type Tx, txHash } from "@fogbow/core-transaction";
import { openLedger } from "@fogbow/ledger-db";
import type { NodeInfo } from "@fogbow/sdk";
import { hold } from "./checks.ts";
import { buildPayment } from "./client/build-payment.ts";
import { type GeneratedNetwork, readGeneratedNetwork } from "./client/generated-network.ts";
import type { NodeClient } from "./client/node-client.ts";
import { spendableOutputs } from "./client/owned-outputs.ts";
import { type FollowedLedger, LocalFog, portsOf } from "./fog/local-fog.ts";
import { generateNetwork } from "./network/generate.ts";
import { RunningNetwork } from "./network/running-network.ts";
import type { Surroundings } from "./surroundings.ts";
import { type FogPaymentFacts, payThroughFog } from "./tour-fog.ts";

/** What happened in the network. */
export interface NetworkFacts {
  readonly nodes: number;
  /** How many of them decide. */
  readonly quorum: number;
  readonly startSeconds: number;
  readonly payments: readonly PaymentFacts[];
  readonly p50Ms: number;
  readonly longestMs: number;
  /** Of every node in the end. */
  readonly blocks: string;
  readonly newestId: string;
  readonly fog: FogNetworkFacts;
}

/** What happened through Fog. */
export interface FogNetworkFacts extends FogPaymentFacts {
  /** From the first process to a Fog that serves. */
  readonly startSeconds: number;
}

/** One payment. */
export interface PaymentFacts {
  readonly node: string;
  readonly block: string;
  /** From the proposal to the news that it is in a block. */
  readonly ms: number;
}

const CHAIN_ID = "local-tour";
const NODES = 5;
const PAYMENTS = 10;
const PAID = tokenValue(1_500_000_000_000n);
/** How long all nodes may take to have the same blocks. */
const SAME_MS = 30_000;

/** Takes this chapter in a temporary folder, which is gone afterwards, as are the processes. */
export async function visitNetwork(
  parts: Pick<Surroundings, "stderr" | "env"> & { readonly random: Random },
): Promise<NetworkFacts> {
  const directory = mkdtempSync(join(tmpdir(), "fogbow-tour-network-"));
  const folder = join(directory, "net");
  const portOffset = await freePortOffset();
  const plan = { folder: join(directory, "fog"), chainId: CHAIN_ID, logLevel: "error", portOffset } as const;
  try {
    await generateNetwork({
      topology: `dense${NODES}`,
      out: folder,
      chainId: CHAIN_ID,
      host: "127.0.0.1",
      portOffset: `${portOffset}`,
      retention: "archive",
      accounts: "10",
      outputs: "8",
      mob: "1000",
    });
    const started = performance.now();
    const seconds = (): number => Number(((performance.now() - started) / 1000).toFixed(1));
    const network = new RunningNetwork(folder, { logLevel: "error" }, parts);
    const fog = await LocalFog.make(plan, parts);
    try {
      const generated = await readGeneratedNetwork(folder, parts);
      const [startSeconds] = await Promise.all([network.up().then(seconds), fog.up(followedBy(generated))]);
      await fog.open();
      const fogSeconds = seconds();
      const payments = await payAll(generated, parts);
      const found = await payThroughFog(generated, fog, { giver: generated.account(PAYMENTS - 1), ...parts });
      const ledgers = await sameLedgers(generated);
      return {
        nodes: NODES,
        quorum: 4,
        startSeconds,
        ...latencies(payments),
        ...ledgers,
        fog: { startSeconds: fogSeconds, ...found },
      };
    } finally {
      await Promise.all([fog.stop(), network.stop()]);
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Fog follows the first node, which keeps all blocks. */
function followedBy({ nodes }: GeneratedNetwork): FollowedLedger {
  const [first] = nodes;
  hold(first !== undefined, "a network has nodes");
  const { host, port } = first.clientListen;
  const node = { baseUrl: `http://${host}:${port}`, tlsHostname: undefined, caBundle: undefined };
  const sources = first.archiveDestinations.map((archiveUrl) => ({ archiveUrl, node, signers: undefined }));
  return { ledger: first.ledgerPath, sources };
}

async function payAll(network: GeneratedNetwork, { random }: { readonly random: Random }): Promise<PaymentFacts[]> {
  const clients = network.nodes.map((_, i) => network.client(i));
  try {
    await Promise.all(clients.map((client) => client.attest()));
    const info = await (clients[0] as NodeClient).info(); // There are five.
    const txs = await buildAll(network, info, random);
    const payments: PaymentFacts[] = [];
    for (const [i, tx] of txs.entries()) {
      const at = i % clients.length;
      payments.push(await payOne(clients[at] as NodeClient, `node${at}`, tx)); // One of the clients.
    }
    return payments;
  } finally {
    for (const client of clients) client.close();
  }
}

/** One payment of each account to the next, built before the clock starts. */
async function buildAll(network: GeneratedNetwork, info: NodeInfo, random: Random): Promise<Tx[]> {
  const [first] = network.nodes;
  hold(first !== undefined, "a network has nodes");
  const ledger = openLedger(first.ledgerPath, { readOnly: true });
  try {
    return Array.from({ length: PAYMENTS }, (_, i) => {
      const payer = network.account(i);
      const recipient = publicAddress(network.account((i + 1) % PAYMENTS));
      const outputs = spendableOutputs(ledger, payer);
      return buildPayment({ payer, outputs, recipient, value: PAID, ...info }, { ledger, random }).tx;
    });
  } finally {
    await ledger.close();
  }
}

async function payOne(client: NodeClient, node: string, tx: Tx): Promise<PaymentFacts> {
  const started = performance.now();
  await client.propose(tx);
  const block = await client.untilExternalized(txHash(tx), tx.prefix.tombstoneBlock);
  return { node, block: block.toString(), ms: Math.round(performance.now() - started) };
}

function latencies(payments: readonly PaymentFacts[]): Pick<NetworkFacts, "payments" | "p50Ms" | "longestMs"> {
  const sorted = payments.map(({ ms }) => ms).sort((a, b) => a - b);
  return { payments, p50Ms: sorted[Math.floor(sorted.length / 2)] ?? 0, longestMs: sorted.at(-1) ?? 0 };
}

/** Waits until every node has the same newest block, as the last to hear of it is a moment behind. */
async function sameLedgers({ nodes }: GeneratedNetwork): Promise<Pick<NetworkFacts, "blocks" | "newestId">> {
  const ledgers = nodes.map(({ ledgerPath }) => openLedger(ledgerPath, { readOnly: true }));
  const newest = (): string[] => ledgers.map((ledger) => toHex(ledger.lastBlock()?.id ?? new Uint8Array()));
  try {
    const until = performance.now() + SAME_MS;
    while (new Set(newest()).size > 1 && performance.now() < until)
      await new Promise((resolve) => setTimeout(resolve, 50));
    const ids = newest();
    hold(new Set(ids).size === 1, "every node has the same newest block");
    return { blocks: `${ledgers[0]?.numBlocks()}`, newestId: ids[0] ?? "" };
  } finally {
    await Promise.all(ledgers.map((ledger) => ledger.close()));
  }
}

/** Ports that nobody has, so that the tour can be taken beside a network. */
async function freePortOffset(): Promise<number> {
  for (let offset = 20_000; offset < 57_000; offset += 500) {
    const ports = [
      ...[3200, 3300, 3400].flatMap((base) => Array.from({ length: NODES }, (_, i) => base + offset + i)),
      ...Object.values(portsOf({ portOffset: offset })),
    ];
    if ((await Promise.all(ports.map(isFree))).every(Boolean)) return offset;
  }
  throw new Error("There are no free ports on this machine.");
}

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(false));
    server.listen({ host: "127.0.0.1", port }, () => server.close(() => resolve(true)));
  });
}
