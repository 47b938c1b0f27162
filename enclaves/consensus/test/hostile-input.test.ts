// A hostile host: whatever bytes it gives to whatever entry point, the enclave answers or refuses with a code, and goes on.
import { readFileSync } from "node:fs";
import { encodeSealedMessage } from "@fogbow/core-attest";
import { encodeTx } from "@fogbow/core-transaction";
import {
  CheckTxsRequestSchema,
  encodeMessage,
  FormBlockRequestSchema,
  PeerAuthRequestSchema,
  PeerBeginRequestSchema,
  PeerFinishRequestSchema,
  PeerSealRequestSchema,
  TxHashesSchema,
  ValuesSchema,
} from "@fogbow/core-wire";
import { parseManifest } from "@fogbow/runtime-enclave";
import fc from "fast-check";
import { beforeAll, describe, expect, test } from "vitest";
import { foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { formRequest, hashesOf, initRequest, startNode, type TestNode } from "./test-node.ts";

const manifest = parseManifest(readFileSync(new URL("../manifest.json", import.meta.url)));
const ledger = foundLedger();
const tx = spend(ledger, [0n]);
let node: TestNode;
/** An input of each entry point that it takes, or takes at some time. */
const inputs = new Map<string, Uint8Array>();
beforeAll(async () => {
  node = await startNode();
  const peer = await startNode({ name: "peer" });
  const contexts = await node.accept(ledger, tx);
  const channelId = await node.connect(peer);
  const values = await node.combine(ledger, { txHashes: hashesOf([tx]) });
  const form = formRequest(ledger, values, contexts);
  const responderId = "peer.test:8443";
  const begun = await node.ask("peer-begin", encodeMessage(PeerBeginRequestSchema, { responderId }));
  const sealed = encodeSealedMessage((await node.client()).seal(encodeTx(tx)));
  const { rootProofs } = form;
  const hashes = { txHashes: hashesOf([tx]) };
  for (const [name, input] of [
    ["init", initRequest({})],
    ["client-auth", begun],
    ["client-propose", sealed],
    ["client-discard", sealed],
    ["client-close", new Uint8Array(64)],
    ["peer-begin", encodeMessage(PeerBeginRequestSchema, { responderId })],
    ["peer-finish", encodeMessage(PeerFinishRequestSchema, { responderId, answer: { data: begun }, nowMs: 1n })],
    ["peer-auth", encodeMessage(PeerAuthRequestSchema, { request: { data: begun }, nowMs: 1n })],
    ["peer-propose", await peer.seal(channelId, []).catch(() => sealed)],
    ["peer-seal", encodeMessage(PeerSealRequestSchema, { channelId, ...hashes })],
    ["check-txs", encodeMessage(CheckTxsRequestSchema, { currentIndex: 1n, ...hashes, rootProofs })],
    ["combine", encodeMessage(ValuesSchema, values)],
    ["form-block", encodeMessage(FormBlockRequestSchema, form)],
    ["forget-txs", encodeMessage(TxHashesSchema, { txHashes: [new Uint8Array(32)] })],
  ] as const) {
    inputs.set(name, input);
  }
});

/** Bytes, or a refusal with a code; nothing else. */
async function survives(entryPoint: string, input: Uint8Array): Promise<void> {
  try {
    expect(await node.ask(entryPoint, input)).toBeInstanceOf(Uint8Array);
  } catch (error) {
    expect(error).toMatchObject({ code: expect.stringMatching(/^[a-z-]+$/) });
  }
}

describe.each(manifest.entryPoints.map(({ name }) => name))("%s", (entryPoint) => {
  test("takes any bytes for what they are", async () => {
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 300 }), (input) => survives(entryPoint, input)),
      { numRuns: 100 },
    );
  });

  test("takes its own input cut, flipped or continued", async () => {
    const input = inputs.get(entryPoint) ?? new Uint8Array(0);
    const place = fc.nat(Math.max(0, input.length - 1));
    const altered = fc.oneof(
      place.map((at) => input.slice(0, at)),
      fc.tuple(place, fc.integer({ min: 1, max: 255 })).map(([at, by]) => input.map((b, i) => (i === at ? b ^ by : b))),
      fc.uint8Array({ minLength: 1, maxLength: 40 }).map((more) => Uint8Array.of(...input, ...more)),
    );
    await fc.assert(
      fc.asyncProperty(altered, (each) => survives(entryPoint, each)),
      { numRuns: entryPoint === "form-block" || entryPoint === "peer-auth" ? 40 : 100 },
    );
  });
});

test("after all that it still forms a block", async () => {
  const contexts = await node.takeIn(tx);
  await node.check(ledger, contexts);
  const values = await node.combine(ledger, { txHashes: hashesOf([tx]) });
  expect((await node.form(ledger, values, contexts)).isSigned).toBe(true);
});
