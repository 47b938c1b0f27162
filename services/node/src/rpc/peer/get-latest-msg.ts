// ConsensusPeerAPI.GetLatestMsg: what lets nodes recover from a message that was lost (spec 05 §2.6).
import { create } from "@bufbuild/protobuf";
import type { Empty } from "@bufbuild/protobuf/wkt";
import { type GetLatestMsgResponse, GetLatestMsgResponseSchema } from "@fogbow/core-wire";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** The latest message of this node; empty before it has said anything. */
export function getLatestMsg(node: Pick<Served, "latest">): Handler<Empty, GetLatestMsgResponse> {
  return async () => create(GetLatestMsgResponseSchema, { payload: node.latest() ?? new Uint8Array() });
}
