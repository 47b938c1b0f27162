// A Fog of processes between two ledgers: started by the command that an operator uses, obeying a scenario's actions.
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { decodePublicAddress, type PublicAddress } from "@fogbow/core-account";
import { freePort, type Role, runCommand, startRole } from "../../journey/roles.ts";
import type { Action, LedgerName } from "../model/actions.ts";
import type { FogModel } from "../model/fog-model.ts";
import { FogHeights } from "./heights.ts";
import { IngestOperator } from "./ingest-operator.ts";
import { ReverseProxy } from "./reverse-proxy.ts";

/** How a Fog is made. */
export interface FogOptions {
  readonly accounts: number;
  /** Outputs that one egress key of ingest serves. */
  readonly userCapacity?: number | undefined;
}

/** The words of a test account. */
export interface TestAccount {
  readonly mnemonic: string;
  readonly accountIndex: number;
}

interface Node {
  readonly port: number;
  readonly peerPort: number;
  readonly operator: IngestOperator;
  role: Role | undefined;
  /** By its number in the model, as the node said it. */
  readonly keys: Map<number, string>;
}

const CHAIN_ID = "local";
const LEDGERS: readonly LedgerName[] = ["ingest", "ledger"];
const CAPACITY = "4096";
/** How long services have to come to where the model says they come. */
const SETTLE_MS = 60_000;
const LOOK_MS = 50;

/** What did not come about in time. */
class FogStalled extends Error {
  override readonly name = "FogStalled";
}

/** The processes. */
export class FogProcesses {
  readonly #folder = mkdtempSync(join(tmpdir(), "fogbow-conformance-"));
  readonly #options: FogOptions;
  readonly #model: FogModel;
  readonly #nodes = new Map<number, Node>();
  readonly #roles = new Map<string, Role>();
  readonly #routes = new Map<string, number>();
  readonly #ports = new Map<string, number>();
  /** Key images by block, in the order of its credits. */
  readonly #images: string[][] = [[]];
  readonly #counts: Record<LedgerName, number> = { ingest: 1, ledger: 1 };
  #database: readonly string[] = [];
  #viewStores = 0;
  #proxy: ReverseProxy | undefined;
  #proxyPort = 0;
  #heights: FogHeights | undefined;

  private constructor(options: FogOptions, model: FogModel) {
    this.#options = options;
    this.#model = model;
  }

  /** Starts everything but ingest nodes, which a scenario starts. The model is the one that the scenario's actions change. */
  static async start(options: FogOptions, model: FogModel): Promise<FogProcesses> {
    const fog = new FogProcesses(options, model);
    try {
      await fog.#start();
      return fog;
    } catch (error) {
      await fog.stop();
      throw error;
    }
  }

  /** One place for view, ledger and report. */
  get uri(): string {
    return `insecure-fog://localhost:${this.#proxyPort}`;
  }

  get chainId(): string {
    return CHAIN_ID;
  }

  account(number: number): TestAccount {
    const file = JSON.parse(readFileSync(this.#at(`keys/account_keys_${number}.json`), "utf8"));
    return { mnemonic: file.mnemonic, accountIndex: file.account_index };
  }

  /** Does what the model has done already, and waits until it has happened. */
  async perform(action: Action): Promise<void> {
    switch (action.do) {
      case "plan":
        return; // The model has it; ledgers get it when it is appended.
      case "append":
        return this.#append(action.to);
      case "restart-view":
        return this.#restart(`view-store-${this.#viewStores}`, () => this.#startViewStore());
      case "restart-ledger":
        return this.#restart("key-image-store", () => this.#startKeyImageStore());
      case "replace-view":
        return this.#replaceView();
      case "start":
        return this.#startNode(action.node);
      case "stop":
        await this.#node(action.node).role?.stop();
        this.#node(action.node).role = undefined;
        return;
      case "forget":
        return rmSync(this.#at(`ingest-${action.node}/state`));
      case "window":
        return this.#node(action.node).operator.promise(action.blocks);
      case "activate":
        return this.#node(action.node).operator.activate();
      case "retire":
        return this.#node(action.node).operator.retire();
      case "report-lost":
        return this.#reportLost(action.node);
      case "use-key":
        return this.#waitForReport(action.node);
      default:
        return action satisfies never;
    }
  }

  /** Waits until view, ledger and every node are where the model is. Rejects with FogStalled, and at once where one is beyond. */
  async settle(): Promise<void> {
    const { viewCount, counts, nodes } = this.#model;
    await this.#until("view", viewCount, async () => this.#asked.view());
    await this.#until("ledger", counts.ledger, async () => this.#asked.ledger());
    for (const [number, node] of nodes) {
      if (!node.isRunning) continue;
      const expected = `${node.isActive ? "Active" : "Idle"}${node.isActive ? ` at ${node.next}` : ""}`;
      await this.#until(`ingest ${number}`, expected, async () => {
        const { isActive, next } = await this.#node(number).operator.status();
        return isActive ? `Active at ${next}` : "Idle";
      });
    }
  }

  /** Ends all processes, and takes their files away. */
  async stop(): Promise<void> {
    this.#heights?.close();
    for (const { operator } of this.#nodes.values()) operator.close();
    const roles = [...this.#roles.values(), ...[...this.#nodes.values()].flatMap(({ role }) => role ?? [])];
    const [database, ...others] = roles;
    await Promise.all(others.map((role) => role.stop()));
    await database?.stop(); // The first that was started.
    await this.#proxy?.close();
    rmSync(this.#folder, { recursive: true, force: true });
  }

  async #start(): Promise<void> {
    this.#proxyPort = await freePort();
    this.#proxy = await ReverseProxy.open(this.#proxyPort, this.#routes);
    await runCommand(["fog", "authority", "new", "--out", this.#at("authority")]);
    const fog = ["--fog-report-url", this.uri, "--fog-authority-root", this.#at("authority/root.pem")];
    const accounts = `${this.#options.accounts}`;
    const database = startRole(["db", "serve", "--database-folder", this.#at("db"), "--port", "0", "--json"]);
    database.catch(() => undefined); // It is waited for below.
    await runCommand(["fog", "keys", "--num", accounts, "--out", this.#at("keys"), ...fog]);
    for (const ledger of LEDGERS) {
      await runCommand(["fog", "test-ledger", "init", "--keys", this.#at("keys"), ...this.#ledgerPlaces(ledger)]);
    }
    const role = await database;
    this.#roles.set("database", role);
    this.#database = ["--database-url", role.facts.databaseUrl ?? ""];
    this.#viewStores = 1;
    await Promise.all([
      this.#startReport(),
      this.#startViewStore(),
      this.#startViewRouter(),
      this.#startKeyImageStore(),
      this.#startLedgerRouter(),
    ]);
    this.#heights = await FogHeights.of({ uri: this.uri, chainId: CHAIN_ID });
  }

  async #startReport(): Promise<void> {
    const port = await this.#port("report");
    await this.#startRole("report", [
      ...["fog", "report", "--client-listen-uri", `insecure-fog://127.0.0.1:${port}/`, "--chain-id", CHAIN_ID],
      ...["--signing-chain", this.#at("authority/chain.pem"), "--signing-key", this.#at("authority/key.pem")],
      ...this.#database,
    ]);
    this.#routes.set("/report", port);
  }

  async #startViewStore(): Promise<void> {
    const name = `view-store-${this.#viewStores}`;
    const port = await this.#port(name);
    await this.#startRole(name, [
      ...["fog", "view-store", "--client-listen-uri", `insecure-fog-view-store://127.0.0.1:${port}/`],
      ...["--omap-capacity", CAPACITY, "--chain-id", CHAIN_ID, ...this.#database],
    ]);
  }

  async #startViewRouter(): Promise<void> {
    const name = `view-router-${this.#viewStores}`;
    const port = await this.#port(name);
    const store = await this.#port(`view-store-${this.#viewStores}`);
    await this.#startRole(name, [
      ...["fog", "view-router", "--client-listen-uri", `insecure-fog-view://127.0.0.1:${port}/`],
      ...["--client-responder-id", `localhost:${this.#proxyPort}`, "--chain-id", CHAIN_ID],
      ...["--shard-uris", `insecure-fog-view-store://127.0.0.1:${store}/?sharding_strategy=default`],
    ]);
    this.#routes.set("/fog_view", port);
  }

  async #startKeyImageStore(): Promise<void> {
    const port = await this.#port("key-image-store");
    await this.#startRole("key-image-store", [
      ...["fog", "key-image-store", "--client-listen-uri", `insecure-key-image-store://127.0.0.1:${port}/`],
      ...["--key-image-capacity", CAPACITY, "--chain-id", CHAIN_ID, ...this.#ledgerPlaces("ledger")],
    ]);
  }

  async #startLedgerRouter(): Promise<void> {
    const [port, store] = [await this.#port("ledger-router"), await this.#port("key-image-store")];
    await this.#startRole("ledger-router", [
      ...["fog", "ledger-router", "--client-listen-uri", `insecure-fog-ledger://127.0.0.1:${port}/`],
      ...["--client-responder-id", `localhost:${this.#proxyPort}`, "--chain-id", CHAIN_ID],
      ...["--shard-uris", `insecure-key-image-store://127.0.0.1:${store}/`, "--output-capacity", CAPACITY],
      ...this.#ledgerPlaces("ledger"),
    ]);
    this.#routes.set("/fog_ledger", port);
  }

  async #startNode(number: number): Promise<void> {
    const known = this.#nodes.get(number);
    const node = known ?? (await this.#newNode());
    this.#nodes.set(number, node);
    mkdirSync(this.#at(`ingest-${number}`), { recursive: true });
    node.role = await startRole([
      ...["fog", "ingest", "--client-listen-uri", `insecure-fog-ingest://127.0.0.1:${node.port}/`],
      ...["--peer-listen-uri", `insecure-igp://127.0.0.1:${node.peerPort}/`, "--log-level", "error"],
      ...["--state-file", this.#at(`ingest-${number}/state`), "--chain-id", CHAIN_ID],
      ...["--user-capacity", `${this.#options.userCapacity ?? CAPACITY}`],
      ...this.#ledgerPlaces("ingest"),
      ...this.#database,
    ]);
    node.keys.set(this.#model.nodes.get(number)?.key ?? -1, (await node.operator.status()).key);
  }

  async #newNode(): Promise<Node> {
    const [port, peerPort] = await Promise.all([freePort(), freePort()]);
    const operator = new IngestOperator(`insecure-fog-ingest://127.0.0.1:${port}/`, CHAIN_ID);
    return { port, peerPort, operator, role: undefined, keys: new Map() };
  }

  async #reportLost(number: number): Promise<void> {
    const lost = [...this.#model.keys.entries()].filter(([, key]) => key.lost).map(([key]) => key);
    const known = this.#node(number).keys;
    const key = known.get(lost.filter((each) => known.has(each)).at(-1) ?? -1);
    const running = [...this.#nodes.values()].find(({ role }) => role !== undefined);
    if (key === undefined || running === undefined) throw new Error("The model reports keys that were known.");
    await running.operator.reportLost(key);
  }

  async #waitForReport(number: number): Promise<void> {
    const address: PublicAddress = decodePublicAddress(
      Uint8Array.from(readFileSync(this.#at("keys/account_keys_0.pub"))),
    );
    const key = this.#node(number).keys.get(this.#model.nodes.get(number)?.key ?? -1);
    await this.#until("report", key ?? "", async () => this.#asked.ingressKey(address), false);
  }

  async #append(ledger: LedgerName): Promise<void> {
    const index = this.#counts[ledger]++;
    const block = this.#model.blocks[index];
    if (block === undefined) throw new Error("The model appends blocks that are planned.");
    const key = [...this.#nodes.values()].flatMap(({ keys }) => keys.get(block.key) ?? [])[0];
    const spent = block.spends.map(({ block: from, credit }) => this.#images[from]?.[credit]);
    // A block that spends nothing needs a key image all the same; one of zeros serves for a single block of a ledger.
    const images = spent.length > 0 || index === 1 ? spent : [index.toString(16).padStart(64, "f")];
    const printed = await runCommand(
      [
        ...["fog", "test-ledger", "add-block", "--keys", this.#at("keys"), ...this.#ledgerPlaces(ledger)],
        ...["--seed", `${100 + index}`, "--fog-pubkey", key ?? ""],
      ],
      JSON.stringify({ credits: block.credits, key_images: images }),
    );
    this.#images[index] = JSON.parse(printed).key_images;
  }

  async #replaceView(): Promise<void> {
    const [store, router] = [`view-store-${this.#viewStores}`, `view-router-${this.#viewStores}`];
    this.#viewStores++;
    await Promise.all([this.#startViewStore(), this.#startViewRouter()]);
    for (const name of [router, store]) {
      await this.#roles.get(name)?.stop();
      this.#roles.delete(name);
    }
  }

  async #restart(name: string, start: () => Promise<void>): Promise<void> {
    await this.#roles.get(name)?.stop();
    await start();
  }

  async #startRole(name: string, args: readonly string[]): Promise<void> {
    this.#roles.set(name, await startRole([...args, "--log-level", "error"]));
  }

  /** Looks until something is as expected. A number beyond the expected one is wrong at once. */
  async #until<T extends number | string>(
    what: string,
    expected: T,
    look: () => Promise<T | undefined>,
    isOrdered = true,
  ): Promise<void> {
    const deadline = Date.now() + SETTLE_MS;
    for (;;) {
      const seen = await look();
      if (seen === expected) return;
      const isBeyond = isOrdered && typeof seen === "number" && seen > (expected as number);
      if (isBeyond || Date.now() > deadline) throw new FogStalled(`${what}: ${seen}, not ${expected}`);
      await sleep(LOOK_MS);
    }
  }

  get #asked(): FogHeights {
    if (this.#heights === undefined) throw new Error("The Fog has started.");
    return this.#heights;
  }

  #node(number: number): Node {
    const node = this.#nodes.get(number);
    if (node === undefined) throw new Error("The model speaks of nodes that were started.");
    return node;
  }

  async #port(name: string): Promise<number> {
    const known = this.#ports.get(name);
    if (known !== undefined) return known;
    const port = await freePort();
    this.#ports.set(name, port);
    return port;
  }

  #ledgerPlaces(ledger: LedgerName): string[] {
    return ["--ledger-db", this.#at(`${ledger}-ledger`), "--watcher-db", this.#at(`${ledger}-watcher`)];
  }

  #at(name: string): string {
    return join(this.#folder, name);
  }
}
