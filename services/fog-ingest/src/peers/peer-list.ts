// The servers that share a key.
import { parseServiceUri, ServerError } from "@fogbow/server";
import { IngestError } from "../error.ts";
import { PEERS_MAX } from "../limits.ts";

/** A server that shares the key. */
export interface Peer {
  readonly uri: string;
  readonly responderId: string;
}

/**
 * The peers at some URIs; of two with one responder id the first one. Throws `invalid-peers` for what is no URI of a peer, and
 * for a list without this server.
 */
export function peersOf(uris: readonly string[], localNodeId: string): readonly Peer[] {
  const peers = new Map<string, Peer>();
  for (const uri of uris) {
    const { responderId } = peerAt(uri);
    if (!peers.has(responderId)) peers.set(responderId, { uri, responderId });
  }
  if (peers.size > PEERS_MAX) throw new IngestError("invalid-peers", `At most ${PEERS_MAX} servers share a key.`);
  if (!peers.has(localNodeId)) throw new IngestError("invalid-peers", `The list lacks this server, ${localNodeId}.`);
  return [...peers.values()];
}

/** The peer at a URI. Throws `invalid-peers`. */
export function peerAt(uri: string): Peer {
  try {
    return { uri, responderId: parseServiceUri(uri, "igp").responderId };
  } catch (cause) {
    if (!(cause instanceof ServerError)) throw cause;
    throw new IngestError("invalid-peers", `${cause.message}.`, { cause });
  }
}

/** Whether two lists name the same servers at the same places, in any order. */
export function areSamePeers(a: readonly string[], b: readonly string[]): boolean {
  const [first, second] = [a, b].map((uris) => [...new Set(uris.map(canonical))].sort());
  return String(first) === String(second);
}

/** A URI as all who mean the same write it. */
function canonical(uri: string): string {
  try {
    const { isSecure, hostAndPort, responderId } = parseServiceUri(uri, "igp");
    return `${isSecure} ${hostAndPort} ${responderId}`;
  } catch {
    return uri;
  }
}
