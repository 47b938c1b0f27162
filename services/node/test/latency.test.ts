// How long payments take, and what agreeing on them costs, on links of 5 to 40 ms.
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { seededRandom } from "../../../enclaves/runtime/test/test-parts.ts";
import { spend } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

test("payments that come steadily are in blocks within half a second, and slots keep to their budget of messages", async () => {
  const random = seededRandom("delays");
  const delayMs = (): number => 5 + (35 * (random(1)[0] as number)) / 255;
  const network = await Network.start({ nodes: 5, threshold: 3, delayMs, outputs: 40 });
  const txs = Array.from({ length: 30 }, (_, i) => spend(network.node(0).ledger, [BigInt(i)]));
  const sessions = await Promise.all(network.nodes.map((_, i) => network.client(i)));
  const proposedAt = new Map<string, number>();
  const times: number[] = [];
  for (const [i, { replica }] of network.nodes.entries()) {
    replica.onBlock(({ contents }) => {
      for (const image of contents.keyImages) {
        const at = proposedAt.get(`${toHex(image)} at ${i}`);
        if (at !== undefined) times.push(network.clock.now() - at);
      }
    });
  }
  for (const [i, tx] of txs.entries()) {
    const to = i % network.nodes.length;
    const [ring] = tx.signature.ringSignatures;
    proposedAt.set(`${toHex(ring?.keyImage ?? new Uint8Array())} at ${to}`, network.clock.now());
    void network.submit(to, tx, sessions[to] as (typeof sessions)[number]);
    await network.clock.advance(50);
  }
  await network.clock.until(() => times.length === txs.length, 5_000);
  times.sort((a, b) => a - b);
  expect(times[15]).toBeLessThan(350);
  expect(times[28]).toBeLessThan(600);
  const messages = network.nodes.reduce((sum, { calls }) => sum + (calls.get("sendConsensusMsg") ?? 0), 0);
  const slots = Math.max(...network.heights()) - 1;
  expect(messages / slots).toBeLessThan(20 * 5 * 4);
  network.assertOneChain();
});
