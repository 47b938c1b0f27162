// Tests of making offers: whoever fills one, whole or in part, makes a transaction that nodes accept and that pays the
// maker what was asked for, and nobody can do otherwise.
import { type AccountKey, CHANGE_SUBADDRESS, publicAddress, subaddress, viewAccountKey } from "@fogbow/core-account";
import { type Amount, Secret, toHex, tokenValue } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import {
  type AttemptSeed,
  buildUnsignedOffer,
  buildUnsignedTx,
  decodeSignedContingentInput,
  decodeUnsignedOffer,
  encodeSignedContingentInput,
  encodeUnsignedOffer,
  type FilledOffer,
  fillOffer,
  type OfferPlan,
  openTxOut,
  type Payment,
  RecoverableHistoryMemoBuilder,
  type RingSigner,
  reservedAddresses,
  ringSigner,
  type SignedContingentInput,
  SubaddressTable,
  senderCredential,
  signBuiltOffer,
  signBuiltTx,
  type Tx,
  type TxInput,
  type TxOut,
  type TxPlan,
  type UnsignedOffer,
  validateSignedContingentInput,
  validateTransaction,
  verifySenderMemo,
  verifyTxSignature,
} from "../../src/index.ts";
import { amount, privateKey, zeros } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { expectCode } from "../typed-errors.ts";
import { CURRENT_BLOCK, makePayer, planOf, randomAccount } from "./payer.ts";

fc.configureGlobal({ seed: Number(process.env.FOGBOW_SEED ?? 3) });

const FEE = 400_000_000n;
const FUNDS = 600_000_000n;
const PRICE = 300n;

/** One ledger: the filler's token 0, the 1000 of token 1 that are offered, and as much again. */
const ledger = makePayer(4, [amount(FUNDS), amount(1_000n, 1n), amount(1_000n, 1n)]);
const [funds, offered, second] = ledger.inputs as [TxInput, TxInput, TxInput];
const filler = ledger.account;
/** The maker owns what is offered by its keys, and receives at addresses of its own. */
const maker = randomAccount(seeded(2001));
const friend = randomAccount(seeded(2002));
const validation = { ...ledger.validation, rootProofs: ledger.validation.rootProofs.slice(0, 22) };
const seed: AttemptSeed = { walletSecret: new Secret(seeded(51)(32)), attemptNonce: seeded(52)(16) };
const signer = ringSigner(ledger.account);

const pay = (account: AccountKey, value: bigint, token?: bigint): Payment => ({
  destination: { kind: "payment", recipient: publicAddress(account) },
  amount: amount(value, token),
});
const planOffer = (change: Partial<OfferPlan> = {}): OfferPlan => {
  const { own: _, ...plan } = planOf(ledger);
  return { ...plan, own: reservedAddresses(maker), input: offered, required: [pay(maker, PRICE)], ...change };
};
const partially = (minimum = 100n, change: Partial<OfferPlan> = {}): OfferPlan =>
  planOffer({ required: [], partialFill: { outputs: [pay(maker, PRICE)], minimum: tokenValue(minimum) }, ...change });
const build = (plan: OfferPlan): UnsignedOffer => buildUnsignedOffer(plan, seed).unsignedOffer;

/** Makes an offer, and takes it from its bytes as whoever fills it does. */
function offer(plan: OfferPlan): SignedContingentInput {
  const decoded = decodeSignedContingentInput(
    encodeSignedContingentInput(signBuiltOffer(build(plan), { seed, signer })),
  );
  expect(validateSignedContingentInput(decoded)).toBe("valid");
  return decoded;
}

/** Fresh proofs for the ring of an offer, found by the places that it names. */
function proofsFor(sci: SignedContingentInput, input = offered): TxInput["real"]["proof"][] {
  const members = [input.real, ...input.decoys];
  return sci.txOutGlobalIndices.map((index) => {
    const member = members.find(({ proof }) => proof.index === index);
    if (member === undefined) throw new Error("The ring is in the ledger.");
    return member.proof;
  });
}

function fill(offers: readonly FilledOffer[], change: Partial<TxPlan> = {}): Tx {
  const plan = planOf(ledger, { inputs: [funds], offers, ...change });
  return signBuiltTx(buildUnsignedTx(plan, ledger.seed).unsignedTx, { seed: ledger.seed, signer });
}

const filled = (sci: SignedContingentInput, taken?: bigint): FilledOffer =>
  fillOffer({ ...sci, proofs: proofsFor(sci), ...(taken !== undefined && { taken }) });

function expectAccepted(tx: Tx): void {
  expect(verifyTxSignature({ blockVersion: 4, tx })).toBe("valid");
  expect(validateTransaction(tx, validation)).toEqual({ code: "ok", detail: undefined });
}

/** What an account finds in a transaction, `value of token`. */
function received(account: AccountKey, tx: Tx): string[] {
  const subaddresses = new SubaddressTable(viewAccountKey(account), [0n, CHANGE_SUBADDRESS]);
  const reader = { viewPrivateKey: account.viewPrivateKey, subaddresses };
  const amounts = tx.prefix.outputs.flatMap((txOut): Amount[] => {
    const owned = openTxOut(txOut, reader);
    return owned ? [owned.amount] : [];
  });
  return amounts.map(({ value, tokenId }) => `${value} of ${tokenId}`).sort();
}

test("what is offered whole is filled whole, and every token comes out even", () => {
  const sci = offer(planOffer());
  expect(sci.txIn.proofs).toEqual([]);
  expect(sci.txIn.inputRules).toMatchObject({ maxTombstoneBlock: 0n, partialFillOutputs: [], minPartialFillValue: 0n });
  const tx = fill([filled(sci)]);
  expectAccepted(tx);
  expect(received(maker, tx)).toEqual(["300 of 0"]);
  expect(received(filler, tx)).toEqual(["1000 of 1", `${FUNDS - FEE - PRICE} of 0`]);
});

test("what is not offered of an input returns to the maker, whole or in part", () => {
  const whole = fill([filled(offer(planOffer({ offered: tokenValue(600n) })))]);
  expectAccepted(whole);
  expect(received(maker, whole)).toEqual(["300 of 0", "400 of 1"]);
  const part = fill([filled(offer(partially(100n, { offered: tokenValue(600n) })), 150n)]);
  expectAccepted(part);
  expect(received(maker, part)).toEqual(["400 of 1", "450 of 1", "75 of 0"]);
  expect(received(filler, part)).toEqual(["150 of 1", `${FUNDS - FEE - 75n} of 0`]);
});

test("any part can be taken, the maker gets the same fraction of each price, rounded up, and the rest back", () => {
  const prices = { outputs: [pay(maker, PRICE), pay(friend, 7n)], minimum: tokenValue(3n) };
  const sci = offer(partially(0n, { required: [pay(friend, 11n)], partialFill: prices }));
  fc.assert(
    fc.property(fc.bigInt({ min: 3n, max: 1_000n }), (taken) => {
      const tx = fill([filled(sci, taken)]);
      expectAccepted(tx);
      const [most, least] = [(PRICE * taken + 999n) / 1_000n, (7n * taken + 999n) / 1_000n];
      expect(received(maker, tx)).toEqual([`${1_000n - taken} of 1`, `${most} of 0`].sort());
      expect(received(friend, tx)).toEqual(["11 of 0", `${least} of 0`].sort());
      expect(received(filler, tx)).toEqual([`${taken} of 1`, `${FUNDS - FEE - 11n - most - least} of 0`].sort());
    }),
    { numRuns: 3, examples: [[3n], [1_000n]] },
  );
});

test("two offers are filled at once", () => {
  const [first, other] = [offer(planOffer()), offer(partially(1n, { input: second }))];
  const tx = fill([filled(first), fillOffer({ ...other, proofs: proofsFor(other, second), taken: 10n })]);
  const rootProofs = [...validation.rootProofs, ...validation.rootProofs.slice(0, 11)];
  expect(validateTransaction(tx, { ...validation, rootProofs })).toEqual({ code: "ok", detail: undefined });
  expect(received(maker, tx)).toEqual(["3 of 0", "300 of 0", "990 of 1"]);
});

test("an offer is taken back by spending its input, which has the same key image", () => {
  const sci = offer(planOffer());
  const plan = planOf(ledger, { inputs: [funds, offered], own: reservedAddresses(maker) });
  const tx = signBuiltTx(buildUnsignedTx(plan, seed).unsignedTx, { seed, signer });
  expectAccepted(tx);
  const images = tx.signature.ringSignatures.map(({ keyImage }) => toHex(keyImage));
  expect(images).toContain(toHex(sci.mlsag.keyImage));
  const swap = fill([filled(sci)]).signature.ringSignatures.map(({ keyImage }) => toHex(keyImage));
  expect(swap.filter((image) => images.includes(image))).toHaveLength(2); // The filler spent the same as well.
});

test("a view-only machine builds what another one signs", () => {
  const unsigned = build(planOffer({ own: reservedAddresses(viewAccountKey(maker)) }));
  const carried = decodeUnsignedOffer(encodeUnsignedOffer(unsigned));
  expectCode(() => signBuiltOffer(carried, { seed, signer: ringSigner() }), "no-path-to-spend-key");
  const offline = { walletSecret: new Secret(seeded(61)(32)), attemptNonce: seeded(62)(16) };
  const sci = signBuiltOffer(carried, { seed: offline, signer });
  expectAccepted(fill([filled(sci)]));
});

test("memos name the maker to those who are paid, and no fee, as the maker pays none", () => {
  const memoBuilder = (): RecoverableHistoryMemoBuilder =>
    new RecoverableHistoryMemoBuilder({ credential: senderCredential(maker) });
  const [made] = buildUnsignedOffer(planOffer({ required: [pay(friend, PRICE)], memoBuilder }), seed).outputs;
  const subaddresses = new SubaddressTable(viewAccountKey(friend), [0n]);
  const opened = openTxOut(made?.txOut as TxOut, { viewPrivateKey: friend.viewPrivateKey, subaddresses });
  const check = {
    payload: opened?.memo as Uint8Array,
    sender: publicAddress(maker),
    subaddressViewPrivateKey: subaddress(friend, 0n).viewPrivateKey,
    txOutPublicKey: made?.txOut.publicKey as TxOut["publicKey"],
  };
  expect(verifySenderMemo(check)).toBe(true);
  const fees: Amount[] = [];
  const spying = () => Object.assign(memoBuilder(), { setFee: (fee: Amount) => fees.push(fee) });
  build(planOffer({ memoBuilder: spying }));
  expect(fees).toEqual([amount(0n), amount(0n)]);
});

describe("the time of an offer", () => {
  const fogUser = randomAccount(seeded(1003), "fog://fog.example.com");
  const ingressKey = (expiry: bigint) => () => ({
    publicKey: privateKey("02".repeat(32)).publicKey(),
    pubkeyExpiry: CURRENT_BLOCK + expiry,
  });
  const until = (tombstone?: bigint): OfferPlan["lifetime"] => ({
    currentBlock: CURRENT_BLOCK,
    ...(tombstone !== undefined && { tombstoneBlock: CURRENT_BLOCK + tombstone }),
  });
  const max = (plan: OfferPlan): bigint | undefined => build(plan).txIn.inputRules?.maxTombstoneBlock;

  test("ends with the block of the plan or with a Fog key, whichever is earlier", () => {
    expect(max(planOffer({ lifetime: until(5n) }))).toBe(CURRENT_BLOCK + 5n);
    const fog = (expiry: bigint, tombstone?: bigint): OfferPlan =>
      planOffer({ required: [pay(fogUser, 5n)], ingressKey: ingressKey(expiry), lifetime: until(tombstone) });
    expect(max(fog(7n))).toBe(CURRENT_BLOCK + 7n);
    expect(max(fog(7n, 6n))).toBe(CURRENT_BLOCK + 6n);
    expect(max(fog(7n, 8n))).toBe(CURRENT_BLOCK + 7n);
    expectCode(() => build(fog(0n)), "tombstone-block-exceeded");
    expectCode(() => build(planOffer({ lifetime: until(0n) })), "tombstone-block-exceeded");
    expectCode(() => build({ ...fog(7n), ingressKey: () => undefined }), "missing-ingress-key");
  });

  test("bounds the transaction that fills it", () => {
    const tx = fill([filled(offer(planOffer({ lifetime: until(5n) })))]);
    expectAccepted(tx);
    expect(tx.prefix.tombstoneBlock).toBe(CURRENT_BLOCK + 5n);
  });
});

describe("a plan that makes no offer is refused, by name", () => {
  const refuse = (plan: OfferPlan, code: string): void => expectCode(() => build(plan), code);

  test("before block version 3", () => refuse(planOffer({ blockVersion: 2 }), "signed-input-rules-not-allowed"));

  test("more than there is, nothing, or less than the least", () => {
    refuse(planOffer({ offered: tokenValue(1_001n) }), "insufficient-funds");
    refuse(partially(1n, { offered: tokenValue(0n) }), "zero-partial-fill-change");
    refuse(partially(1_001n), "min-partial-fill-value-exceeds-partial-change");
    const free = { outputs: [pay(maker, 0n)], minimum: tokenValue(1n) };
    refuse(planOffer({ partialFill: free }), "zero-partial-fill-output");
  });

  test("more outputs than a transaction has", () => {
    const many = (n: number): Payment[] => Array.from({ length: n }, () => pay(maker, 1n));
    refuse(planOffer({ required: many(17) }), "too-many-outputs");
    refuse(partially(1n, { required: many(15) }), "too-many-outputs");
    expect(() => build(planOffer({ required: many(16) }))).not.toThrow();
  });

  test("rings of another size, or with a member twice", () => {
    const [first, ...rest] = offered.decoys;
    refuse(planOffer({ input: { ...offered, decoys: rest } }), "insufficient-ring-size");
    refuse(planOffer({ input: { ...offered, decoys: [...offered.decoys, funds.real] } }), "excessive-ring-size");
    refuse(planOffer({ input: { ...offered, decoys: [...rest, offered.real] } }), "duplicate-ring-elements");
    expect(first).toBeDefined();
  });
});

describe("an offer that was changed before it was signed is not signed", () => {
  const unsigned = build(planOffer());
  const refuse = (change: Partial<UnsignedOffer>): void =>
    expectCode(() => signBuiltOffer({ ...unsigned, ...change }, { seed, signer }), "invalid-offer");

  test("in its ring, rules, amounts or places", () => {
    refuse({ txIn: { ...unsigned.txIn, ring: [...unsigned.txIn.ring].reverse() } });
    refuse({ txIn: { ...unsigned.txIn, inputRules: undefined } });
    refuse({ requiredOutputAmounts: [] });
    refuse({ requiredOutputAmounts: unsigned.requiredOutputAmounts.map((each) => ({ ...each, ...amount(1n) })) });
    refuse({ txOutGlobalIndices: [] });
    refuse({ blockVersion: 2 });
  });

  test("in what it spends", () => {
    const ring = { ...unsigned.ring, amount: { ...unsigned.ring.amount, ...amount(1_001n, 1n) } };
    const sign = (): unknown => signBuiltOffer({ ...unsigned, ring }, { seed, signer });
    expect(sign).toThrow(expect.objectContaining({ code: "value-not-conserved" }));
  });

  test("nor one whose ring is signed", () => {
    const { mlsag, pseudoOutputAmount } = offer(planOffer());
    const ring = { kind: "presigned", mlsag, pseudoOutput: pseudoOutputAmount } as const;
    const bytes = encodeUnsignedOffer({ ...unsigned, ring: ring as never }); // Not what the type promises.
    expectCode(() => decodeUnsignedOffer(bytes), "presigned-ring-mismatch");
  });
});

describe("filling an offer otherwise than it allows is refused before it is signed, as a node would", () => {
  const refuse = (offers: readonly FilledOffer[], code: string, change: Partial<TxPlan> = {}): void =>
    expectCode(() => fill(offers, change), code);
  const swap = filled(
    offer(planOffer({ lifetime: { currentBlock: CURRENT_BLOCK, tombstoneBlock: CURRENT_BLOCK + 5n } })),
  );
  const part = filled(offer(partially()), 500n);
  const cheaper = filled(offer(partially()), 400n);

  test("later", () => refuse([{ ...swap, tombstoneBlockMax: undefined }], "input-rule-max-tombstone-block-exceeded"));

  test("without paying", () => refuse([{ ...swap, outputs: [] }], "input-rule-missing-required-output"));

  test("with a smaller part of the price than is taken, or without returning the rest", () => {
    const [returned, price] = part.outputs as [(typeof part.outputs)[0], (typeof part.outputs)[0]];
    const [more, less] = cheaper.outputs as [(typeof part.outputs)[0], (typeof part.outputs)[0]];
    refuse([{ ...part, outputs: [price] }], "input-rule-partial-fill");
    refuse([{ ...part, outputs: [returned] }], "input-rule-partial-fill");
    refuse([{ ...part, outputs: [returned, less] }], "input-rule-partial-fill");
    expect(() => fill([{ ...part, outputs: [more, price] }])).not.toThrow();
  });

  test("out of the maker's range", () => {
    const sci = offer(partially());
    expectCode(() => filled(sci, 99n), "fill-out-of-range");
    expectCode(() => filled(sci, 1_001n), "fill-out-of-range");
    expectCode(() => filled(offer(planOffer()), 1n), "fill-out-of-range");
  });

  test("and so is an offer that no transaction could fill", () => {
    const { input } = swap;
    const withRing = (ring: readonly TxOut[]): FilledOffer[] => [{ ...swap, input: { ...input, ring } }];
    refuse(withRing([]), "insufficient-ring-size");
    refuse(withRing(input.ring.slice(1)), "insufficient-ring-size");
    refuse(withRing([...input.ring, funds.real.txOut]), "excessive-ring-size");
    refuse(withRing([...input.ring.slice(1), input.ring[10] as TxOut]), "duplicate-ring-elements");
    refuse(withRing([...input.ring].reverse()), "unsorted-ring-elements");
    const [price] = swap.outputs as [(typeof swap.outputs)[0]];
    const twice = { ...price, txOut: { ...price.txOut, targetKey: funds.real.txOut.targetKey } };
    refuse([{ ...swap, outputs: [price, twice] }], "duplicate-output-public-key");
    const bare = { ...price, txOut: { ...price.txOut, encryptedMemo: undefined } };
    refuse([{ ...swap, outputs: [bare] }], "missing-memo");
  });

  test("and so are proofs of another time than those of the other rings", () => {
    const [first, ...rest] = swap.input.proofs as [TxInput["real"]["proof"], ...TxInput["real"]["proof"][]];
    const proofs = [{ ...first, highestIndex: first.highestIndex - 1n }, ...rest];
    refuse([{ ...swap, input: { ...swap.input, proofs } }], "unequal-highest-indexes");
  });
});

describe("the randomness of an offer", () => {
  const fogUser = publicAddress(randomAccount(seeded(1003), "fog://fog.example.com"));
  const ingressKey = { publicKey: privateKey("02".repeat(32)).publicKey(), pubkeyExpiry: CURRENT_BLOCK + 500n };
  const prices = [
    pay(maker, PRICE),
    { destination: { kind: "payment", recipient: fogUser }, amount: amount(9n) },
  ] as const;
  const full = (change: Partial<OfferPlan> = {}): OfferPlan =>
    planOffer({
      offered: tokenValue(900n),
      required: [pay(friend, 5n)],
      partialFill: { outputs: prices, minimum: tokenValue(7n) },
      ingressKey: () => ingressKey,
      ...change,
    });
  const history = (paymentRequestId: bigint) => () =>
    new RecoverableHistoryMemoBuilder({
      credential: { addressHash: zeros(16), spendPrivateKey: privateKey("03".repeat(32)) },
      paymentRequestId,
    });
  const other = ledger.others[0] as TxInput["real"];
  const decoy = offered.decoys[0] as TxInput["real"];
  const altered = { ...decoy.txOut, targetKey: other.txOut.targetKey };
  const moved = { ...offered.real, proof: { ...offered.real.proof, index: 99n } };
  const lifetime = { currentBlock: CURRENT_BLOCK, tombstoneBlock: CURRENT_BLOCK + 7n };
  const partialFill = { outputs: prices, minimum: tokenValue(7n) };

  /** One field each. */
  const CHANGES: Readonly<Record<string, Partial<OfferPlan>>> = {
    "the block version": { blockVersion: 3 },
    "what is offered": { offered: tokenValue(899n) },
    "a required amount": { required: [pay(friend, 6n)] },
    "a required output's recipient": { required: [pay(maker, 5n)] },
    "its kind": {
      required: [{ destination: { kind: "gift-code", own: reservedAddresses(friend) }, amount: amount(5n) }],
    },
    "one required output less": { required: [] },
    "a price": { partialFill: { ...partialFill, outputs: [pay(maker, 301n), prices[1]] } },
    "one price less": { partialFill: { ...partialFill, outputs: prices.slice(1) } },
    "the order of prices": { partialFill: { ...partialFill, outputs: [...prices].reverse() } },
    "what of it is required": {
      required: [pay(friend, 5n), prices[0]],
      partialFill: { ...partialFill, outputs: [prices[1]] },
    },
    "the least part": { partialFill: { ...partialFill, minimum: tokenValue(8n) } },
    "where change goes": { own: reservedAddresses(randomAccount(seeded(8))) },
    "the tombstone block": { lifetime },
    "a decoy": { input: { ...offered, decoys: [other, ...offered.decoys.slice(1)] } },
    "what a decoy is": { input: { ...offered, decoys: [{ ...decoy, txOut: altered }, ...offered.decoys.slice(1)] } },
    "where the ring is": { input: { ...offered, real: moved } },
    "which input": { input: second },
    "an ingress key": { ingressKey: () => ({ ...ingressKey, publicKey: privateKey("04".repeat(32)).publicKey() }) },
    "an ingress key's expiry": { ingressKey: () => ({ ...ingressKey, pubkeyExpiry: CURRENT_BLOCK + 600n }) },
    "the kind of memos": { memoBuilder: history(1n) },
    "what a memo says": { memoBuilder: history(2n) },
  };

  /** Everything random in an offer that must never serve another one, in hexadecimal. */
  function randomnessOf(plan: OfferPlan, from: AttemptSeed): string[] {
    const found: Uint8Array[] = [];
    const draw = PrivateKey.random;
    const keys = vi.spyOn(PrivateKey, "random").mockImplementation((random) => {
      const key = draw.call(PrivateKey, random);
      found.push(key.expose().slice());
      return key;
    });
    try {
      const { unsignedOffer, outputs } = buildUnsignedOffer(plan, from);
      found.push(...outputs.map(({ txOut }) => txOut.encryptedFogHint.slice(34, 66))); // The hint's ephemeral key.
      const spy: RingSigner = (request) => {
        found.push(request.pseudoOutputBlinding.slice());
        const random = (length: number): Uint8Array => {
          const drawn = request.random(length);
          found.push(drawn.slice());
          return drawn;
        };
        return signer({ ...request, random });
      };
      signBuiltOffer(unsignedOffer, { seed: from, signer: spy });
    } finally {
      keys.mockRestore();
    }
    return found.map(toHex);
  }

  test("is the same for the same plan and seed, whatever the time of the proofs", () => {
    const bytes = (plan: OfferPlan): Uint8Array =>
      encodeSignedContingentInput(signBuiltOffer(build(plan), { seed, signer }));
    const later = { ...offered.real, proof: { ...offered.real.proof, highestIndex: 10_000n, elements: [] } };
    expect(bytes(full({ input: { ...offered, real: later } }))).toEqual(bytes(full()));
  });

  test("repeats no private key, ephemeral key, blinding or nonce when any one field changes", () => {
    const seeds: readonly AttemptSeed[] = [
      { ...seed, attemptNonce: new Uint8Array(16) },
      { ...seed, walletSecret: new Secret(new Uint8Array(32).fill(1)) },
    ];
    const attempts = [
      ["nothing", full(), seed] as const,
      ...Object.entries(CHANGES).map(([name, change]) => [name, full(change), seed] as const),
      ...seeds.map((from, i) => [`the seed ${i}`, full(), from] as const),
    ];
    const owner = new Map<string, string>();
    for (const [name, plan, from] of attempts) {
      for (const value of randomnessOf(plan, from)) {
        expect([name, owner.get(value)]).toEqual([name, undefined]);
        owner.set(value, name);
      }
    }
    expect(owner.size).toBeGreaterThan(attempts.length * 25);
  });

  test("is not that of a transaction", () => {
    const tx = buildUnsignedTx(planOf(ledger, { inputs: [offered, funds] }), seed).unsignedTx;
    const made = randomnessOf(full(), seed);
    expect(tx.outputs.map(({ txPrivateKey }) => toHex(txPrivateKey?.expose() as Uint8Array))).not.toEqual(
      expect.arrayContaining(made.slice(0, 1)),
    );
  });
});
