// Tests of the enclave as it is shipped: the built bundle behind its door, with threads that verify.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { decodeEvidence } from "@fogbow/core-attest";
import { buildBundle, type EnclaveHost, startEnclave, writeBundle } from "@fogbow/runtime-enclave";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { appendContents, foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { hashesOf, initRequest, TestNode } from "./test-node.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-"));
const bundle = join(folder, "bundle");
beforeAll(async () => writeBundle(bundle, await buildBundle(fileURLToPath(new URL("..", import.meta.url)))));
afterAll(() => rmSync(folder, { recursive: true }));

const hosts: EnclaveHost[] = [];
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.close()));
});

/** A node whose enclave runs in a thread, with its evidence refreshed. */
async function start(
  name: string,
  verifierThreads = 0,
): Promise<{ readonly node: TestNode; readonly host: EnclaveHost }> {
  const host = await startEnclave({
    bundle,
    platform: { kind: "simulated", stateFolder: mkdtempSync(join(folder, "s")) },
  });
  hosts.push(host);
  const node = await TestNode.init((entryPoint, input) => host.call(entryPoint, input), { name, verifierThreads });
  await host.refreshEvidence();
  return { node, host };
}

describe.each([0, 2])("with %i threads that verify", (threads) => {
  test("nodes attest to each other, exchange transactions and form the same block", async () => {
    const ledger = foundLedger();
    const [{ node: one }, { node: two }] = [await start("one", threads), await start("two", threads)];
    const txs = [spend(ledger, [0n]), spend(ledger, [1n]), spend(ledger, [2n])];
    const late = spend(ledger, [3n], { tombstoneBlock: 3n });
    await one.accept(ledger, ...txs);
    const [context] = await one.takeIn(late);
    expect((await one.check(ledger, context ? [context] : [], 3n))[0]?.result).toBe(18); // Too late for that block.
    const channelId = await one.connect(two, BigInt(Date.now()));
    const contexts = await two.takeFromPeer(await one.seal(channelId, hashesOf(txs)));
    expect((await two.check(ledger, contexts)).map(({ result }) => result)).toEqual([0, 0, 0]);
    const values = await two.combine(ledger, { txHashes: hashesOf(txs) });
    const [first, second] = [await one.form(ledger, values, contexts), await two.form(ledger, values, contexts)];
    expect(first.block).toEqual(second.block);
    expect([first.isSigned, second.isSigned]).toEqual([true, true]);
    expect(appendContents(ledger, first.contents).block).toEqual(first.block);
  });
});

test("evidence names the block signing key once it is refreshed", async () => {
  const { node, host } = await start("one");
  const { reportData } = decodeEvidence(host.evidence as NonNullable<typeof host.evidence>);
  expect(reportData.customIdentity).toEqual(node.initial.blockSigningKey?.data);
});

test("the key is sealed for the platform's state, and another platform does not open it", async () => {
  const { node } = await start("one");
  const host = await startEnclave({
    bundle,
    platform: { kind: "simulated", stateFolder: mkdtempSync(join(folder, "s")) },
  });
  hosts.push(host);
  const request = initRequest({ sealedKey: node.initial.sealedBlockSigningKey });
  await expect(host.call("init", request)).rejects.toMatchObject({ code: "call-refused", reason: "unseal-failed" });
});

test("without anything to seal with, no key is made that would be lost", async () => {
  const host = await startEnclave({ bundle, platform: { kind: "simulated" } });
  hosts.push(host);
  await expect(host.call("init", initRequest({}))).rejects.toMatchObject({ reason: "sealing-unavailable" });
});

test("more threads than there may be are refused", async () => {
  const host = await startEnclave({ bundle, platform: { kind: "simulated" } });
  hosts.push(host);
  await expect(host.call("init", initRequest({ verifierThreads: 61 }))).rejects.toMatchObject({
    reason: "invalid-config",
  });
});
