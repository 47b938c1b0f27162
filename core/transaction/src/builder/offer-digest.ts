// A digest of everything an unsigned offer is built from. As of a transaction: the keys of its outputs are drawn from it.
import { utf8 } from "@fogbow/core-bytes";
import { Transcript } from "@fogbow/core-crypto";
import type { MemoBuilder } from "../memo/builder/memo-builder.ts";
import { txOutHash } from "../output/tx-out-hash.ts";
import type { OutputToMake } from "./make-outputs.ts";
import type { OfferPlan } from "./offer-plan.ts";
import { appendOutputs } from "./plan-digest.ts";
import type { AssembledRing } from "./ring.ts";

/** A plan with what was made of it so far. */
export interface PlannedOffer {
  readonly plan: OfferPlan;
  readonly assembled: AssembledRing;
  readonly outputs: readonly OutputToMake[];
  /** One for each output: what the rules say of it. */
  readonly roles: readonly ("required" | "partial-fill" | "partial-fill-change")[];
  /** 0 for none. */
  readonly tombstoneBlockMax: bigint;
}

/** 64 bytes. The membership proofs do not count, as they are not part of the offer. Throws as the memo builder does. */
export function offerDigest(planned: PlannedOffer, memoBuilder: MemoBuilder): Uint8Array {
  const { plan, assembled, outputs, roles, tombstoneBlockMax } = planned;
  const { blockVersion, input, partialFill } = plan;
  const transcript = new Transcript("fogbow-unsigned-offer");
  transcript.appendU64("block-version", BigInt(blockVersion));
  for (const txOut of assembled.input.ring) {
    transcript.append("ring-member", txOutHash(txOut));
  }
  for (const { index } of assembled.input.proofs) {
    transcript.appendU64("global-index", index);
  }
  transcript.appendU64("real-index", BigInt(assembled.ring.realIndex));
  transcript.appendU64("value", input.amount.value);
  transcript.appendU64("token-id", input.amount.tokenId);
  transcript.appendU64("tombstone-block-max", tombstoneBlockMax);
  transcript.appendU64("minimum", partialFill?.minimum ?? 0n);
  for (const role of roles) {
    transcript.append("role", utf8(role));
  }
  appendOutputs(transcript, outputs, { blockVersion, memoBuilder });
  return transcript.challenge("digest64", 64);
}
