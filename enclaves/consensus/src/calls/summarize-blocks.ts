// `summarize-blocks`: the next blocks of a node that keeps everything, to be added up for its checkpoints.
import { blockFromWire, contentsFromWire } from "@fogbow/core-block";
import {
  decodeMessage,
  encodeMessage,
  readPresent,
  SummarizeBlocksRequestSchema,
  SummarizedBlocksSchema,
} from "@fogbow/core-wire";
import type { Call } from "../enclave-state.ts";
import { ConsensusError } from "../error.ts";
import { DOOR } from "../limits.ts";

/** Throws ConsensusError `retains-nothing`, BlockError for a block that is not the next, and WireError. */
export const summarizeBlocks: Call = (input, { summed }) => {
  if (summed === undefined) {
    throw new ConsensusError("retains-nothing", "A node that forgets has its enclave absorb blocks.");
  }
  const { blocks } = decodeMessage(SummarizeBlocksRequestSchema, input, DOOR);
  const sealedLedger = summed.extend(
    blocks.map(({ block, contents }) => ({
      block: blockFromWire(readPresent(block, "block")),
      contents: contentsFromWire(readPresent(contents, "contents")),
    })),
  );
  return encodeMessage(SummarizedBlocksSchema, { sealedLedger });
};
