// ConsensusPeerAPI.PeerTxPropose: transactions that a peer's clients proposed, or that it passes on (spec 05 §2.4).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { decodeTxProposeAad, type TxProposeAad, txHashValue } from "@fogbow/core-scp";
import { type Message, type ProposeTxResponse, ProposeTxResponseSchema, type TxContext } from "@fogbow/core-wire";
import { enclaveError } from "../../replica/enclave-door.ts";
import { knownTx } from "../../replica/known-txs.ts";
import { checkAgainstLedger } from "../../replica/ledger-checks.ts";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/**
 * Takes a peer's transactions in and answers at once; those that are not valid are left out without a word.
 * `INVALID_ARGUMENT` for associated data that is none, `PERMISSION_DENIED` for a message of no channel.
 */
export function peerTxPropose(node: Served): Handler<Message, ProposeTxResponse> {
  return async (request) => {
    // First: whatever the message says, it must be opened in its turn.
    const opened = node.door.peerPropose(request);
    opened.catch(() => undefined);
    const origin = readAad(request.aad);
    const { txs } = await opened.catch((error: unknown) => {
      throw enclaveError(error, Code.PermissionDenied);
    });
    node.peerNamed(origin.relayedBy)?.heard();
    for (const context of txs) {
      take(node, context, origin).catch((error: unknown) =>
        node.log.debug("a peer's transaction is left out", { error }),
      );
    }
    return create(ProposeTxResponseSchema, {
      blockCount: node.ledger.numBlocks(),
      blockVersion: node.options.chain.blockVersion,
    });
  };
}

function readAad(aad: Uint8Array): TxProposeAad {
  try {
    return decodeTxProposeAad(aad);
  } catch (cause) {
    throw new ConnectError("The associated data names no origin.", Code.InvalidArgument, undefined, undefined, cause);
  }
}

async function take(node: Served, context: TxContext, { originNode, relayedBy }: TxProposeAad): Promise<void> {
  const { checker, known, ledger } = node;
  const value = txHashValue(context.txHash);
  const caller = `peer ${relayedBy}`;
  if (known.get(value) === undefined) {
    if (context.isWellFormed) known.add(knownTx(context));
    else if ((await checker.check(context, caller).finally(checker.enter(caller))) !== 0) return;
  }
  if (checkAgainstLedger(knownTx(context), ledger) !== 0) return;
  node.propose(value, {});
  node.relay(context, originNode, relayedBy);
}
