// What a forgetting node's host sees of a block: the header, tags, what is minted, and what to store.
import { blockToWire, contentsToWire, type NewBlock } from "@fogbow/core-block";
import { compressedPoint } from "@fogbow/core-crypto";
import { encodeMessage, FormBlockResponseSchema } from "@fogbow/core-wire";
import type { KeptBlock } from "./kept-ledger.ts";

/** The answer of `form-block` and `absorb-block`. */
export function encodeKeptBlock(
  { block, contents }: NewBlock,
  { keyImageTags, sealed }: KeptBlock,
  signed?: { readonly signature: Uint8Array; readonly signer: Uint8Array },
): Uint8Array {
  return encodeMessage(FormBlockResponseSchema, {
    block: blockToWire(block),
    contents: contentsToWire({ ...contents, keyImages: keyImageTags.map(compressedPoint), outputs: [] }),
    ...(signed && { signature: { signature: { data: signed.signature }, signer: { data: signed.signer } } }),
    sealed,
  });
}
