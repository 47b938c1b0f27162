// Swaps: both sides happen in one transaction, or neither; what is offered pays for nothing else; and no other bytes are an offer.
import type { AccountKey } from "@fogbow/core-account";
import { MOB, type TokenId, tokenValue } from "@fogbow/core-bytes";
import { beforeEach, describe, expect, test } from "vitest";
import { readOffer, type SwapTerms, Wallet } from "../src/index.ts";
import { EUSD, FEE, newAccount, SmallNetwork } from "./small-network.ts";
import { randomFrom } from "./world.ts";

const [ALICE, BOB] = [newAccount("Alice"), newAccount("Bob")];
const termsOf = (give: readonly [bigint, TokenId], want: readonly [bigint, TokenId]): SwapTerms => ({
  give: { value: tokenValue(give[0]), tokenId: give[1] },
  want: { value: tokenValue(want[0]), tokenId: want[1] },
});
const TERMS = termsOf([4n * FEE, MOB], [70n, EUSD]);

let network: SmallNetwork;
let wallets = 0;
function walletOf(account: AccountKey): Wallet {
  wallets += 1;
  const wait = async (): Promise<void> => void (await new Promise((resolve) => setTimeout(resolve, 1)));
  return new Wallet({ account }, { ...network.partsFor(account), random: randomFrom(`swapper ${wallets}`), wait });
}

let [alice, bob]: Wallet[] = [];
/** Alice has MOB, Bob has euros and MOB for the fee. */
beforeEach(async () => {
  network = new SmallNetwork({ strangers: 500 }); // Enough that no ring has what another needs.
  [alice, bob] = [walletOf(ALICE), walletOf(BOB)];
  network.give(ALICE, [10n * FEE, 2n * FEE]);
  network.give(BOB, [50n, 40n], EUSD);
  network.give(BOB, [3n * FEE]);
  await polled();
});
const polled = async (): Promise<void> => {
  for (const wallet of [alice, bob]) expect((await wallet?.poll())?.errors).toEqual([]);
};
const both = (): readonly [Wallet, Wallet] => {
  if (alice === undefined || bob === undefined) throw new Error("There are two.");
  return [alice, bob];
};
const sums = (wallet: Wallet): bigint[] => [MOB, EUSD].map((token) => wallet.balance(token).value);

describe("an offer that is taken", () => {
  test("gives each what was said, and the taker pays the fee", async () => {
    const [alice, bob] = both();
    const { bytes } = await alice.offer(TERMS);
    const read = readOffer(bytes);
    expect(read).toMatchObject(TERMS);
    const payment = await bob.take(read);
    expect((await payment.ended()).kind).toBe("final");
    await polled();
    expect(sums(alice)).toEqual([8n * FEE, 70n]);
    expect(sums(bob)).toEqual([3n * FEE + 4n * FEE - FEE, 20n]);
    for (const wallet of [alice, bob]) {
      for (const [i, token] of [MOB, EUSD].entries()) {
        const told = wallet.history().filter(({ tokenId }) => tokenId === token);
        expect(told.reduce((sum, { net }) => sum + net, 0n)).toBe(sums(wallet)[i]);
      }
    }
  });

  test("can be of the other token, with the fee out of what is gotten", async () => {
    const [alice, bob] = both();
    const { bytes } = await bob.offer(termsOf([40n, EUSD], [FEE, MOB]));
    expect((await (await alice.take(readOffer(bytes))).ended()).kind).toBe("final");
    await polled();
    expect(sums(alice)).toEqual([12n * FEE - 2n * FEE, 40n]);
    expect(sums(bob)).toEqual([4n * FEE, 50n]);
    const poor = walletOf(newAccount("Carol"));
    network.give(newAccount("Carol"), [30n], EUSD);
    await poor.poll();
    const offered = await alice.offer(termsOf([2n * FEE, MOB], [30n, EUSD]));
    expect((await (await poor.take(readOffer(offered.bytes))).ended()).kind).toBe("final"); // Without a MOB of its own.
    await poor.poll();
    expect(sums(poor)).toEqual([FEE, 0n]);
  });

  test("is taken once: whoever comes later is told, and nothing of his has moved", async () => {
    const [alice, bob] = both();
    const { bytes } = await alice.offer(TERMS);
    const carol = walletOf(newAccount("Carol"));
    network.give(newAccount("Carol"), [80n], EUSD);
    network.give(newAccount("Carol"), [FEE]);
    await carol.poll();
    expect((await (await bob.take(readOffer(bytes))).ended()).kind).toBe("final");
    expect(await (await carol.take(readOffer(bytes))).ended()).toMatchObject({
      kind: "failed",
      reason: { code: "input-spent" },
    });
    await carol.poll();
    expect([...sums(carol), carol.balance(EUSD).pending]).toEqual([FEE, 80n, 0n]);
  });
});

describe("what is offered", () => {
  test("pays for nothing else until the offer is taken back or has expired", async () => {
    const [alice, bob] = both();
    const offer = await alice.offer(TERMS);
    expect(alice.balance()).toMatchObject({ value: 12n * FEE, pending: 10n * FEE });
    await expect(alice.pay({ to: bob.address, amount: 5n * FEE })).rejects.toMatchObject({
      code: "insufficient-funds",
    });
    expect((await (await alice.takeBack(offer)).ended()).kind).toBe("final");
    await polled();
    expect(alice.balance()).toMatchObject({ value: 11n * FEE, pending: 0n });
    expect(await (await bob.take(readOffer(offer.bytes))).ended()).toMatchObject({ reason: { code: "input-spent" } });

    const second = await alice.offer(termsOf([4n * FEE, MOB], [7n, EUSD]));
    expect(alice.balance().pending).toBe(9n * FEE);
    while (network.height < second.tombstoneBlock) network.pass();
    await polled();
    expect(alice.balance().pending).toBe(0n);
    await expect(bob.take(readOffer(second.bytes))).rejects.toMatchObject({ code: "tombstone-block-exceeded" });
    expect(bob.balance(EUSD).pending).toBe(0n);
  });

  test("is some of one output, of one token for another", async () => {
    const [alice] = both();
    for (const wrong of [
      termsOf([0n, MOB], [1n, EUSD]),
      termsOf([1n, MOB], [0n, EUSD]),
      termsOf([1n, MOB], [2n, MOB]),
    ]) {
      await expect(alice.offer(wrong)).rejects.toMatchObject({ code: "amount-invalid" });
    }
    const most = termsOf([11n * FEE, MOB], [1n, EUSD]);
    await expect(alice.offer(most)).rejects.toMatchObject({ code: "insufficient-funds" });
    await expect(alice.offer(termsOf([1n, EUSD], [1n, MOB]))).rejects.toMatchObject({ code: "insufficient-funds" });
    expect(alice.balance().pending).toBe(0n);
  });
});

test("bytes that were cut or changed are no offer, or one that says the same and is taken as it was signed", async () => {
  const [alice, bob] = both();
  const { bytes } = await alice.offer(TERMS);
  const random = randomFrom("flips");
  for (const length of [0, 1, 40, bytes.length - 1]) {
    expect(() => readOffer(bytes.slice(0, length)), `${length} bytes`).toThrow(
      expect.objectContaining({ code: "offer-invalid" }),
    );
  }
  let refused = 0;
  for (let i = 0; i < 60; i++) {
    const at = Number(random(4).reduce((sum, byte) => sum * 256 + byte, 0) % bytes.length);
    const changed = bytes.map((byte, j) => (j === at ? byte ^ (1 << (i % 8)) : byte));
    try {
      const read = readOffer(changed);
      expect(read).toMatchObject(TERMS);
      await expect(bob.take(read), `byte ${at}`).rejects.toMatchObject({ code: expect.any(String) });
    } catch (error) {
      expect(error, `byte ${at}`).toMatchObject({ code: "offer-invalid" });
      refused++;
    }
  }
  expect(refused).toBeGreaterThan(50);
  expect([bob.balance().pending, bob.balance(EUSD).pending]).toEqual([0n, 0n]);
});

test("whoever has too little of what is wanted, or nothing for the fee, takes nothing", async () => {
  const [alice, bob] = both();
  const dear = await alice.offer(termsOf([FEE, MOB], [91n, EUSD]));
  await expect(bob.take(readOffer(dear.bytes))).rejects.toMatchObject({ code: "insufficient-funds" });
  const small = await bob.offer(termsOf([1n, EUSD], [FEE, MOB]));
  const carol = walletOf(newAccount("Carol"));
  network.give(newAccount("Carol"), [FEE]);
  await carol.poll();
  await expect(carol.take(readOffer(small.bytes))).rejects.toMatchObject({ code: "insufficient-funds" });
  expect(carol.balance().pending).toBe(0n);
});
