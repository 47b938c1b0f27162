// Fog with every role a process of its own, on one ledger that a test grows.
import { mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { createClient } from "@connectrpc/connect";
import {
  type AccountKey,
  accountKeyFromIdentity,
  decodePublicAddress,
  type PublicAddress,
  parseKeyFile,
} from "@fogbow/core-account";
import { createEvidenceVerifier, createPolicy, createReportEvidenceVerifier, type Policy } from "@fogbow/core-attest";
import { type Secret, toHex } from "@fogbow/core-bytes";
import { AccountIngestAPI, type IngestSummary } from "@fogbow/core-wire";
import { identityOf, measureBundle, readBundle } from "@fogbow/runtime-enclave";
import {
  type ConsensusService,
  FogAccount,
  type FogClientParts,
  FogLedgerClient,
  FogViewClient,
  ReportResolver,
  Wallet,
} from "@fogbow/sdk";
import { parseServiceUri, type ServiceClient, serviceClient } from "@fogbow/server";
import {
  CHAIN_ID,
  ledgerPlaces,
  MORE_ROLES,
  PLACES,
  ROLES,
  type RoleName,
  roleArguments,
  type Setting,
} from "./fog-roles.ts";
import { freePort, type Role, runCommand, startRole } from "./roles.ts";

/** How Fog is set up. */
export interface FogOptions {
  /** A recovery database that is there, and is migrated; without it one is served by a role of its own. */
  readonly databaseUrl?: string;
  /** With a second ingest server, and two overseers that let one of the two begin once they are enabled. */
  readonly isOverseen?: boolean;
  /** A network that is there, whose blocks are followed; without it a ledger that the test grows. */
  readonly network?: FollowedNetwork;
}

/** A network that somebody else runs on this machine. */
export interface FollowedNetwork {
  readonly chainId: string;
  /** Folders of a ledger that keeps blocks, and of a watcher of them. */
  readonly ledger: string;
  readonly watcher: string;
}

/** What the next block has: what is paid to whom, and the key images of what is spent. */
export interface NextBlock {
  readonly credits: readonly { readonly account: number; readonly amount: number }[];
  readonly keyImages: readonly string[];
}

type EnclaveName = "fog-ingest" | "fog-view" | "fog-ledger";

/** A deployment in a folder of its own. */
export class FogProcesses {
  readonly setting: Setting;
  readonly #policies: Readonly<Record<EnclaveName, Policy>>;
  readonly #running = new Map<RoleName, Role>();
  /** A connection to each service, which all clients share. */
  readonly #clients = new Map<string, ServiceClient>();
  #blocks = 0;

  private constructor(setting: Setting, policies: Readonly<Record<EnclaveName, Policy>>) {
    this.setting = setting;
    this.#policies = policies;
  }

  /** Makes keys, a Fog authority and a ledger, starts all roles beside each other, and lets ingest begin unless it is overseen. */
  static async begin({ databaseUrl, isOverseen = false, network }: FogOptions = {}): Promise<FogProcesses> {
    const folder = mkdtempSync(join(tmpdir(), "fogbow-journey-"));
    const free = await Promise.all(PLACES.map(freePort));
    const ports = Object.fromEntries(PLACES.map((place, i) => [place, free[i]])) as Setting["ports"]; // One for each.
    const policies = {
      "fog-ingest": await policyOf("fog-ingest"),
      "fog-view": await policyOf("fog-view"),
      "fog-ledger": await policyOf("fog-ledger"),
    };
    const fog = new FogProcesses(
      { folder, chainId: network?.chainId ?? CHAIN_ID, ports, databaseUrl, isOverseen },
      policies,
    );
    try {
      await fog.#prepare(network);
      await fog.start(...fog.roles);
      if (!isOverseen) await fog.admin("activate");
    } catch (error) {
      await fog.end();
      throw error;
    }
    return fog;
  }

  /** The roles that there are. */
  get roles(): readonly RoleName[] {
    const { databaseUrl, isOverseen } = this.setting;
    const names = ROLES.filter((name) => name !== "database" || databaseUrl === undefined);
    return isOverseen ? [...names, ...MORE_ROLES] : names;
  }

  /** The roles that have ended. */
  get ended(): readonly RoleName[] {
    return this.roles.filter((name) => this.#running.get(name)?.hasEnded() === true);
  }

  /** Where something of the deployment is kept. */
  at(name: string): string {
    return join(this.setting.folder, name);
  }

  /** Starts roles beside each other, and waits until each says that it is ready. */
  async start(...names: readonly RoleName[]): Promise<void> {
    const started = names.map(async (name) => {
      this.#running.set(name, await startRole(roleArguments(name, this.setting)));
    });
    for (const result of await Promise.allSettled(started)) if (result.status === "rejected") throw result.reason;
  }

  /** Ends roles without a word. */
  async kill(...names: readonly RoleName[]): Promise<void> {
    await Promise.all(names.map((name) => this.#running.get(name)?.kill()));
  }

  /** Tells an ingest server something, and gives what it prints. */
  async admin(...command: readonly string[]): Promise<Readonly<Record<string, unknown>>> {
    const uri = `insecure-fog-ingest://127.0.0.1:${this.setting.ports.ingest}/`;
    return JSON.parse(
      await runCommand(["fog", "ingest-admin", "-u", uri, "--chain-id", this.setting.chainId, ...command]),
    );
  }

  /** How an ingest server is; it rejects with a ConnectError while the server is away. */
  ingestStatus(name: "ingest" | "standby" = "ingest"): Promise<IngestSummary> {
    const uri = `insecure-fog-ingest://127.0.0.1:${this.setting.ports[name]}/`;
    return createClient(AccountIngestAPI, this.#transportTo(uri, "fog-ingest")).getStatus({});
  }

  /** Appends a block; its outputs' key images. */
  async add({ credits, keyImages }: NextBlock, ingressKey: Uint8Array): Promise<readonly string[]> {
    this.#blocks += 1;
    const keys = ["--keys", this.at("keys"), "--seed", `${this.#blocks}`, "--fog-pubkey", toHex(ingressKey)];
    const command = ["fog", "test-ledger", "add-block", ...ledgerPlaces(this.setting.folder), ...keys];
    const printed = await runCommand(command, JSON.stringify({ credits, key_images: keyImages }));
    return JSON.parse(printed).key_images;
  }

  /** A client of the view router, with a session of its own. */
  viewClient(): FogViewClient {
    const { view } = this.setting.ports;
    const transport = this.#transportTo(`insecure-fog-view://127.0.0.1:${view}/`, "fog-view");
    return new FogViewClient({ responderId: `localhost:${view}` }, { ...this.#parts("fog-view"), transport });
  }

  /** A client of the ledger router, with a session of its own. */
  ledgerClient(): FogLedgerClient {
    const { ledger } = this.setting.ports;
    const transport = this.#transportTo(`insecure-fog-ledger://127.0.0.1:${ledger}/`, "fog-ledger");
    return new FogLedgerClient({ responderId: `localhost:${ledger}` }, { ...this.#parts("fog-ledger"), transport });
  }

  /** A wallet, new or with what one has saved. */
  wallet(index: number, saved?: Secret): FogAccount {
    const parts = { view: this.viewClient(), ledger: this.ledgerClient(), random };
    return new FogAccount({ account: this.#account(index), ...(saved && { saved }) }, parts);
  }

  /** A wallet on connections of its own, to other ports of the loopback than Fog's; and what ends them. */
  walletThrough(index: number, ports: { readonly view: number; readonly ledger: number }) {
    const options = { chainId: CHAIN_ID, timeoutMs: 10_000, answerBytesMax: 16_777_216 };
    const connected = (scheme: "fog-view" | "fog-ledger", port: number) =>
      serviceClient(parseServiceUri(`insecure-${scheme}://127.0.0.1:${port}/`, scheme), options);
    const [view, ledger] = [connected("fog-view", ports.view), connected("fog-ledger", ports.ledger)];
    const { view: viewPort, ledger: ledgerPort } = this.setting.ports;
    const wallet = new FogAccount(
      { account: this.#account(index) },
      {
        view: new FogViewClient(
          { responderId: `localhost:${viewPort}` },
          { ...this.#parts("fog-view"), transport: view.transport },
        ),
        ledger: new FogLedgerClient(
          { responderId: `localhost:${ledgerPort}` },
          { ...this.#parts("fog-ledger"), transport: ledger.transport },
        ),
        random,
      },
    );
    const close = (): void => {
      view.close();
      ledger.close();
    };
    return { wallet, close };
  }

  /** The ingress key to pay an account with, of the report that is published now. Rejects with SdkError. */
  async ingressKey(index: number, tombstoneBlock: bigint): Promise<Uint8Array> {
    return (await this.#reports().resolve(this.address(index), { tombstoneBlock })).ingressKey;
  }

  /** Whom this Fog serves. */
  address(index: number): PublicAddress {
    return decodePublicAddress(Uint8Array.from(readFileSync(this.at(`keys/account_keys_${index}.pub`))));
  }

  /** A wallet that pays through a node. */
  payingWallet(index: number, consensus: ConsensusService): Wallet {
    const services = { view: this.viewClient(), ledger: this.ledgerClient(), consensus, reports: this.#reports() };
    return new Wallet({ account: this.#account(index) }, { ...services, random, wait: (ms) => sleep(ms) });
  }

  #reports(): ReportResolver {
    const policy = this.#policies["fog-ingest"];
    return new ReportResolver({
      transportTo: (url) => this.#transportTo(url, "fog"),
      verifyEvidence: createReportEvidenceVerifier({ policy: () => policy, now: Date.now }),
      now: Date.now,
      chainId: this.setting.chainId,
    });
  }

  /** Ends a role, which may say goodbye. */
  async stop(name: RoleName): Promise<void> {
    await this.#running.get(name)?.stop();
  }

  /** What a role has logged since it was started. */
  log(name: RoleName): readonly Readonly<Record<string, unknown>>[] {
    const lines = (this.#running.get(name)?.said() ?? "").split("\n");
    return lines.filter((line) => line.startsWith("{")).map((line) => JSON.parse(line));
  }

  /** Ends everything and forgets it. */
  async end(): Promise<void> {
    for (const client of this.#clients.values()) client.close();
    await Promise.all([...this.#running.values()].map((role) => role.stop()));
    rmSync(this.setting.folder, { recursive: true, force: true });
  }

  async #prepare(network: FollowedNetwork | undefined): Promise<void> {
    const { folder, ports } = this.setting;
    await runCommand(["fog", "authority", "new", "--out", this.at("authority")]);
    const report = ["--fog-report-url", `insecure-fog://localhost:${ports.report}`];
    const authority = ["--fog-authority-root", this.at("authority/root.pem")];
    await runCommand(["fog", "keys", "--num", "3", "--out", this.at("keys"), ...report, ...authority]);
    if (network === undefined) {
      await runCommand(["fog", "test-ledger", "init", "--keys", this.at("keys"), ...ledgerPlaces(folder)]);
      return;
    }
    symlinkSync(network.ledger, this.at("ledger"));
    symlinkSync(network.watcher, this.at("watcher"));
  }

  #account(index: number): AccountKey {
    return accountKeyFromIdentity(parseKeyFile(readFileSync(this.at(`keys/account_keys_${index}.json`), "utf8")));
  }

  #transportTo(uri: string, scheme: string): ServiceClient["transport"] {
    const options = { chainId: this.setting.chainId, timeoutMs: 10_000, answerBytesMax: 16_777_216 };
    const client = this.#clients.get(uri) ?? serviceClient(parseServiceUri(uri, scheme), options);
    this.#clients.set(uri, client);
    return client.transport;
  }

  #parts(enclave: EnclaveName): FogClientParts {
    const policy = this.#policies[enclave];
    const verify = createEvidenceVerifier({ policy: () => policy, now: Date.now });
    return { verify, random, now: Date.now, wait: (ms) => sleep(ms) };
  }
}

const random: FogClientParts["random"] = (length) => crypto.getRandomValues(new Uint8Array(length));

/** Trusts an enclave of this build, on the simulated platform, which protects nobody. */
async function policyOf(name: EnclaveName): Promise<Policy> {
  const bundle = fileURLToPath(new URL(`../../enclaves/runtime/dist/bundles/${name}`, import.meta.url));
  const identity = identityOf(measureBundle(await readBundle(bundle)));
  return createPolicy({ measurements: [{ identity }], platforms: ["simulated"] });
}
