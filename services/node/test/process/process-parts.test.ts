// What a process brings to a replica: clock, signatures, figures, and the watch over slots.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Ed25519PrivateKey, ed25519Sign, ed25519Verify } from "@fogbow/core-crypto";
import { createLog, createMetrics, type Log } from "@fogbow/server";
import { afterAll, afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import type { NodeStatus } from "../../src/index.ts";
import { nativeSigner } from "../../src/process/native-signer.ts";
import { replicaMetrics } from "../../src/process/node-metrics.ts";
import { watchSlots } from "../../src/process/slot-watch.ts";
import { systemClock } from "../../src/process/system-clock.ts";

const root = mkdtempSync(join(tmpdir(), "fogbow-process."));
afterAll(() => rmSync(root, { recursive: true, force: true }));

const status = (slot: NodeStatus["slot"]): NodeStatus => ({
  state: "in-sync",
  blockCount: 7n,
  networkBlockCount: 8n,
  slot,
  pending: 3,
  unchecked: 2,
  peers: [],
  quorum: { silent: ["c:1"], isBlocked: false },
  words: "In sync.",
});

test("the system's signatures are ours, and either verifies the other's", () => {
  const key = new Ed25519PrivateKey(new Uint8Array(32).fill(9));
  const publicKey = key.publicKey();
  const { sign, verify } = nativeSigner(key);
  const digest = new Uint8Array(32).fill(1);
  const signature = sign(digest);
  expect(signature).toEqual(ed25519Sign(key, digest));
  expect(ed25519Verify(publicKey, digest, signature)).toBe(true);
  expect(verify(publicKey, digest, signature)).toBe(true);
  expect(verify(publicKey, new Uint8Array(32), signature)).toBe(false);
});

test("a timer runs at its time and not before, one that was cancelled never", async () => {
  const ran: string[] = [];
  const start = systemClock.now();
  const cancelled = systemClock.setTimer(start + 5, () => ran.push("cancelled"));
  cancelled.cancel();
  await new Promise<void>((resolve) => {
    systemClock.setTimer(start + 20, () => {
      ran.push("later");
      resolve();
    });
    systemClock.setTimer(start - 1_000, () => ran.push("at once"));
  });
  expect(systemClock.now() - start).toBeGreaterThanOrEqual(20);
  expect(ran).toEqual(["at once", "later"]);
  expect(systemClock.unixMilliseconds() / 1000n - systemClock.unixSeconds()).toBeLessThanOrEqual(1n);
});

test("figures count, measure, and show the state when somebody looks", async () => {
  const metrics = createMetrics();
  let now: NodeStatus | undefined;
  const { count, observe } = replicaMetrics(metrics, () => now);
  count("proposals_accepted");
  count("messages_sent", 4);
  observe("slot_ms", 250);
  now = status({ index: 7n, phase: "prepare", ballot: 1, ageMs: 1_500, parked: 0 });
  const text = await metrics.registry.metrics();
  for (const line of [
    "node_proposals_accepted_total 1",
    "node_messages_sent_total 4",
    "node_slot_seconds_sum 0.25",
    "node_blocks 7",
    "node_network_blocks 8",
    "node_pending_values 3",
    "node_unchecked_transactions 2",
    "node_slot_age_seconds 1.5",
    "node_silent_peers 1",
    "node_is_in_sync 1",
  ]) {
    expect(text).toContain(`${line}\n`);
  }
});

describe("a slot that takes long", () => {
  let lines: string[] = [];
  let log: Log;
  beforeEach(() => {
    vi.useFakeTimers();
    lines = [];
    log = { ...createLog({ name: "test", level: "silent" }), warn: (event) => lines.push(event) };
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  test("is told of once, and its state written down later", () => {
    const dumpFolder = join(root, "dumps");
    let ageMs = 0;
    const stop = watchSlots(
      { timeBaseMs: 250, dumpFolder },
      { status: () => status({ index: 7n, phase: "prepare", ballot: 3, ageMs, parked: 1 }), log },
    );
    ageMs = 2_499;
    vi.advanceTimersByTime(1_000);
    expect(lines).toEqual([]);
    ageMs = 2_500;
    vi.advanceTimersByTime(3_000);
    expect(lines).toEqual(["a slot takes long"]);
    expect(existsSync(dumpFolder)).toBe(false);
    ageMs = 7_500;
    vi.advanceTimersByTime(3_000);
    const [name = ""] = readdirSync(dumpFolder);
    expect(name).toBe("slot-00000000000000000007.json");
    expect(JSON.parse(readFileSync(join(dumpFolder, name), "utf8"))).toMatchObject({
      blockCount: "7",
      slot: { phase: "prepare", ballot: 3 },
    });
    stop();
    ageMs = 100_000;
    vi.advanceTimersByTime(10_000);
    expect(lines).toHaveLength(1);
  });

  test("is none while there is nothing to decide", () => {
    const stop = watchSlots(
      { timeBaseMs: 250, dumpFolder: undefined },
      { status: () => status({ index: 7n, phase: "idle", ballot: 0, ageMs: 60_000, parked: 0 }), log },
    );
    vi.advanceTimersByTime(5_000);
    expect(lines).toEqual([]);
    stop();
  });
});
