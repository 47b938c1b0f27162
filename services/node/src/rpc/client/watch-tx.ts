// WatchAPI.WatchTx: what becomes of a transaction, without polling (spec 05 §2.8).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { txHashValue, type Value } from "@fogbow/core-scp";
import { TxState, type TxStatus, TxStatusSchema, type WatchTxRequest } from "@fogbow/core-wire";
import type { StreamHandler } from "../handlers.ts";
import type { Served } from "../served.ts";

/**
 * Tells a transaction's state and each change of it; ends after one that is final. `INVALID_ARGUMENT` unless the hash has 32
 * bytes, `RESOURCE_EXHAUSTED` for the 65th stream of a client, `UNAVAILABLE` when the node stops.
 */
export function watchTx(node: Served): StreamHandler<WatchTxRequest, TxStatus> {
  return async function* ({ txHash, tombstoneBlock }, { signal, caller = "" } = {}) {
    if (txHash.length !== 32) throw new ConnectError("The hash of a transaction has 32 bytes.", Code.InvalidArgument);
    const value = txHashValue(txHash);
    const close = node.streams.open(caller);
    try {
      let told: TxState | undefined;
      while (!signal?.aborted) {
        if (node.changes.isClosed) throw new ConnectError("The node stops.", Code.Unavailable);
        const status = statusOf(node, value, tombstoneBlock);
        if (status.state !== told) yield status;
        told = status.state;
        if (told === TxState.EXTERNALIZED || told === TxState.EXPIRED) return;
        await node.changes.next(signal);
      }
    } finally {
      close();
    }
  };
}

function statusOf({ ledger, known, externalized }: Served, value: Value, tombstoneBlock: bigint): TxStatus {
  const blockCount = ledger.numBlocks();
  const status = (state: TxState, blockIndex = blockCount - 1n): TxStatus =>
    create(TxStatusSchema, { state, blockIndex });
  const formed = externalized.blockOf(value);
  if (formed !== undefined) return status(TxState.EXTERNALIZED, formed);
  const tx = known.get(value);
  // A block that came from others does not say which transactions it is of: their outputs do.
  const [output] = tx?.outputPublicKeys ?? [];
  const index = output && ledger.txOutIndexByPublicKey(output);
  const synced = index === undefined ? undefined : ledger.blockIndexOfTxOut(index);
  if (synced !== undefined) return status(TxState.EXTERNALIZED, synced);
  if (tombstoneBlock <= blockCount) return status(TxState.EXPIRED);
  return status(tx === undefined ? TxState.UNKNOWN : TxState.PENDING);
}
