// BlockchainAPI.GetLastBlockInfo, for clients and peers.
import { create } from "@bufbuild/protobuf";
import type { Empty } from "@bufbuild/protobuf/wkt";
import { type LastBlockInfoResponse, LastBlockInfoResponseSchema } from "@fogbow/core-wire";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** Where the ledger ends, and what a transaction costs. */
export function getLastBlockInfo({ options, ledger }: Served): Handler<Empty, LastBlockInfoResponse> {
  const { tokens, blockVersion } = options.chain;
  const minimumFees = Object.fromEntries(
    tokens.map(({ tokenId, minimumFee }) => [String(tokenId), minimumFee as bigint]),
  );
  return async () =>
    create(LastBlockInfoResponseSchema, {
      index: ledger.numBlocks() - 1n,
      mobMinimumFee: minimumFees["0"] ?? 0n,
      minimumFees,
      networkBlockVersion: blockVersion,
    });
}
