// Mallory writes to the recovery database: rows of the right lengths that lie. Real wallets on the real enclaves never have more than
// they were paid, are told of what does not open, and find all the rest.
import { MOB } from "@fogbow/core-bytes";
import type { ETxOutRecord } from "@fogbow/core-transaction";
import { FogAccount, SdkError } from "@fogbow/sdk";
import { expect, test } from "vitest";
import { LocalFog } from "./fog/local-fog.ts";
import { Person } from "./fog/person.ts";
import { randomFrom } from "./fog/random.ts";

const alice = new Person("Alice, whose rows are forged");
const bob = new Person("Bob, whose rows are forged");
const stranger = new Person("a stranger to forged rows");
const random = randomFrom("forged rows");

/** Two blocks: 1 and 20 to Alice, 300 to Bob; then 4 000 to Alice, 50 000 to Bob. */
const BLOCKS = [
  [
    [alice, 1n],
    [alice, 20n],
    [bob, 300n],
  ],
  [
    [alice, 4_000n],
    [bob, 50_000n],
  ],
] as const;
const TRUE = { alice: 4_021n, bob: 50_300n };

type Forge = (rows: readonly ETxOutRecord[], block: bigint) => readonly ETxOutRecord[];

/** What each wallet has, and what it was told, when rows are forged so. */
async function found(forge: Forge) {
  const coin = stranger.pay(1n, undefined);
  const fog = await LocalFog.start({ capacity: 256, origin: [coin.txOut] }, { forge });
  try {
    for (const payments of BLOCKS) {
      const outputs = payments.map(([person, value]) => person.pay(value, fog.ingressKey).txOut);
      await fog.add(outputs, [stranger.pay(1n, undefined).keyImage]);
    }
    const polled = async ({ account }: Person, name: string) => {
      const wallet = new FogAccount({ account }, { ...fog.clients(name), random: randomFrom(`wallet ${name}`) });
      const { balance, errors } = await wallet.poll();
      const codes = errors.map((error) => (error instanceof SdkError ? error.code : String(error)));
      const again = await wallet.poll(); // What was told once is not made up for by asking again.
      expect(again.balance.sums.get(MOB) ?? 0n).toBe(balance.sums.get(MOB) ?? 0n);
      return { sum: balance.sums.get(MOB) ?? 0n, codes: [...new Set(codes)], blockCount: balance.blockCount };
    };
    return { alice: await polled(alice, "alice"), bob: await polled(bob, "bob") };
  } finally {
    await fog.close();
  }
}

/** Forges the rows of the last block, of Alice and of Bob. */
const inLast =
  (change: (ofAlice: ETxOutRecord, ofBob: ETxOutRecord) => readonly ETxOutRecord[]): Forge =>
  (rows, block) => {
    const [ofAlice, ofBob] = rows;
    return block === 2n && ofAlice !== undefined && ofBob !== undefined ? change(ofAlice, ofBob) : rows;
  };
const flipped = (bytes: Uint8Array, at: number): Uint8Array => bytes.map((byte, i) => (i === at ? byte ^ 1 : byte));

test("rows as they are give everybody what they were paid", async () => {
  const { alice: hers, bob: his } = await found((rows) => rows);
  expect(hers).toEqual({ sum: TRUE.alice, codes: [], blockCount: 3n });
  expect(his).toEqual({ sum: TRUE.bob, codes: [], blockCount: 3n });
});

test("a record under another person's search key opens for nobody, and is told to both", async () => {
  const { alice: hers, bob: his } = await found(
    inLast((ofAlice, ofBob) => [
      { ...ofAlice, payload: ofBob.payload },
      { ...ofBob, payload: ofAlice.payload },
    ]),
  );
  expect(hers).toMatchObject({ sum: 21n, codes: ["record-damaged"] });
  expect(his).toMatchObject({ sum: 300n, codes: ["record-damaged"] });
});

test("a record of an earlier block, sealed for the same person, counts once", async () => {
  let earlier: ETxOutRecord | undefined;
  const { alice: hers, bob: his } = await found((rows, block) => {
    const [first, second] = rows;
    if (block === 1n) earlier = first;
    if (block !== 2n || earlier === undefined || first === undefined || second === undefined) return rows;
    return [{ ...first, payload: earlier.payload }, second];
  });
  expect(hers.sum).toBe(21n);
  expect(his).toMatchObject({ sum: TRUE.bob, codes: [] });
});

test.each([0, 33, 200])("a record with byte %i changed is told, and all others are found", async (at) => {
  const { alice: hers, bob: his } = await found(
    inLast((ofAlice, ofBob) => [{ ...ofAlice, payload: flipped(ofAlice.payload, at) }, ofBob]),
  );
  expect(hers).toMatchObject({ sum: 21n, codes: ["record-damaged"] });
  expect(his).toMatchObject({ sum: TRUE.bob, codes: [] });
});

test("a record of a version that does not exist is told as one of a later version, and counts nothing", async () => {
  const { alice: hers, bob: his } = await found(
    inLast((ofAlice, ofBob) => [{ ...ofAlice, payload: flipped(ofAlice.payload, 236) }, ofBob]),
  );
  expect(hers).toMatchObject({ sum: 21n, codes: ["client-outdated"] });
  expect(his).toMatchObject({ sum: TRUE.bob, codes: [] });
});

test("records in another order, and some for nobody, change nothing", async () => {
  const nobody = (length: number): ETxOutRecord => ({ searchKey: random(16) as never, payload: random(length) });
  const { alice: hers, bob: his } = await found((rows) => [nobody(237), ...[...rows].reverse(), nobody(237)]);
  expect(hers).toEqual({ sum: TRUE.alice, codes: [], blockCount: 3n });
  expect(his).toEqual({ sum: TRUE.bob, codes: [], blockCount: 3n });
});

test("two records that change places within one person's sequence are both found", async () => {
  const { alice: hers } = await found((rows, block) => {
    const [first, second, third] = rows;
    if (block !== 1n || first === undefined || second === undefined || third === undefined) return rows;
    return [{ ...first, payload: second.payload }, { ...second, payload: first.payload }, third];
  });
  expect(hers).toMatchObject({ sum: TRUE.alice, codes: [] });
});

test("records that are withheld leave a wallet with what it was paid before", async () => {
  const { alice: hers, bob: his } = await found(inLast((_, ofBob) => [ofBob]));
  expect(hers).toMatchObject({ sum: 21n, codes: [] }); // Whoever deletes rows can hide money, and never make any.
  expect(his).toMatchObject({ sum: TRUE.bob, codes: [] });
});
