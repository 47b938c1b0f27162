// Hides a spent output among decoys: members and their membership proofs are sorted together by public key, so that the
// place of the real one says nothing (spec 02 §5.3, §5.9).
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import type { TxOut } from "../output/tx-out.ts";
import { type InputRing, type OnetimeKeySource, reduceTxOut, type SignableRing } from "../tx/input-ring.ts";
import type { TxOutMembershipProof } from "../tx/membership-proof.ts";
import type { TxIn } from "../tx/tx.ts";
import { RING_SIZE } from "../validation/constants.ts";
import { byPublicKey } from "./by-public-key.ts";
import type { FilledOffer } from "./fill-offer.ts";

/** An output of the ledger with the proof that it is there. */
export interface LedgerTxOut {
  readonly txOut: TxOut;
  readonly proof: TxOutMembershipProof;
}

/** An output to spend, and ten others to hide it among. */
export interface TxInput {
  readonly real: LedgerTxOut;
  /** Opens the commitment of the real output. */
  readonly amount: UnmaskedAmount;
  /** The key that spends it, or for which subaddress the signer derives it. */
  readonly onetimeKey: OnetimeKeySource;
  /** In any order. Choose them with `chooseDecoys`. */
  readonly decoys: readonly LedgerTxOut[];
}

/** An input of a transaction and what it takes to sign it. */
export interface AssembledInput {
  readonly input: TxIn;
  readonly ring: InputRing;
}

/** An {@link AssembledInput} that its owner has not signed yet. */
export interface AssembledRing {
  readonly input: TxIn;
  readonly ring: SignableRing;
}

/**
 * Assembles all rings and adds those of offers, sorted among each other by their first members. Throws
 * `insufficient-ring-size` and `excessive-ring-size` unless there are eleven members each, `duplicate-ring-elements` when
 * an output is in the rings twice, `unequal-highest-indexes`. Offers may share members with the other rings, as their
 * makers cannot know those, but not the first.
 */
export function assembleInputs(inputs: readonly TxInput[], offers: readonly FilledOffer[]): AssembledInput[] {
  const assembled = inputs.map(assembleRing);
  assertDistinct(assembled.flatMap(({ input }) => input.ring));
  const all = [...assembled, ...offers];
  for (const { input } of offers) assertRingSize(input.ring);
  assertDistinct(all.map(firstMember));
  assertOneTree(all);
  return all.sort((a, b) => byPublicKey(firstMember(a), firstMember(b)));
}

/** One ring, as {@link assembleInputs} assembles all of them. */
export function assembleRing({ real, amount, onetimeKey, decoys }: TxInput): AssembledRing {
  const members = [real, ...decoys].sort((a, b) => byPublicKey(a.txOut, b.txOut));
  const ring = members.map(({ txOut }) => txOut);
  assertRingSize(ring);
  assertDistinct(ring);
  return {
    input: { ring, proofs: members.map(({ proof }) => proof), inputRules: undefined },
    ring: {
      kind: "signable",
      members: ring.map(reduceTxOut),
      realIndex: members.indexOf(real),
      amount,
      onetimeKey,
    },
  };
}

function assertRingSize({ length }: readonly TxOut[]): void {
  if (length !== RING_SIZE) {
    const code = length < RING_SIZE ? "insufficient-ring-size" : "excessive-ring-size";
    throw new TransactionError(code, `A ring has ${RING_SIZE} members.`);
  }
}

/**
 * Proofs of one transaction must be of one moment: where the real member's proof was made at another time than those of
 * its decoys, it stands out.
 */
function assertOneTree(inputs: readonly AssembledInput[]): void {
  const heights = new Set(inputs.flatMap(({ input }) => input.proofs.map(({ highestIndex }) => highestIndex)));
  if (heights.size > 1) {
    throw new TransactionError("unequal-highest-indexes", "Fetch all proofs of a transaction at one time.");
  }
}

function assertDistinct(members: readonly TxOut[]): void {
  const sorted = [...members].sort(byPublicKey);
  if (sorted.some((member, i) => i > 0 && byPublicKey(member, sorted[i - 1] as TxOut) === 0)) {
    throw new TransactionError("duplicate-ring-elements", "An output is in the rings of this transaction twice.");
  }
}

function firstMember({ input }: AssembledInput): TxOut {
  return input.ring[0] as TxOut; // A ring has eleven members.
}
