// Ingest servers in one process, on one database, with blocks that a test adds and time that passes quickly.
import { setTimeout as sleep } from "node:timers/promises";
import { Code, ConnectError, createRouterTransport } from "@connectrpc/connect";
import { U64_MAX } from "@fogbow/core-bytes";
import type { BlockTimestamp, ProvidedBlock } from "@fogbow/ledger-db";
import type { RecoveryDb } from "@fogbow/recovery-db";
import { createLog } from "@fogbow/server";
import { onTestFinished } from "vitest";
import { IngestController } from "../src/controller/controller.ts";
import type { AlertCode, IngestMetrics } from "../src/ingest-metrics.ts";
import { DEFAULTS, type IngestOptions } from "../src/options.ts";
import type { Blocks, Clock, IngestEnclave } from "../src/parts.ts";
import { peerOver } from "../src/peers/peer-client.ts";
import { peerServices } from "../src/rpc/peer-service.ts";
import type { KeptState, StateStore } from "../src/state/state-file.ts";
import { FakeEnclave } from "./fake-enclave.ts";

/** How many times faster time passes. */
const SPEED = 100;

/** Time that passes a hundred times faster. */
const quickClock: Clock = {
  now: () => performance.now() * SPEED,
  sleep: async (milliseconds, signal) => {
    try {
      await sleep(milliseconds / SPEED, undefined, { signal });
    } catch {
      signal.throwIfAborted();
    }
  },
};

/** A ledger without anything but counts: block 0 with three outputs. */
export class TestBlocks implements Blocks {
  readonly #blocks: ProvidedBlock[] = [];
  #outputs = 0;
  timestamp: BlockTimestamp = { timestamp: 1_700_000_000n, code: "found" };

  constructor() {
    this.add(3);
  }

  /** Adds a block with so many outputs. Its index. */
  add(outputs = 2): bigint {
    this.#outputs += outputs;
    const block = { index: BigInt(this.#blocks.length), cumulativeTxoCount: BigInt(this.#outputs) };
    const data = { block, contents: { outputs: Array.from({ length: outputs }, () => ({})) } };
    this.#blocks.push({ data, timestamp: this.timestamp } as unknown as ProvidedBlock); // What ingest reads of it.
    return block.index;
  }

  numBlocks(): bigint {
    return BigInt(this.#blocks.length);
  }

  blockData(index: bigint): ProvidedBlock | undefined {
    return this.#blocks[Number(index)];
  }

  async pollTimestamp(): Promise<BlockTimestamp> {
    return { timestamp: U64_MAX, code: "watcher-behind" };
  }

  async untilChanged(milliseconds: number): Promise<void> {
    await new Promise((resolve) => setTimeout(resolve, milliseconds));
  }
}

/** A file of state that is in memory. */
export class MemoryState implements StateStore {
  kept: KeptState | undefined;

  read(): KeptState | undefined {
    return this.kept;
  }

  write(state: KeptState): void {
    this.kept = structuredClone(state);
  }

  putAside(): void {
    this.kept = undefined;
  }
}

/** A server of a test. */
export interface TestServer {
  readonly controller: IngestController;
  readonly enclave: FakeEnclave;
  readonly state: MemoryState;
  readonly alerts: AlertCode[];
  readonly isActive: () => boolean;
  readonly close: () => Promise<void>;
}

/** Servers that can reach each other. */
export class TestNetwork {
  readonly db: RecoveryDb;
  readonly blocks: TestBlocks = new TestBlocks();
  readonly #servers = new Map<string, IngestController>();

  private constructor(db: RecoveryDb) {
    this.db = db;
  }

  /** On a database that is opened for it, and closed in the end. */
  static async begin(open: () => Promise<RecoveryDb>): Promise<TestNetwork> {
    const db = await open();
    onTestFinished(() => db.close());
    return new TestNetwork(db);
  }

  /** Starts a server; `peers` are the names of all that share its key. */
  async start(
    name: string,
    { peers = [name], db = this.db, ...given }: Partial<Pick<TestServer, "enclave" | "state">> & TestServerOptions = {},
  ): Promise<TestServer> {
    const state = given.state ?? new MemoryState();
    const enclave = given.enclave ?? new FakeEnclave(state.kept?.sealedKey);
    const alerts: AlertCode[] = [];
    const controller = await startController(this, { name, peers, db, state, enclave, alerts });
    this.#servers.set(name, controller);
    void controller.run();
    const close = async (): Promise<void> => {
      this.#servers.delete(name);
      await controller.close();
    };
    onTestFinished(close);
    return { controller, enclave, state, alerts, isActive: () => controller.status().mode === 1, close };
  }

  /** The peer of a name, as others call it; it answers while it runs. */
  transportTo(name: string): ReturnType<typeof createRouterTransport> {
    const server = this.#servers.get(name);
    if (server === undefined) throw new ConnectError("Nobody is there.", Code.Unavailable);
    return createRouterTransport((router) => {
      for (const service of peerServices(server)) service.register(router);
    });
  }
}

/** What a server of a test is started with. */
export interface TestServerOptions {
  readonly peers?: readonly string[];
  readonly db?: RecoveryDb;
}

/** The URI of a server. */
export const uriOf = (name: string): string => `insecure-igp://${name}:8090/`;

interface Made {
  readonly name: string;
  readonly peers: readonly string[];
  readonly db: RecoveryDb;
  readonly state: MemoryState;
  readonly enclave: IngestEnclave;
  readonly alerts: AlertCode[];
}

function startController(network: TestNetwork, made: Made): Promise<IngestController> {
  const { name, peers, db, state, enclave, alerts } = made;
  const options: IngestOptions = { ...DEFAULTS, localNodeId: `${name}:8090`, peers: peers.map(uriOf) };
  const metrics: IngestMetrics = {
    mode: () => undefined,
    processed: () => undefined,
    published: () => undefined,
    took: () => undefined,
    evidence: () => undefined,
    alert: (code) => alerts.push(code),
  };
  const connect = (uri: string): ReturnType<typeof peerOver> => {
    const unreachable = (): never => {
      throw new ConnectError("Nobody is there.", Code.Unavailable);
    };
    try {
      return peerOver(network.transportTo(/\/\/(.+):/.exec(uri)?.[1] ?? ""), () => undefined);
    } catch {
      const call = async (): Promise<never> => unreachable();
      return {
        getStatus: call,
        setPeers: call,
        auth: call,
        getIngressPrivateKey: call,
        setIngressPrivateKey: call,
        close: () => undefined,
      };
    }
  };
  const log = createLog({ name, level: process.env.TEST_LOG === undefined ? "silent" : "debug" });
  const { blocks } = network;
  return IngestController.begin(
    options,
    { clock: quickClock, blocks, db, enclave, connect, state, log, metrics },
    state.kept,
  );
}

/** Waits until something is so. */
export async function until(isSo: () => boolean | Promise<boolean>, what = "it to be so"): Promise<void> {
  const end = performance.now() + 10_000;
  while (!(await isSo())) {
    if (performance.now() > end) throw new Error(`Waited in vain for ${what}.`);
    await sleep(5);
  }
}
