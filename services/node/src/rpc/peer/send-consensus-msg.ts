// ConsensusPeerAPI.SendConsensusMsg: what a peer says, or passes on (spec 05 §2.8).
import { create } from "@bufbuild/protobuf";
import { Code, ConnectError } from "@connectrpc/connect";
import {
  type ConsensusMsg,
  type ConsensusMsgResponse,
  ConsensusMsgResponseSchema,
  ConsensusMsgResult,
} from "@fogbow/core-wire";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/**
 * Hears a message. `UnknownPeer` unless whoever delivers it is a peer, and the one that the transport knows it for.
 * `INVALID_ARGUMENT` for a message that is malformed, of nobody in the network or not signed by its sender,
 * `RESOURCE_EXHAUSTED` when its sender says too much.
 */
export function sendConsensusMsg(node: Served): Handler<ConsensusMsg, ConsensusMsgResponse> {
  const answer = (result: ConsensusMsgResult): ConsensusMsgResponse => create(ConsensusMsgResponseSchema, { result });
  return async ({ fromResponderId, payload }, { caller } = {}) => {
    const deliverer = node.peerNamed(fromResponderId);
    if (deliverer === undefined || (caller ?? fromResponderId) !== fromResponderId) {
      return answer(ConsensusMsgResult.UnknownPeer);
    }
    switch (node.hear(payload, deliverer)) {
      case "heard":
        return answer(ConsensusMsgResult.Ok);
      case "too-often":
        throw new ConnectError("The sender says too much.", Code.ResourceExhausted);
      default:
        throw new ConnectError("The message is not one of this network.", Code.InvalidArgument);
    }
  };
}
