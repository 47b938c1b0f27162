import { type AccountKey, publicAddress, viewAccountKey } from "@fogbow/core-account";
import { MOB, Secret, toHex } from "@fogbow/core-bytes";
import { decodeMemo, openReceipt, openTxOut, SubaddressTable } from "@fogbow/core-transaction";
import fc from "fast-check";
import { beforeEach, describe, expect, test } from "vitest";
import { type Payment, SdkError, Wallet } from "../src/index.ts";
import { FEE, newAccount, SmallNetwork } from "./small-network.ts";
import { randomFrom } from "./world.ts";

const [ALICE, BOB] = [newAccount("Alice"), newAccount("Bob")];
const BOBS_ADDRESS = publicAddress(BOB);
const lost = (): never => {
  throw new SdkError("connection-failed", "The answer was lost.");
};

let network: SmallNetwork;
beforeEach(() => {
  network = new SmallNetwork();
});

let wallets = 0;
function walletOf(account: AccountKey, saved?: Secret): Wallet {
  wallets += 1;
  const random = randomFrom(`wallet ${wallets}`);
  const wait = async (): Promise<void> => void (await new Promise((resolve) => setTimeout(resolve, 1)));
  return new Wallet({ account, ...(saved && { saved }) }, { ...network.partsFor(account), random, wait });
}

/** Alice with outputs of these values, and Bob, who have both polled. */
async function withMoney(...values: readonly bigint[]): Promise<{ readonly alice: Wallet; readonly bob: Wallet }> {
  const [alice, bob] = [walletOf(ALICE), walletOf(BOB)];
  network.give(ALICE, values);
  await Promise.all([alice.poll(), bob.poll()]);
  return { alice, bob };
}

const statusesOf = async (payment: Payment): Promise<string[]> => {
  const kinds: string[] = [];
  for await (const { kind } of payment.status()) kinds.push(kind);
  return kinds;
};
const rejection = async (promise: Promise<unknown>): Promise<unknown> =>
  promise.then(
    () => "fulfilled",
    (error: SdkError) => error.code,
  );

describe("a payment", () => {
  test("reaches its recipient, and the change comes back, found through Fog", async () => {
    const { alice, bob } = await withMoney(10n * FEE, 3n * FEE);
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    expect(await statusesOf(payment)).toEqual(["built", "submitted", "final"]);
    await Promise.all([alice.poll(), bob.poll()]);
    expect(bob.balance()).toEqual({ value: 5n * FEE, pending: 0n, token: MOB, asOf: 3n, complete: true });
    expect(alice.balance()).toEqual({ value: 7n * FEE, pending: 0n, token: MOB, asOf: 3n, complete: true });
    expect(payment).toMatchObject({ amount: { value: 5n * FEE }, fee: { value: FEE } });
  });

  test("tells its recipient who paid and for what, and its sender where the money went", async () => {
    const { alice } = await withMoney(10n * FEE);
    const { tx } = await alice.pay({ to: BOBS_ADDRESS, amount: FEE, paymentRequestId: 866n });
    const memos = [ALICE, BOB].flatMap((account) => tx.prefix.outputs.flatMap((txOut) => memoFor(account, txOut)));
    expect(memos).toMatchObject([
      {
        kind: "destination-with-payment-request-id",
        totalOutlay: 2n * FEE,
        fee: FEE,
        recipientCount: 1,
        paymentRequestId: 866n,
      },
      { kind: "authenticated-sender-with-payment-request-id", paymentRequestId: 866n },
    ]);
  });

  test("has a receipt that only the recipient opens", async () => {
    const { alice } = await withMoney(10n * FEE);
    const { receipt } = await alice.pay({ to: BOBS_ADDRESS, amount: 4n * FEE });
    expect(openReceipt(receipt, BOB.viewPrivateKey)?.value).toBe(4n * FEE);
    expect(openReceipt(receipt, ALICE.viewPrivateKey)).toBeUndefined();
  });

  test("asks Fog for outputs once, in whole rings, with one tree for all of them", async () => {
    const { alice } = await withMoney(2n * FEE, 2n * FEE, 2n * FEE);
    const { tx } = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    expect(network.outputRequests.map((indices) => new Set(indices).size)).toEqual([33]);
    expect(new Set(tx.prefix.inputs.flatMap(({ proofs }) => proofs.map((proof) => proof.highestIndex))).size).toBe(1);
  });

  test("two at once share no output, and what they spend is pending until a poll", async () => {
    const { alice, bob } = await withMoney(5n * FEE, 6n * FEE);
    const payments = await Promise.all([
      alice.pay({ to: BOBS_ADDRESS, amount: 3n * FEE }),
      alice.pay({ to: BOBS_ADDRESS, amount: 4n * FEE }),
    ]);
    expect(alice.balance()).toMatchObject({ value: 11n * FEE, pending: 11n * FEE });
    expect((await Promise.all(payments.map((each) => each.ended()))).map(({ kind }) => kind)).toEqual([
      "final",
      "final",
    ]);
    await Promise.all([alice.poll(), bob.poll()]);
    expect(alice.balance()).toMatchObject({ value: 2n * FEE, pending: 0n });
    expect(bob.balance().value).toBe(7n * FEE);
  });

  test("of more pieces than sixteen is made all the same: pieces are merged first", async () => {
    network = new SmallNetwork({ strangers: 400 });
    const { alice, bob } = await withMoney(...Array.from({ length: 40 }, () => 2n * FEE));
    const { maxSendable } = await alice.quote();
    expect(maxSendable).toBe((80n - 3n) * FEE); // Two merges and the payment.
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: maxSendable });
    expect((await payment.ended()).kind).toBe("final");
    await Promise.all([alice.poll(), bob.poll()]);
    expect(bob.balance().value).toBe(maxSendable);
    expect(alice.balance()).toMatchObject({ value: 0n, pending: 0n });
  });
});

describe("a history", () => {
  test("tells who paid, where money went and what it cost, also in a wallet that was made anew", async () => {
    const { alice, bob } = await withMoney(10n * FEE);
    await (await alice.pay({ to: BOBS_ADDRESS, amount: 4n * FEE, paymentRequestId: 7n })).ended();
    const restored = walletOf(ALICE);
    await Promise.all([alice.poll(), bob.poll(), restored.poll()]);
    const sent = {
      kind: "sent",
      net: -5n * FEE,
      amount: 4n * FEE,
      fee: FEE,
      recipients: 1,
      recipient: BOBS_ADDRESS,
      paymentRequestId: 7n,
      blockIndex: 2n,
      timestamp: 1_700_000_000n,
    };
    const first = { kind: "received", net: 10n * FEE, sender: undefined, blockIndex: 1n };
    expect(alice.history([BOBS_ADDRESS])).toMatchObject([first, sent]);
    expect(restored.history([BOBS_ADDRESS])).toEqual(alice.history([BOBS_ADDRESS]));
    expect(alice.history()).toMatchObject([first, { kind: "sent", recipient: undefined }]);
    const received = { kind: "received", net: 4n * FEE, paymentRequestId: 7n, blockIndex: 2n };
    expect(bob.history([BOBS_ADDRESS, alice.address])).toMatchObject([{ ...received, sender: alice.address }]);
    expect(bob.history([BOBS_ADDRESS])).toMatchObject([{ ...received, sender: undefined }]);
  });

  test("tells of merged outputs and of payments to oneself, and adds up to the balance", async () => {
    network = new SmallNetwork({ strangers: 300 });
    const { alice } = await withMoney(...Array.from({ length: 20 }, () => 2n * FEE));
    await (await alice.pay({ to: alice.address, amount: 36n * FEE })).ended();
    await alice.poll();
    const history = alice.history([alice.address]);
    const kinds = history.slice(20).map(({ kind, net }) => [kind, net]);
    expect(kinds).toContainEqual(["merged", -FEE]);
    expect(kinds).toContainEqual(["received", 36n * FEE]);
    expect(kinds).toContainEqual(["sent", -37n * FEE]);
    expect(kinds).toHaveLength(3);
    expect(history.reduce((sum, { net }) => sum + net, 0n)).toBe(alice.balance().value);
  });
});

describe("what a wallet cannot pay is refused, and no money moves", () => {
  test.each([
    [0n, "amount-invalid"],
    [-1n, "amount-invalid"],
    [2n ** 64n, "amount-invalid"],
    [10n * FEE, "insufficient-funds"],
    [2n ** 64n - 1n, "insufficient-funds"],
  ])("%i: %s", async (amount, code) => {
    const { alice } = await withMoney(10n * FEE);
    expect(await rejection(alice.pay({ to: BOBS_ADDRESS, amount }))).toBe(code);
    expect(network.proposals).toEqual([]);
    expect(alice.balance()).toMatchObject({ value: 10n * FEE, pending: 0n });
  });

  test("more than there is says how much could be paid", async () => {
    const { alice } = await withMoney(10n * FEE);
    await expect(alice.pay({ to: BOBS_ADDRESS, amount: 10n * FEE })).rejects.toThrow(`at most ${9n * FEE} `);
    expect(await alice.quote()).toEqual({ fee: FEE, maxSendable: 9n * FEE });
  });

  test("a token that the network does not know", async () => {
    const { alice } = await withMoney(10n * FEE);
    const tokenId = 7n as NonNullable<Parameters<Wallet["pay"]>[0]["tokenId"]>;
    expect(await rejection(alice.pay({ to: BOBS_ADDRESS, amount: 1n, tokenId }))).toBe("amount-invalid");
  });

  test("a recipient whose report does not hold: its outputs are free again", async () => {
    const parts = network.partsFor(ALICE);
    const reports = {
      resolve: async () => {
        throw new SdkError("report-refused", "The chain ends with another authority.");
      },
    };
    const wait = async (): Promise<void> => undefined;
    const alice = new Wallet({ account: ALICE }, { ...parts, reports, random: randomFrom("refused"), wait });
    network.give(ALICE, [10n * FEE]);
    await alice.poll();
    expect(await rejection(alice.pay({ to: BOBS_ADDRESS, amount: FEE }))).toBe("report-refused");
    expect((await alice.quote()).maxSendable).toBe(9n * FEE);
  });
});

describe("when something goes wrong on the way", () => {
  test("an output that Fog Ledger does not have yet is waited for", async () => {
    network.ledgerLag = 1n;
    const { alice, bob } = await withMoney(10n * FEE);
    expect(alice.balance().value).toBe(10n * FEE);
    setTimeout(() => {
      network.ledgerLag = 0n;
    }, 30);
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    expect((await payment.ended()).kind).toBe("final");
    await bob.poll();
    expect(bob.balance().value).toBe(5n * FEE);
    network.give(ALICE, [FEE]);
    network.ledgerLag = 1n;
    await alice.poll();
    expect(await rejection(alice.pay({ to: BOBS_ADDRESS, amount: FEE }))).toBe("fog-out-of-sync");
  });

  test("a server that is behind the one that counted outputs is asked for the same ones again", async () => {
    const { alice } = await withMoney(10n * FEE);
    const before = network.outputRequests.length;
    network.outputFailures = ["output-missing", "proofs-differ"];
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    expect((await payment.ended()).kind).toBe("final");
    const asked = network.outputRequests.slice(before).map((indices) => [...indices].sort().join());
    expect(asked).toHaveLength(3);
    expect(new Set(asked).size).toBe(1); // Decoys that are drawn anew would give the real output away.
    network.give(ALICE, [10n * FEE]);
    await alice.poll();
    network.outputFailures = Array.from({ length: 1_000 }, () => "output-missing" as const);
    expect(await rejection(alice.pay({ to: BOBS_ADDRESS, amount: FEE }))).toBe("output-missing");
    network.outputFailures = [];
    expect((await (await alice.pay({ to: BOBS_ADDRESS, amount: FEE })).ended()).kind).toBe("final");
  });

  test("an answer that is lost after the payment is in a block: it is final, and not made twice", async () => {
    const { alice, bob } = await withMoney(10n * FEE, 10n * FEE);
    network.afterProposal = lost;
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    expect(await payment.ended()).toEqual({ kind: "final", blockIndex: 2n });
    await Promise.all([alice.poll(), bob.poll()]);
    expect(bob.balance().value).toBe(5n * FEE);
    expect(new Set(network.proposals).size).toBe(1);
  });

  test("a node that cannot be reached at first is proposed the same again", async () => {
    const { alice } = await withMoney(10n * FEE);
    let failures = 3;
    network.beforeProposal = () => {
      failures -= 1;
      if (failures >= 0) lost();
    };
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    expect((await payment.ended()).kind).toBe("final");
  });

  test("a payment of another device spends the same output first: it fails, and its outputs are not pending", async () => {
    const { alice } = await withMoney(10n * FEE);
    const other = walletOf(ALICE);
    await other.poll();
    const first = await other.pay({ to: BOBS_ADDRESS, amount: FEE });
    await first.ended();
    const second = await alice.pay({ to: BOBS_ADDRESS, amount: FEE });
    expect(await second.ended()).toMatchObject({ kind: "failed", reason: { code: "input-spent" } });
    await alice.poll();
    expect(alice.balance()).toMatchObject({ value: 8n * FEE, pending: 0n });
  });

  test("a Fog that is behind does not make a payment fail that is in a block", async () => {
    const { alice } = await withMoney(10n * FEE, 10n * FEE);
    network.afterProposal = () => {
      network.fogLag = 1n;
      network.afterProposal = () => undefined;
      lost();
    };
    const parts = network.partsFor(ALICE);
    const deaf = { ...parts.consensus, outcome: () => new Promise<never>(() => undefined) };
    let turns = 0;
    const wait = async (): Promise<void> => {
      turns += 1;
      if (turns === 3) network.fogLag = 0n;
    };
    const wallet = new Wallet({ account: ALICE }, { ...parts, consensus: deaf, random: randomFrom("deaf"), wait });
    await alice.poll();
    await wallet.poll();
    const payment = await wallet.pay({ to: BOBS_ADDRESS, amount: FEE });
    expect(await payment.ended()).toEqual({ kind: "final", blockIndex: 2n });
    expect(turns).toBeGreaterThanOrEqual(3);
  });

  test("a payment that is in no block before its tombstone fails, and can be made again", async () => {
    const { alice, bob } = await withMoney(10n * FEE);
    network.isForming = false;
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    while (network.height < payment.tombstoneBlock) network.pass();
    expect(await payment.ended()).toMatchObject({ kind: "failed", reason: { code: "tombstone-passed" } });
    network.isForming = true;
    await alice.poll();
    const again = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    expect((await again.ended()).kind).toBe("final");
    await bob.poll();
    expect(bob.balance().value).toBe(5n * FEE);
    const [first, second] = network.outputRequests.map((indices) => new Set(indices));
    expect(second).toEqual(first); // Other decoys for the same output would give it away as the one that stays.
  });

  test("fees that changed meanwhile: the payment fails with a code of its own, and the next one has the new fee", async () => {
    const { alice } = await withMoney(10n * FEE);
    network.beforeProposal = () => network.setFee(2n * FEE);
    const payment = await alice.pay({ to: BOBS_ADDRESS, amount: FEE });
    expect(await payment.ended()).toMatchObject({ kind: "failed", reason: { code: "fee-outdated" } });
    const again = await alice.pay({ to: BOBS_ADDRESS, amount: FEE });
    expect(again.fee.value).toBe(2n * FEE);
    expect((await again.ended()).kind).toBe("final");
  });

  test("an app that gives up gets its reason, and its outputs are free again", async () => {
    const { alice } = await withMoney(10n * FEE);
    const reason = new Error("The app was closed.");
    const parts = network.partsFor(ALICE);
    const consensus = {
      ...parts.consensus,
      info: (signal?: AbortSignal) => {
        signal?.throwIfAborted();
        return parts.consensus.info();
      },
    };
    const wallet = new Wallet(
      { account: ALICE },
      { ...parts, consensus, random: randomFrom("gives up"), wait: async () => undefined },
    );
    await wallet.poll();
    await expect(wallet.pay({ to: BOBS_ADDRESS, amount: FEE }, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(network.proposals).toEqual([]);
    expect(alice.balance().pending).toBe(0n);
  });
});

describe("events", () => {
  test("tell what comes and goes, once each, who it was, and how far the wallet is", async () => {
    const { alice, bob } = await withMoney(10n * FEE);
    const stop = new AbortController();
    const heard: string[] = [];
    const listening = (async () => {
      for await (const event of bob.events({ signal: stop.signal, intervalMs: 1, contacts: [publicAddress(ALICE)] })) {
        if (event.kind === "entry") heard.push(`${event.entry.kind} ${event.entry.net / FEE}`);
        if (event.kind === "failed") heard.push("failed");
        if (event.kind === "synced") heard.push(`synced ${event.blockCount}`);
      }
    })();
    await (await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE })).ended();
    await expect.poll(() => heard).toContain("received 5");
    await (await bob.pay({ to: publicAddress(ALICE), amount: 2n * FEE })).ended();
    await expect.poll(() => heard).toContain("sent -3");
    await expect.poll(() => heard.at(-1)).toBe(`synced ${network.height}`);
    stop.abort();
    await listening;
    expect(heard.filter((event) => event === "received 5")).toHaveLength(1);
    expect(heard.filter((event) => event.startsWith("synced"))).toEqual(
      [...new Set(heard)].filter((event) => event.startsWith("synced")),
    );
  });

  test("tell that a poll failed, and go on", async () => {
    const { bob } = await withMoney(10n * FEE);
    const poll = bob.poll.bind(bob);
    let fails = 1;
    bob.poll = async (signal) => {
      fails -= 1;
      if (fails === 0) throw new SdkError("connection-failed", "for a test");
      return poll(signal);
    };
    const stop = new AbortController();
    const kinds: string[] = [];
    for await (const { kind } of bob.events({ signal: stop.signal, intervalMs: 1 })) {
      kinds.push(kind);
      if (kinds.length === 2) stop.abort();
    }
    expect(kinds).toEqual(["failed", "synced"]);
  });
});

describe("a wallet that goes on from what it has saved", () => {
  test("finds out what became of a payment whose answer was lost with the phone: it was made", async () => {
    const { alice, bob } = await withMoney(10n * FEE);
    network.isForming = false;
    const { tx } = await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE });
    const saved = alice.save();
    network.isForming = true;
    await network.partsFor(ALICE).consensus.propose(tx); // It comes into a block after all.
    const again = walletOf(ALICE, saved);
    const [payment] = again.payments;
    expect(payment?.amount.value).toBe(5n * FEE);
    expect((await payment?.ended())?.kind).toBe("final");
    expect(again.payments).toEqual([]);
    await Promise.all([again.poll(), bob.poll()]);
    expect(again.balance()).toMatchObject({ value: 4n * FEE, pending: 0n });
    expect(bob.balance().value).toBe(5n * FEE);
  });

  test("proposes the very same again when nobody ever had it, and spends its outputs for nothing else meanwhile", async () => {
    const { alice, bob } = await withMoney(10n * FEE, 3n * FEE);
    network.beforeProposal = lost;
    const lostOne = await alice.pay({ to: BOBS_ADDRESS, amount: 8n * FEE });
    const saved = alice.save();
    const again = walletOf(ALICE, saved);
    const reserved = again.balance().pending;
    expect(reserved).toBeGreaterThanOrEqual(8n * FEE);
    expect(await rejection(again.pay({ to: BOBS_ADDRESS, amount: 8n * FEE }))).toBe("insufficient-funds");
    const [payment] = again.payments;
    expect(toHex(payment?.txHash ?? new Uint8Array())).toBe(toHex(lostOne.txHash));
    network.beforeProposal = () => undefined;
    expect((await payment?.ended())?.kind).toBe("final");
    expect((await lostOne.ended()).kind).toBe("final"); // The phone that was thought lost finds the same.
    await bob.poll();
    expect(bob.balance().value).toBe(8n * FEE);
  });

  test("keeps the decoys that it has drawn", async () => {
    const { alice } = await withMoney(10n * FEE);
    network.beforeProposal = () => {
      throw new SdkError("tx-refused", "for a test");
    };
    await (await alice.pay({ to: BOBS_ADDRESS, amount: 5n * FEE })).ended();
    network.beforeProposal = () => undefined;
    const again = walletOf(ALICE, alice.save());
    await (await again.pay({ to: BOBS_ADDRESS, amount: 5n * FEE })).ended();
    const [first, second] = network.outputRequests.slice(-2).map((indices) => new Set(indices));
    expect(second).toEqual(first);
  });

  test("begins anew with what is damaged, or another wallet's", async () => {
    const { alice, bob } = await withMoney(10n * FEE);
    const saved = alice.save();
    const code = (bytes: Uint8Array): unknown => {
      try {
        walletOf(ALICE, new Secret(bytes));
        return undefined;
      } catch (error) {
        return (error as SdkError).code;
      }
    };
    expect(code(saved.expose().slice(0, 100))).toBe("state-damaged");
    expect(code(bob.save().expose().slice())).toBe("state-damaged");
    expect(code(saved.expose().slice())).toBeUndefined();
  });
});

test("whatever is paid, lost on the way and polled, no money appears or vanishes but fees", async () => {
  const step = fc.record({
    kind: fc.constantFrom("pay", "pay", "poll", "lag", "restart"),
    amount: fc.bigInt({ min: 1n, max: 6n * FEE }),
    loses: fc.constantFrom("nothing", "answer", "proposal"),
  });
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 8 }), async (steps) => {
      network = new SmallNetwork();
      let { alice, bob } = await withMoney(7n * FEE, 5n * FEE, 9n * FEE);
      let fees = 0n;
      for (const { kind, amount, loses } of steps) {
        if (kind === "lag") network.fogLag = 1n;
        if (kind === "restart") alice = walletOf(ALICE);
        if (kind === "poll") await Promise.all([alice.poll(), bob.poll()]);
        if (kind !== "pay") continue;
        let once = true;
        const lose = (which: string) => (): void => {
          if (!once || loses !== which) return;
          once = false;
          lost();
        };
        network.beforeProposal = lose("proposal");
        network.afterProposal = lose("answer");
        try {
          const payment = await alice.pay({ to: BOBS_ADDRESS, amount });
          network.fogLag = 0n; // A Fog that stays behind would keep a payment open whose answer was lost.
          const end = await payment.ended();
          if (end.kind === "final") fees += payment.fee.value;
        } catch (error) {
          expect((error as SdkError).code).toBe("insufficient-funds");
        }
        network.fogLag = 0n;
      }
      network.fogLag = 0n;
      await Promise.all([alice.poll(), bob.poll()]);
      expect(alice.balance().value + bob.balance().value + fees).toBe(21n * FEE);
      for (const wallet of [alice, bob]) {
        expect(wallet.history().reduce((sum, { net }) => sum + net, 0n)).toBe(wallet.balance().value);
      }
    }),
    { numRuns: 6 },
  );
}, 60_000);

/** What an account reads in an output of its own. */
function memoFor(account: AccountKey, txOut: Parameters<typeof openTxOut>[0]) {
  const subaddresses = new SubaddressTable(viewAccountKey(account), [0n, 2n ** 64n - 2n]);
  const owned = openTxOut(txOut, { viewPrivateKey: account.viewPrivateKey, subaddresses });
  return owned === undefined ? [] : [decodeMemo(owned.memo)];
}

test("two wallets never propose the same transaction", async () => {
  const { alice } = await withMoney(10n * FEE, 10n * FEE);
  const other = walletOf(ALICE);
  await other.poll();
  network.isForming = false;
  const [first, second] = await Promise.all([
    alice.pay({ to: BOBS_ADDRESS, amount: FEE }),
    other.pay({ to: BOBS_ADDRESS, amount: FEE }),
  ]);
  expect(toHex(first.txHash)).not.toBe(toHex(second.txHash));
});
