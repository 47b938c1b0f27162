// A wallet that only looks, and a machine that only signs: what the one cannot know it says, and neither does the other's part.
import { type AccountKey, publicAddress } from "@fogbow/core-account";
import { MOB, Secret, toHex } from "@fogbow/core-bytes";
import { beforeEach, describe, expect, test } from "vitest";
import {
  decodeFogViewKeys,
  encodeFogViewKeys,
  type FogViewKeys,
  fogViewKeys,
  OfflineSigner,
  ViewOnlyWallet,
  Wallet,
} from "../src/index.ts";
import { FEE, newAccount, SmallNetwork } from "./small-network.ts";
import { randomFrom } from "./world.ts";

const [ALICE, BOB] = [newAccount("Alice"), newAccount("Bob")];
const KEYS = fogViewKeys(ALICE);
const to = publicAddress(BOB);
const wait = async (): Promise<void> => void (await new Promise((resolve) => setTimeout(resolve, 1)));

let network: SmallNetwork;
let drawn = 0;
const partsFor = (account: AccountKey) => {
  drawn += 1;
  return { ...network.partsFor(account), random: randomFrom(`view-only ${drawn}`), wait };
};
const watching = (account: FogViewKeys = KEYS, saved?: Secret): ViewOnlyWallet =>
  new ViewOnlyWallet({ account, ...(saved && { saved }) }, partsFor(ALICE));
const signerOf = (account: AccountKey): OfflineSigner =>
  new OfflineSigner(account, { random: randomFrom(`signer ${drawn}`) });

/** Polls, and lets the owner's machine name what it does not know. */
async function named(wallet: ViewOnlyWallet): Promise<void> {
  expect((await wallet.poll()).errors).toEqual([]);
  const question = wallet.keyImageQuestion();
  if (question !== undefined) wallet.learnKeyImages(signerOf(ALICE).keyImages(question));
  expect((await wallet.poll()).errors).toEqual([]);
}

beforeEach(() => {
  network = new SmallNetwork();
  for (const account of [ALICE, BOB]) network.partsFor(account); // Fog knows whom it serves.
  network.give(ALICE, [10n * FEE, 3n * FEE]);
});

describe("a wallet that only looks", () => {
  test("sees what comes, and says that it does not see what goes until it is told the key images", async () => {
    const [watcher, owner] = [watching(), new Wallet({ account: ALICE }, partsFor(ALICE))];
    await Promise.all([watcher.poll(), owner.poll()]);
    expect(watcher.balance()).toEqual({ value: 13n * FEE, token: MOB, asOf: 2n, spendsKnown: false });
    await (await owner.pay({ to, amount: 5n * FEE })).ended();
    await watcher.poll();
    expect(watcher.balance()).toMatchObject({ value: 17n * FEE, spendsKnown: false }); // The change has come, too.
    await named(watcher);
    expect(watcher.balance()).toEqual({ value: 7n * FEE, token: MOB, asOf: 3n, spendsKnown: true });
    await owner.poll();
    expect(owner.balance()).toMatchObject({ value: 7n * FEE, asOf: 3n });
    network.give(ALICE, [1n]);
    await watcher.poll();
    expect(watcher.balance()).toMatchObject({ value: 7n * FEE + 1n, spendsKnown: false });
    expect(watcher.keyImageQuestion()).toBeDefined();
  });

  test("goes on from what it has saved, with the key images that it was told", async () => {
    const first = watching();
    await named(first);
    const again = watching(KEYS, first.save());
    expect(again.balance()).toEqual(first.balance());
    expect(again.balance().spendsKnown).toBe(true);
    expect(again.keyImageQuestion()).toBeUndefined();
    expect(() => watching(fogViewKeys(BOB), first.save())).toThrow(expect.objectContaining({ code: "state-damaged" }));
  });

  test("has keys that can be carried, and no key that spends", async () => {
    const carried = encodeFogViewKeys(KEYS);
    const wallet = watching(decodeFogViewKeys(carried));
    await wallet.poll();
    expect(wallet.balance().value).toBe(13n * FEE);
    expect(wallet.address).toEqual(publicAddress(ALICE));
    expect(toHex(carried.expose())).not.toContain(toHex(ALICE.spendPrivateKey.expose()));
    for (const wrong of [carried.expose().slice(1), carried.expose().slice(0, 60), new Uint8Array(0)]) {
      expect(() => decodeFogViewKeys(new Secret(wrong))).toThrow(expect.objectContaining({ code: "key-invalid" }));
    }
  });
});

describe("a payment that is prepared here and signed there", () => {
  test("is made, and the change comes back", async () => {
    const [watcher, bob] = [watching(), new Wallet({ account: BOB }, partsFor(BOB))];
    await named(watcher);
    const unsigned = await watcher.prepare({ to, amount: 5n * FEE });
    const payment = watcher.send(signerOf(ALICE).sign(unsigned));
    expect((await payment.ended()).kind).toBe("final");
    await Promise.all([named(watcher), bob.poll()]);
    expect(bob.balance().value).toBe(5n * FEE);
    expect(watcher.balance()).toMatchObject({ value: 7n * FEE, spendsKnown: true });
  });

  test("is of outputs whose key images are known, and not of those of another that was prepared", async () => {
    const watcher = watching();
    await watcher.poll();
    await expect(watcher.prepare({ to, amount: FEE })).rejects.toMatchObject({ code: "not-synced" });
    await named(watcher);
    await expect(watcher.prepare({ to, amount: 13n * FEE })).rejects.toMatchObject({ code: "insufficient-funds" });
    await expect(watcher.prepare({ to, amount: 0n })).rejects.toMatchObject({ code: "amount-invalid" });
    await watcher.prepare({ to, amount: 8n * FEE });
    await expect(watcher.prepare({ to, amount: 8n * FEE })).rejects.toMatchObject({ code: "insufficient-funds" });
    watcher.forgetPrepared();
    expect((await watcher.prepare({ to, amount: 8n * FEE })).length).toBeGreaterThan(1_000);
  });

  test("is not signed by another account, and what was changed on the way is not sent", async () => {
    const watcher = watching();
    await named(watcher);
    const unsigned = await watcher.prepare({ to, amount: 5n * FEE });
    expect(() => signerOf(BOB).sign(unsigned)).toThrow(expect.objectContaining({ code: expect.any(String) }));
    expect(() => signerOf(ALICE).sign(unsigned.slice(5))).toThrow(expect.objectContaining({ code: "code-invalid" }));
    const signed = signerOf(ALICE).sign(unsigned);
    for (const wrong of [signed.slice(3), new Uint8Array(0), Uint8Array.of(1, 2, 3)]) {
      expect(() => watcher.send(wrong)).toThrow(expect.objectContaining({ code: "code-invalid" }));
    }
    const stranger = watching();
    expect(() => stranger.send(signed)).toThrow(expect.objectContaining({ code: "code-invalid" })); // Not prepared there.
    expect((await watcher.send(signed).ended()).kind).toBe("final");
  });
});

test("the machine that signs names only its own outputs, and takes only a question for one", async () => {
  const watcher = watching();
  await watcher.poll();
  const question = watcher.keyImageQuestion() ?? new Uint8Array(0);
  watcher.learnKeyImages(signerOf(BOB).keyImages(question));
  expect(watcher.balance().spendsKnown).toBe(false);
  expect(() => signerOf(ALICE).keyImages(question.slice(1))).toThrow(expect.objectContaining({ code: "code-invalid" }));
  expect(() => watcher.learnKeyImages(question.slice(1))).toThrow(expect.objectContaining({ code: "code-invalid" }));
});
