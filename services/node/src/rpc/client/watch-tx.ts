// WatchAPI.WatchTx: what becomes of a transaction, without polling (spec 05 §2.8).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { txHashValue, type Value } from "@fogbow/core-scp";
import { TxState, type TxStatus, TxStatusSchema, type WatchTxRequest } from "@fogbow/core-wire";
import { LedgerError, type LedgerReader } from "@fogbow/ledger-db";
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
  if (output !== undefined && ledger.containsPublicKey(output)) {
    return status(TxState.EXTERNALIZED, blockOf(output, ledger));
  }
  if (tombstoneBlock <= blockCount) return status(TxState.EXPIRED);
  return status(tx === undefined ? TxState.UNKNOWN : TxState.PENDING);
}

/** The block that made an output with this public key; 0, whose outputs no transaction made, if that is forgotten. */
function blockOf(publicKey: Uint8Array, ledger: LedgerReader): bigint {
  try {
    const index = ledger.txOutIndexByPublicKey(publicKey);
    return (index === undefined ? undefined : ledger.blockIndexOfTxOut(index)) ?? 0n;
  } catch (error) {
    if (error instanceof LedgerError && error.code === "forgotten") return 0n;
    throw error;
  }
}
