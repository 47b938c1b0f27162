// The first five minutes: a whole network with one command, payments by wallets that hold no ledger, and everything still there after a
// restart.
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { accountKeyFromMnemonic, encodePrintable } from "@fogbow/core-account";
import { fromHex, parseMob, utf8 } from "@fogbow/core-bytes";
import { encodeTx } from "@fogbow/core-transaction";
import { type ConnectOptions, connect, type Network, readPaymentCode, trustMeasurements, Wallet } from "@fogbow/sdk";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FogProcesses } from "./fog-processes.ts";
import { freePort, type Role, runCommand, startRole } from "./roles.ts";
import { Spy, secretsOf } from "./spy.ts";

const home = join(mkdtempSync(join(tmpdir(), "fogbow-up-")), "home");
const at = ["--home", home];
let network: Role | undefined;

const fogbow = async (...args: readonly string[]): Promise<Record<string, unknown>> =>
  JSON.parse(await runCommand([...args, ...at, "--json"]));

const made = () => JSON.parse(readFileSync(join(home, "network.json"), "utf8"));
const walletPort = (): number => made().walletPort;

/** Connects to the network as an app does. */
function connectHere(more: Partial<ConnectOptions> = {}): Promise<Network> {
  const measurements = readFileSync(new URL("../../enclaves/measurements.json", import.meta.url), "utf8");
  const { fogReportUrl, fogAuthoritySpki } = made();
  return connect(`http://localhost:${walletPort()}`, {
    chainId: "local",
    trust: trustMeasurements(measurements, { platforms: ["simulated"] }),
    fog: { fogReportUrl, fogReportId: "", fogAuthoritySpki: fromHex(fogAuthoritySpki) },
    ...more,
  });
}

const polled = (wallet: Wallet): Promise<Wallet> => wallet.poll().then(() => wallet);

async function up(...more: readonly string[]): Promise<Role> {
  network = await startRole(["up", ...at, "--json", ...more]);
  return network;
}

beforeAll(async () => {
  const ports = ["--wallet-port", `${await freePort()}`, "--port-offset", `${await freeOffset()}`];
  await up(...ports);
}, 180_000);

afterAll(async () => {
  await network?.stop();
  rmSync(join(home, ".."), { recursive: true, force: true });
}, 30_000);

test("a new network has two wallets, one of which has paid the other through Fog", async () => {
  expect(network?.facts).toMatchObject({
    wallets: ["alice", "bob"],
    first: { given: "100", paid: "5", fee: "0.0004" },
  });
  expect(await fogbow("wallet", "balance", "alice")).toMatchObject({ mob: "94.9996", blockCount: "3" });
  expect(await fogbow("wallet", "balance", "bob")).toMatchObject({ mob: "5" });
}, 60_000);

test("wallets are made, given money and pay; what they cannot pay is refused", async () => {
  const carol = await fogbow("wallet", "create", "carol");
  expect(await fogbow("faucet", "carol", "20")).toMatchObject({ mob: "20" });
  expect(await fogbow("pay", "carol", "bob", "7.5")).toMatchObject({ from: "carol", to: "bob", mob: "7.5" });
  expect(await fogbow("pay", "bob", `${carol.address}`, "1")).toMatchObject({ mob: "1" });
  await expect(fogbow("pay", "carol", "bob", "1000")).rejects.toThrow("insufficient-funds");
  expect(await fogbow("wallet", "balance", "carol")).toMatchObject({ mob: "13.4996" });
  expect(await fogbow("wallet", "balance", "bob")).toMatchObject({ mob: "11.4996" });
}, 120_000);

test("a history names who paid and was paid, and adds up to the balance", async () => {
  const entries = JSON.parse(await runCommand(["wallet", "history", "bob", ...at, "--json"]));
  const told = entries.map(({ kind, net, who }: Record<string, string>) => [kind, net, who]);
  expect(told).toEqual([
    ["received", "5", "alice"],
    ["received", "7.5", "carol"],
    ["sent", "-1.0004", "carol"],
  ]);
  const csv = await runCommand(["wallet", "history", "bob", ...at, "--csv"]);
  expect(csv.trim().split("\r\n")).toHaveLength(1 + entries.length);
  expect(csv).toContain("sent,-1.0004,0,0.0004,carol,");
}, 60_000);

test("words bring a wallet back, with its money and another name", async () => {
  const words = await runCommand(["wallet", "words", "bob", ...at]);
  const copy = JSON.parse(await runCommand(["wallet", "import", "copy", ...at, "--json"], words));
  expect(copy.address).toBe((await fogbow("wallet", "address", "bob")).address);
  expect(await fogbow("wallet", "balance", "copy")).toMatchObject({ mob: "11.4996" });
  const log = readFileSync(join(home, "log.ndjson"), "utf8");
  for (const word of words.trim().split(" ")) expect(log).not.toContain(`"${word}"`);
  expect(log).not.toContain(words.trim());
}, 60_000);

test("a request is paid as its link asks, and the history tells which one it was", async () => {
  const { link, paymentRequestId } = await fogbow("wallet", "request", "bob", "0.5", "--memo", "coffee");
  expect(await fogbow("pay", "carol", `${link}`)).toMatchObject({ mob: "0.5" });
  await fogbow("wallet", "sync", "bob");
  const entries = JSON.parse(await runCommand(["wallet", "export", "bob", ...at, "--json"]));
  expect(entries.at(-1)).toMatchObject({ kind: "received", net: "0.5", who: "carol", paymentRequestId });
  const { code } = await fogbow("wallet", "request", "bob");
  await expect(fogbow("pay", "carol", `${code}`)).rejects.toThrow("How much?");
  await expect(fogbow("pay", "carol", `${code}`.slice(0, -1), "1")).rejects.toThrow("code-invalid");
  expect(await fogbow("pay", "bob", "carol", "0.5")).toMatchObject({ mob: "0.5" });
}, 90_000);

test("what is kept of a wallet can be lost or spoiled, and one process at a time pays from it", async () => {
  const { mob } = await fogbow("wallet", "balance", "carol");
  const state = join(home, "wallets", "carol.state");
  const kept = readFileSync(state);
  for (const spoiled of [kept.subarray(0, 100), kept.map((byte) => byte ^ 1), Buffer.alloc(0)]) {
    writeFileSync(state, spoiled);
    expect(await fogbow("wallet", "balance", "carol")).toMatchObject({ mob });
  }
  writeFileSync(state, kept); // As it was before the last look: old, and true.
  expect(await fogbow("wallet", "sync", "carol", "--anew")).toMatchObject({ wallet: "carol" });
  writeFileSync(`${state}.lock`, `${process.pid}`);
  await expect(fogbow("pay", "carol", "bob", "1")).rejects.toThrow("store-locked");
  expect(await fogbow("wallet", "balance", "carol")).toMatchObject({ mob });
  rmSync(`${state}.lock`);
}, 90_000);

test("the life of a payment is lived, and what does not exist yet is said", async () => {
  const steps = JSON.parse(await runCommand(["demo", "life", ...at, "--json"]));
  const told = steps.map(({ step, state }: { readonly step: number; readonly state: string }) => [step, state]);
  const notYet = new Set([2, 4]);
  expect(told).toEqual(Array.from({ length: 10 }, (_, i) => [i + 1, notYet.has(i + 1) ? "not-yet" : "done"]));
}, 120_000);

test("an app with a conversation pays in it, through nothing but the wallet port", async () => {
  const chat = fileURLToPath(new URL("../../wallets/sdk/examples/chat.js", import.meta.url));
  const { stdout } = await promisify(execFile)(process.execPath, [chat, home], { timeout: 60_000 });
  expect(stdout.trim().split("\n")).toEqual([
    "Bob: lunch was 2.5",
    "Alice's phone: 2.5 MOB built",
    "Alice's phone: 2.5 MOB submitted",
    "Bob's phone: Alice is paying you …",
    "Alice's phone: 2.5 MOB final",
    "Bob's phone: you have 2.5 MOB",
    "Bob's phone: it was Alice, and only you can know",
  ]);
}, 90_000);

test("a wallet of another provider's Fog is paid, and pays back", async () => {
  const other = await FogProcesses.begin({
    network: {
      chainId: "local",
      ledger: join(home, "network", "node0", "ledger"),
      watcher: join(home, "fog", "watcher"),
    },
  });
  const net = await connectHere();
  try {
    const code = encodePrintable({ kind: "public-address", publicAddress: other.address(0) });
    expect(await fogbow("pay", "carol", code, "2")).toMatchObject({ mob: "2" });
    const wallet = other.payingWallet(0, net.consensus());
    await expect.poll(async () => (await polled(wallet)).balance().value, { timeout: 30_000 }).toBe(parseMob("2"));
    const carol = readPaymentCode(`${(await fogbow("wallet", "address", "carol")).address}`);
    const payment = await wallet.pay({ to: carol.to, amount: parseMob("1") });
    expect((await payment.ended()).kind).toBe("final");
    await expect.poll(async () => (await polled(wallet)).balance().value, { timeout: 30_000 }).toBe(parseMob("0.9996"));
    const entries = JSON.parse(await runCommand(["wallet", "history", "carol", ...at, "--json"]));
    expect(entries.slice(-2)).toMatchObject([
      { kind: "sent", net: "-2.0004" },
      { kind: "received", net: "1" },
    ]);
  } finally {
    net.close();
    await other.end();
  }
}, 120_000);

test("nothing that a wallet's money hangs on leaves it, while it looks, is paid and pays", async () => {
  const spy = new Spy();
  const net = await connectHere({
    transportTo: (baseUrl) => createGrpcWebTransport({ baseUrl, useBinaryFormat: true, fetch: spy.fetch }),
  });
  const { wallet, phrase } = await Wallet.create({ net });
  const memo = "planted: for the boat, tell nobody";
  const { code, link } = wallet.request({ amount: 2n, memo });
  await fogbow("faucet", encodePrintable({ kind: "public-address", publicAddress: wallet.address }), "3");
  await expect.poll(async () => (await polled(wallet)).balance().value).toBe(parseMob("3"));
  const bob = readPaymentCode(`${(await fogbow("wallet", "request", "bob", "1")).link}`);
  const payment = await wallet.pay({ ...bob, amount: bob.amount ?? 0n });
  expect((await payment.ended()).kind).toBe("final");
  await expect.poll(async () => (await polled(wallet)).history().length).toBe(2);
  const again = Wallet.fromPhrase({ net, phrase }); // On a new phone.
  expect((await again.poll()).errors).toEqual([]);
  expect(again.balance()).toEqual(wallet.balance());
  expect(again.history()).toEqual(wallet.history());

  const secrets = [
    ...secretsOf(accountKeyFromMnemonic(phrase, 0, net.fog), phrase),
    { name: "what was paid", bytes: encodeTx(payment.tx) },
    { name: "the recipient", bytes: bob.to.spendPublicKey },
    { name: "a request", bytes: utf8(`${memo} ${code} ${link}`) },
    { name: "the request that was paid", bytes: utf8(`${bob.paymentRequestId}`) },
  ];
  expect(spy.count).toBeGreaterThan(20);
  expect(spy.leaks(secrets)).toEqual([]);
  for (const [i, { bytes }] of secrets.entries()) {
    const text = [Buffer.from(bytes).toString("base64url"), Buffer.from(bytes).toString("hex")][i % 2];
    await spy.fetch(`http://localhost:${walletPort()}/${text}`).catch(() => undefined); // The spy sees what it looks for.
  }
  expect(spy.leaks(secrets)).toEqual(secrets.map(({ name }) => name));
  net.close();
}, 90_000);

test("below a path of its own, each node answers for itself", async () => {
  const asked = (path: string): Promise<Response> =>
    fetch(`http://localhost:${walletPort()}${path}/consensus_common.BlockchainAPI/GetLastBlockInfo`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: "{}",
    });
  const answers = await Promise.all([0, 1, 2, 3, 4].map((i) => asked(`/node/${i}`)));
  const { blockCount } = await fogbow("status");
  for (const answer of answers) {
    expect(await answer.json()).toMatchObject({ index: `${Number(blockCount) - 1}` });
    expect(answer.headers.get("set-cookie")).toBeNull(); // Whoever names a node needs nothing to find it again.
  }
  expect([(await asked("/node/5")).status, (await asked("/node")).status]).toEqual([404, 404]);
}, 30_000);

test("a canary's transfers are as they should be", async () => {
  const out = await runCommand(["canary", "--clients", "2", "--transfers", "3", ...at, "--json"]);
  const told = out
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  expect(told.at(-1)).toEqual({ made: 3, failed: 0 });
  expect(told.slice(0, -1).map(({ from, to }) => [from, to])).toEqual([
    [0, 1],
    [1, 0],
    [0, 1],
  ]);
}, 120_000);

test("a network that is stopped and started again has all blocks, wallets and money", async () => {
  const before = await fogbow("status");
  await expect(startRole(["up", ...at, "--json"])).rejects.toThrow("network-up");
  await fogbow("down");
  await expect(fogbow("status")).rejects.toThrow("network-down");
  const { facts } = await up();
  expect(facts).not.toHaveProperty("first");
  expect(await fogbow("status")).toMatchObject({ blockCount: before.blockCount, wallets: before.wallets });
  expect(await fogbow("pay", "alice", "bob", "5")).toMatchObject({ mob: "5" });
  expect(await fogbow("wallet", "balance", "bob")).toMatchObject({ mob: "17.4992" });
}, 180_000);

/** An offset at which no port of nodes or of Fog is taken. */
async function freeOffset(): Promise<number> {
  for (let offset = 20_000; offset < 56_000; offset += 500) {
    const nodes = [3200, 3300, 3400].flatMap((base) => [0, 1, 2, 3, 4].map((i) => base + i));
    const ports = [...nodes, 4200, 4300, 5200, 5600, 6200, 7200, 7600].map((port) => port + offset);
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
