// `absorb-block`: a block that was formed elsewhere, for a node that forgets. What leaves is what may be stored of it.
import { blockFromWire, contentsFromWire } from "@fogbow/core-block";
import { AbsorbBlockRequestSchema, decodeMessage, readPresent } from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { DOOR } from "../limits.ts";
import { encodeKeptBlock } from "../retention/kept-block.ts";
import { keptLedger } from "../retention/kept-ledger-of.ts";

/** Throws ConsensusError `retains-everything` or `unknown-parent`, BlockError for a block that is not the next, WireError. */
export const absorbBlock: Call = (input, state) => {
  const ledger = keptLedger(state);
  const request = decodeMessage(AbsorbBlockRequestSchema, input, DOOR);
  const block = blockFromWire(readPresent(request.block, "block"));
  const contents = contentsFromWire(readPresent(request.contents, "contents"));
  return encodeKeptBlock({ block, contents }, ledger.keep({ block, contents }));
};
