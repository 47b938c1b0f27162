// Tests of filling offers: the maker's rules hold for a whole swap and for any part of one, and a node accepts it.
import { CHANGE_SUBADDRESS, subaddress, viewAccountKey } from "@fogbow/core-account";
import { publicKey } from "@fogbow/core-crypto";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  amountSharedSecret,
  buildUnsignedTx,
  type CreatedTxOut,
  fillOffer,
  type InputRules,
  type OfferToFill,
  onetimePrivateKey,
  openTxOut,
  reduceTxOut,
  ringSigner,
  SubaddressTable,
  signBuiltTx,
  type Tx,
  type TxInput,
  txOutSharedSecret,
  unmaskAmount,
  validateTransaction,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { expectCode } from "../typed-errors.ts";
import { compareKeys, makeOutput, NO_RULES, open, presign } from "../validation/valid-transaction.ts";
import { CURRENT_BLOCK, makePayer, type Payer, planOf } from "./payer.ts";

fc.configureGlobal({ seed: Number(process.env.FOGBOW_SEED ?? 3) });

const FEE = 400_000_000n;
/** Holds 600 000 000 of token 0, and the 1 000 of token 1 that are offered. */
const payer: Payer = makePayer(4, [amount(600_000_000n), amount(1_000n, 1n)]);
const [own, offered] = payer.inputs as [TxInput, TxInput];

const random = seeded(41);
const price: CreatedTxOut = makeOutput(4, amount(300n), random);
const rest: CreatedTxOut = makeOutput(4, amount(1_000n, 1n), random);
const claim = ({ txOut, sharedSecret }: CreatedTxOut): InputRules["partialFillOutputs"][number] => ({
  txOut,
  amountSharedSecret: amountSharedSecret(sharedSecret).expose(),
});

const SWAP: InputRules = { ...NO_RULES, requiredOutputs: [price.txOut], maxTombstoneBlock: CURRENT_BLOCK + 20n };
const PARTIAL: InputRules = {
  ...NO_RULES,
  partialFillOutputs: [claim(price)],
  partialFillChange: claim(rest),
  minPartialFillValue: 100n,
};

/** An offer with these rules. */
function offer(inputRules: InputRules | undefined): OfferToFill {
  const members = [offered.real, ...offered.decoys].sort((a, b) => compareKeys(a.txOut, b.txOut));
  const ring = members.map(({ txOut }) => txOut);
  const { account } = payer;
  const sharedSecret = txOutSharedSecret(account.viewPrivateKey, publicKey(offered.real.txOut.publicKey));
  const input = { ring, proofs: [], inputRules: inputRules ?? NO_RULES };
  const signed = presign(
    input,
    {
      kind: "signable",
      members: ring.map(reduceTxOut),
      realIndex: members.indexOf(offered.real),
      amount: unmaskAmount(offered.real.txOut.maskedAmount, sharedSecret),
      onetimeKey: {
        kind: "onetime-private-key",
        onetimePrivateKey: onetimePrivateKey(sharedSecret, subaddress(account, 0n).spendPrivateKey),
      },
    },
    seeded(42),
  ).ring;
  return {
    txIn: { ...input, inputRules },
    mlsag: signed.mlsag,
    pseudoOutputAmount: signed.pseudoOutput,
    requiredOutputAmounts: (inputRules ?? NO_RULES).requiredOutputs.map(() => open(price)),
    proofs: members.map(({ proof }) => proof),
  };
}

const build = (toFill: OfferToFill): Tx => {
  const plan = planOf(payer, { inputs: [own], offers: [fillOffer(toFill)] });
  const { unsignedTx } = buildUnsignedTx(plan, payer.seed);
  return signBuiltTx(unsignedTx, { seed: payer.seed, signer: ringSigner(payer.account) });
};

/** What the filler gets, by token. */
function changeIn(tx: Tx): ReadonlyMap<bigint, bigint> {
  const subaddresses = new SubaddressTable(viewAccountKey(payer.account), [CHANGE_SUBADDRESS]);
  const reader = { viewPrivateKey: payer.account.viewPrivateKey, subaddresses };
  const found = tx.prefix.outputs.flatMap((txOut) => openTxOut(txOut, reader)?.amount ?? []);
  return new Map(found.map(({ value, tokenId }) => [tokenId, value]));
}

test("a swap is filled whole, within the time its rules allow", () => {
  const tx = build(offer(SWAP));
  expect(validateTransaction(tx, payer.validation)).toEqual({ code: "ok", detail: undefined });
  expect(tx.prefix.tombstoneBlock).toBe(CURRENT_BLOCK + 20n);
  expect(changeIn(tx)).toEqual(
    new Map([
      [0n, 600_000_000n - FEE - 300n],
      [1n, 1_000n],
    ]),
  );
});

test("any part that the rules allow can be taken, and the price is its fraction, rounded up", () => {
  fc.assert(
    fc.property(fc.bigInt({ min: 100n, max: 1_000n }), (taken) => {
      const tx = build({ ...offer(PARTIAL), taken });
      expect(validateTransaction(tx, payer.validation)).toEqual({ code: "ok", detail: undefined });
      const paid = (300n * taken + 999n) / 1_000n;
      expect(changeIn(tx)).toEqual(
        new Map([
          [0n, 600_000_000n - FEE - paid],
          [1n, taken],
        ]),
      );
    }),
    { numRuns: 4, examples: [[100n], [1_000n]] },
  );
});

test("all is taken by default", () => {
  expect(changeIn(build(offer(PARTIAL))).get(1n)).toBe(1_000n);
});

describe("what the rules do not allow is refused", () => {
  const refuse = (toFill: OfferToFill, code: string): void => expectCode(() => fillOffer(toFill), code);

  test("less than the least, more than there is, or a part of what is offered whole", () => {
    refuse({ ...offer(PARTIAL), taken: 99n }, "fill-out-of-range");
    refuse({ ...offer(PARTIAL), taken: 1_001n }, "fill-out-of-range");
    refuse({ ...offer({ ...PARTIAL, minPartialFillValue: 0n }), taken: 0n }, "fill-out-of-range");
    refuse({ ...offer(SWAP), taken: 1_000n }, "fill-out-of-range");
  });

  test("an input without rules, and lists that do not go together", () => {
    refuse(offer(undefined), "presigned-ring-mismatch");
    refuse({ ...offer(SWAP), proofs: [] }, "length-mismatch");
    refuse({ ...offer(SWAP), requiredOutputAmounts: [] }, "length-mismatch");
  });

  test("an offer twice, an offer alone, and an offer before block version 3", () => {
    const filled = fillOffer(offer(SWAP));
    const plan = planOf(payer, { inputs: [own] });
    const refusePlan = (change: object, code: string): void =>
      expectCode(() => buildUnsignedTx({ ...plan, ...change }, payer.seed), code);
    refusePlan({ offers: [filled, filled] }, "duplicate-ring-elements");
    refusePlan({ offers: [filled], inputs: [] }, "no-inputs");
    refusePlan({ offers: [filled], blockVersion: 2 }, "signed-input-rules-not-allowed");
    const late = { currentBlock: CURRENT_BLOCK + 20n };
    refusePlan({ offers: [filled], lifetime: late }, "tombstone-block-exceeded");
  });

  test("offers count among sixteen inputs, their outputs among sixteen outputs", () => {
    const filled = fillOffer(offer(SWAP));
    const plan = planOf(payer, { inputs: [own] });
    const offers = Array.from({ length: 16 }, () => filled);
    expectCode(() => buildUnsignedTx({ ...plan, offers }, payer.seed), "too-many-inputs");
    const outputs = Array.from({ length: 15 }, () => filled.outputs).flat();
    expectCode(() => buildUnsignedTx({ ...plan, offers: [{ ...filled, outputs }] }, payer.seed), "too-many-outputs");
  });
});
