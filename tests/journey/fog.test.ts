// One payment's way through Fog, with every role a process of its own: a block with hints, ingest, the recovery database, view
// and ledger, and a wallet that holds no ledger and finds it.
import { setTimeout as sleep } from "node:timers/promises";
import { MOB } from "@fogbow/core-bytes";
import { afterAll, beforeAll, expect, test } from "vitest";
import { FogProcesses } from "./fog-processes.ts";
import { CHAIN_ID } from "./fog-roles.ts";
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
