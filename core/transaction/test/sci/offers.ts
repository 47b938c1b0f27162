// Offers for tests: 1000 of token 1 for 300 of token 0, and 5 of token 0 in any case.
import { Secret } from "@fogbow/core-bytes";
import { amountSharedSecret, type CreatedTxOut, type InputRules, type SignedContingentInput } from "../../src/index.ts";
import { amount } from "../fixtures.ts";
import { seeded } from "../tx/made-transaction.ts";
import { makeOutput, makeRing, NO_RULES, open, presign } from "../validation/valid-transaction.ts";

const random = seeded(41);

/** What the owner gets in any case. */
export const REQUIRED: CreatedTxOut = makeOutput(4, amount(5n), random);

/** What returns to the owner when nothing is taken. */
export const CHANGE: CreatedTxOut = makeOutput(4, amount(1_000n, 1n), random);

/** What the owner gets when everything is taken. */
const PRICE: CreatedTxOut = makeOutput(4, amount(300n), random);

/** An output with what opens its amount. */
export const claim = ({ txOut, sharedSecret }: CreatedTxOut): InputRules["partialFillOutputs"][number] => ({
  txOut,
  amountSharedSecret: amountSharedSecret(sharedSecret).expose(),
});

/** The rules of a swap that is filled whole. */
export const SWAP: InputRules = { ...NO_RULES, requiredOutputs: [REQUIRED.txOut] };

/** The rules of a swap that may be filled in parts. */
export const PARTIAL: InputRules = {
  ...SWAP,
  partialFillOutputs: [claim(PRICE)],
  partialFillChange: claim(CHANGE),
  minPartialFillValue: 100n,
};

const made = makeRing(4, { amount: amount(1_000n, 1n), random });

/** A signed offer with these rules. */
export function makeOffer(inputRules: InputRules): SignedContingentInput {
  const input = { ring: made.txOuts, proofs: [], inputRules };
  const { ring } = presign(input, made.ring, seeded(42));
  const { value, tokenId, blinding } = ring.pseudoOutput;
  return {
    blockVersion: 4,
    txIn: input,
    mlsag: ring.mlsag,
    pseudoOutputAmount: { value, tokenId, blinding: new Secret(blinding.expose().slice()) },
    requiredOutputAmounts: inputRules.requiredOutputs.map(() => open(REQUIRED)),
    txOutGlobalIndices: made.txOuts.map((_, i) => BigInt(i) * 1_000n),
  };
}
