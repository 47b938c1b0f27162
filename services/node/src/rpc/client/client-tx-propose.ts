// ConsensusClientAPI.ClientTxPropose: a sealed transaction becomes a value that waits for a slot (spec 05 §2.4).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import { toHex } from "@fogbow/core-bytes";
import { txHashValue } from "@fogbow/core-scp";
import {
  type Message,
  type ProposeTxResponse,
  ProposeTxResponseSchema,
  type ProposeTxResult,
  readPresent,
  type TxContext,
} from "@fogbow/core-wire";
import { PROPOSALS_PER_SESSION_MAX } from "../../limits.ts";
import { enclaveError } from "../../replica/enclave-door.ts";
import { knownTx } from "../../replica/known-txs.ts";
import { checkAgainstLedger } from "../../replica/ledger-checks.ts";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/**
 * Takes a client's proposal. What is wrong with a transaction is an answer. `UNAVAILABLE` when the node has too much to do or
 * is not in sync, after the message was decrypted all the same: the channel's counters stay in step, so the client can
 * try again on it. `PERMISSION_DENIED` for a message of no channel.
 */
export function clientTxPropose(node: Served): Handler<Message, ProposeTxResponse> {
  const { clock, sessions, checker, pending, metrics, timing } = node;

  const refusal = (session: string): string | undefined => {
    if (!node.isServing()) return "Temporarily not serving requests";
    const isBusy =
      checker.inProgress(session) >= PROPOSALS_PER_SESSION_MAX || checker.delayOf(session) > timing.queueDelayMs;
    return isBusy || pending.isFullFor(session) ? "Temporarily over capacity" : undefined;
  };

  return async (request) => {
    const started = clock.now();
    const session = toHex(request.channelId);
    sessions.touch(session, started);
    const refused = refusal(session);
    // From here to the enclave nobody else has a turn: messages of one channel must stay in order.
    if (refused !== undefined) {
      metrics?.count("proposals_refused");
      await node.door.clientDiscard(request).catch((error: unknown) => {
        throw enclaveError(error, Code.PermissionDenied);
      });
      throw new ConnectError(refused, Code.Unavailable);
    }
    const leave = checker.enter(session);
    const result = await decide(node, request, session).finally(leave);
    if (result.code !== 0) {
      metrics?.count("proposals_invalid");
      if (sessions.fail(session, clock.now())) await node.door.clientClose(request.channelId).catch(() => undefined);
    } else {
      metrics?.count("proposals_accepted");
    }
    metrics?.observe("proposal_ms", clock.now() - started);
    return create(ProposeTxResponseSchema, {
      result: result.code as ProposeTxResult, // The enclave's numbers are those of the wire.
      blockCount: node.ledger.numBlocks(),
      blockVersion: node.options.chain.blockVersion,
    });
  };
}

async function decide(node: Served, request: Message, session: string): Promise<{ readonly code: number }> {
  const arrivedAt = node.clock.now();
  const { result } = await node.door.clientPropose(request).catch((error: unknown) => {
    throw enclaveError(error, Code.PermissionDenied);
  });
  if (result.case === "refused") return { code: result.value };
  const context: TxContext = readPresent(result.value, "tx");
  const { checker, known, ledger, options } = node;
  const value = txHashValue(context.txHash);
  if (known.get(value) === undefined) {
    const code = context.isWellFormed ? await keep(node, context) : await checker.check(context, session);
    if (code !== 0) return { code };
  }
  const code = checkAgainstLedger(knownTx(context), ledger);
  if (code !== 0) return { code };
  if (!node.propose(value, { session, at: arrivedAt }))
    throw new ConnectError("Temporarily over capacity", Code.Unavailable);
  node.relay(context, options.self, options.self.responderId);
  return { code: 0 };
}

/** The enclave has found it well formed before, and the host has forgotten that. */
async function keep({ known }: Served, context: TxContext): Promise<number> {
  if (!known.add(knownTx(context))) throw new ConnectError("Temporarily over capacity", Code.Unavailable);
  return 0;
}
