// What an operator asks of an ingest server, and the overseer (spec 03 §2.11).
import { AccountIngestAPI, type CompressedRistretto } from "@fogbow/core-wire";
import { LEASE_HEADER, leaseFromHeader } from "@fogbow/recovery-db";
import { type ServedService, serveService } from "@fogbow/server";
import type { IngestController } from "../controller/controller.ts";
import { IngestError } from "../error.ts";
import { INGEST_LIMITS } from "./ingest-rpc-limits.ts";
import { told } from "./told.ts";

/** The service of the client listener. */
export function adminService(controller: IngestController): ServedService {
  return serveService(AccountIngestAPI, INGEST_LIMITS, {
    getStatus: () => controller.status(),
    newKeys: () => told(() => controller.newKeys()),
    setPubkeyExpiryWindow: ({ pubkeyExpiryWindow }) => told(() => controller.setExpiryWindow(pubkeyExpiryWindow)),
    setPeers: ({ ingestPeerUris }) => told(() => controller.setPeers(ingestPeerUris)),
    activate: (_, { requestHeader }) =>
      told(() => controller.activate(leaseFromHeader(requestHeader.get(LEASE_HEADER)))),
    retire: () => told(() => controller.retire(true)),
    unretire: () => told(() => controller.retire(false)),
    reportLostIngressKey: ({ key }) =>
      told(async () => {
        await controller.reportLostKey(keyOf(key));
        return {};
      }),
    getMissedBlockRanges: () => told(async () => ({ missedBlockRanges: [...(await controller.missedBlockRanges())] })),
    syncKeysFromRemote: ({ peerUri }) => told(() => controller.syncKeysFrom(peerUri)),
    getIngressKeyRecords: (request) =>
      told(async () => {
        const records = await controller.ingressKeyRecords(request.startBlockAtLeast, {
          includeLost: request.shouldIncludeLostKeys,
          includeRetired: request.shouldIncludeRetiredKeys,
          onlyUnexpired: request.shouldOnlyIncludeUnexpiredKeys,
        });
        return {
          records: records.map(({ key, status, lastScannedBlock = 0n }) => ({
            ingressPublicKey: { data: key },
            ...status,
            lastScannedBlock,
          })),
        };
      }),
  });
}

function keyOf(key: CompressedRistretto | undefined): Uint8Array {
  if (key?.data.length !== 32) throw new IngestError("invalid-key", "An ingress key has 32 bytes.");
  return key.data.slice();
}
