// Quorum sets as protobuf messages (spec 02 §10).
import { bytes } from "@fogbow/core-bytes";
import {
  type QuorumSetMember as QuorumSetMemberMessage,
  type QuorumSet as QuorumSetMessage,
  readData,
  readPresent,
} from "@fogbow/core-wire";
import type { QuorumSet, QuorumSetMember } from "./quorum-set.ts";

/** A quorum set as `encodeMessage` takes it. */
export interface QuorumSetInit {
  readonly threshold: number;
  readonly members: QuorumSetMemberInit[];
}

interface QuorumSetMemberInit {
  readonly member:
    | { readonly case: "node"; readonly value: { responderId: string; publicKey: { data: Uint8Array } } }
    | { readonly case: "innerSet"; readonly value: QuorumSetInit };
}

/** A quorum set as a message, to be put into larger ones. */
export function quorumSetToWire({ threshold, members }: QuorumSet): QuorumSetInit {
  return { threshold, members: members.map(memberToWire) };
}

/** A quorum set from a message. Throws WireError `missing-field` or `wrong-length`. Says nothing about its sense. */
export function quorumSetFromWire({ threshold, members }: QuorumSetMessage): QuorumSet {
  return { threshold: threshold ?? 0, members: members.map(memberFromWire) };
}

function memberFromWire(message: QuorumSetMemberMessage): QuorumSetMember {
  const { member } = message;
  if (member.case === "innerSet") {
    return { kind: "inner-set", set: quorumSetFromWire(member.value) };
  }
  const { responderId, publicKey } = readPresent(member.value, "member");
  return { kind: "node", node: { responderId, publicKey: bytes(readData(publicKey, 32, "public_key"), 32, "key") } };
}

function memberToWire(member: QuorumSetMember): QuorumSetMemberInit {
  switch (member.kind) {
    case "node": {
      const { responderId, publicKey } = member.node;
      return { member: { case: "node", value: { responderId, publicKey: { data: publicKey } } } };
    }
    case "inner-set":
      return { member: { case: "innerSet", value: quorumSetToWire(member.set) } };
  }
}
