// What ingest servers ask of each other (spec 03 §2.10).
import { Code } from "@connectrpc/connect";
import { AccountIngestPeerAPI, AttestedApi } from "@fogbow/core-wire";
import { type ServedService, serveService } from "@fogbow/server";
import type { IngestController } from "../controller/controller.ts";
import { INGEST_PEER_LIMITS } from "./ingest-rpc-limits.ts";
import { told, toldRefusal } from "./told.ts";

/** The services of the peer listener. */
export function peerServices(controller: IngestController): readonly ServedService[] {
  const { attested, peer } = INGEST_PEER_LIMITS;
  return [
    serveService(AttestedApi, attested, {
      auth: (request) => toldRefusal(() => controller.peerAuth(request), Code.PermissionDenied),
    }),
    serveService(AccountIngestPeerAPI, peer, {
      getStatus: () => controller.status(),
      getIngressPrivateKey: ({ channelId }) => toldRefusal(() => controller.privateKeyFor(channelId), Code.Internal),
      setIngressPrivateKey: (message) => toldRefusal(() => controller.takePrivateKey(message), Code.PermissionDenied),
      setPeers: ({ ingestPeerUris }) => told(() => controller.setPeers(ingestPeerUris)),
    }),
  ];
}
