// How nodes are told apart: by their public key alone (spec 05, conventions). The host and port may change.
import type { NodeId } from "@fogbow/core-block";
import { toHex } from "@fogbow/core-bytes";

/** A node's public key in hex, 64 characters. */
export type NodeKey = string;

const keys = new WeakMap<NodeId, NodeKey>();

/** The key that a node is known by. */
export function nodeKey(node: NodeId): NodeKey {
  let key = keys.get(node);
  if (key === undefined) {
    key = toHex(node.publicKey);
    keys.set(node, key);
  }
  return key;
}
