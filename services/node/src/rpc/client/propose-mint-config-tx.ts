// ConsensusClientAPI.ProposeMintConfigTx: a token's governors name new minters. Nothing of it is secret; consensus messages
// carry it in full (spec 05 §2.4).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { mintConfigTxValue } from "@fogbow/core-scp";
import { type MintConfigTx as Domain, MINT_VALIDATION_NUMBERS, mintConfigTxFromWire } from "@fogbow/core-transaction";
import {
  type MintConfigTx,
  type ProposeMintConfigTxResponse,
  ProposeMintConfigTxResponseSchema,
} from "@fogbow/core-wire";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";
import { assertRoom, mintResult } from "./mint-result.ts";

/** Takes a configuration of minting. What is wrong with it is an answer; `INVALID_ARGUMENT` for what is none. */
export function proposeMintConfigTx(node: Served): Handler<MintConfigTx, ProposeMintConfigTxResponse> {
  return async (request) => {
    assertRoom(node);
    let tx: Domain;
    let value: string;
    try {
      tx = mintConfigTxFromWire(request);
      value = mintConfigTxValue(tx);
    } catch (cause) {
      throw new ConnectError("This is no configuration of minting.", Code.InvalidArgument, undefined, undefined, cause);
    }
    const code = node.checks.checkMintConfigTx(tx);
    if (code === "ok" && !node.propose(value, { at: node.clock.now() })) {
      throw new ConnectError("Temporarily over capacity", Code.Unavailable);
    }
    return create(ProposeMintConfigTxResponseSchema, {
      result: mintResult(MINT_VALIDATION_NUMBERS[code], node, tx.prefix),
      blockCount: node.ledger.numBlocks(),
      blockVersion: node.options.chain.blockVersion,
    });
  };
}
