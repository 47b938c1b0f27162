import { Code, createClient, createRouterTransport } from "@connectrpc/connect";
import { AccountIngestAPI, AccountIngestPeerAPI, AttestedApi } from "@fogbow/core-wire";
import { LEASE_HEADER } from "@fogbow/recovery-db";
import { describe, expect, test } from "vitest";
import { backEnds } from "../../../stores/recovery-db/test/back-ends.ts";
import { adminService } from "../src/rpc/admin-service.ts";
import { peerServices } from "../src/rpc/peer-service.ts";
import { TestNetwork, type TestServer, until, uriOf } from "./servers.ts";

function clientsOf({ controller }: TestServer) {
  const transport = createRouterTransport((router) => {
    for (const service of [adminService(controller), ...peerServices(controller)]) service.register(router);
  });
  return {
    admin: createClient(AccountIngestAPI, transport),
    peer: createClient(AccountIngestPeerAPI, transport),
    attested: createClient(AttestedApi, transport),
  };
}

describe.each(await backEnds())("$name", ({ open }) => {
  test("what an operator asks is answered, and what goes wrong has the code of the contract", async () => {
    const network = await TestNetwork.begin(open);
    const server = await network.start("a");
    const { admin, peer, attested } = clientsOf(server);
    const key = server.controller.status().ingressPubkey;

    // Idle.
    expect(await admin.retire({})).toMatchObject({ mode: 0 }); // A key that nobody knows.
    await expect(admin.setPeers({ ingestPeerUris: [uriOf("b")] })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    await expect(admin.setPeers({ ingestPeerUris: ["x"] })).rejects.toMatchObject({ code: Code.InvalidArgument });
    await expect(admin.syncKeysFromRemote({ peerUri: "" })).rejects.toMatchObject({ code: Code.InvalidArgument });
    await expect(admin.syncKeysFromRemote({ peerUri: uriOf("z") })).rejects.toMatchObject({ code: Code.Unavailable });
    await expect(admin.reportLostIngressKey({ key: { data: new Uint8Array(31) } })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    await expect(admin.reportLostIngressKey({ key: { data: new Uint8Array(32) } })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    await expect(peer.setIngressPrivateKey({ data: new Uint8Array(3) })).rejects.toMatchObject({
      code: Code.PermissionDenied,
    });
    await expect(attested.auth({})).rejects.toMatchObject({ code: Code.PermissionDenied });
    const twice = [uriOf("a"), uriOf("a")];
    expect((await peer.setPeers({ ingestPeerUris: twice })).peers).toEqual([uriOf("a")]);

    // A lease that nobody holds: the key is not taken on.
    const headers = { [LEASE_HEADER]: "overseer me" };
    await expect(admin.activate({}, { headers })).rejects.toMatchObject({ code: Code.FailedPrecondition });
    await expect(admin.activate({}, { headers: { [LEASE_HEADER]: "x" } })).rejects.toMatchObject({
      code: Code.InvalidArgument,
    });
    expect(await network.db.takeLease({ name: "overseer", holder: "me" })).toBe(true);
    expect(await admin.activate({}, { headers })).toMatchObject({ mode: 1, nextBlockIndex: 1n });

    // Active.
    await expect(admin.newKeys({})).rejects.toMatchObject({ code: Code.FailedPrecondition });
    await expect(peer.setIngressPrivateKey({ data: new Uint8Array(32) })).rejects.toMatchObject({
      code: Code.FailedPrecondition,
    });
    await expect(admin.setPubkeyExpiryWindow({ pubkeyExpiryWindow: 1n })).rejects.toMatchObject({
      code: Code.FailedPrecondition,
    });
    expect(await admin.setPubkeyExpiryWindow({ pubkeyExpiryWindow: 20n })).toMatchObject({ pubkeyExpiryWindow: 20n });
    network.blocks.add();
    await until(() => server.controller.status().nextBlockIndex === 2n);
    const all = { shouldIncludeLostKeys: true, shouldIncludeRetiredKeys: true };
    expect((await admin.getIngressKeyRecords(all)).records).toMatchObject([
      { ingressPublicKey: key, startBlock: 1n, pubkeyExpiry: 21n, retired: false, lost: false, lastScannedBlock: 1n },
    ]);
    await admin.reportLostIngressKey({ key: { data: key?.data ?? new Uint8Array(0) } });
    expect((await admin.getMissedBlockRanges({})).missedBlockRanges).toMatchObject([{ startBlock: 2n, endBlock: 21n }]);
    expect((await admin.getIngressKeyRecords({})).records).toEqual([]);
  });
});
