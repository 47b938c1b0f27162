// network.toml or network.json (spec 05 §4.1): whom a node calls, whom it listens to, and where it finds blocks.
import type { NodeId, QuorumSet } from "@fogbow/core-block";
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { checkQuorumSet, isSingleNodeSet, type QuorumSetFault } from "@fogbow/core-scp";
import { ConfigError, type ConfigPlace } from "./error.ts";
import { PEERS_MAX, TX_SOURCES_MAX } from "./limits.ts";
import { parseMessageKey } from "./message-key.ts";
import { flagOf, type NodeUri, parseNodeUri } from "./node-uri.ts";
import { parseQuorumSet, resolveQuorumSet } from "./quorum-set-config.ts";
import { Table } from "./table.ts";

/** The network as one node sees it. */
export interface NetworkConfig {
  /** Called, and sent messages. */
  readonly broadcastPeers: readonly PeerAddress[];
  /** Listened to when others pass on what they say. */
  readonly knownPeers: readonly PeerAddress[];
  /** Base URLs of archives; each ends in a slash. */
  readonly txSourceUrls: readonly string[];
  readonly quorumSet: QuorumSet;
}

/** A peer and where it is. */
export interface PeerAddress {
  readonly node: NodeId;
  readonly uri: NodeUri;
  /** Whether consensus messages are sent to it. */
  readonly broadcast: boolean;
  /** Whether transactions that it was given by its clients are passed on to others. */
  readonly relayIncoming: boolean;
}

/** The node that the file is for; its key may be unknown to whoever only looks. */
export interface NetworkOwner {
  readonly responderId: string;
  readonly publicKey?: Uint8Array;
}

/** Parses a file. Throws ConfigError: everything of its kind may be wrong with it. */
export function parseNetworkConfig(text: string, file: string, owner?: NetworkOwner): NetworkConfig {
  const table = Table.parse(text, file);
  const broadcastPeers = parsePeers(table, "broadcast_peers");
  const knownPeers = parsePeers(table, "known_peers");
  const sources = table.texts("tx_source_urls", TX_SOURCES_MAX);
  const txSourceUrls = sources.map((url, i) => parseSource(url, table.place(`tx_source_urls[${i}]`)));
  const quorumTable = table.required("quorum_set", table.table("quorum_set"));
  const names = parseQuorumSet(quorumTable);
  table.end();

  const peers = [
    ...broadcastPeers.map((peer, i) => ({ peer, place: table.place(`broadcast_peers[${i}]`) })),
    ...knownPeers.map((peer, i) => ({ peer, place: table.place(`known_peers[${i}]`) })),
  ];
  assertDistinct(peers);
  if (owner !== undefined) for (const each of peers) assertOther(each, owner);
  if (broadcastPeers.length > 0 && txSourceUrls.length === 0) {
    throw table.error("missing-tx-source", "tx_source_urls", "There are peers, and no archive to fetch blocks from.", [
      `${broadcastPeers.length} peers`,
      "0 archives",
    ]);
  }
  const nodes = new Map(peers.map(({ peer }) => [peer.node.responderId, peer.node]));
  const quorumSet = resolveQuorumSet(names, nodes, table.file);
  assertQuorumSet(quorumSet, table.place("quorum_set"), peers.length);
  return { broadcastPeers, knownPeers, txSourceUrls, quorumSet };
}

function parsePeers(table: Table, name: string): PeerAddress[] {
  return table.texts(name, PEERS_MAX).map((text, i) => {
    const place = table.place(`${name}[${i}]`);
    const uri = parseNodeUri(text, "peer", place);
    const key = uri.param("consensus-msg-key");
    if (key === undefined) {
      const message = `${uri.responderId} needs the parameter consensus-msg-key.`;
      throw new ConfigError("missing-message-key", place, message, { values: [uri.responderId] });
    }
    return {
      node: { responderId: uri.responderId, publicKey: parseMessageKey(key, place) },
      uri,
      broadcast: flagOf(uri, "broadcast-consensus-msgs", true, place),
      relayIncoming: flagOf(uri, "consensus-relay-incoming-txs", false, place),
    };
  });
}

interface Placed {
  readonly peer: PeerAddress;
  readonly place: ConfigPlace;
}

function assertDistinct(peers: readonly Placed[]): void {
  const byId = new Map<string, Placed>();
  const byKey = new Map<string, Placed>();
  for (const each of peers) {
    const { responderId, publicKey } = each.peer.node;
    const key = toHex(publicKey);
    const sameId = byId.get(responderId);
    if (sameId !== undefined) {
      const other = toHex(sameId.peer.node.publicKey);
      if (other !== key) {
        const message = `${responderId} has the key ${key} here, and ${other} in ${sameId.place.field}.`;
        throw new ConfigError("key-mismatch", each.place, message, { values: [key, other] });
      }
      const message = `${responderId} is in ${sameId.place.field} already.`;
      throw new ConfigError("duplicate-responder-id", each.place, message, { values: [responderId, responderId] });
    }
    const sameKey = byKey.get(key);
    if (sameKey !== undefined) {
      const other = sameKey.peer.node.responderId;
      const message = `${responderId} has the key of ${other}: consensus would take them for one node.`;
      throw new ConfigError("duplicate-message-key", each.place, message, { values: [responderId, other] });
    }
    byId.set(responderId, each);
    byKey.set(key, each);
  }
}

function assertOther({ peer, place }: Placed, owner: NetworkOwner): void {
  const { responderId, publicKey } = peer.node;
  if (responderId === owner.responderId) {
    const message = `${responderId} is this node itself, which is in each of its quorums anyway.`;
    throw new ConfigError("self-among-peers", place, message, { values: [responderId, owner.responderId] });
  }
  if (owner.publicKey !== undefined && equalBytes(publicKey, owner.publicKey)) {
    const message = `${responderId} has the message key of this node, ${owner.responderId}.`;
    throw new ConfigError("self-among-peers", place, message, { values: [responderId, owner.responderId] });
  }
}

const FAULTS: Readonly<Record<QuorumSetFault, string>> = {
  "threshold-zero": "A threshold of 0 is only for a network of one node, without members and peers.",
  "threshold-too-high": "A threshold is higher than the number of members.",
  "nested-too-deep": "Quorum sets are nested more than 4 levels deep.",
  "too-many-nodes": "A quorum set has at most 1 000 nodes.",
  "duplicate-node": "A node is listed twice.",
  "owner-listed": "A node never lists itself.",
};

function assertQuorumSet(set: QuorumSet, place: ConfigPlace, peers: number): void {
  const fault = checkQuorumSet(set) ?? (isSingleNodeSet(set) && peers > 0 ? "threshold-zero" : undefined);
  if (fault === undefined) return;
  throw new ConfigError("invalid-quorum-set", place, FAULTS[fault], {
    values: [`threshold ${set.threshold}`, `${set.members.length} members`],
  });
}

const SOURCE_SCHEMES = ["https:", "http:", "file:", "s3:"];

/** The address of an archive, with a slash at its end. */
function parseSource(text: string, place: ConfigPlace): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !SOURCE_SCHEMES.includes(url.protocol) || url.hash !== "") {
    throw new ConfigError("invalid-tx-source", place, "An archive is at an https, http, file or s3 address.", {
      values: [url?.protocol ?? "no URL", "https, http, file or s3"],
    });
  }
  if (!url.pathname.endsWith("/")) url.pathname += "/";
  return url.href;
}
