// `fogbow network generate`: keys, configurations and the first block of a network for one machine.
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import {
  accountKeyFromIdentity,
  encodePublicAddress,
  formatKeyFile,
  type PublicAddress,
  publicAddress,
} from "@fogbow/core-account";
import { encodeArchiveBlock, type NewBlock, originBlockFromSeed } from "@fogbow/core-block";
import { formatMob, parseMob, Secret, type TokenValue, toHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey } from "@fogbow/core-crypto";
import { formatMessageSigner, isProductionChain } from "@fogbow/node";
import type { Command } from "commander";
import { CommandError } from "../error.ts";
import { withExamples } from "../examples.ts";
import { parseHex32 } from "../ledger/arguments.ts";
import { JSON_HELP, type JsonOption, jsonLine, rows } from "../ledger/output.ts";
import type { Surroundings } from "../surroundings.ts";
import { systemRandom } from "../system-random.ts";
import { ACCOUNTS_MAX, NODES_MAX, ORIGIN_OUTPUTS_MAX } from "./limits.ts";
import { accountFiles, KEYS_FOLDER, NODE_FILE, nodeName } from "./network-folder.ts";
import {
  type NetworkPlan,
  networkText,
  nodeText,
  type PlannedNode,
  readmeText,
  serviceUri,
  TLS_FILES,
  TOKENS_TEXT,
} from "./network-texts.ts";
import { seededRandom } from "./seeded-random.ts";
import { makeNetworkTls } from "./tls-files.ts";
import { TOPOLOGIES, topology } from "./topologies.ts";

/** What is made; everything as the command line has it. */
export interface GenerateOptions extends JsonOption {
  readonly topology: string;
  readonly out: string;
  readonly nodes?: string;
  readonly chainId: string;
  readonly host: string;
  readonly portOffset: string;
  readonly retention: string;
  readonly accounts: string;
  readonly outputs: string;
  readonly mob: string;
  readonly tls?: boolean;
  readonly seed?: string;
  /** What clients know all nodes by, where one port stands before them; each node's own listener without. */
  readonly clientResponderId?: string;
}

/** Adds the command. */
export function addGenerateCommand(network: Command, { stdout }: Surroundings): void {
  const command = network
    .command("generate")
    .description("make the keys, configurations and first block of a network for one machine")
    .requiredOption("--topology <name>", `who listens to whom: ${TOPOLOGIES}`)
    .requiredOption("--out <dir>", "the folder to make; nothing is overwritten")
    .option("--nodes <n>", "as many nodes, for dense and ring")
    .option("--chain-id <name>", "the network's name; real money has others than local…, test… and dev…", "local")
    .option("--host <host>", "where the nodes listen and are found", "127.0.0.1")
    .option("--port-offset <n>", "added to the ports, which are 3200, 3300 and 3400 and the node's number", "0")
    .option("--retention <kind>", "archive: all nodes keep all blocks; forget: only node 0 does", "archive")
    .option("--accounts <n>", "accounts that own something from the beginning", "10")
    .option("--outputs <n>", "outputs that each of them owns; rings of 11 are made of them", "20")
    .option("--mob <amount>", "what each output holds", "1000")
    .option("--tls", "listeners with TLS: an authority for this network, and a certificate for each node")
    .option(
      "--seed <hex>",
      "64 hex digits that decide every random choice but TLS, for tests: who knows them has all keys",
    )
    .option("--json", JSON_HELP)
    .action(async (options: GenerateOptions) => {
      const facts = await generateNetwork(options);
      stdout.write(options.json === true ? jsonLine(facts) : narrate(facts));
    });
  withExamples(command, [
    ["fogbow network generate --topology dense5 --out ./mynet", "five nodes, four of whom must agree"],
    ["fogbow network generate --topology orgs3x3 --out ./orgs", "three organisations of three nodes"],
    ["fogbow network generate --topology dense5 --tls --out ./tls", "with certificates"],
    ["fogbow network generate --topology dense5 --retention forget --out ./forget", "one node keeps the blocks"],
  ]);
}

/** What was made. */
export interface GenerateFacts {
  readonly folder: string;
  readonly topology: string;
  readonly chainId: string;
  readonly originBlockId: string;
  readonly nodes: readonly { readonly name: string; readonly client: string; readonly retention: string }[];
  readonly accounts: number;
  readonly outputs: number;
  readonly mob: string;
}

/** Where node `i` listens on its machine, all moved by an offset. */
export function nodePorts(
  i: number,
  offset: number,
): { readonly client: number; readonly peer: number; readonly admin: number } {
  return { client: 3200 + offset + i, peer: 3300 + offset + i, admin: 3400 + offset + i };
}

/** Makes a network. Rejects with `folder-not-empty`, `invalid-argument`. */
export async function generateNetwork(options: GenerateOptions): Promise<GenerateFacts> {
  const folder = resolve(options.out);
  assertEmpty(folder);
  const seed = options.seed === undefined ? systemRandom(32) : parseHex32(options.seed, "A seed");
  const plan = planOf(options, folder, seed);
  const value = parseMob(options.mob);
  const accounts = Array.from({ length: plan.accounts }, (_, i) => makeAccount(seed, i));
  const origin = makeOrigin(plan, accounts, value, seed);

  const made = join(dirname(folder), `.${basename(folder)}.part`);
  rmSync(made, { recursive: true, force: true });
  writeNetwork(made, plan, accounts, origin);
  if (plan.tlsAuthority !== undefined) await writeTls(made, plan);
  renameSync(made, folder); // It is there as a whole, or not at all.
  return {
    folder,
    topology: plan.topology,
    chainId: plan.chainId,
    originBlockId: toHex(origin.block.id),
    nodes: plan.nodes.map(({ name, ports, retention }) => ({
      name,
      client: serviceUri(plan, "mc", ports.client),
      retention,
    })),
    accounts: plan.accounts,
    outputs: plan.accounts * plan.outputsPerAccount,
    mob: formatMob(value),
  };
}

function planOf(options: GenerateOptions, folder: string, seed: Uint8Array): NetworkPlan {
  const { chainId, host, retention } = options;
  if (retention !== "archive" && retention !== "forget") {
    throw new CommandError("invalid-argument", "--retention is archive or forget.");
  }
  if (isProductionChain(chainId)) {
    const message = `${chainId} would be a chain of real money, and this makes toys: call it local…, test… or dev….`;
    throw new CommandError("invalid-argument", message);
  }
  if (!/^[A-Za-z0-9.-]{1,253}$/.test(host)) {
    throw new CommandError("invalid-argument", "--host is a name or an IPv4 address.");
  }
  const offset = whole(options.portOffset, "--port-offset", 0, 60_000);
  const count = options.nodes === undefined ? undefined : whole(options.nodes, "--nodes", 1, NODES_MAX);
  const nodes = topology(options.topology, count).map(
    (node, i): PlannedNode => ({
      ...node,
      name: nodeName(i),
      folder: join(folder, nodeName(i)),
      messageKey: Ed25519PrivateKey.random(seededRandom(seed, `message key of node ${i}`)),
      ports: nodePorts(i, offset),
      retention: retention === "forget" && i > 0 ? "forget" : "archive",
    }),
  );
  const accounts = whole(options.accounts, "--accounts", 1, ACCOUNTS_MAX);
  const outputsPerAccount = whole(options.outputs, "--outputs", 1, ORIGIN_OUTPUTS_MAX);
  if (accounts * outputsPerAccount > ORIGIN_OUTPUTS_MAX) {
    throw new CommandError("invalid-argument", `All accounts together own at most ${ORIGIN_OUTPUTS_MAX} outputs.`);
  }
  return {
    topology: options.topology,
    chainId,
    host,
    nodes,
    accounts,
    outputsPerAccount,
    mobPerOutput: options.mob,
    clientResponderId: options.clientResponderId,
    tlsAuthority: options.tls === true ? join(folder, AUTHORITY_FILE) : undefined,
  };
}

interface MadeAccount {
  readonly keyFile: string;
  readonly address: PublicAddress;
}

function makeAccount(seed: Uint8Array, i: number): MadeAccount {
  const entropy = new Secret(seededRandom(seed, `account ${i}`)(32));
  const identity = {
    kind: "mnemonic",
    entropy,
    accountIndex: 0,
    fogReportUrl: "",
    fogReportId: "",
    fogAuthoritySpki: new Uint8Array(0),
  } as const;
  const made = { keyFile: formatKeyFile(identity), address: publicAddress(accountKeyFromIdentity(identity)) };
  entropy.wipe();
  return made;
}

/** Outputs of all accounts in turns, so that neighbours in the ledger are different people's. */
function makeOrigin(
  plan: NetworkPlan,
  accounts: readonly MadeAccount[],
  value: TokenValue,
  seed: Uint8Array,
): NewBlock {
  const allocations = Array.from({ length: plan.outputsPerAccount }, () =>
    accounts.map(({ address }) => ({ recipient: address, value })),
  ).flat();
  return originBlockFromSeed(seededRandom(seed, "origin block")(32), allocations);
}

/** Whom callers trust to vouch for the nodes' listeners. */
const AUTHORITY_FILE = "ca.pem";

const SECRET = { mode: 0o600, flag: "wx" };
const PUBLIC = { mode: 0o644, flag: "wx" };

function writeNetwork(folder: string, plan: NetworkPlan, accounts: readonly MadeAccount[], origin: NewBlock): void {
  mkdirSync(join(folder, KEYS_FOLDER), { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, "README.txt"), readmeText(plan), PUBLIC);
  writeFileSync(join(folder, "tokens.json"), TOKENS_TEXT, PUBLIC);
  const encoded = encodeArchiveBlock({ ...origin, signature: undefined, metadata: undefined });
  writeFileSync(join(folder, "origin-block.pb"), encoded, PUBLIC);
  for (const [i, { keyFile, address }] of accounts.entries()) {
    const names = accountFiles(i);
    writeFileSync(join(folder, KEYS_FOLDER, names.secret), keyFile, SECRET);
    writeFileSync(join(folder, KEYS_FOLDER, names.address), encodePublicAddress(address), PUBLIC);
  }
  for (const node of plan.nodes) {
    const own = join(folder, node.name);
    mkdirSync(join(own, "state"), { recursive: true, mode: 0o700 });
    writeFileSync(join(own, "msg-signer-key.pem"), formatMessageSigner(node.messageKey), SECRET);
    writeFileSync(join(own, "network.toml"), networkText(plan, node), PUBLIC);
    writeFileSync(join(own, NODE_FILE), nodeText(plan, node, origin.block.id), PUBLIC);
  }
}

async function writeTls(folder: string, { chainId, host, nodes }: NetworkPlan): Promise<void> {
  const tls = await makeNetworkTls({ chainId, host, nodes: nodes.length, now: Date.now() }, { random: systemRandom });
  writeFileSync(join(folder, AUTHORITY_FILE), tls.authorityPem, PUBLIC);
  for (const [i, { certificatePem, keyPem }] of tls.nodes.entries()) {
    writeFileSync(join(folder, nodeName(i), TLS_FILES.chain), certificatePem, PUBLIC);
    writeFileSync(join(folder, nodeName(i), TLS_FILES.key), keyPem, SECRET);
  }
}

/** Refuses to touch what is there. */
function assertEmpty(folder: string): void {
  if (!existsSync(folder)) return;
  let names: string[];
  try {
    names = readdirSync(folder);
  } catch {
    throw new CommandError("folder-not-empty", `${folder} is there, and is no folder.`);
  }
  if (names.length > 0) throw new CommandError("folder-not-empty", `${folder} is there, and has something in it.`);
}

function whole(text: string, what: string, min: number, max: number): number {
  const value = /^[0-9]{1,6}$/.test(text) ? Number(text) : -1;
  if (value >= min && value <= max) return value;
  throw new CommandError("invalid-argument", `${what} is a whole number from ${min} to ${max}.`);
}

function narrate(facts: GenerateFacts): string {
  const { folder, topology: name, nodes, accounts, outputs, mob, originBlockId } = facts;
  return rows([
    ["made", `${nodes.length} nodes, ${name}, in ${folder}`],
    ["origin block", originBlockId],
    ["accounts", `${accounts} with ${outputs} outputs of ${mob} MOB in all; their words are in ${KEYS_FOLDER}/`],
    ...nodes.map(({ name: node, client, retention }) => [node, `${client}  ${retention}`] as const),
    ["next", `fogbow network run ${folder}`],
  ]);
}
