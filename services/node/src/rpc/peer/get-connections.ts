// PeerAPI.GetConnections: so that nobody passes on to this node what it hears at first hand (spec 05 §7.1).
import { create } from "@bufbuild/protobuf";
import type { Empty } from "@bufbuild/protobuf/wkt";
import { type Connections, ConnectionsSchema } from "@fogbow/core-wire";
import type { Handler } from "../handlers.ts";
import type { Served } from "../served.ts";

/** The peers that were heard at first hand lately. */
export function getConnections(node: Pick<Served, "hearsDirectly">): Handler<Empty, Connections> {
  return async () => create(ConnectionsSchema, { hearsDirectly: node.hearsDirectly() });
}
