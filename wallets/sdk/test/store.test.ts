// Stores: only whoever has the key reads them, and whatever is wrong with one costs a search and nothing else.
import type { AccountKey } from "@fogbow/core-account";
import { publicAddress } from "@fogbow/core-account";
import { toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { EncryptedStore, MemoryStore, Wallet, type WalletStore } from "../src/index.ts";
import { FEE, newAccount, SmallNetwork } from "./small-network.ts";
import { randomFrom } from "./world.ts";

const [ALICE, BOB] = [newAccount("Alice"), newAccount("Bob")];
const random = randomFrom("stores");
const key = random(32);
const state = random(1_000);

describe("an encrypted store", () => {
  test("gives back what was written, under its key, and shows nothing of it", async () => {
    const inner = new MemoryStore();
    const store = await EncryptedStore.open(inner, key, { random });
    expect(await store.read()).toBeUndefined();
    await store.write(state);
    expect(await store.read()).toEqual(state);
    const written = (await inner.read()) ?? new Uint8Array();
    expect(toHex(written)).not.toContain(toHex(state.subarray(0, 16)));
    await store.write(state);
    expect(await inner.read()).not.toEqual(written); // A nonce is used once.
    const again = await EncryptedStore.open(inner, key, { random });
    expect(await again.read()).toEqual(state);
  });

  test("has nothing for another key, after any byte has changed, when it is cut, or of another version", async () => {
    const inner = new MemoryStore();
    const store = await EncryptedStore.open(inner, key, { random });
    await store.write(state);
    const written = (await inner.read()) ?? new Uint8Array();
    const other = await EncryptedStore.open(inner, random(32), { random });
    expect(await other.read()).toBeUndefined();
    for (const at of [0, 13, 14, 25, 26, 500, written.length - 1]) {
      await inner.write(written.map((byte, i) => (i === at ? byte ^ 1 : byte)));
      expect(await store.read(), `byte ${at}`).toBeUndefined();
    }
    for (const length of [0, 5, 20, written.length - 1]) {
      await inner.write(written.slice(0, length));
      expect(await store.read(), `${length} bytes`).toBeUndefined();
    }
    await inner.write(written);
    expect(await store.read()).toEqual(state);
  });

  test("takes keys of 32 bytes only", async () => {
    for (const length of [0, 16, 31, 33]) {
      const opened = EncryptedStore.open(new MemoryStore(), random(length), { random });
      await expect(opened).rejects.toMatchObject({ code: "key-invalid" });
    }
  });
});

describe("a wallet with a store", () => {
  let wallets = 0;
  const openOn = (network: SmallNetwork, account: AccountKey, store: WalletStore): Promise<Wallet> => {
    wallets += 1;
    const wait = async (): Promise<void> => void (await new Promise((resolve) => setTimeout(resolve, 1)));
    const parts = { ...network.partsFor(account), random: randomFrom(`stored wallet ${wallets}`), wait };
    return Wallet.open({ net: { walletParts: () => parts }, account, store });
  };

  test("goes on where it was, with a payment that nobody had heard of", async () => {
    const network = new SmallNetwork();
    const store = new MemoryStore();
    const first = await openOn(network, ALICE, store);
    network.give(ALICE, [10n * FEE]);
    await first.poll();
    network.isForming = false;
    await first.pay({ to: publicAddress(BOB), amount: 5n * FEE });
    network.isForming = true; // What the first one has proposed is forgotten, and the second one proposes it anew.
    const second = await openOn(network, ALICE, store);
    expect(second.balance().value).toBe(10n * FEE);
    for (const payment of second.payments) expect((await payment.ended()).kind).toBe("final"); // If it is not yet.
    await second.poll();
    expect(second.balance().value).toBe(4n * FEE);
  });

  test("proposes nothing that it could not write down", async () => {
    const network = new SmallNetwork();
    const store = new MemoryStore();
    const wallet = await openOn(network, ALICE, store);
    network.give(ALICE, [10n * FEE]);
    await wallet.poll();
    store.write = async () => {
      throw new Error("The disk is full.");
    };
    await expect(wallet.pay({ to: publicAddress(BOB), amount: FEE })).rejects.toThrow("The disk is full.");
    expect(network.proposals).toEqual([]);
    expect(wallet.payments).toEqual([]);
    expect(wallet.balance().pending).toBe(0n);
  });

  test("begins anew with a store that is damaged or another wallet's, and finds the same", async () => {
    const network = new SmallNetwork();
    const store = new MemoryStore();
    await openOn(network, ALICE, new MemoryStore()); // Its Fog knows it from here on.
    network.give(ALICE, [10n * FEE]);
    await (await openOn(network, BOB, store)).poll();
    for (const damage of [undefined, random(300)]) {
      if (damage !== undefined) await store.write(damage);
      const wallet = await openOn(network, ALICE, store);
      expect(wallet.balance().value).toBe(0n);
      await wallet.poll();
      expect(wallet.balance().value).toBe(10n * FEE);
    }
  });
});
