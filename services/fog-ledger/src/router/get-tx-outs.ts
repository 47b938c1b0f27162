// FogUntrustedTxOutApi.GetTxOuts: where outputs are, in the open, for whoever made them (spec 03 §5.5).
import { create, type MessageInitShape } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type TxOutRequest,
  type TxOutResponse,
  TxOutResponseSchema,
  TxOutResultCode,
  type TxOutResultSchema,
} from "@fogbow/core-wire";
import { type BlockProvider, LedgerError, TIMESTAMP_CODES } from "@fogbow/ledger-db";
import { TX_OUT_KEYS_MAX } from "../limits.ts";

const KEY_BYTES = 32;

/**
 * Looks outputs up. How many blocks there are is read first, so that an output which is not found is in none of them.
 * `INVALID_ARGUMENT` for a key of another length, or too many.
 */
export function getTxOuts(
  { txOutPubkeys }: TxOutRequest,
  blocks: Pick<BlockProvider, "latestBlock" | "txOutInfoByPublicKey">,
): TxOutResponse {
  if (txOutPubkeys.length > TX_OUT_KEYS_MAX) throw new ConnectError("Request size exceeds limit", Code.InvalidArgument);
  if (txOutPubkeys.some(({ data }) => data.length !== KEY_BYTES)) {
    throw new ConnectError("A public key has 32 bytes.", Code.InvalidArgument);
  }
  const latest = blocks.latestBlock();
  return create(TxOutResponseSchema, {
    numBlocks: latest === undefined ? 0n : latest.index + 1n,
    globalTxoCount: latest?.cumulativeTxoCount ?? 0n,
    results: txOutPubkeys.map(({ data }) => ({ txOutPubkey: { data }, ...placeOf(data, blocks) })),
  });
}

function placeOf(
  publicKey: Uint8Array,
  blocks: Pick<BlockProvider, "txOutInfoByPublicKey">,
): Omit<MessageInitShape<typeof TxOutResultSchema>, "txOutPubkey" | "$typeName"> {
  try {
    const info = blocks.txOutInfoByPublicKey(publicKey);
    if (info === undefined) return { resultCode: TxOutResultCode.NotFound };
    return {
      resultCode: TxOutResultCode.Found,
      txOutGlobalIndex: info.txOutIndex,
      blockIndex: info.blockIndex,
      timestamp: info.timestamp.timestamp,
      timestampResultCode: TIMESTAMP_CODES[info.timestamp.code],
    };
  } catch (error) {
    // The output is there, and its block is not.
    if (error instanceof LedgerError && error.code === "corrupt-ledger")
      return { resultCode: TxOutResultCode.DatabaseError };
    throw error;
  }
}
