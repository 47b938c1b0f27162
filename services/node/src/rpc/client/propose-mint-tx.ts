// ConsensusClientAPI.ProposeMintTx: a token's minters mint. Nothing of it is secret; consensus messages carry it in full
// (spec 05 §2.4).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { mintTxValue } from "@fogbow/core-scp";
import { type MintTx as Domain, MINT_VALIDATION_NUMBERS, mintTxFromWire } from "@fogbow/core-transaction";
import { type MintTx, type ProposeMintTxResponse, ProposeMintTxResponseSchema } from "@fogbow/core-wire";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";
import { assertRoom, mintResult } from "./mint-result.ts";

/** Takes a minting transaction. What is wrong with it is an answer; `INVALID_ARGUMENT` for what is none. */
export function proposeMintTx(node: Served): Handler<MintTx, ProposeMintTxResponse> {
  return async (request) => {
    assertRoom(node);
    let tx: Domain;
    let value: string;
    try {
      tx = mintTxFromWire(request);
      value = mintTxValue(tx);
    } catch (cause) {
      throw new ConnectError("This is no minting transaction.", Code.InvalidArgument, undefined, undefined, cause);
    }
    const code = node.checks.checkMintTx(tx);
    if (code === "ok" && !node.propose(value, { at: node.clock.now() })) {
      throw new ConnectError("Temporarily over capacity", Code.Unavailable);
    }
    return create(ProposeMintTxResponseSchema, {
      result: mintResult(MINT_VALIDATION_NUMBERS[code], node, tx.prefix),
      blockCount: node.ledger.numBlocks(),
      blockVersion: node.options.chain.blockVersion,
    });
  };
}
