// WatchAPI.WatchBlocks: headers as they come (spec 05 §2.8).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { blockToWire } from "@fogbow/core-block";
import { type BlockHeader, BlockHeaderSchema, type WatchBlocksRequest } from "@fogbow/core-wire";
import type { StreamHandler } from "../handlers.ts";
import type { Served } from "../served.ts";

/**
 * Every header from an index on, then each new one. Nothing queues up for a slow reader: headers come from the ledger.
 * `RESOURCE_EXHAUSTED` for the 65th stream of a client, `UNAVAILABLE` when the node stops.
 */
export function watchBlocks(node: Served): StreamHandler<WatchBlocksRequest, BlockHeader> {
  const { ledger, streams, changes } = node;
  return async function* ({ fromIndex }, { signal, caller = "" } = {}) {
    const close = streams.open(caller);
    try {
      for (let index = fromIndex; !signal?.aborted; index++) {
        while (index >= ledger.numBlocks() && !signal?.aborted && !changes.isClosed) await changes.next(signal);
        if (changes.isClosed) throw new ConnectError("The node stops.", Code.Unavailable);
        if (signal?.aborted) return;
        yield headerOf(node, index);
      }
    } finally {
      close();
    }
  };
}

function headerOf({ ledger }: Served, index: bigint): BlockHeader {
  const block = ledger.block(index);
  if (block === undefined) throw new ConnectError("The ledger has lost a block.", Code.DataLoss);
  const signature = ledger.blockSignature(index);
  return create(BlockHeaderSchema, {
    header: blockToWire(block),
    ...(signature && {
      signature: {
        signature: { data: signature.signature },
        signer: { data: signature.signer },
        signedAt: signature.signedAt,
      },
    }),
  });
}
