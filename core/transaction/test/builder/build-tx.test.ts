// Tests of building transactions: what is built is valid, pays whom it should, and conserves every token.
import {
  burnAddress,
  CHANGE_SUBADDRESS,
  GIFT_CODE_SUBADDRESS,
  publicAddress,
  subaddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { type Amount, type TokenId, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  type BlockVersion,
  BurnRedemptionMemoBuilder,
  buildUnsignedTx,
  DefragmentationMemoBuilder,
  decodeMemo,
  decodeUnsignedTx,
  encodeUnsignedTx,
  GiftCodeFundingMemoBuilder,
  GiftCodeSenderMemoBuilder,
  giftShortHash,
  type OwnedTxOut,
  onetimePrivateKey,
  openFogHint,
  openTxOut,
  type Payment,
  RecoverableHistoryMemoBuilder,
  reservedAddresses,
  ringSigner,
  SubaddressTable,
  senderCredential,
  signBuiltTx,
  type Tx,
  type TxInput,
  type TxOut,
  type TxPlan,
  validateTransaction,
  verifySenderMemo,
  verifyTxSignature,
} from "../../src/index.ts";
import { amount, privateKey } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { expectCode } from "../typed-errors.ts";
import { CURRENT_BLOCK, makePayer, type Payer, planOf, randomAccount } from "./payer.ts";

const seed = Number(process.env.FOGBOW_SEED ?? 3);
fc.configureGlobal({ seed });

const FEE = 400_000_000n;
const VERSIONS: readonly BlockVersion[] = [0, 1, 2, 3, 4];
const bob = randomAccount(seeded(1001));
const carol = randomAccount(seeded(1002));
const pay = (account: typeof bob, value: bigint, token?: bigint): Payment => ({
  destination: { kind: "payment", recipient: publicAddress(account) },
  amount: amount(value, token),
});

/** Builds and signs. */
const build = (payer: Payer, change: Partial<TxPlan> = {}): Tx =>
  signBuiltTx(buildUnsignedTx(planOf(payer, change), payer.seed).unsignedTx, {
    seed: payer.seed,
    signer: ringSigner(payer.account),
  });

/** Expects a node to accept the transaction. */
function expectAccepted(tx: Tx, { version, validation }: Payer): void {
  expect(verifyTxSignature({ blockVersion: version, tx })).toBe("valid");
  expect(validateTransaction(tx, validation)).toEqual({ code: "ok", detail: undefined });
}

interface Opened extends OwnedTxOut {
  readonly txOut: TxOut;
}

/** The outputs that an account finds, on the reserved subaddresses. */
function openedBy(account: typeof bob, txOuts: readonly TxOut[]): Opened[] {
  const subaddresses = new SubaddressTable(viewAccountKey(account), [0n, CHANGE_SUBADDRESS, GIFT_CODE_SUBADDRESS]);
  return txOuts.flatMap((txOut) => {
    const owned = openTxOut(txOut, { viewPrivateKey: account.viewPrivateKey, subaddresses });
    return owned ? [{ ...owned, txOut }] : [];
  });
}

const received = (account: typeof bob, tx: Tx): unknown[] =>
  openedBy(account, tx.prefix.outputs).map(({ amount: { value, tokenId: token }, subaddressIndex }) => [
    value,
    token,
    subaddressIndex,
  ]);

/** An input that is sure to be there. */
const input = (payer: Payer, i: number): TxInput => payer.inputs[i] as TxInput;

describe.each(VERSIONS)("block version %i", (version) => {
  const payer = makePayer(version, [amount(600_000_000n), amount(500_000_000n)]);
  const memoBuilder = (): RecoverableHistoryMemoBuilder =>
    new RecoverableHistoryMemoBuilder({ credential: senderCredential(payer.account), destinationMemo: true });
  const tx = build(payer, { payments: [pay(bob, 100n), pay(carol, 20n)], memoBuilder });

  test("a node accepts what was built", () => expectAccepted(tx, payer));

  test("outputs are in the order of their keys, so that the change cannot be told by its place", () => {
    const keys = tx.prefix.outputs.map(({ publicKey }) => toHex(publicKey));
    expect(keys).toEqual([...keys].sort());
  });

  test("everyone finds what they were paid, and the payer the change", () => {
    expect(received(bob, tx)).toEqual([[100n, 0n, 0n]]);
    expect(received(carol, tx)).toEqual([[20n, 0n, 0n]]);
    expect(received(payer.account, tx)).toEqual([[1_100_000_000n - FEE - 120n, 0n, CHANGE_SUBADDRESS]]);
  });

  test("recipients learn from memos who paid them, and the payer whom, where there are memos", () => {
    const [paid] = openedBy(bob, tx.prefix.outputs);
    const check = {
      payload: paid?.memo as Uint8Array,
      sender: publicAddress(payer.account),
      subaddressViewPrivateKey: subaddress(bob, 0n).viewPrivateKey,
      txOutPublicKey: (paid as Opened).txOut.publicKey,
    };
    expect(verifySenderMemo(check)).toBe(version > 0);
    const [change] = openedBy(payer.account, tx.prefix.outputs);
    const destination = { kind: "destination", recipientCount: 2, fee: FEE, totalOutlay: FEE + 120n };
    expect(decodeMemo((change as Opened).memo)).toMatchObject(version > 0 ? destination : { kind: "unused" });
  });

  test("another token than the fee's needs block version 3", () => {
    const change = { payments: [pay(bob, 1n, 1n)] };
    const inputs = [
      input(payer, 0),
      { ...input(payer, 1), amount: { ...input(payer, 1).amount, tokenId: tokenId(1n) } },
    ];
    const refuse = (): unknown => buildUnsignedTx(planOf(payer, { ...change, inputs }), payer.seed);
    if (version < 3) expectCode(refuse, "mixed-transactions-not-allowed");
    else expect(refuse).not.toThrow();
  });
});

test("a transaction pays several recipients in several tokens, and each token's change returns", () => {
  const payer = makePayer(4, [amount(900_000_000n), amount(50n, 7n), amount(40n, 1n), amount(2n, 7n)]);
  const payments = [pay(bob, 51n, 7n), pay(carol, 40n, 1n), pay(bob, 3n)];
  const tx = build(payer, { payments });
  expectAccepted(tx, payer);
  const sorted = (list: unknown[]): unknown[] => list.map(String).sort();
  expect(sorted(received(bob, tx))).toEqual(["3,0,0", "51,7,0"]);
  expect(received(carol, tx)).toEqual([[40n, 1n, 0n]]);
  const change = CHANGE_SUBADDRESS;
  expect(sorted(received(payer.account, tx))).toEqual([`1,7,${change}`, `${900_000_000n - FEE - 3n},0,${change}`]);
});

test("the fee may be paid in another token than MOB, and is its minimum unless more is offered", () => {
  const payer = makePayer(3, [amount(5_000n, 1n)]);
  const cheap = build(payer);
  expect([cheap.prefix.fee, cheap.prefix.feeTokenId]).toEqual([1_024n, 1n]);
  expectAccepted(cheap, payer);
  const fee = { ...planOf(payer).fee, value: tokenValue(2_000n) };
  const dear = build(payer, { fee });
  expect(dear.prefix.fee).toBe(2_000n);
  expectAccepted(dear, payer);
});

test("whatever is built, a node accepts, and every token comes out even", () => {
  const values = fc.bigInt({ min: 0n, max: 1n << 62n });
  const others = fc.uniqueArray(fc.constantFrom(1n, 7n), { maxLength: 2 });
  const plans = fc.record({
    version: fc.constantFrom<BlockVersion>(0, 1, 2, 3, 4),
    spent: fc.array(values, { minLength: 1, maxLength: 3 }),
    others,
    parts: fc.array(fc.nat(1000), { maxLength: 3 }),
    number: fc.nat(),
  });
  fc.assert(
    fc.property(plans, ({ version, spent, others: tokens, parts, number }) => {
      const foreign = version < 3 ? [] : tokens.map((token) => amount(BigInt(number) + 5n, token));
      const payer = makePayer(
        version,
        [amount((spent[0] as bigint) + FEE + 3n), ...spent.slice(1).map((v) => amount(v)), ...foreign],
        number,
      );
      const have = (spent[0] as bigint) + 3n;
      const payments = [
        ...parts.map((part) => pay(bob, (have * BigInt(part)) / 3000n)),
        ...foreign.map((each) => pay(carol, each.value - 4n, each.tokenId)),
      ];
      const tx = build(payer, { payments });
      expectAccepted(tx, payer);
      const made = [bob, carol, payer.account].flatMap((account) => openedBy(account, tx.prefix.outputs));
      expect(made.length).toBe(tx.prefix.outputs.length);
      const fee = { value: tx.prefix.fee, tokenId: tx.prefix.feeTokenId };
      expect(totals([...made.map((each) => each.amount), fee])).toEqual(
        totals(payer.inputs.map((each) => each.amount)),
      );
    }),
    { numRuns: 8 },
  );
});

/** What amounts come to in each token; tokens of which there is nothing are left out. */
function totals(amounts: readonly Amount[]): ReadonlyMap<TokenId, bigint> {
  const sums = new Map<TokenId, bigint>();
  for (const { value, tokenId: token } of amounts) sums.set(token, (sums.get(token) ?? 0n) + value);
  return new Map([...sums].filter(([, sum]) => sum !== 0n));
}

test("a view-only machine builds what another one signs, and neither needs the other's secrets", () => {
  const payer = makePayer(4, [amount(600_000_000n), amount(500_000_000n)]);
  const own = reservedAddresses(viewAccountKey(payer.account));
  const { unsignedTx } = buildUnsignedTx(planOf(payer, { own, payments: [pay(bob, 5n)] }), payer.seed);
  const carried = decodeUnsignedTx(encodeUnsignedTx(unsignedTx));
  expectCode(() => signBuiltTx(carried, { seed: payer.seed, signer: ringSigner() }), "no-path-to-spend-key");
  const offline = makePayer(4, [amount(1n)], 77).seed;
  const tx = signBuiltTx(carried, {
    seed: offline,
    signer: ringSigner(payer.account),
    feeMapDigest: payer.validation.minimumFees.digest,
  });
  expectAccepted(tx, payer);
  expect(received(bob, tx)).toEqual([[5n, 0n, 0n]]);
});

test("what is burned goes to the burn address with its redemption data", () => {
  const payer = makePayer(3, [amount(600_000_000n)]);
  const data = new Uint8Array(64).fill(9);
  const payments: Payment[] = [{ destination: { kind: "payment", recipient: burnAddress() }, amount: amount(77n) }];
  const memoBuilder = (): BurnRedemptionMemoBuilder => new BurnRedemptionMemoBuilder({ data });
  const built = buildUnsignedTx(planOf(payer, { payments, memoBuilder }), payer.seed);
  const burned = built.outputs[0]?.txOut as TxOut;
  const viewPrivateKey = privateKey("01".repeat(32));
  const subaddresses = new SubaddressTable(viewAccountKey(bob), []);
  const opened = openTxOut(burned, { viewPrivateKey, subaddresses });
  expect(opened?.amount.value).toBe(77n);
  expect(opened?.subaddressSpendPublicKey).toEqual(burnAddress().spendPublicKey);
  expect(decodeMemo((opened as OwnedTxOut).memo)).toEqual({ kind: "burn-redemption", data });
});

test("a gift code is funded, and the change points at it", () => {
  const payer = makePayer(3, [amount(2_000_000_000n)]);
  const own = reservedAddresses(payer.account);
  const payments: Payment[] = [{ destination: { kind: "gift-code", own }, amount: amount(900_000_000n) }];
  const memoBuilder = (): GiftCodeFundingMemoBuilder => new GiftCodeFundingMemoBuilder({ note: "for you" });
  const { outputs } = buildUnsignedTx(planOf(payer, { payments, memoBuilder }), payer.seed);
  const [gift, change] = openedBy(
    payer.account,
    outputs.map(({ txOut }) => txOut),
  ) as [Opened, Opened];
  expect([gift.subaddressIndex, gift.amount.value]).toEqual([GIFT_CODE_SUBADDRESS, 900_000_000n]);
  const giftHash = giftShortHash(gift.txOut.publicKey);
  expect(decodeMemo(change.memo)).toEqual({ kind: "gift-code-funding", note: "for you", fee: FEE, giftHash });
});

test("whoever has the one-time key of a gift redeems it", () => {
  const funder = makePayer(3, [amount(900_000_000n)], 5);
  const [gift] = openedBy(funder.account, [input(funder, 0).real.txOut]) as [Opened];
  const key = onetimePrivateKey(gift.sharedSecret, subaddress(funder.account, 0n).spendPrivateKey);
  const onetimeKey = { kind: "onetime-private-key", onetimePrivateKey: key } as const;
  const plan = planOf(funder, {
    inputs: [{ ...input(funder, 0), onetimeKey }],
    own: reservedAddresses(carol),
    memoBuilder: () => new GiftCodeSenderMemoBuilder({ note: "thanks" }),
  });
  const { unsignedTx } = buildUnsignedTx(plan, funder.seed);
  const tx = signBuiltTx(unsignedTx, { seed: funder.seed, signer: ringSigner() });
  expectAccepted(tx, funder);
  expect(received(carol, tx)).toEqual([[900_000_000n - FEE, 0n, CHANGE_SUBADDRESS]]);
});

test("sixteen outputs are merged into one", () => {
  const payer = makePayer(
    3,
    Array.from({ length: 16 }, () => amount(100_000_000n)),
  );
  const memoBuilder = (): DefragmentationMemoBuilder => new DefragmentationMemoBuilder({ defragmentationId: 3n });
  const { prefix, rings } = buildUnsignedTx(
    planOf(payer, { payments: [pay(payer.account, 1_200_000_000n)], memoBuilder }),
    payer.seed,
  ).unsignedTx;
  expect([prefix.inputs.length, rings.length, prefix.outputs.length]).toEqual([16, 16, 2]);
});

describe("Fog", () => {
  const fogUser = randomAccount(seeded(1003), "fog://fog.example.com");
  const ingressPrivateKey = privateKey("02".repeat(32));
  const ingressKey = (expiry: bigint) => () => ({ publicKey: ingressPrivateKey.publicKey(), pubkeyExpiry: expiry });
  const payer = makePayer(3, [amount(600_000_000n)]);
  const plan = (expiry: bigint): TxPlan =>
    planOf(payer, { payments: [pay(fogUser, 4n)], ingressKey: ingressKey(expiry) });

  test("a recipient with Fog gets a hint that their ingress key opens, the payer without Fog a decoy", () => {
    const [paid, change] = buildUnsignedTx(plan(2000n), payer.seed).outputs;
    const hintOf = (txOut: TxOut | undefined): Uint8Array =>
      openFogHint(ingressPrivateKey, (txOut as TxOut).encryptedFogHint, seeded(4));
    expect(hintOf(paid?.txOut)).toEqual(publicAddress(fogUser).viewPublicKey);
    expect(hintOf(change?.txOut)).not.toEqual(publicAddress(payer.account).viewPublicKey);
  });

  test("the tombstone block is no later than the ingress key's expiry", () => {
    const tombstone = (expiry: bigint): bigint =>
      buildUnsignedTx(plan(expiry), payer.seed).unsignedTx.prefix.tombstoneBlock;
    expect(tombstone(CURRENT_BLOCK + 5n)).toBe(CURRENT_BLOCK + 5n);
    expect(tombstone(CURRENT_BLOCK + 5_000n)).toBe(CURRENT_BLOCK + 100n);
    expectCode(() => tombstone(CURRENT_BLOCK), "tombstone-block-exceeded");
  });

  test("without an ingress key nothing is built", () => {
    expectCode(() => buildUnsignedTx({ ...plan(1n), ingressKey: () => undefined }, payer.seed), "missing-ingress-key");
  });
});

describe("a plan that no node would accept is refused, by name", () => {
  const payer = makePayer(3, [amount(1_000_000_000n), amount(3n)]);
  const refuse = (change: Partial<TxPlan>, code: string): void =>
    expectCode(() => buildUnsignedTx(planOf(payer, change), payer.seed), code);
  const lifetime = (tombstoneBlock: bigint): Partial<TxPlan> => ({
    lifetime: { currentBlock: CURRENT_BLOCK, tombstoneBlock },
  });
  const fee = planOf(payer).fee;

  test("inputs", () => {
    refuse({ inputs: [], fee: { ...fee, tokenId: tokenId(0n) } }, "no-inputs");
    refuse({ inputs: Array.from({ length: 17 }, () => input(payer, 0)) }, "too-many-inputs");
    refuse({ inputs: [input(payer, 0), input(payer, 0)] }, "duplicate-ring-elements");
  });

  test("outputs", () => {
    refuse({ payments: Array.from({ length: 16 }, () => pay(bob, 1n)) }, "too-many-outputs");
    expect(() =>
      buildUnsignedTx(planOf(payer, { payments: Array.from({ length: 15 }, () => pay(bob, 1n)) }), payer.seed),
    ).not.toThrow();
  });

  test("funds", () => {
    const most = 1_000_000_003n - FEE;
    expect(() => buildUnsignedTx(planOf(payer, { payments: [pay(bob, most)] }), payer.seed)).not.toThrow();
    refuse({ payments: [pay(bob, most + 1n)] }, "insufficient-funds");
    refuse({ payments: [pay(bob, 1n, 1n)] }, "insufficient-funds");
    const max = (1n << 64n) - 1n;
    const rich = makePayer(3, [amount(max), amount(max)]);
    expectCode(() => buildUnsignedTx(planOf(rich), rich.seed), "amount-too-large");
  });

  test("rings", () => {
    const [first, ...rest] = input(payer, 0).decoys;
    refuse({ inputs: [{ ...input(payer, 0), decoys: rest }] }, "insufficient-ring-size");
    const more = [...input(payer, 0).decoys, ...payer.others.slice(0, 1)];
    refuse({ inputs: [{ ...input(payer, 0), decoys: more }] }, "excessive-ring-size");
    refuse(
      { inputs: [{ ...input(payer, 0), decoys: [...rest, rest[0] as typeof first & object] }] },
      "duplicate-ring-elements",
    );
    refuse({ inputs: [{ ...input(payer, 0), decoys: [...rest, input(payer, 0).real] }] }, "duplicate-ring-elements");
    const shared = { ...input(payer, 1), decoys: [first as typeof first & object, ...input(payer, 1).decoys.slice(1)] };
    refuse({ inputs: [input(payer, 0), shared] }, "duplicate-ring-elements");
  });

  test("fee and tokens", () => {
    refuse({ fee: { ...fee, value: tokenValue(FEE - 1n) } }, "tx-fee-error");
    refuse({ fee: { ...fee, tokenId: tokenId(5n) } }, "token-not-yet-configured");
    const foreign = { ...input(payer, 1), amount: { ...input(payer, 1).amount, tokenId: tokenId(5n) } };
    refuse({ inputs: [input(payer, 0), foreign] }, "token-not-yet-configured");
  });

  test("tombstone", () => {
    refuse(lifetime(CURRENT_BLOCK), "tombstone-block-exceeded");
    refuse(lifetime(CURRENT_BLOCK + 20_160n), "tombstone-block-too-far");
    expect(() => buildUnsignedTx(planOf(payer, lifetime(CURRENT_BLOCK + 20_159n)), payer.seed)).not.toThrow();
    expect(() => buildUnsignedTx(planOf(payer, lifetime(CURRENT_BLOCK + 1n)), payer.seed)).not.toThrow();
  });

  test("an amount that is not the input's is refused before it is signed", () => {
    const wrong = { ...input(payer, 0), amount: { ...input(payer, 0).amount, value: tokenValue(1_000_000_001n) } };
    expectRefusedWhenSigned({ inputs: [wrong] });
  });

  function expectRefusedWhenSigned(change: Partial<TxPlan>): void {
    expect(() => build(payer, change)).toThrow(expect.objectContaining({ code: "value-not-conserved" }));
  }
});
