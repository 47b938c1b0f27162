// The memo builder that says nothing (spec 01 §6.6).
import type { MemoPayload } from "../memo.ts";
import { encodeMemo } from "../memo-codec.ts";
import type { MemoBuilder } from "./memo-builder.ts";

/** Gives every output an Unused memo. */
export class EmptyMemoBuilder implements MemoBuilder {
  setFee(): void {
    // No memo names the fee.
  }

  memoForOutput(): MemoPayload {
    return encodeMemo({ kind: "unused" });
  }

  memoForChange(): MemoPayload {
    return encodeMemo({ kind: "unused" });
  }
}
