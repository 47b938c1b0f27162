// Two ingest servers and two overseers, every role a process of its own (spec 03 §2.13): who is killed is replaced, with the key
// where somebody has it and with a new one where nobody has, two overseers never fight, and a wallet loses nothing.
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { toHex } from "@fogbow/core-bytes";
import { IngestControllerMode } from "@fogbow/core-wire";
import type { FogAccount } from "@fogbow/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { AccountBook, RECOVERED_MS, untilDone } from "./account-book.ts";
import { FogProcesses } from "./fog-processes.ts";
import { stateFile } from "./fog-roles.ts";

const CODES = ["connection-failed", "report-unavailable"];
const SERVERS = ["ingest", "standby"] as const;
const OVERSEERS = ["overseer", "second-overseer"] as const;

let fog: FogProcesses;
let book: AccountBook;
let wallet: FogAccount;

beforeAll(async () => {
  fog = await FogProcesses.begin({ isOverseen: true });
}, 180_000);

afterAll(() => fog.end(), 60_000);

type Server = (typeof SERVERS)[number];
type Overseer = (typeof OVERSEERS)[number];

const other = (server: Server): Server => (server === "ingest" ? "standby" : "ingest");

/** The servers that scan. */
async function active(): Promise<readonly Server[]> {
  const statuses = await Promise.all(SERVERS.map((name) => fog.ingestStatus(name).catch(() => undefined)));
  return SERVERS.filter((_, i) => statuses[i]?.mode === IngestControllerMode.Active);
}

/** The server that scans, once exactly one does. */
async function theActive(): Promise<Server> {
  let found: readonly Server[] = [];
  await until(async () => {
    found = await active();
    return found.length === 1;
  }, "one active server");
  return found[0] as Server; // It was waited for.
}

/** The ingress key that a server holds, in hex; none while it is away. */
async function keyOf(server: Server): Promise<string> {
  const status = await fog.ingestStatus(server).catch(() => undefined);
  return toHex(status?.ingressPubkey?.data ?? new Uint8Array(0));
}

/** What an overseer answers. */
async function ask(overseer: Overseer, path: string, method: "GET" | "POST" = "GET"): Promise<string> {
  const { overseer: first, secondOverseer: second } = fog.setting.ports;
  const answer = await fetch(`http://127.0.0.1:${overseer === "overseer" ? first : second}${path}`, { method });
  expect(answer.status).toBe(200);
  return answer.text();
}

/** The overseer that leads, once exactly one does. */
async function leader(): Promise<Overseer> {
  let found: readonly Overseer[] = [];
  await until(async () => {
    const statuses = await Promise.all(OVERSEERS.map((name) => ask(name, "/status").catch(() => "{}")));
    found = OVERSEERS.filter((_, i) => JSON.parse(statuses[i] ?? "{}").leader === true);
    return found.length === 1;
  }, "one overseer that leads");
  return found[0] as Overseer; // It was waited for.
}

async function until(isSo: () => Promise<boolean>, what: string): Promise<void> {
  const deadline = performance.now() + RECOVERED_MS;
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`Waited in vain for ${what}.`);
    await sleep(50);
  }
}

/** A machine fails, and its place is taken by one that has nothing of it. */
async function replaced(...servers: readonly Server[]): Promise<void> {
  for (const server of servers) {
    rmSync(stateFile(fog.setting.folder, server), { force: true });
    rmSync(`${stateFile(fog.setting.folder, server)}-enclave`, { recursive: true, force: true });
  }
  await fog.start(...servers);
}

test("nobody scans before overseeing is enabled, by either; then one begins, and the other gets its key", async () => {
  const leading = await leader();
  expect(await active()).toEqual([]);
  const [behind] = OVERSEERS.filter((name) => name !== leading);
  await ask(behind as Overseer, "/enable", "POST"); // There are two.
  for (const name of OVERSEERS) expect(JSON.parse(await ask(name, "/status"))).toMatchObject({ enabled: true });
  const first = await theActive();
  expect(await keyOf(other(first))).toBe(await keyOf(first));
  book = new AccountBook(fog, await untilDone(() => fog.ingressKey(0, 5n), CODES));
  wallet = fog.wallet(0);
  await book.pay();
  await book.settled(wallet, CODES);
}, 120_000);

test("the active server is killed, and its machine is replaced: the standby goes on with the key", async () => {
  const killed = await theActive();
  const key = await keyOf(killed);
  await fog.kill(killed);
  await book.pay(); // Nobody scans it yet.
  // While the server does not answer, it may be active for all that is known.
  const leading = await leader();
  await until(
    async () => /^fog_overseer_unresponsive_node_count 1$/m.test(await ask(leading, "/metrics")),
    "the overseer to miss it",
  );
  expect(await active()).toEqual([]);
  await replaced(killed);
  expect(await theActive()).toBe(other(killed));
  expect(await keyOf(other(killed))).toBe(key);
  await until(async () => (await keyOf(killed)) === key, "the replacement to have the key");
  await book.settled(wallet, CODES);
  await book.pay();
  await book.settled(wallet, CODES);
}, 120_000);

test("the active server is killed and started again: one of the two goes on, and no block is lost or counted twice", async () => {
  const killed = await theActive();
  const key = await keyOf(killed);
  await fog.kill(killed);
  await book.pay();
  await fog.start(killed);
  const next = await theActive();
  expect(await keyOf(next)).toBe(key);
  await book.settled(wallet, CODES);
  await book.settled(fog.wallet(0), CODES);
}, 120_000);

test("the overseer that leads is killed: the other leads when the lease has ended, and is enabled", async () => {
  const killedOverseer = await leader();
  await fog.kill(killedOverseer);
  const killed = await theActive();
  await fog.kill(killed);
  await replaced(killed);
  expect(await theActive()).toBe(other(killed)); // By the overseer that is left.
  expect(await leader()).not.toBe(killedOverseer);
  await fog.start(killedOverseer);
  expect(JSON.parse(await ask(killedOverseer, "/status"))).toEqual({ enabled: true, leader: false });
  await book.pay();
  await book.settled(wallet, CODES);
}, 120_000);

test("both machines are replaced: the key is lost, a new one is taken on, and wallets fetch what was paid meanwhile", async () => {
  const key = await keyOf(await theActive());
  await fog.kill(...SERVERS);
  await book.pay(); // To a key that nobody has.
  await replaced(...SERVERS);
  const next = await theActive();
  expect(await keyOf(next)).not.toBe(key);
  await until(async () => toHex(await fog.ingressKey(0, 5n)) !== key, "a report of the new key");
  await book.pay(); // Whoever has the old report pays to its key: wallets find that, too.
  book.ingressKey = await fog.ingressKey(0, 5n);
  await book.pay();
  // What was promised under the lost key is fetched by everybody, as far as it exists.
  const codes = [...CODES, "missed-blocks-left"];
  await book.settled(wallet, codes);
  await book.settled(fog.wallet(0), codes);
  expect(await active()).toEqual([next]);
}, 120_000);
