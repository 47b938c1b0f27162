// Everything of a transaction's signature but the ring signatures, so that another machine can make those
// (spec 02 §3.3).
import { type Amount, MOB, type Random, Secret, type TokenId } from "@fogbow/core-bytes";
import { type CompressedPoint, commit, compressedPoint, randomScalar } from "@fogbow/core-crypto";
import { kernel } from "@fogbow/kernel";
import { type BlockVersion, blockVersionFeatures } from "../block-version.ts";
import { TransactionError } from "../error.ts";
import type { UnmaskedAmount } from "../output/masked-amount.ts";
import { isConserved } from "./conserved.ts";
import { type InputRing, ringAmount } from "./input-ring.ts";
import { mlsagSigningDigest } from "./signing-digest.ts";
import type { SignatureRctBulletproofs, TxPrefix } from "./tx.ts";
import { proveTxRanges } from "./tx-range-proofs.ts";

/** A signature before its ring signatures, and what they need besides their keys. */
export interface SigningData extends Omit<SignatureRctBulletproofs, "ringSignatures"> {
  /** What the rings that are not presigned sign. */
  readonly mlsagSigningDigest: Uint8Array;
  /** One for each input, 32 bytes. They tell which amounts the inputs hold: wipe them after use. */
  readonly pseudoOutputBlindings: readonly Secret[];
}

/** What a transaction is signed from. */
export interface TxToSign {
  readonly blockVersion: BlockVersion;
  readonly prefix: TxPrefix;
  /** One for each input, in the same order. */
  readonly rings: readonly InputRing[];
  /** Opens each output, in the same order. */
  readonly outputs: readonly UnmaskedAmount[];
  /** Gives 64 bytes for each blinding, then what the range proofs need, then what each ring needs. */
  readonly random: Random;
}

/**
 * Chooses the pseudo-outputs of a transaction and proves its amounts. Throws `length-mismatch`, `token-not-allowed`,
 * `mixed-transactions-not-allowed`, `signed-input-rules-not-allowed`, `no-inputs`, `all-rings-presigned`,
 * `presigned-ring-mismatch`, `no-commitments-for-token-id` and `value-not-conserved`.
 */
export function createSigningData(tx: TxToSign): SigningData {
  assertSignable(tx);
  const { blockVersion, prefix, rings, outputs, random } = tx;
  const pseudoOutputBlindings = choosePseudoOutputBlindings(tx);
  try {
    const pseudoOutputs = rings.map((ring, i): UnmaskedAmount => {
      const { value, tokenId } = ringAmount(ring);
      return { value, tokenId, blinding: pseudoOutputBlindings[i] as Secret }; // One for each ring.
    });
    const items = [...pseudoOutputs, ...outputs];
    const tokenIds = items.map(({ tokenId }) => tokenId);
    const rangeProofs = proveTxRanges(
      { version: blockVersion, feeTokenId: prefix.feeTokenId, items, tokenIds },
      random,
    );
    const pseudoOutputCommitments = pseudoOutputs.map(commitTo);
    assertConserved(pseudoOutputCommitments, tx);
    const parts = { pseudoOutputCommitments, ...rangeProofs };
    const { mixedTokens } = blockVersionFeatures(blockVersion);
    return {
      ...parts,
      pseudoOutputTokenIds: mixedTokens ? tokenIds.slice(0, rings.length) : [],
      outputTokenIds: mixedTokens ? tokenIds.slice(rings.length) : [],
      mlsagSigningDigest: mlsagSigningDigest(blockVersion, prefix, parts),
      pseudoOutputBlindings,
    };
  } catch (error) {
    wipeAll(pseudoOutputBlindings);
    throw error;
  }
}

/** Wipes what must not outlive the signing. */
export function wipeSigningData(data: SigningData): void {
  wipeAll(data.pseudoOutputBlindings);
}

function assertSignable({ blockVersion, prefix, rings, outputs }: TxToSign): void {
  const features = blockVersionFeatures(blockVersion);
  const feeTokenId: TokenId = prefix.feeTokenId;
  const isOther = ({ tokenId }: Amount): boolean => tokenId !== feeTokenId;
  if (rings.length !== prefix.inputs.length || outputs.length !== prefix.outputs.length) {
    throw new TransactionError("length-mismatch", "Each input has a ring, and each output an amount that opens it.");
  }
  if (!features.maskedTokenIds && feeTokenId !== MOB) {
    throw new TransactionError("token-not-allowed", `Block version ${blockVersion} knows only token 0.`);
  }
  if (!features.mixedTokens && (rings.map(ringAmount).some(isOther) || outputs.some(isOther))) {
    throw new TransactionError("mixed-transactions-not-allowed", "Before block version 3 a transaction has one token.");
  }
  if (!features.inputRules && rings.some(isPresigned)) {
    throw new TransactionError(
      "signed-input-rules-not-allowed",
      "Before block version 3 no input is signed in advance.",
    );
  }
  if (rings.length === 0) {
    throw new TransactionError("no-inputs", "A transaction spends at least one output.");
  }
  if (rings.every(isPresigned)) {
    throw new TransactionError("all-rings-presigned", "Somebody must sign for the transaction as a whole.");
  }
  if (rings.some((ring, i) => isPresigned(ring) !== (prefix.inputs[i]?.inputRules !== undefined))) {
    throw new TransactionError("presigned-ring-mismatch", "An input has rules exactly when its ring is presigned.");
  }
}

function isPresigned(ring: InputRing): boolean {
  return ring.kind === "presigned";
}

/** Random ones, but those that are fixed already and the last of the others, with which the sums come out even. */
function choosePseudoOutputBlindings({ rings, outputs, random }: TxToSign): Secret[] {
  const { scalars } = kernel();
  const last = rings.findLastIndex((ring) => !isPresigned(ring));
  const blindings = rings.map((ring, i): Uint8Array => {
    if (ring.kind === "presigned") return ring.pseudoOutput.blinding.expose().slice();
    return i === last ? new Uint8Array(32) : randomScalar(random);
  });
  const sum = new Uint8Array(32);
  for (const { blinding } of outputs) {
    sum.set(scalars.add(sum, blinding.expose()));
  }
  for (const blinding of blindings) {
    sum.set(scalars.subtract(sum, blinding));
  }
  blindings[last] = sum;
  return blindings.map((blinding) => new Secret(blinding));
}

function assertConserved(pseudoOutputs: readonly CompressedPoint[], { prefix, outputs }: TxToSign): void {
  const fee = { value: prefix.fee, tokenId: prefix.feeTokenId };
  if (!isConserved({ outputs: outputs.map(commitTo), pseudoOutputs, fee })) {
    throw new TransactionError("value-not-conserved", "The inputs do not pay exactly for the outputs and the fee.");
  }
}

function commitTo({ value, tokenId, blinding }: UnmaskedAmount): CompressedPoint {
  return compressedPoint(commit({ value, tokenId, blinding: blinding.expose() }));
}

function wipeAll(secrets: readonly Secret[]): void {
  for (const secret of secrets) {
    secret.wipe();
  }
}
