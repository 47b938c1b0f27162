// Nodes and quorum sets as MobileCoin's messages have them.
import type { NodeId, QuorumSet, QuorumSetMember } from "@fogbow/core-block";
import { type CborInput, malformed } from "./cbor-input.ts";
import type { CborOutput } from "./cbor-output.ts";
import { byteString, list, mapped, recursive, type Shape, struct, u32 } from "./shape.ts";

/** A shape that has text in it, and so no form that sorts. */
export type CborShape<T> = Shape<T, CborOutput, CborInput>;

/** Text, such as the host and port of a node. */
export const text: CborShape<string> = { write: (out, value) => out.text(value), read: (input) => input.text() };

/** A node. */
export const nodeId: CborShape<NodeId> = mapped(struct({ responder_id: text, public_key: byteString(32) }), {
  to: ({ responderId, publicKey }: NodeId) => ({ responder_id: responderId, public_key: publicKey }),
  from: (wire) => ({ responderId: wire.responder_id, publicKey: wire.public_key }),
});

/** A quorum set. */
export const quorumSet: CborShape<QuorumSet> = struct({ threshold: u32, members: list(recursive(() => member)) });

const member: CborShape<QuorumSetMember> = {
  write: (out, value) => {
    out.beginStruct(2);
    out.field("type");
    out.text(value.kind === "node" ? "Node" : "InnerSet");
    out.field("args");
    if (value.kind === "node") nodeId.write(out, value.node);
    else quorumSet.write(out, value.set);
    out.endStruct();
  },
  read: (input) => {
    input.beginStruct(2);
    input.field("type");
    const type = input.text();
    if (type !== "Node" && type !== "InnerSet") throw malformed("A member of a quorum set is of an unknown type.");
    input.field("args");
    const value: QuorumSetMember =
      type === "Node" ? { kind: "node", node: nodeId.read(input) } : { kind: "inner-set", set: quorumSet.read(input) };
    input.endStruct();
    return value;
  },
};
