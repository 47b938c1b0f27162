import { toHex } from "@fogbow/core-bytes";
import { RecoveryDbError } from "@fogbow/recovery-db";
import { describe, expect, test } from "vitest";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import { RefusedCall } from "./fake-enclave.ts";
import { TestNetwork, type TestServer, until, uriOf } from "./servers.ts";

const keyOf = ({ controller }: TestServer): Uint8Array => controller.status().ingressPubkey?.data ?? new Uint8Array(0);
const nextOf = ({ controller }: TestServer): bigint => controller.status().nextBlockIndex;
const hex = (server: TestServer): string => toHex(keyOf(server));

/** Adds a block, and waits until the server has scanned it. */
async function scan(network: TestNetwork, server: TestServer, outputs?: number): Promise<bigint> {
  const index = network.blocks.add(outputs);
  await until(() => nextOf(server) === index + 1n, `block ${index}`);
  return index;
}

describe.each(await backEnds())("$name", ({ open }) => {
  describe("activation", () => {
    test("publishes a report before it answers, for a chain with nothing but an origin block", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      expect(server.isActive()).toBe(false);
      expect(server.state.kept?.sealedKey).toEqual(keyOf(server));
      const status = await server.controller.activate();
      expect(status).toMatchObject({ mode: 1, nextBlockIndex: 1n, ingestInvocationId: 0n });
      expect(await network.db.allReports()).toMatchObject([{ ingressKey: keyOf(server), pubkeyExpiry: 11n }]);
      expect(server.state.kept?.summary.mode).toBe(1);
      await server.controller.activate();
      await scan(network, server);
      expect(await network.db.allReports()).toMatchObject([{ pubkeyExpiry: 11n }]);
      await scan(network, server);
      expect(await network.db.allReports()).toMatchObject([{ pubkeyExpiry: 12n, invocation: 1n }]);
      expect(await network.db.txOutsByBlockAndKey(keyOf(server), 1n)).toHaveLength(2);
    });

    test("gives peers the key and the list of peers, and is refused while one is active", async () => {
      const network = await TestNetwork.begin(open);
      const peers = ["a", "b", "c"];
      const servers = await Promise.all(
        peers.map((name) => network.start(name, { peers: name === "a" ? peers : [name] })),
      );
      const [a, b, c] = servers as [TestServer, TestServer, TestServer];
      await a.controller.activate();
      expect([hex(b), hex(c)]).toEqual([hex(a), hex(a)]);
      expect([b.isActive(), c.isActive()]).toEqual([false, false]);
      expect(b.controller.status().peers).toEqual(peers.map(uriOf));
      await expect(b.controller.activate()).rejects.toMatchObject({ code: "active-peer" });
      await c.close();
      await expect(b.controller.activate()).rejects.toMatchObject({ code: "active-peer" });
      await a.close();
      await expect(b.controller.activate()).rejects.toMatchObject({ code: "peer-unreachable" });
      b.controller.setPeers([uriOf("b")]);
      await scan2(network, b);
    });

    async function scan2(network: TestNetwork, server: TestServer): Promise<void> {
      await server.controller.activate();
      await scan(network, server);
    }

    test("is refused for a lost key, and an active server whose key is lost scans no more", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      await server.controller.activate();
      await scan(network, server);
      await network.db.reportLostIngressKey(keyOf(server));
      network.blocks.add();
      await until(() => !server.isActive());
      expect(server.alerts).toContain("key-lost");
      expect(await network.db.missedBlockRanges()).toEqual([{ startBlock: 2n, endBlock: 11n }]);
      await expect(server.controller.activate()).rejects.toMatchObject({ code: "key-lost" });
      await server.controller.newKeys();
      expect((await server.controller.activate()).nextBlockIndex).toBe(3n);
    });

    test("is refused when the database cannot be reached, and the server stays idle", async () => {
      const network = await TestNetwork.begin(open);
      const broken = new Proxy(network.db, {
        get: (db, name) => {
          const value: unknown = Reflect.get(db, name);
          if (name !== "setReport") return typeof value === "function" ? value.bind(db) : value;
          return () => Promise.reject(new RecoveryDbError("database-unavailable", "No connection."));
        },
      });
      const server = await network.start("a", { db: broken });
      await expect(server.controller.activate()).rejects.toMatchObject({ code: "database-unavailable" });
      expect(server.isActive()).toBe(false);
      expect(server.controller.status().mode).toBe(0);
    });
  });

  describe("a key", () => {
    test("that is retired is scanned through its expiry, and the next block makes its server idle", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      server.controller.setExpiryWindow(2n);
      await server.controller.activate();
      await scan(network, server); // Published before it: 1 + 2.
      await server.controller.retire(true);
      await scan(network, server);
      const egress = server.controller.status().egressPubkey;
      expect(await scan(network, server)).toBe(3n);
      expect(server.isActive()).toBe(true);
      network.blocks.add();
      await until(() => !server.isActive());
      expect(nextOf(server)).toBe(4n);
      expect(server.controller.status().egressPubkey).not.toEqual(egress);
      await until(async () => (await network.db.ingestableRanges()).every(({ decommissioned }) => decommissioned));
      expect(await network.db.allReports()).toMatchObject([{ pubkeyExpiry: 3n }]);
      await expect(server.controller.activate()).rejects.toMatchObject({ code: "key-retired" });
      await server.controller.retire(false);
      await server.controller.activate();
      expect(nextOf(server)).toBe(4n);
    });

    test("changes only while its server is idle, and the window is lowered only then", async () => {
      const network = await TestNetwork.begin(open);
      const [a, b] = [await network.start("a"), await network.start("b")];
      a.controller.setExpiryWindow(5n);
      await a.controller.activate();
      await expect(a.controller.newKeys()).rejects.toMatchObject({ code: "not-idle" });
      await expect(a.controller.syncKeysFrom(uriOf("b"))).rejects.toMatchObject({ code: "not-idle" });
      expect(() => a.controller.setExpiryWindow(4n)).toThrow(expect.objectContaining({ code: "not-idle" }));
      expect(a.controller.setExpiryWindow(6n).pubkeyExpiryWindow).toBe(6n);
      expect(() => a.controller.setPeers([uriOf("b")])).toThrow(expect.objectContaining({ code: "invalid-peers" }));
      expect(hex(b)).not.toBe(hex(a));
      await b.controller.syncKeysFrom(uriOf("a"));
      expect(hex(b)).toBe(hex(a));
      expect(b.state.kept?.sealedKey).toEqual(keyOf(a));
      await expect(b.controller.syncKeysFrom("http://a/")).rejects.toMatchObject({ code: "invalid-peers" });
      const before = hex(b);
      await b.controller.newKeys();
      expect(hex(b)).not.toBe(before);
    });

    test("is not published when evidence names another one", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      server.enclave.isHonest = false;
      await expect(server.controller.activate()).rejects.toMatchObject({ code: "evidence-differs" });
      expect(await network.db.allReports()).toEqual([]);
      server.enclave.isHonest = true;
      await server.controller.activate();
      server.enclave.isHonest = false;
      network.blocks.add();
      await new Promise((resolve) => setTimeout(resolve, 50));
      expect([nextOf(server), server.isActive()]).toEqual([1n, true]);
      expect(server.controller.status().ingestInvocationId).toBe(0n);
      server.enclave.isHonest = true;
      await until(() => nextOf(server) === 2n);
    });
  });

  describe("of servers that are active with one key", () => {
    test("one wins each block, and the others become idle with a new egress key", async () => {
      const network = await TestNetwork.begin(open);
      const first = await network.start("a");
      const others = [await network.start("b"), await network.start("c")];
      for (const other of others) await other.controller.syncKeysFrom(uriOf("a"));
      const all = [first, ...others];
      await Promise.all(all.map(({ controller }) => controller.activate().catch(() => controller.activate())));
      expect(all.map((each) => each.isActive())).toEqual([true, true, true]);
      network.blocks.add(5);
      await until(() => all.filter((each) => each.isActive()).length === 1);
      const winner = all.find((each) => each.isActive()) as TestServer;
      const loser = all.find((each) => !each.isActive()) as TestServer;
      await until(() => nextOf(winner) === 2n);
      expect(await network.db.txOutsByBlockAndKey(keyOf(first), 1n)).toHaveLength(5);
      expect(loser.alerts).toEqual(["race-lost"]);
      await until(
        async () => (await network.db.ingestableRanges()).filter(({ decommissioned }) => !decommissioned).length === 1,
      );

      await winner.close();
      await loser.controller.activate();
      expect(nextOf(loser)).toBe(2n);
      await scan(network, loser);
      expect(await network.db.txOutsByBlockAndKey(keyOf(first), 2n)).toHaveLength(2);
    });
  });

  describe("after a restart", () => {
    test("an active server goes on with its key, a new egress key and a new invocation", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      await server.controller.activate();
      await scan(network, server);
      const before = server.controller.status();
      await server.close();
      const again = await network.start("a", { state: server.state });
      await until(again.isActive);
      expect(keyOf(again)).toEqual(keyOf(server));
      expect(again.controller.status().egressPubkey).not.toEqual(before.egressPubkey);
      await scan(network, again);
      expect(await network.db.ingestableRanges()).toEqual([
        { id: 1n, startBlock: 1n, decommissioned: true, lastIngestedBlock: 1n },
        { id: 2n, startBlock: 2n, decommissioned: false, lastIngestedBlock: 2n },
      ]);
    });

    test("a block that was stored is not scanned again, though the file does not say so", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      await server.controller.activate();
      await scan(network, server);
      const { kept } = server.state;
      await scan(network, server);
      await server.close();
      server.state.kept = kept;
      const again = await network.start("a", { state: server.state });
      await until(again.isActive);
      await scan(network, again);
      expect(again.alerts).toEqual([]);
      expect(nextOf(again)).toBe(4n);
    });

    test("a server waits for peers that do not answer, and stays idle when another is active", async () => {
      const network = await TestNetwork.begin(open);
      const peers = ["a", "b"];
      const a = await network.start("a", { peers });
      const b = await network.start("b", { peers });
      await a.controller.activate();
      await a.close();
      await b.close();
      const again = await network.start("a", { state: a.state });
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(again.isActive()).toBe(false);
      expect(again.state.kept?.summary.mode).toBe(1);
      const other = await network.start("b", { state: b.state });
      await until(again.isActive);

      await again.close();
      other.controller.setPeers([uriOf("b")]);
      await other.controller.activate();
      const third = await network.start("a", { state: again.state });
      await until(() => third.state.kept?.summary.mode === 0);
      expect(third.isActive()).toBe(false);
      expect(hex(third)).toBe(hex(other));
    });
  });

  describe("a block that the enclave does not scan", () => {
    test("is scanned again with a new egress key, and what was used is never used again", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      await server.controller.activate();
      await scan(network, server);
      server.enclave.failures.push(new Error("lost"), new RefusedCall("invalid-block-data"));
      await scan(network, server, 4);
      expect(server.alerts).toEqual(["ingest-failed", "invalid-block-data"]);
      const egresses = server.enclave.made.filter(({ block }) => block === 2n).map(({ egress }) => egress);
      expect(new Set(egresses).size).toBe(3);
      expect(await network.db.ingestableRanges()).toEqual([
        { id: 1n, startBlock: 1n, decommissioned: true, lastIngestedBlock: 1n },
        { id: 2n, startBlock: 2n, decommissioned: false, lastIngestedBlock: 2n },
      ]);
    });

    test("because the enclave was started anew, likewise", async () => {
      const network = await TestNetwork.begin(open);
      const server = await network.start("a");
      await server.controller.activate();
      await scan(network, server);
      await server.enclave.restart();
      await scan(network, server);
      const [before, after] = server.enclave.made.map(({ egress }) => egress).filter((_, at) => at % 2 === 0);
      expect(before).not.toBe(after);
      const { events } = await network.db.searchUserEvents(0n);
      expect(events.map(({ kind }) => kind)).toEqual([
        "new-ingest-invocation",
        "decommission-ingest-invocation",
        "new-ingest-invocation",
      ]);
    });
  });

  test("an egress key that is used up is replaced together with its invocation", async () => {
    const network = await TestNetwork.begin(open);
    const server = await network.start("a");
    server.enclave.capacity = 5;
    await server.controller.activate();
    for (let block = 0; block < 4; block++) await scan(network, server, 3);
    const { events } = await network.db.searchUserEvents(0n);
    const rngs = events.flatMap((event) => (event.kind === "new-ingest-invocation" ? [event.rng.publicKey] : []));
    expect(rngs.map(toHex)).toEqual([...new Set(server.enclave.made.map(({ egress }) => egress))]);
    expect(await network.db.ingestableRanges()).toMatchObject(
      [1n, 2n, 3n, 4n].map((id) => ({ id, startBlock: id, lastIngestedBlock: id, decommissioned: id < 4n })),
    );
  });

  test("a block whose time is unknown is scanned, and somebody is told", async () => {
    const network = await TestNetwork.begin(open);
    const server = await network.start("a");
    await server.controller.activate();
    network.blocks.timestamp = { timestamp: 0n, code: "watcher-behind" };
    const index = await scan(network, server);
    expect(server.alerts).toEqual(["timestamp-unknown"]);
    expect(await network.db.blockSignatureTimestampForBlock(index)).toBe(2n ** 64n - 1n);
  });

  describe("a database that was restored from an older copy", () => {
    test("gets the blocks that it has forgotten again, under a new egress key", async () => {
      const network = await TestNetwork.begin(open);
      const copy = (await TestNetwork.begin(open)).db;
      const server = await network.start("a");
      await copyKey(server, copy);
      let db = network.db;
      const switched = new Proxy(network.db, {
        get: (_, name) => {
          const value: unknown = Reflect.get(db, name);
          return typeof value === "function" ? value.bind(db) : value;
        },
      });
      const state = server.state;
      await server.close();
      const active = await network.start("a", { state, db: switched });
      await active.controller.activate();
      for (let block = 1; block < 4; block++) await scan(network, active);
      const made = active.enclave.made.length;
      db = copy;
      await scan(network, active);
      expect(active.alerts).toEqual(["database-restored"]);
      const egresses = (from: number, to?: number): Set<string> =>
        new Set(active.enclave.made.slice(from, to).map(({ egress }) => egress));
      expect([...egresses(made)].some((egress) => egresses(0, made).has(egress))).toBe(false);
      expect(active.enclave.made.slice(made).map(({ block }) => block)).toEqual([1n, 1n, 2n, 2n, 3n, 3n, 4n, 4n]);
      for (const block of [1n, 2n, 3n, 4n])
        expect(await copy.txOutsByBlockAndKey(keyOf(active), block)).toHaveLength(2);
    });

    async function copyKey(server: TestServer, copy: TestNetwork["db"]): Promise<void> {
      await copy.newIngressKey(keyOf(server), 1n);
    }

    test("is noticed also while no block comes", async () => {
      const network = await TestNetwork.begin(open);
      const { db: older } = await TestNetwork.begin(open);
      let db = network.db;
      const switched = new Proxy(network.db, {
        get: (_, name) => {
          const value: unknown = Reflect.get(db, name);
          return typeof value === "function" ? value.bind(db) : value;
        },
      });
      const server = await network.start("a", { db: switched });
      await server.controller.activate();
      for (let block = 1; block < 3; block++) await scan(network, server);
      await older.newIngressKey(keyOf(server), 1n);
      db = older;
      await until(async () => (await older.lastScannedBlockIndex(keyOf(server))) === 2n);
      expect(server.alerts).toEqual(["database-restored"]);
    });

    test("that has forgotten the key is told of it again", async () => {
      const network = await TestNetwork.begin(open);
      const empty = (await TestNetwork.begin(open)).db;
      let db = network.db;
      const switched = new Proxy(network.db, {
        get: (_, name) => {
          const value: unknown = Reflect.get(db, name);
          return typeof value === "function" ? value.bind(db) : value;
        },
      });
      const server = await network.start("a", { db: switched });
      await server.controller.activate();
      await scan(network, server);
      db = empty;
      await scan(network, server);
      expect(await empty.txOutsByBlockAndKey(keyOf(server), 1n)).toHaveLength(2);
      expect(await empty.allReports()).toHaveLength(1);
    });
  });
});
