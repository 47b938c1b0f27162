// Whom a node listens to: any `threshold` of the members, each a node or a group (spec 02 §1.4, §8.4).
import type { Bytes } from "@fogbow/core-bytes";
import {
  aggregate,
  type Digestible,
  list,
  neverOmit,
  optional,
  primitive,
  text,
  tuple,
  uint32,
  variant,
} from "@fogbow/core-crypto";

/** A set of nodes of which any `threshold` convince. The order of members shows in the digest only. */
export interface QuorumSet {
  readonly threshold: number;
  readonly members: readonly QuorumSetMember[];
}

/** A node, or a group that counts as one. */
export type QuorumSetMember =
  | { readonly kind: "node"; readonly node: NodeId }
  | { readonly kind: "inner-set"; readonly set: QuorumSet };

/** A node of the network. */
export interface NodeId {
  /** Host and port. */
  readonly responderId: string;
  /** Ed25519: the key that the node signs its messages with. */
  readonly publicKey: Bytes<32>;
}

/** A quorum set as part of a larger hashed object, members in their stored order. */
export function quorumSetDigestible({ threshold, members }: QuorumSet): Digestible {
  return aggregate("QuorumSet", [
    ["threshold", uint32(threshold)],
    ["members", list(members.map(memberDigestible))],
  ]);
}

/** A responder id as part of a larger hashed object; shows also when it is empty. */
export function responderIdDigestible(responderId: string): Digestible {
  return tuple("ResponderId", [neverOmit(text(responderId))]);
}

/** An Ed25519 public key (32 bytes) as part of a larger hashed object. */
export function ed25519PublicDigestible(publicKey: Uint8Array): Digestible {
  return tuple("Ed25519Public", [primitive("ed25519", publicKey)]);
}

function memberDigestible(member: QuorumSetMember): Digestible {
  return aggregate("QuorumSetMemberWrapper", [["member", optional(choiceDigestible(member))]]);
}

function choiceDigestible(member: QuorumSetMember): Digestible {
  switch (member.kind) {
    case "node":
      return variant("QuorumSetMember", { name: "Node", index: 0 }, nodeDigestible(member.node));
    case "inner-set":
      return variant("QuorumSetMember", { name: "InnerSet", index: 1 }, quorumSetDigestible(member.set));
  }
}

function nodeDigestible({ responderId, publicKey }: NodeId): Digestible {
  return aggregate("NodeID", [
    ["responder_id", responderIdDigestible(responderId)],
    ["public_key", ed25519PublicDigestible(publicKey)],
  ]);
}
