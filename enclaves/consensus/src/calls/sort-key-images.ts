// `sort-key-images`: all key images of a ledger, in any order and as often as it takes, so that its checkpoint can be signed.
import { bytes } from "@fogbow/core-bytes";
import {
  decodeMessage,
  encodeMessage,
  readBytes,
  type SortKeyImagesRequest,
  SortKeyImagesRequestSchema,
  SortKeyImagesResponseSchema,
} from "@fogbow/core-wire";
import type { Call, EnclaveState } from "../enclave-state.ts";
import { ConsensusError } from "../error.ts";
import { DOOR } from "../limits.ts";
import { type Sorting, sortingOf } from "../retention/sorting.ts";

/**
 * After an error the sorting begins anew. Throws ConsensusError `unknown-parent`, `invalid-record` or
 * `unsorted-key-images`, BlockError `unordered-key-images` or `other-key-images`, and WireError.
 */
export const sortKeyImages: Call = (input, state) => {
  const request = decodeMessage(SortKeyImagesRequestSchema, input, DOOR);
  const sorting = sortingOf(state, bytes(readBytes(request.blockId, 32, "block_id"), 32, "block_id"));
  try {
    return encodeMessage(SortKeyImagesResponseSchema, goOn(sorting, request, state));
  } catch (error) {
    state.sorting = undefined;
    throw error;
  }
};

function goOn(
  sorting: Sorting,
  { keyImages, ends }: SortKeyImagesRequest,
  { kept }: Pick<EnclaveState, "kept">,
): { readonly more: boolean; readonly again: boolean } {
  const { sorter, summary } = sorting;
  const isHashing = sorting.isHashing || ends;
  if (sorting.checkpoint !== undefined) return { more: false, again: false };
  if (sorting.isHashing && (keyImages.length > 0 || ends)) {
    throw new ConsensusError("unsorted-key-images", "Those of the pass before are still being hashed.");
  }
  sorter.take(keyImages.map((image) => kept?.vault.openKeyImage(image) ?? readBytes(image, 32, "key_images")));
  if (ends) sorter.endPass();
  sorting.isHashing = isHashing && sorter.hashSome();
  if (!isHashing || sorting.isHashing) return { more: sorting.isHashing, again: false };
  if (sorter.isDone) sorting.checkpoint = summary.checkpoint(sorter.sorted);
  return { more: false, again: !sorter.isDone };
}
