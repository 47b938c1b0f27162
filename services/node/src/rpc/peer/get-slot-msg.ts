// PeerAPI.GetSlotMsg: for peers that missed a decision, or that forgot what they said themselves.
import { create } from "@bufbuild/protobuf";
import { toHex } from "@fogbow/core-bytes";
import { type GetLatestMsgResponse, GetLatestMsgResponseSchema, type SlotMsgRequest } from "@fogbow/core-wire";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** A node's latest message about a slot, as far as this node has it; its own unless another sender is named. */
export function getSlotMsg(node: Pick<Served, "messageAbout">): Handler<SlotMsgRequest, GetLatestMsgResponse> {
  return async ({ slotIndex, senderKey }) => {
    const payload = node.messageAbout(slotIndex, senderKey.length === 0 ? undefined : toHex(senderKey));
    return create(GetLatestMsgResponseSchema, { payload: payload ?? new Uint8Array() });
  };
}
