// ConsensusPeerAPI.GetTxs: transactions that a peer lacks, sealed for its enclave (spec 05 §2.6).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { encodeTxProposeAad, txHashValue } from "@fogbow/core-scp";
import { type GetTxsRequest, type GetTxsResponse, GetTxsResponseSchema } from "@fogbow/core-wire";
import { TXS_ASKED_MAX } from "../../limits.ts";
import { enclaveError, refusalOf } from "../../replica/enclave-door.ts";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/**
 * All transactions that are asked for, or which of them are not there. `INVALID_ARGUMENT` for none, too many or what is no
 * hash, `RESOURCE_EXHAUSTED` when they are too large together, `PERMISSION_DENIED` for a channel that is none.
 */
export function getTxs({ door, known, options }: Served): Handler<GetTxsRequest, GetTxsResponse> {
  const { self } = options;
  const aad = encodeTxProposeAad({ originNode: self, relayedBy: self.responderId });
  const missing = (txHashes: Uint8Array[]): GetTxsResponse =>
    create(GetTxsResponseSchema, { payload: { case: "txHashesNotInCache", value: { txHashes } } });
  return async ({ channelId, txHashes }) => {
    const areHashes = txHashes.every(({ length }) => length === 32);
    if (txHashes.length === 0 || txHashes.length > TXS_ASKED_MAX || !areHashes) {
      throw new ConnectError("Ask for 1 to 1000 hashes of 32 bytes.", Code.InvalidArgument);
    }
    const unknown = txHashes.filter((hash) => known.get(txHashValue(hash)) === undefined);
    if (unknown.length > 0) return missing(unknown);
    try {
      const sealed = await door.peerSeal({ channelId, txHashes, aad });
      return create(GetTxsResponseSchema, { payload: { case: "success", value: sealed } });
    } catch (error) {
      const refusal = refusalOf(error);
      if (refusal === "unknown-tx") return missing(txHashes);
      if (refusal === "list-too-large") throw new ConnectError("Ask for fewer transactions.", Code.ResourceExhausted);
      throw enclaveError(error, Code.PermissionDenied);
    }
  };
}
