// Tests of the enclave as it is shipped: the built bundle behind its door.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeEvidence } from "@fogbow/core-attest";
import { buildBundle, type EnclaveHost, startEnclave, writeBundle } from "@fogbow/runtime-enclave";
import { afterAll, afterEach, beforeAll, expect, test } from "vitest";
import { initRequest, TestIngest, User } from "./test-ingest.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
const bundle = join(folder, "bundle");
beforeAll(async () => writeBundle(bundle, await buildBundle(fileURLToPath(new URL("..", import.meta.url)))));
afterAll(() => rmSync(folder, { recursive: true }));

const hosts: EnclaveHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

async function start(name: string): Promise<{ readonly ingest: TestIngest; readonly host: EnclaveHost }> {
  const host = await startEnclave({
    bundle,
    platform: { kind: "simulated", stateFolder: mkdtempSync(join(folder, "s")) },
  });
  hosts.push(host);
  const ingest = await TestIngest.init((entryPoint, input) => host.call(entryPoint, input), { name });
  return { ingest, host };
}

const namedBy = (host: EnclaveHost): Uint8Array | undefined =>
  decodeEvidence(host.evidence as NonNullable<typeof host.evidence>).reportData.customIdentity;

test("enclaves hand their key over, name it in fresh evidence, and a user finds what either has taken in", async () => {
  const [{ ingest: one, host }, { ingest: two, host: other }] = [await start("one"), await start("two")];
  expect(namedBy(host)).toEqual(one.ingressKey);
  const channelId = await one.connect(two, BigInt(Date.now()));
  await two.ask("set-ingress-private-key", await one.getKey(channelId));
  await other.refreshEvidence();
  expect(namedBy(other)).toEqual(one.ingressKey);

  const user = new User(1);
  const outputs = [1n, 2n, 3n].map((value) => user.pay(value, one.ingressKey));
  for (const ingest of [one, two]) {
    const { records } = await ingest.ingest(outputs);
    expect(user.recover(records, [await ingest.kexRng()])).toEqual([1n, 2n, 3n]);
  }
});

test("refusals come through by their codes", async () => {
  const { host } = await start("one");
  await expect(host.call("init", initRequest({}))).rejects.toMatchObject({ reason: "already-initialized" });
  await expect(host.call("ingest-txs", Uint8Array.of(0xff))).rejects.toMatchObject({ reason: "malformed-message" });
});

test("another platform does not open the sealed key", async () => {
  const { ingest } = await start("one");
  const host = await startEnclave({
    bundle,
    platform: { kind: "simulated", stateFolder: mkdtempSync(join(folder, "s")) },
  });
  hosts.push(host);
  const request = initRequest({ sealedKey: ingest.keys.sealedIngressKey });
  await expect(host.call("init", request)).rejects.toMatchObject({ code: "call-refused", reason: "unseal-failed" });
});
