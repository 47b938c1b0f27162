// A digest of everything an unsigned transaction is built from. The keys of its outputs are drawn from it, so whatever
// could make two transactions differ is part of it.
import { encodePublicAddress } from "@fogbow/core-account";
import { type Amount, utf8 } from "@fogbow/core-bytes";
import { BASE_POINT, type PublicKey, publicKey, Transcript } from "@fogbow/core-crypto";
import { blockVersionFeatures } from "../block-version.ts";
import { addressesOf, memoFor } from "../output/create-output.ts";
import { txOutHash } from "../output/tx-out-hash.ts";
import { txPrefixHash } from "../tx/tx-digest.ts";
import type { OutputMaking, OutputToMake } from "./make-outputs.ts";
import type { AssembledInput } from "./ring.ts";
import type { TxPlan } from "./tx-plan.ts";

/** A plan with what was made of it so far. */
export interface PlannedTx {
  readonly plan: TxPlan;
  readonly fee: Amount;
  readonly tombstoneBlock: bigint;
  readonly inputs: readonly AssembledInput[];
  readonly outputs: readonly OutputToMake[];
}

/** 64 bytes. Throws as the memo builder does. */
export function planDigest({ plan, fee, tombstoneBlock, inputs, outputs }: PlannedTx): Uint8Array {
  const { blockVersion } = plan;
  const transcript = new Transcript("fogbow-unsigned-transaction");
  const prefix = { inputs: inputs.map(({ input }) => input), outputs: [], tombstoneBlock };
  transcript.appendU64("block-version", BigInt(blockVersion));
  transcript.append("prefix", txPrefixHash({ ...prefix, fee: fee.value, feeTokenId: fee.tokenId }));
  for (const { ring } of inputs) {
    transcript.append("ring", utf8(ring.kind));
    if (ring.kind === "signable") {
      transcript.appendU64("real-index", BigInt(ring.realIndex));
    }
  }
  for (const { txOut } of (plan.offers ?? []).flatMap((offer) => offer.outputs)) {
    transcript.append("fixed-output", txOutHash(txOut));
  }
  const memoBuilder = plan.memoBuilder();
  memoBuilder.setFee(fee);
  appendOutputs(transcript, outputs, { blockVersion, memoBuilder });
  return transcript.challenge("digest64", 64);
}

/** Appends everything that outputs will be made from, what their memos will say included. Throws as the memo builder. */
export function appendOutputs(
  transcript: Transcript,
  outputs: readonly OutputToMake[],
  { blockVersion, memoBuilder }: Omit<OutputMaking, "random">,
): void {
  transcript.appendU64("outputs", BigInt(outputs.length));
  for (const { destination, amount, ingressKey } of outputs) {
    const { recipient, hintAddress } = addressesOf(destination);
    transcript.append("destination", utf8(destination.kind));
    transcript.append("recipient", encodePublicAddress(recipient));
    transcript.append("hint-address", encodePublicAddress(hintAddress));
    transcript.appendU64("value", amount.value);
    transcript.appendU64("token-id", amount.tokenId);
    if (ingressKey !== undefined) {
      transcript.append("ingress-key", ingressKey.publicKey);
      transcript.appendU64("pubkey-expiry", ingressKey.pubkeyExpiry);
    }
    if (blockVersionFeatures(blockVersion).memos) {
      // The output's own key is not drawn yet; what else a memo depends on shows with any other key as well.
      transcript.append("memo", memoFor(destination, { amount, txOutPublicKey: anyKey() }, memoBuilder));
    }
  }
}

/** Checked when it is needed: importing this must not start the kernel, which some engines cannot. */
const anyKey = (): PublicKey => publicKey(BASE_POINT);
