// Tests of validating many transactions together: nobody's verdict depends on who else is in the batch.
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  type SignatureRctBulletproofs,
  type TransactionInContext,
  validateTransaction,
  validateTransactions,
} from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { makeValid } from "./valid-transaction.ts";

const two = { inputs: [amount(1_000_000_000n), amount(7n, 1n)], outputs: [amount(600_000_000n), amount(7n, 1n)] };
const valid = [makeValid({ seed: 1 }), makeValid({ seed: 2, ...two }), makeValid({ seed: 3, version: 2 })];

/** Swaps two bytes' worth of something that only a range proof's equation notices. */
const spoilRange = (signature: SignatureRctBulletproofs): SignatureRctBulletproofs => {
  const spoil = (proof: Uint8Array): Uint8Array => {
    const other = proof.slice();
    if (other.length > 0) other[4 * 32] = (other[4 * 32] ?? 0) ^ 1; // The lowest byte of t_x.
    return other;
  };
  return {
    ...signature,
    rangeProofBytes: spoil(signature.rangeProofBytes),
    rangeProofs: signature.rangeProofs.map((proof, i, { length }) => (i === length - 1 ? spoil(proof) : proof)),
  };
};
const spoilRing = (signature: SignatureRctBulletproofs): SignatureRctBulletproofs => ({
  ...signature,
  ringSignatures: signature.ringSignatures.map((mlsag) => ({ ...mlsag, responses: [...mlsag.responses].reverse() })),
});
const change = (
  { tx, context }: TransactionInContext,
  by: (signature: SignatureRctBulletproofs) => SignatureRctBulletproofs,
): TransactionInContext => ({ tx: { ...tx, signature: by(tx.signature) }, context });

/** Transactions as they are, and with every sort of thing wrong. */
const variants: readonly TransactionInContext[] = valid.flatMap((each) => [
  each,
  change(each, spoilRange),
  change(each, spoilRing),
  change(each, (signature) => spoilRing(spoilRange(signature))),
  { ...each, context: { ...each.context, rootProofs: [] } },
]);
const alone = variants.map(({ tx, context }) => validateTransaction(tx, context));

test("the variants are refused for what was done to them", () => {
  const refusals = alone.slice(0, 5).map(({ code, detail }) => detail ?? code);
  expect(refusals).toEqual([
    "ok",
    "invalid-range-proof",
    "invalid-signature",
    "invalid-range-proof",
    "invalid-ledger-context",
  ]);
});

test("every transaction of a batch has the verdict it has alone, whatever stands beside it", () => {
  const indexes = fc.array(fc.nat(variants.length - 1), { maxLength: 8 });
  fc.assert(
    fc.property(indexes, fc.nat(), (chosen, seed) => {
      const requests = chosen.map((i) => variants[i] as TransactionInContext);
      expect(validateTransactions(requests, seeded(seed))).toEqual(chosen.map((i) => alone[i]));
    }),
    { numRuns: 25 },
  );
});

test("takes a request only when it has done the one before, so that a caller can stop", () => {
  const taken: number[] = [];
  function* requests(): Generator<TransactionInContext> {
    for (const [i, each] of valid.entries()) {
      taken.push(i);
      if (i === 2) return;
      yield each;
    }
  }
  expect(validateTransactions(requests(), seeded(5)).map(({ code }) => code)).toEqual(["ok", "ok"]);
  expect(taken).toEqual([0, 1, 2]);
});
