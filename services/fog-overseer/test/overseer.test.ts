// An overseer with ingest servers over real RPC, on the recovery database (spec 03 §2.13).
import { toHex } from "@fogbow/core-bytes";
import type { RecoveryDb } from "@fogbow/recovery-db";
import { createLog } from "@fogbow/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import { type RunningOverseer, runOverseer } from "../src/index.ts";
import { FakeIngest } from "./fake-ingest.ts";

describe.each(await backEnds())("$name", ({ open }) => {
  let db: RecoveryDb;
  beforeAll(async () => {
    db = await open();
  });
  afterAll(() => db.close());

  let nodes: readonly FakeIngest[] = [];
  const overseers: RunningOverseer[] = [];
  const lines: string[] = [];

  beforeEach(async () => {
    await db.setFlag("overseer-enabled", false);
    nodes = [new FakeIngest(db), new FakeIngest(db), new FakeIngest(db)];
    await Promise.all(nodes.map((node) => node.start()));
    lines.length = 0;
  });
  afterEach(async () => {
    await Promise.all(overseers.splice(0).map((overseer) => overseer.close()));
    await Promise.all(nodes.map((node) => node.stop()));
    // Whatever a test leaves promised is done, so that the next one begins with nothing outstanding.
    for (const { key } of await outstanding()) await db.reportLostIngressKey(key);
  });

  const outstanding = () => db.ingressKeyRecords(0n, { includeLost: false, includeRetired: true, onlyUnexpired: true });

  async function oversee(database = db): Promise<RunningOverseer> {
    const log = createLog({ name: "overseer" }, { destination: { write: (line) => void lines.push(line) } });
    const running = await runOverseer(
      {
        ingestUris: nodes.map(({ uri }) => uri),
        chainId: "",
        listen: { host: "127.0.0.1", port: 0 },
        pollMs: 20,
        retryMs: 5,
        version: "test",
      },
      { db: database, log },
    );
    overseers.push(running);
    return running;
  }

  const ask = async (overseer: RunningOverseer, method: "GET" | "POST", path: string): Promise<Response> =>
    fetch(`http://127.0.0.1:${overseer.port}${path}`, { method });
  // biome-ignore lint/suspicious/noExplicitAny: what was answered is looked at field by field.
  const json = async (overseer: RunningOverseer, method: "GET" | "POST", path: string): Promise<any> => {
    const response = await ask(overseer, method, path);
    expect(response.status).toBe(200);
    return response.json();
  };
  const metric = async (overseer: RunningOverseer, name: string): Promise<number> => {
    const text = await (await ask(overseer, "GET", "/metrics")).text();
    return Number(new RegExp(`^fog_overseer_${name} (\\S+)$`, "m").exec(text)?.[1]);
  };
  const active = (): readonly FakeIngest[] => nodes.filter(({ isActive }) => isActive);
  const said = (event: string): boolean => lines.some((line) => JSON.parse(line).msg === event);
  const node = (index: number): FakeIngest => nodes[index] as FakeIngest; // There are three.

  /** A few rounds have gone by. */
  async function rounds(overseer: RunningOverseer): Promise<void> {
    const from = await metric(overseer, "rounds_total");
    await expect.poll(() => metric(overseer, "rounds_total")).toBeGreaterThan(from + 2);
  }

  test("starts disabled and does nothing; what is enabled stays enabled", async () => {
    const overseer = await oversee();
    await expect.poll(() => json(overseer, "GET", "/status")).toEqual({ enabled: false, leader: true });
    expect(active()).toEqual([]);
    expect(await json(overseer, "POST", "/enable")).toMatchObject({ enabled: true });
    expect(await json(overseer, "POST", "/enable")).toMatchObject({ enabled: true });
    await expect.poll(() => active().length).toBe(1);
    await overseer.close();
    const another = await oversee();
    expect(await json(another, "GET", "/status")).toMatchObject({ enabled: true });
    expect(await json(another, "POST", "/disable")).toMatchObject({ enabled: false });
    expect(await json(another, "POST", "/disable")).toMatchObject({ enabled: false });
    expect(await db.flag("overseer-enabled")).toBe(false);
  });

  test("does not answer pages of other origins", async () => {
    const overseer = await oversee();
    const headers = { origin: "https://evil.example" };
    const answer = await fetch(`http://127.0.0.1:${overseer.port}/enable`, { method: "POST", headers });
    expect(answer.status).toBe(403);
    expect((await ask(overseer, "GET", "/enable")).status).toBe(404);
    expect(await db.flag("overseer-enabled")).toBe(false);
  });

  test("tells how every server is, also of those that do not answer", async () => {
    await node(0).activate();
    await node(0).scan();
    await node(2).stop();
    const overseer = await oversee();
    const { ingest_summaries: summaries } = await json(overseer, "GET", "/ingest_summaries");
    expect(Object.keys(summaries).sort()).toEqual(nodes.map(({ name }) => name).sort());
    expect(summaries[node(0).name].Ok).toMatchObject({ mode: "Active", ingress_pubkey: toHex(node(0).key) });
    expect(summaries[node(1).name].Ok).toMatchObject({ mode: "Idle" });
    expect(summaries[node(2).name].Err).toEqual(expect.any(String));
  });

  test("one active server is left alone", async () => {
    await node(1).activate();
    await node(1).scan();
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await rounds(overseer);
    expect(nodes.flatMap(({ calls }) => calls)).toEqual([]);
    expect(await metric(overseer, "active_node_count")).toBe(1);
    expect(await metric(overseer, "idle_node_count")).toBe(2);
    expect(await metric(overseer, "ingress_key_count")).toBe(3);
    expect(await metric(overseer, "egress_key_count")).toBe(3);
    expect(await metric(overseer, "unresponsive_node_count")).toBe(0);
  });

  test("two active servers are told to the operator, and nothing is done", async () => {
    await node(0).activate();
    await node(1).activate();
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => said("several ingest servers are active")).toBe(true);
    await rounds(overseer);
    expect(nodes.flatMap(({ calls }) => calls)).toEqual([]);
    expect(active()).toHaveLength(2);
  });

  test("while a server does not answer, nobody takes over from it", async () => {
    await node(0).stop();
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => metric(overseer, "unresponsive_node_count")).toBe(1);
    await expect.poll(() => said("an ingest server does not answer")).toBe(true);
    await rounds(overseer);
    expect(nodes.flatMap(({ calls }) => calls)).toEqual([]);
    await node(0).start();
    await expect.poll(() => active().length).toBe(1);
  });

  test("with no key outstanding, a new one is taken on", async () => {
    const before = node(0).key;
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active()).toEqual([node(0)]);
    expect(node(0).calls).toEqual(["newKeys", "activate"]);
    expect(node(0).key).not.toEqual(before);
    expect(await db.ingressKeyStatus(node(0).key)).toMatchObject({ lost: false, retired: false });
  });

  test("a retired key that is done is not outstanding", async () => {
    await node(0).activate();
    await node(0).scan();
    const { key } = node(0);
    await db.retireIngressKey(key, true);
    while (node(0).isActive) await node(0).scan();
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active().length).toBe(1);
    expect(active()[0]?.key).not.toEqual(key);
    expect(await db.ingressKeyStatus(key)).toMatchObject({ lost: false });
  });

  test("a server that makes no keys is passed over after three tries", async () => {
    node(0).failures.newKeys = 3;
    node(1).failures.newKeys = 2;
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active()).toEqual([node(1)]);
    expect(node(0).calls).toEqual(["newKeys", "newKeys", "newKeys"]);
    expect(node(1).calls).toEqual(["newKeys", "newKeys", "newKeys", "activate"]);
  });

  test("an activation is tried three times, and then somebody else's turn in the next round", async () => {
    node(0).failures.activate = 3;
    node(1).failures.activate = 2;
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active()).toEqual([node(1)]);
    expect(node(0).calls).toEqual(["newKeys", "activate", "activate", "activate"]);
    expect(node(1).calls).toEqual(["newKeys", "activate", "activate", "activate"]);
    expect(said("failing over failed")).toBe(true);
  });

  test.each([false, true])("who holds the outstanding key goes on with it (retired: %s)", async (isRetired) => {
    await node(0).activate();
    await node(0).scan();
    const { key } = node(0);
    node(0).idle();
    node(0).key = new Uint8Array(32).fill(1);
    node(2).key = key; // Its backup.
    if (isRetired) await db.retireIngressKey(key, true);
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active()).toEqual([node(2)]);
    expect(nodes.map(({ calls }) => calls)).toEqual([[], [], ["activate"]]);
    expect(await db.ingressKeyStatus(key)).toMatchObject({ lost: false, retired: isRetired });
  });

  test("no new key is made while the holder of the outstanding one cannot be activated", async () => {
    await node(0).activate();
    await node(0).scan();
    node(0).idle();
    node(0).failures.activate = 7;
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active()).toEqual([node(0)]);
    expect(nodes.map(({ calls }) => calls)).toEqual([Array(8).fill("activate"), [], []]);
  });

  test("an outstanding key that nobody holds is reported lost, and its blocks missed, before a new one is taken on", async () => {
    await node(0).activate();
    await node(0).scan();
    const { key } = node(0);
    const last = (await db.lastScannedBlockIndex(key)) as bigint;
    const { pubkeyExpiry } = (await db.ingressKeyStatus(key)) ?? { pubkeyExpiry: 0n };
    node(0).idle();
    node(0).key = new Uint8Array(32).fill(2);
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active()).toEqual([node(0)]);
    expect(node(0).calls).toEqual(["newKeys", "activate"]);
    expect(await db.ingressKeyStatus(key)).toMatchObject({ lost: true });
    const ranges = await db.missedBlockRanges(); // Of other tests too; they never overlap.
    for (let block = last + 1n; block < pubkeyExpiry; block++) {
      const told = ranges.filter(({ startBlock, endBlock }) => startBlock <= block && block < endBlock);
      expect(told).toHaveLength(1);
    }
    expect(last + 1n).toBeLessThan(pubkeyExpiry);
  });

  test("with several outstanding keys it disables itself and calls for its operator", async () => {
    for (const each of [node(0), node(1)]) {
      await each.activate();
      await each.scan();
      each.idle();
    }
    const overseer = await oversee();
    await json(overseer, "POST", "/enable");
    await expect.poll(() => json(overseer, "GET", "/status")).toMatchObject({ enabled: false });
    expect(said("several keys have blocks to scan: an operator has to decide")).toBe(true);
    expect(nodes.flatMap(({ calls }) => calls)).toEqual([]);
    expect(active()).toEqual([]);
  });

  test("of two overseers one leads; the other takes over when that one ends", async () => {
    const first = await oversee();
    await expect.poll(() => first.leads()).toBe(true);
    const second = await oversee();
    expect(await json(second, "POST", "/enable")).toEqual({ enabled: true, leader: false });
    await expect.poll(() => active().length).toBe(1);
    expect(nodes.flatMap(({ calls }) => calls)).toEqual(["newKeys", "activate"]);
    expect([first.leads(), second.leads()]).toEqual([true, false]);
    await first.close();
    await expect.poll(() => second.leads(), { timeout: 10_000 }).toBe(true);
  });

  test("an activation is refused by the database when the lease has gone to somebody else meanwhile", async () => {
    const { key } = node(0);
    node(0).beforeActivation = async () => {
      await db.releaseLease({ name: "overseer", holder: await holder() });
      expect(await db.takeLease({ name: "overseer", holder: "somebody-else" })).toBe(true);
    };
    const names: string[] = [];
    const holder = async () => names.at(-1) ?? "";
    const watched: RecoveryDb = new Proxy(db, {
      get: (target, name) => {
        if (name === "takeLease") {
          return (lease: { readonly name: string; readonly holder: string }) => {
            names.push(lease.holder);
            return target.takeLease(lease);
          };
        }
        const value: unknown = Reflect.get(target, name);
        return typeof value === "function" ? value.bind(target) : value;
      },
    });
    const overseer = await oversee(watched);
    await json(overseer, "POST", "/enable");
    await expect.poll(() => node(0).calls.filter((call) => call === "activate").length).toBe(3);
    await expect.poll(() => said("failing over failed")).toBe(true);
    expect(active()).toEqual([]);
    expect(node(0).key).not.toEqual(key);
    expect(await db.ingressKeyStatus(node(0).key)).toBeUndefined();
    await db.releaseLease({ name: "overseer", holder: "somebody-else" });
  });

  test("a database that is away stops everything, and nothing is given up", async () => {
    let isAway = false;
    const flaky: RecoveryDb = new Proxy(db, {
      get: (target, name) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== "function") return value;
        return isAway ? () => Promise.reject(new Error("away")) : value.bind(target);
      },
    });
    const overseer = await oversee(flaky);
    await expect.poll(() => overseer.leads()).toBe(true);
    isAway = true;
    expect((await ask(overseer, "POST", "/enable")).status).toBe(500);
    expect((await ask(overseer, "GET", "/status")).status).toBe(500);
    await expect.poll(() => said("a round failed")).toBe(true);
    expect(await db.flag("overseer-enabled")).toBe(false);
    isAway = false;
    await json(overseer, "POST", "/enable");
    await expect.poll(() => active().length).toBe(1);
  });

  test("configurations that cannot be meant are refused", async () => {
    const start = (ingestUris: readonly string[]) =>
      runOverseer(
        { ingestUris, chainId: "", listen: { host: "127.0.0.1", port: 0 }, version: "test" },
        { db, log: createLog({ name: "overseer", level: "silent" }) },
      );
    await expect(start([])).rejects.toMatchObject({ code: "no-nodes" });
    await expect(start([node(0).uri, node(0).uri])).rejects.toMatchObject({ code: "duplicate-node" });
    await expect(start(["http://127.0.0.1:1/"])).rejects.toMatchObject({ code: "invalid-uri" });
  });
});
