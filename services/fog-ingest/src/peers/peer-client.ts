// A peer as it is called (spec 03 §2.10).
import { createClient, type Transport } from "@connectrpc/connect";
import { AccountIngestPeerAPI, AttestedApi } from "@fogbow/core-wire";
import { parseServiceUri, serviceClient } from "@fogbow/server";
import { PEER_ANSWER_BYTES_MAX, PEER_CALL_MS_MAX } from "../limits.ts";
import type { PeerRpc } from "../parts.ts";

/** A peer at a URI; nothing is opened before the first call. Throws ServerError `invalid-uri`, `invalid-certificate`. */
export function peerClient(uri: string, chainId: string): PeerRpc {
  const { transport, close } = serviceClient(parseServiceUri(uri, "igp"), {
    chainId,
    timeoutMs: PEER_CALL_MS_MAX,
    answerBytesMax: PEER_ANSWER_BYTES_MAX,
  });
  return peerOver(transport, close);
}

/** A peer at the other end of a transport. */
export function peerOver(transport: Transport, close: () => void): PeerRpc {
  const peer = createClient(AccountIngestPeerAPI, transport);
  const attested = createClient(AttestedApi, transport);
  return {
    getStatus: () => peer.getStatus({}),
    setPeers: (uris) => peer.setPeers({ ingestPeerUris: [...uris] }),
    auth: (request) => attested.auth(request),
    getIngressPrivateKey: (channelId) => peer.getIngressPrivateKey({ channelId }),
    setIngressPrivateKey: (message) => peer.setIngressPrivateKey(message),
    close,
  };
}
