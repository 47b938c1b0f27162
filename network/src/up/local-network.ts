// A whole network in this process: validators, a Fog beside them, and one port at which wallets find everything.
import { createWriteStream, existsSync, mkdirSync, type WriteStream } from "node:fs";
import type { Random } from "@fogbow/core-bytes";
import { clientServices, type NodeConfig, type RunningNode, runNode } from "@fogbow/node";
import { createLog, createMetrics, healthService, type Log, type LogLevel, type Server, serve } from "@fogbow/server";
import { allStarted } from "../all-started.ts";
import { FogWallets } from "../client/fog-wallets.ts";
import { type GeneratedNetwork, readGeneratedNetwork } from "../client/generated-network.ts";
import { CommandError } from "../error.ts";
import { LocalFog } from "../fog/local-fog.ts";
import { generateNetwork } from "../network/generate.ts";
import { packageVersion } from "../version.ts";
import { Faucet, faucetService } from "./faucet.ts";
import type { Home } from "./home.ts";
import { stickyNode } from "./sticky-node.ts";

/** How a network is made and run. */
export interface LocalNetworkPlan {
  readonly home: Home;
  /** Where wallets find everything. */
  readonly walletPort: number;
  /** Added to the ports of nodes and of Fog's roles. */
  readonly portOffset: number;
  readonly logLevel: LogLevel;
}

/** What it is called. */
export const LOCAL_CHAIN_ID = "local";
/** How many validators it has. */
export const LOCAL_NODES = 5;
const ACCOUNTS = 10;
const OUTPUTS_OF_EACH = 20;
const MOB_OF_EACH = "1000";
const HOST = "127.0.0.1";

/** The network. */
export class LocalNetwork {
  readonly #plan: LocalNetworkPlan;
  readonly #fog: LocalFog;
  readonly #output: WriteStream;
  readonly #random: Random;
  readonly #stops: (() => Promise<void> | void)[] = [];
  /** Where each node listens to clients. */
  readonly nodes: string[] = [];

  private constructor(
    plan: LocalNetworkPlan,
    parts: { readonly fog: LocalFog; readonly output: WriteStream; readonly random: Random },
  ) {
    this.#plan = plan;
    this.#fog = parts.fog;
    this.#output = parts.output;
    this.#random = parts.random;
  }

  /** Makes what is not there yet: keys, configurations, the first block, and Fog's authority; nothing runs yet. */
  static async make(plan: LocalNetworkPlan, { random }: { readonly random: Random }): Promise<LocalNetwork> {
    const { home, walletPort, portOffset, logLevel } = plan;
    mkdirSync(home.folder, { recursive: true, mode: 0o700 });
    const output = createWriteStream(home.log, { flags: "a", mode: 0o600 });
    const stderr = { write: (text: string) => output.write(text) };
    if (!existsSync(home.network)) {
      await generateNetwork({
        topology: `dense${LOCAL_NODES}`,
        out: home.network,
        chainId: LOCAL_CHAIN_ID,
        host: HOST,
        portOffset: `${portOffset}`,
        retention: "archive",
        accounts: `${ACCOUNTS}`,
        outputs: `${OUTPUTS_OF_EACH}`,
        mob: MOB_OF_EACH,
        clientResponderId: `localhost:${walletPort}`,
      });
    }
    const fog = await LocalFog.make(
      { folder: home.fog, chainId: LOCAL_CHAIN_ID, logLevel, portOffset, walletPort },
      { stderr },
    );
    return new LocalNetwork(plan, { fog, output, random });
  }

  /** What new accounts are told of their Fog. */
  get fogAddress(): LocalFog["address"] {
    return this.#fog.address;
  }

  /** Starts everything, and opens the wallet port last. What was started has to be stopped even when it rejects. */
  async up(): Promise<void> {
    const { home, walletPort } = this.#plan;
    const network = await readGeneratedNetwork(home.network, { random: this.#random });
    const [first] = network.nodes;
    if (first === undefined) throw new CommandError("not-a-network", "The network has no nodes.");
    this.#stops.push(() => home.retract()); // The last thing: whoever waits for the end looks for it.
    const [nodes] = await allStarted([
      allStarted(network.nodes.map((config, i) => this.#runNode(config, i))),
      this.#runFog(first),
    ]);
    await this.#fog.open();
    const port = await this.#openWalletPort(nodes, network);
    this.#stops.push(() => port.close());
    home.announce({ pid: process.pid, wallet: `localhost:${walletPort}`, chainId: LOCAL_CHAIN_ID });
  }

  /** Stops everything, the last first. */
  async stop(): Promise<void> {
    for (const stop of this.#stops.splice(0).reverse()) await stop();
    await new Promise((resolve) => this.#output.end(resolve));
  }

  async #runNode(config: NodeConfig, i: number): Promise<RunningNode> {
    const node = await runNode(config, { log: this.#log(`node${i}`), version: packageVersion(), env: {} });
    this.#stops.push(() => node.close());
    this.nodes[i] = `${config.clientListen.host}:${node.ports.client}`;
    return node;
  }

  async #runFog({ ledgerPath, archiveDestinations, clientListen }: NodeConfig): Promise<void> {
    this.#stops.push(() => this.#fog.stop());
    const node = {
      baseUrl: `http://${clientListen.host}:${clientListen.port}`,
      tlsHostname: undefined,
      caBundle: undefined,
    };
    const sources = archiveDestinations.map((archiveUrl) => ({ archiveUrl, node, signers: undefined }));
    await this.#fog.up({ ledger: ledgerPath, sources });
  }

  /** Every service under its own name: those of Fog, those of the nodes, of which each caller gets one, and the faucet. */
  async #openWalletPort(nodes: readonly RunningNode[], network: GeneratedNetwork): Promise<Server> {
    const { walletPort } = this.#plan;
    const log = this.#log("wallet-port");
    const random = this.#random;
    const wallets = await FogWallets.make(this.#fog.forWallets, { random });
    this.#stops.push(() => wallets.close());
    const faucet = new Faucet({ network, accounts: ACCOUNTS, reports: wallets.reports, random });
    this.#stops.push(() => faucet.close());
    return serve(
      {
        listen: { host: "localhost", port: walletPort },
        chainId: LOCAL_CHAIN_ID,
        origins: "any",
        services: [
          healthService(() => true),
          ...this.#fog.services,
          ...clientServices(stickyNode(nodes.map(({ client }) => client))),
          faucetService(faucet),
        ],
        // One node and no other, for browsers and whoever else can call below a path.
        prefixed: nodes.map(({ client }, i) => ({ prefix: `/node/${i}`, services: clientServices(() => client) })),
      },
      { log, metrics: createMetrics(), now: Date.now },
    );
  }

  #log(name: string): Log {
    const destination = { write: (line: string) => void this.#output.write(line) };
    return createLog({ name, level: this.#plan.logLevel }, { destination });
  }
}
