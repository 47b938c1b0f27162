// Filling a signed contingent input (spec 02 §5.8): its input and pseudo-output as they were signed, and the outputs that
// its rules demand, for the whole offer or for the part that is taken.
import { Secret, tokenValue } from "@fogbow/core-bytes";
import type { RingMlsag } from "@fogbow/core-crypto";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import { openRevealedTxOut, type RevealedTxOut, replaceAmount } from "../output/revealed-tx-out.ts";
import type { TxOut } from "../output/tx-out.ts";
import type { PresignedRing } from "../tx/input-ring.ts";
import type { ClaimedTxOut, InputRules } from "../tx/input-rules.ts";
import type { TxOutMembershipProof } from "../tx/membership-proof.ts";
import type { TxIn } from "../tx/tx.ts";

/** What is filled, and how much of it; a `SignedContingentInput` has the first four. Validate it before. */
export interface OfferToFill {
  readonly txIn: TxIn;
  readonly mlsag: RingMlsag;
  /** Opens the pseudo-output. */
  readonly pseudoOutputAmount: UnmaskedAmount;
  /** Opens each required output. */
  readonly requiredOutputAmounts: readonly UnmaskedAmount[];
  /** Fresh membership proofs, one for each ring member in their order. */
  readonly proofs: readonly TxOutMembershipProof[];
  /** How much to take of an offer that can be filled in part, in the smallest unit of its token; all by default. */
  readonly taken?: bigint;
}

/** An offer as part of a transaction. */
export interface FilledOffer {
  readonly input: TxIn;
  readonly ring: PresignedRing;
  /** What the rules demand. */
  readonly outputs: readonly FixedOutput[];
  /** The largest tombstone block the transaction may have; undefined when there is no bound. */
  readonly tombstoneBlockMax: bigint | undefined;
}

/** An output that is made already. */
export interface FixedOutput {
  readonly txOut: TxOut;
  /** Opens it. */
  readonly amount: UnmaskedAmount;
}

/**
 * Fills an offer. Throws `presigned-ring-mismatch` for an input without rules, `length-mismatch` for lists that do not go
 * together, `fill-out-of-range` when more is taken than there is or less than the rules allow, `invalid-shared-secret`,
 * `invalid-revealed-tx-out` and `inconsistent-commitment` for rules that do not open.
 */
export function fillOffer(offer: OfferToFill): FilledOffer {
  const { txIn, mlsag, pseudoOutputAmount, requiredOutputAmounts, proofs, taken } = offer;
  const rules = txIn.inputRules;
  if (rules === undefined) {
    throw new TransactionError("presigned-ring-mismatch", "An offer has rules.");
  }
  if (proofs.length !== txIn.ring.length || requiredOutputAmounts.length !== rules.requiredOutputs.length) {
    throw new TransactionError("length-mismatch", "Each ring member has a proof, each required output an amount.");
  }
  const required = rules.requiredOutputs.map(
    (txOut, i): FixedOutput => ({ txOut, amount: requiredOutputAmounts[i] as UnmaskedAmount }), // Equally long.
  );
  return {
    input: { ...txIn, proofs },
    ring: { kind: "presigned", mlsag, pseudoOutput: pseudoOutputAmount },
    outputs: [...required, ...fractionalOutputs(rules, taken)],
    tombstoneBlockMax: rules.maxTombstoneBlock === 0n ? undefined : rules.maxTombstoneBlock,
  };
}

/** What is not taken returns to the signer; for what is taken, the signer gets the same fraction of each price. */
function fractionalOutputs(rules: InputRules, wanted: bigint | undefined): FixedOutput[] {
  if (rules.partialFillChange === undefined) {
    if (wanted !== undefined) throw fillOutOfRange();
    return [];
  }
  const change = reveal(rules.partialFillChange);
  const offered = openRevealedTxOut(change).value;
  const taken = wanted ?? offered;
  if (taken > offered || taken < rules.minPartialFillValue || taken <= 0n) {
    throw fillOutOfRange();
  }
  const prices = rules.partialFillOutputs.map((claimed): FixedOutput => {
    const price = reveal(claimed);
    // Rounded up: the signer gets no less than the fraction.
    return withValue(price, (openRevealedTxOut(price).value * taken + offered - 1n) / offered);
  });
  return [withValue(change, offered - taken), ...prices];
}

function reveal({ txOut, amountSharedSecret }: ClaimedTxOut): RevealedTxOut {
  return { txOut, amountSharedSecret: new Secret(amountSharedSecret.slice()) };
}

function withValue(revealed: RevealedTxOut, value: bigint): FixedOutput {
  const { tokenId } = openRevealedTxOut(revealed);
  const txOut = replaceAmount(revealed, { value: tokenValue(value), tokenId });
  return { txOut, amount: openRevealedTxOut({ ...revealed, txOut }) };
}

function fillOutOfRange(): TransactionError {
  return new TransactionError("fill-out-of-range", "The offer does not allow to take this part of it.");
}
