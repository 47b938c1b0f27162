// Ingest servers as processes have them: real enclaves, a ledger's and a watcher's folder, RPC between peers, state files.
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createClient } from "@connectrpc/connect";
import { type PublicKey, publicKey } from "@fogbow/core-crypto";
import type { ETxOutRecord, TxOut } from "@fogbow/core-transaction";
import { AccountIngestAPI } from "@fogbow/core-wire";
import { createLedger, type LmdbLedger, WatcherDb } from "@fogbow/ledger-db";
import type { KexRngKey, RecoveryDb } from "@fogbow/recovery-db";
import { createLog, parseServiceUri, serviceClient } from "@fogbow/server";
import { afterAll, afterEach, beforeEach, describe, expect, test } from "vitest";
import { appendNext, contents, next } from "../../../stores/ledger-db/test/chain.ts";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import { fogIngestBundle } from "../src/enclave/start-ingest-enclave.ts";
import { DEFAULTS } from "../src/options.ts";
import { type RunningIngest, runIngest } from "../src/run-ingest.ts";
import { until } from "./servers.ts";
import { User } from "./user.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-ingest-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.each(await backEnds())("$name", ({ open }) => {
  let ledger: LmdbLedger;
  let watcher: WatcherDb;
  let db: RecoveryDb;
  let home: string;
  const running = new Set<RunningIngest>();

  beforeEach(async () => {
    home = mkdtempSync(join(folder, "home-"));
    ledger = createLedger(join(home, "ledger"));
    watcher = WatcherDb.open(join(home, "watcher"));
    watcher.watch(["node"]);
    watcher.add("node", [appendNext(ledger)]);
    db = await open();
  }, 60_000);

  afterEach(async () => {
    await Promise.all([...running].map((server) => server.close()));
    running.clear();
    await Promise.all([ledger.close(), watcher.close(), db.close()]);
  });

  /** A port that is free now. */
  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    return typeof address === "object" && address !== null ? address.port : 0;
  }

  /** Starts a server of a name, which keeps its state between starts. */
  async function start(
    name: string,
    {
      port,
      peers,
      capacity = 1024,
      bundle = fogIngestBundle,
    }: {
      readonly port: number;
      readonly peers: readonly number[];
      readonly capacity?: number;
      readonly bundle?: string;
    },
  ): Promise<RunningIngest> {
    const localNodeId = `127.0.0.1:${port}`;
    const server = await runIngest(
      {
        ...DEFAULTS,
        pollMs: 20,
        localNodeId,
        peers: peers.map((each) => `insecure-igp://127.0.0.1:${each}/`),
        clientListen: parseServiceUri("insecure-fog-ingest://127.0.0.1:0/", "fog-ingest"),
        peerListen: parseServiceUri(`insecure-igp://127.0.0.1:${port}/`, "igp"),
        adminListen: undefined,
        chainId: "test",
        ledger: join(home, "ledger"),
        watcher: join(home, "watcher"),
        stateFile: join(home, name),
        tokens: undefined,
        enclave: {
          localNodeId,
          capacity,
          bundle,
          platform: { kind: "simulated", stateFolder: join(home, `${name}-enclave`) },
        },
      },
      { log: createLog({ name, level: "silent" }), db, version: "test" },
    );
    running.add(server);
    return server;
  }

  async function end(server: RunningIngest): Promise<void> {
    running.delete(server);
    const started = performance.now();
    await server.close();
    expect(performance.now() - started).toBeLessThan(1_000);
  }

  const keyOf = ({ controller }: RunningIngest): PublicKey =>
    publicKey(controller.status().ingressPubkey?.data ?? new Uint8Array(0));
  const isActive = ({ controller }: RunningIngest): boolean => controller.status().mode === 1;

  /** Appends a block of outputs, and waits until a server has scanned it. */
  async function append(outputs: readonly TxOut[], server: RunningIngest): Promise<void> {
    const parent = ledger.lastBlock();
    if (parent === undefined) throw new Error("There is an origin block.");
    const { index } = parent;
    const data = next(parent, ledger.root(), { ...contents(Number(index) + 1, 0), outputs });
    ledger.append(data);
    watcher.add("node", [data]);
    await until(() => server.controller.status().nextBlockIndex === index + 2n, `block ${index + 1n}`);
  }

  /** What a wallet is told: all records, and the sequences to look for. */
  async function told(
    key: Uint8Array,
    first = 1n,
  ): Promise<{ readonly records: ETxOutRecord[]; readonly rngs: KexRngKey[] }> {
    const { events } = await db.searchUserEvents(0n);
    const rngs = events.flatMap((event) => (event.kind === "new-ingest-invocation" ? [event.rng] : []));
    const blocks = await db.txOutsByBlockRangeAndKey(key, first, 1_000);
    return {
      records: blocks.flatMap(({ records }) => records),
      rngs,
    };
  }

  test("three peers share a key; users find everything across rotations, a restart and a fail-over", async () => {
    const ports = [await freePort(), await freePort(), await freePort()];
    const [first = 0, second = 0, third = 0] = ports;
    const capacity = 16;
    let a = await start("a", { port: first, peers: ports, capacity });
    const b = await start("b", { port: second, peers: [second], capacity });
    const c = await start("c", { port: third, peers: [third], capacity });
    const connection = serviceClient(
      parseServiceUri(`insecure-fog-ingest://127.0.0.1:${a.ports.client}/`, "fog-ingest"),
      {
        chainId: "test",
        timeoutMs: 30_000,
        answerBytesMax: 1_000_000,
      },
    );
    const admin = createClient(AccountIngestAPI, connection.transport);
    const active = await admin.activate({});
    connection.close();
    expect(active).toMatchObject({ mode: 1, nextBlockIndex: 1n });
    expect([keyOf(b), keyOf(c)]).toEqual([keyOf(a), keyOf(a)]);
    expect([isActive(b), isActive(c)]).toEqual([false, false]);
    await expect(b.controller.activate()).rejects.toMatchObject({ code: "active-peer" });
    const [report] = await db.allReports();
    expect(report).toMatchObject({ ingressKey: keyOf(a), pubkeyExpiry: 11n });

    const users = [1, 2, 3].map((seed) => new User(seed));
    const nobody = new User(9);
    let value = 0n;
    const pay = (count: number): TxOut[] =>
      Array.from({ length: count }, (_, i) => {
        value += 1n;
        const user = users[i % 4]; // The fourth is nobody.
        return user === undefined ? nobody.pay(value, undefined) : user.pay(value, keyOf(a));
      });
    for (const count of [5, 14, 40]) await append(pay(count), a); // 40 do not fit under one egress key.
    const { egressPubkey } = a.controller.status();

    await end(a);
    a = await start("a", { port: first, peers: ports, capacity });
    await until(() => isActive(a));
    expect(a.controller.status().egressPubkey).not.toEqual(egressPubkey);
    await append(pay(6), a);

    await end(a);
    for (const server of [b, c])
      server.controller.setPeers([second, third].map((port) => `insecure-igp://127.0.0.1:${port}/`));
    await c.controller.activate();
    await append(pay(7), c);

    const { records, rngs } = await told(keyOf(c));
    expect(records).toHaveLength(72);
    expect(new Set(records.map(({ payload }) => payload.length))).toEqual(new Set([237]));
    for (const user of users) expect(user.recover(records, rngs).sort(ascending)).toEqual(user.paid);
    const ranges = await db.ingestableRanges();
    // That of the server that is gone is ended by the clean-up.
    expect(ranges.filter(({ decommissioned }) => !decommissioned)).toHaveLength(2);

    await c.controller.retire(true);
    const { pubkeyExpiry = 0n } = (await db.ingressKeyStatus(keyOf(c))) ?? {};
    while (c.controller.status().nextBlockIndex <= pubkeyExpiry) await append(pay(1), c);
    expect(isActive(c)).toBe(true);
    await expect(append(pay(1), c)).rejects.toThrow("Waited in vain");
    expect(isActive(c)).toBe(false);
  }, 120_000);

  test("a new measurement beside the old one: the old key is retired, and nothing is lost", async () => {
    const [oldPort, newPort] = [await freePort(), await freePort()];
    const old = await start("old", { port: oldPort, peers: [oldPort] });
    await old.controller.activate();
    const bundle = newerBundle();
    const fresh = await start("new", { port: newPort, peers: [newPort], bundle });
    await expect(fresh.controller.syncKeysFrom(`insecure-igp://127.0.0.1:${oldPort}/`)).rejects.toMatchObject({
      code: "attestation-failed",
    });

    const [early, late] = [new User(1), new User(2)];
    let value = 0n;
    const pay = (user: User, key: PublicKey): TxOut => {
      value += 1n;
      return user.pay(value, key);
    };
    await append([pay(early, keyOf(old))], old);
    await fresh.controller.activate();
    await append([pay(early, keyOf(old)), pay(late, keyOf(fresh))], fresh);
    await old.controller.retire(true);
    const { pubkeyExpiry = 0n } = (await db.ingressKeyStatus(keyOf(old))) ?? {};
    // Senders that have the old report use it until it expires; whoever asks now gets the new one.
    while (fresh.controller.status().nextBlockIndex < pubkeyExpiry) {
      await append([pay(early, keyOf(old)), pay(late, keyOf(fresh))], fresh);
      expect(await db.allReports()).toMatchObject([{ ingressKey: keyOf(fresh) }]);
    }
    await append([pay(late, keyOf(fresh))], fresh);
    await append([pay(late, keyOf(fresh))], fresh);
    await until(() => !isActive(old), "the old server to be idle");
    expect(isActive(fresh)).toBe(true);

    for (const [user, server, first] of [
      [early, old, 1n],
      [late, fresh, 2n],
    ] as const) {
      const { records, rngs } = await told(keyOf(server), first);
      expect(user.recover(records, rngs).sort(ascending)).toEqual(user.paid);
    }
    await until(async () => (await db.ingestableRanges()).filter(({ decommissioned }) => !decommissioned).length === 1);
  }, 120_000);

  /** The enclave of a newer version: another measurement. */
  function newerBundle(): string {
    const bundle = join(home, "newer");
    cpSync(fogIngestBundle, bundle, { recursive: true });
    const path = join(bundle, "manifest.json");
    const manifest: object = JSON.parse(readFileSync(path, "utf8"));
    writeFileSync(path, JSON.stringify({ ...manifest, securityVersion: 2 }));
    return bundle;
  }

  test("a state file of another machine is renamed, and the next start begins with a new key", async () => {
    const port = await freePort();
    const server = await start("a", { port, peers: [port] });
    const key = keyOf(server);
    await end(server);
    rmSync(join(home, "a-enclave"), { recursive: true });
    await expect(start("a", { port, peers: [port] })).rejects.toMatchObject({ code: "sealed-key-refused" });
    expect(readFileSync(join(home, "a.bak")).length).toBeGreaterThan(32);
    const fresh = await start("a", { port, peers: [port] });
    expect(keyOf(fresh)).not.toEqual(key);
  });

  const ascending = (a: bigint, b: bigint): number => (a < b ? -1 : 1);
});
