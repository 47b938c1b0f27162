// Quorum sets as configuration files write them (spec 05 §1.1): nodes by their responder ids.
import type { NodeId, QuorumSet, QuorumSetMember } from "@fogbow/core-block";
import { ConfigError, type ConfigPlace } from "./error.ts";
import { PEERS_MAX } from "./limits.ts";
import { parseResponderId } from "./node-uri.ts";
import type { Table } from "./table.ts";

/** A quorum set whose nodes are only names. */
interface NamedQuorumSet {
  readonly threshold: number;
  readonly members: readonly (
    | { readonly kind: "node"; readonly responderId: string; readonly place: ConfigPlace }
    | { readonly kind: "inner-set"; readonly set: NamedQuorumSet }
  )[];
}

const DEPTH = 16; // What is deeper than consensus allows is refused there, with its reason; this keeps parsing finite.
const U32_END = 1n << 32n;

/** A quorum set in a table. Throws `missing-field`, `wrong-type`, `out-of-range`, `invalid-responder-id`. */
export function parseQuorumSet(table: Table, depth = 1): NamedQuorumSet {
  const threshold = table.required("threshold", table.integer("threshold"));
  if (threshold >= U32_END) {
    throw table.error("out-of-range", "threshold", "A threshold has 32 bits.", [`${threshold}`, `${U32_END - 1n}`]);
  }
  if (depth > DEPTH) {
    throw table.error("invalid-quorum-set", "members", "Quorum sets are nested too deep.", [`${depth}`, `${DEPTH}`]);
  }
  const members = table.tables("members", PEERS_MAX).map((member) => parseMember(member, depth));
  table.end();
  return { threshold: Number(threshold), members };
}

function parseMember(member: Table, depth: number): NamedQuorumSet["members"][number] {
  const type = member.required("type", member.text("type"));
  switch (type) {
    case "Node": {
      const place = member.place("args");
      const responderId = parseResponderId(member.required("args", member.text("args")), place);
      member.end();
      return { kind: "node", responderId, place };
    }
    case "InnerSet": {
      const set = parseQuorumSet(member.required("args", member.table("args")), depth + 1);
      member.end();
      return { kind: "inner-set", set };
    }
    default: {
      const message = `A member is of type Node or InnerSet, and not ${type}.`;
      throw member.error("out-of-range", "type", message, [type, "Node or InnerSet"]);
    }
  }
}

/** The same with the keys of the nodes. Throws `unknown-responder-id`. */
export function resolveQuorumSet(named: NamedQuorumSet, nodes: ReadonlyMap<string, NodeId>, file: string): QuorumSet {
  const members = named.members.map((member): QuorumSetMember => {
    if (member.kind === "inner-set") return { kind: "inner-set", set: resolveQuorumSet(member.set, nodes, file) };
    const node = nodes.get(member.responderId);
    if (node === undefined) {
      const known = [...nodes.keys()].join(", ") || "none";
      const message = `${member.responderId} is in the quorum set and among no peers, which are ${known}.`;
      throw new ConfigError("unknown-responder-id", member.place, message, { values: [member.responderId, known] });
    }
    return { kind: "node", node };
  });
  return { threshold: named.threshold, members };
}
