// One payment's way through Fog, with every role a process of its own: a block with hints, ingest, the recovery database, view
// and ledger, and a wallet that holds no ledger and finds it.
import { setTimeout as sleep } from "node:timers/promises";
import { MOB } from "@fogbow/core-bytes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FogProcesses } from "./fog-processes.ts";
import { CHAIN_ID, ledgerPlaces } from "./fog-roles.ts";
import { Recorder } from "./recorder.ts";
import { runCommand } from "./roles.ts";

const FOUND_MS = 30_000;

let fog: FogProcesses;

beforeAll(async () => {
  fog = await FogProcesses.begin();
}, 180_000);

afterAll(() => fog.end(), 60_000);

test("a payment is found, and its spending too, by a wallet that holds no ledger", async () => {
  const wallet = fog.wallet(0);
  const ledger = fog.ledgerClient();

  /** Polls until the block count is reached. Each balance on the way must be the one of its block count. */
  const until = async (blockCount: bigint): Promise<bigint> => {
    const deadline = Date.now() + FOUND_MS;
    for (;;) {
      const { balance, errors } = await wallet.poll();
      if (balance.blockCount >= blockCount) return balance.sums.get(MOB) ?? 0n;
      if (Date.now() > deadline)
        throw new Error(`at ${balance.blockCount} of ${blockCount}: ${errors.map(String).join("; ")}`);
      await sleep(100);
    }
  };

  const ingressKey = await fog.ingressKey(0, 5n);
  const credits = [
    { account: 0, amount: 15 },
    { account: 1, amount: 100 },
    { account: 0, amount: 7 },
  ];
  const [first = ""] = await fog.add({ credits, keyImages: [] }, ingressKey);
  expect(await until(2n)).toBe(22n);
  expect(wallet.spendable).toHaveLength(2);

  await fog.add({ credits: [{ account: 0, amount: 1 }], keyImages: [first] }, ingressKey);
  expect(await until(3n)).toBe(8n);

  // What a transaction needs: the outputs with their hints and proofs, in one tree.
  const indices = wallet.spendable.map(({ globalIndex }) => globalIndex);
  const { outputs } = await ledger.getOutputs(indices, { txoCount: wallet.txoCount });
  expect(outputs.map(({ txOut }) => txOut.publicKey)).toEqual(wallet.spendable.map(({ txOut }) => txOut.publicKey));
  const { places } = await ledger.lookupOutputs(outputs.map(({ txOut }) => txOut.publicKey));
  expect(places.map((place) => place?.globalIndex)).toEqual(indices);

  // The same from the command line, as a developer asks first.
  const { view, ledger: ledgerPort } = fog.setting.ports;
  const printed = await runCommand([
    ...["fog", "balance", fog.at("keys/account_keys_1.json"), "--view-uri", `insecure-fog-view://localhost:${view}/`],
    ...["--ledger-uri", `insecure-fog-ledger://localhost:${ledgerPort}/`, "--chain-id", CHAIN_ID],
    ...["--block-count", "3", "--trust-simulated", "--json"],
  ]);
  expect(JSON.parse(printed)).toEqual({ blockCount: "3", sums: { 0: "100" } });
}, 120_000);

test("on the wire, a poll that finds an output has the frames of one that finds none, each as long, first and later", async () => {
  const { view, ledger } = fog.setting.ports;
  const recorders = [await Recorder.begin(view), await Recorder.begin(ledger)] as const;
  const ports = { view: recorders[0].port, ledger: recorders[1].port };
  const ingressKey = await fog.ingressKey(0, 9n);
  const there = await settled(0n);
  await fog.add({ credits: [{ account: 0, amount: 3 }], keyImages: ["6".repeat(64)] }, ingressKey);
  await settled(there + 1n);
  const taken = () => recorders.map((recorder) => recorder.take());
  /** Frames of a first poll on new connections, and of one after a block in which another output came, or none. */
  const listened = async (index: number, credited: number) => {
    const { wallet, close } = fog.walletThrough(index, ports);
    try {
      const { balance, errors } = await wallet.poll();
      expect(errors).toEqual([]);
      const first = taken();
      const before = balance.sums.get(MOB) ?? 0n;
      // Each block spends something; of whom does not matter here.
      const keyImages = [`${balance.blockCount}`.padStart(64, "5")];
      await fog.add({ credits: [{ account: credited, amount: 5 }], keyImages }, ingressKey);
      await settled(balance.blockCount + 1n);
      const { balance: after } = await wallet.poll();
      expect(after.blockCount).toBe(balance.blockCount + 1n);
      return { first, later: taken(), before, gained: (after.sums.get(MOB) ?? 0n) - before };
    } finally {
      close();
    }
  };
  try {
    const none = await listened(2, 0); // Nobody ever paid it.
    const one = await listened(2, 2);
    const another = await listened(2, 0); // It finds that one at first.
    expect([none.before, none.gained, one.before, one.gained, another.before]).toEqual([0n, 0n, 0n, 5n, 5n]);
    expect(one.later).toEqual(none.later);
    expect(another.first).toEqual(none.first);
    for (const { sent, received } of [...none.first, ...none.later]) {
      expect(sent.filter((frame) => frame.startsWith("DATA")).length).toBeGreaterThan(0);
      expect(received.length).toBeGreaterThan(sent.length / 2);
    }
  } finally {
    for (const recorder of recorders) recorder.close();
  }
}, 120_000);

test("ingest is loaded with blocks full of outputs, and each is scanned", async () => {
  const before = await settled(0n);
  const { ingest } = fog.setting.ports;
  const printed = await runCommand([
    ...["load", "ingest", "--keys", fog.at("keys"), ...ledgerPlaces(fog.setting.folder), "--chain-id", CHAIN_ID],
    ...["-u", `insecure-fog-ingest://127.0.0.1:${ingest}/`, "--outputs", "40", "--blocks", "3", "--json"],
  ]);
  const { blocks, outputs, outputsPerSecond } = JSON.parse(printed);
  expect([blocks, outputs]).toEqual([3, 40]);
  expect(outputsPerSecond).toBeGreaterThan(0);
  expect(await settled(before + 3n)).toBe(before + 3n);
}, 60_000);

/** Waits until Fog serves so many blocks, by a wallet that nobody listens to. How many it serves. */
async function settled(blockCount: bigint): Promise<bigint> {
  const wallet = fog.wallet(1);
  const deadline = Date.now() + FOUND_MS;
  for (;;) {
    const { balance } = await wallet.poll();
    if (balance.blockCount >= blockCount) return balance.blockCount;
    if (Date.now() > deadline) throw new Error(`Fog has not served ${blockCount} blocks in time.`);
    await sleep(50);
  }
}
