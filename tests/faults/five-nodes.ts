// Five nodes in processes of their own, each of which can be killed, and started again as it was or with something wrong.
import { randomFillSync } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { encodeArchiveBlock } from "@fogbow/core-block";
import { type Random, toHex } from "@fogbow/core-bytes";
import { type Tx, txHash } from "@fogbow/core-transaction";
import { openLedger } from "@fogbow/ledger-db";
import { SdkError } from "@fogbow/sdk";
import {
  type GeneratedNetwork,
  NodeProcess,
  nodeFilesIn,
  type OriginPayments,
  originPayments,
  readGeneratedNetwork,
} from "fogbow";
import { fogbow, freePortOffset } from "./run-fogbow.ts";

/** What a node says about itself, as far as it is looked at. */
export interface Status {
  readonly reachable: boolean;
  readonly state?: string;
  readonly haltedCode?: string;
  readonly haltedMessage?: string;
  readonly blockCount?: string;
}

/** The system's generator. */
const random: Random = (length) => randomFillSync(new Uint8Array(length));

const NODES = 5;
const ACCOUNTS = 5;
const TOMBSTONE_BLOCK = 10_000n;
const LOOK_MS = 300;

/** How long a node that is busy is asked again, and how often, in ms. */
const BUSY_MS = 60_000;
const RETRY_MS = 500;

/** A network of five, of whom four must agree. */
export class FiveNodes {
  readonly folder: string;
  readonly network: GeneratedNetwork;
  /** Builds payments from what the accounts own in the beginning. */
  readonly payments: OriginPayments;
  /** What the nodes have said. */
  readonly said: string[] = [];
  readonly #files: readonly string[];
  readonly #processes: (NodeProcess | undefined)[] = [];

  private constructor(folder: string, network: GeneratedNetwork, payments: OriginPayments) {
    this.folder = folder;
    this.network = network;
    this.payments = payments;
    this.#files = nodeFilesIn(folder);
  }

  /**
   * Makes a network with outputs for at least so many payments; nothing runs yet. With retention `forget` all nodes but the first
   * forget.
   */
  static async make(payments: number, retention: "archive" | "forget" = "archive"): Promise<FiveNodes> {
    const folder = join(mkdtempSync(join(tmpdir(), "fogbow-faults.")), "net");
    const outputs = `${Math.ceil(payments / ACCOUNTS) * 2}`;
    const sizes = ["--accounts", `${ACCOUNTS}`, "--outputs", outputs, "--retention", retention];
    const where = ["--topology", `dense${NODES}`, "--out", folder, "--port-offset", await freePortOffset(NODES)];
    const made = await fogbow("network", "generate", ...where, ...sizes);
    if (made.code !== 0) throw new Error(made.error);
    const origin = await originPayments(folder, { accounts: ACCOUNTS, tombstoneBlock: TOMBSTONE_BLOCK }, { random });
    return new FiveNodes(folder, await readGeneratedNetwork(folder, { random }), origin);
  }

  /** The folder of a node. */
  nodeFolder(i: number): string {
    return dirname(this.#files[i] as string); // There are five.
  }

  /** The process of a node that runs. */
  pid(i: number): number {
    const node = this.#processes[i];
    if (node === undefined) throw new Error(`Node ${i} does not run.`);
    return node.pid;
  }

  /** Starts a node and waits until it runs. */
  async start(i: number, through: readonly string[] = []): Promise<void> {
    const stderr = { write: (text: string) => this.said.push(text) };
    const file = this.#files[i] as string; // There are five.
    const node = new NodeProcess({ file, logLevel: "warn", env: process.env, stderr, through });
    this.#processes[i] = node;
    await node.untilRunning();
  }

  /** Starts all of them. */
  async startAll(): Promise<void> {
    await Promise.all(this.#files.map((_, i) => this.start(i)));
  }

  /** Ends a node wherever it is. */
  async kill(i: number): Promise<void> {
    await this.#processes[i]?.kill();
  }

  /** Ends a node with SIGTERM; says with what code it ended, and after how many milliseconds. */
  async stop(i: number): Promise<{ readonly code: number | null; readonly ms: number }> {
    const started = performance.now();
    const end = await this.#processes[i]?.stop();
    return { code: end?.code ?? null, ms: performance.now() - started };
  }

  /** What each node says about itself. */
  async status(): Promise<readonly Status[]> {
    const { out } = await fogbow("node", "status", this.folder, "--json");
    return (JSON.parse(out) as { readonly nodes: readonly Status[] }).nodes;
  }

  /** Waits until what a node says is as wanted. */
  async untilStatus(i: number, isWanted: (status: Status) => boolean): Promise<Status> {
    for (;;) {
      const status = (await this.status())[i];
      if (status !== undefined && isWanted(status)) return status;
      await sleep(LOOK_MS);
    }
  }

  /** Waits until all nodes that answer take part and have equally many blocks. */
  async untilLevel(): Promise<void> {
    for (;;) {
      const nodes = (await this.status()).filter(({ reachable }) => reachable);
      const counts = new Set(nodes.map(({ blockCount }) => blockCount));
      if (counts.size === 1 && nodes.every(({ state }) => state === "in-sync")) return;
      await sleep(LOOK_MS);
    }
  }

  /** Proposes a payment to a node, again while that has too much to do, and waits until it says in which block it is. */
  async pay(node: number, tx: Tx): Promise<bigint> {
    const client = this.network.client(node);
    try {
      await whileBusy(() => client.propose(tx));
      return await client.untilExternalized(txHash(tx), tx.prefix.tombstoneBlock);
    } finally {
      client.close();
    }
  }

  /** Header and contents of all blocks of a node, in their encoding; signature and metadata are each node's own. */
  async blocks(i: number): Promise<readonly string[]> {
    const ledger = openLedger(join(this.nodeFolder(i), "ledger"), { readOnly: true });
    try {
      return Array.from({ length: Number(ledger.numBlocks()) }, (_, index) => {
        const [block, contents] = [ledger.block(BigInt(index)), ledger.blockContents(BigInt(index))];
        if (block === undefined || contents === undefined) throw new Error(`Block ${index} is missing.`);
        return toHex(encodeArchiveBlock({ block, contents, signature: undefined, metadata: undefined }));
      });
    } finally {
      await ledger.close();
    }
  }

  /** Whether a payment is in the ledger of a node: its outputs are, and what it spends is spent. */
  async has(i: number, { prefix, signature }: Tx): Promise<boolean> {
    const ledger = openLedger(join(this.nodeFolder(i), "ledger"), { readOnly: true });
    try {
      const isSpent = signature.ringSignatures.every(
        ({ keyImage }) => ledger.blockIndexOfKeyImage(keyImage) !== undefined,
      );
      const hasOutputs = prefix.outputs.every(({ publicKey }) => ledger.txOutIndexByPublicKey(publicKey) !== undefined);
      return isSpent && hasOutputs;
    } finally {
      await ledger.close();
    }
  }

  /** Ends all that run, and removes everything. */
  async end(): Promise<void> {
    await Promise.all(this.#processes.map((node) => node?.kill()));
    rmSync(dirname(this.folder), { recursive: true, force: true });
  }
}

/** Tries again, for a minute, what a node refuses because this machine is busy with something else. */
async function whileBusy(propose: () => Promise<unknown>): Promise<void> {
  const until = performance.now() + BUSY_MS;
  for (;;) {
    try {
      await propose();
      return;
    } catch (error) {
      const isBusy = error instanceof SdkError && error.code === "rate-limited";
      if (!isBusy || performance.now() > until) throw error;
    }
    await sleep(RETRY_MS);
  }
}
