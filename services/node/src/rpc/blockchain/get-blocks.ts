// BlockchainAPI.GetBlocks: headers, for clients and peers.
import { create } from "@bufbuild/protobuf";
import { type Block, blockToWire } from "@fogbow/core-block";
import { type BlocksRequest, type BlocksResponse, BlocksResponseSchema } from "@fogbow/core-wire";
import { HEADERS_MAX } from "../../limits.ts";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** At most 2000 headers from an index on, fewer at the end of the ledger, none beyond it. */
export function getBlocks({ ledger }: Pick<Served, "ledger">): Handler<BlocksRequest, BlocksResponse> {
  return async ({ offset, limit }) => {
    const count = BigInt(Math.min(limit, HEADERS_MAX));
    const end = ledger.numBlocks();
    const blocks: Block[] = [];
    for (let index = offset; index < end && index - offset < count; index++) {
      const block = ledger.block(index);
      if (block === undefined) break;
      blocks.push(block);
    }
    return create(BlocksResponseSchema, { blocks: blocks.map(blockToWire) });
  };
}
