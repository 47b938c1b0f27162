// Somebody wants too much, and the others do not suffer for it.
import { Code, ConnectError } from "@connectrpc/connect";
import type { Session } from "@fogbow/core-attest";
import { bytes } from "@fogbow/core-bytes";
import { ed25519Sign } from "@fogbow/core-crypto";
import { encodeConsensusMessage } from "@fogbow/core-scp";
import type { Tx } from "@fogbow/core-transaction";
import type { ProposeTxResponse } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { spend } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

/** What a proposal came to: a result or the code of an error. */
const outcome = (answer: Promise<ProposeTxResponse>): Promise<string> =>
  answer.then(
    ({ result }) => `result ${result}`,
    (error: unknown) => Code[ConnectError.from(error).code],
  );

/** Makes checking take so long for each transaction. */
async function slowEnclave(network: Network, index: number, msEach: number): Promise<void> {
  const node = network.node(index);
  const { enclave } = network.partsOf(index);
  await network.kill(index);
  let free = 0;
  network.makeReplica(index, {
    enclave: {
      call: async (entryPoint, input) => {
        if (entryPoint !== "check-txs") return enclave.call(entryPoint, input);
        const output = await enclave.call(entryPoint, input);
        free = Math.max(free, network.clock.now()) + msEach * verdictsIn(output);
        await network.clock.wait(free - network.clock.now());
        return output;
      },
    },
  });
  node.isUp = true;
  await node.replica.start();
  await network.clock.until(() => node.replica.status().state === "in-sync");
}

/** A verdict that all is well is an empty message: two bytes each. */
const verdictsIn = (output: Uint8Array): number => output.length / 2;

test("a client that floods is refused early, others are served, and nobody's channel falls out of step", async () => {
  const network = await Network.start();
  await slowEnclave(network, 0, 20);
  const txs = Array.from({ length: 40 }, (_, number): Tx => spend(network.node(0).ledger, [0n], { number }));
  const first = await network.client(0, "first");
  for (const tx of txs.slice(36)) await network.propose(0, tx, first); // How long checking takes is learned.
  const flooders = await Promise.all(Array.from({ length: 9 }, (_, i) => network.client(0, `flooder ${i}`)));
  const flood = txs.slice(0, 36).map((tx, i) => outcome(network.submit(0, tx, flooders[i % 9] as Session)));
  const greedy = flooders[0] as Session;
  const fifth = outcome(network.submit(0, spend(network.node(0).ledger, [7n]), greedy));
  const other = await network.client(0, "other");
  const started = network.clock.now();
  const polite = outcome(network.submit(0, spend(network.node(0).ledger, [5n]), other));
  expect(await network.clock.resolve(polite)).toBe("result 0");
  expect(network.clock.now() - started).toBeLessThan(600);
  const outcomes = await network.clock.resolve(Promise.all(flood));
  expect(outcomes).toContain("Unavailable");
  expect(outcomes).toContain("result 0");
  expect(await network.clock.resolve(fifth)).toBe("Unavailable");
  // The channel goes on after refusals.
  await network.clock.advance(3_000);
  const later = spend(network.node(0).ledger, [6n]);
  expect(await network.clock.resolve(outcome(network.submit(0, later, greedy)))).toBe("result 0");
});

test("a peer that says too much is told so, and heard again later", async () => {
  const network = await Network.start();
  await network.kill(3);
  // Signatures take most of the time, and are not what this is about.
  const { key } = network.node(3);
  network.makeReplica(3, { signer: { sign: (digest) => ed25519Sign(key, digest), verify: () => true } });
  network.node(3).isUp = true;
  await network.node(3).replica.start();
  const liar = network.node(0);
  const { quorumSet } = network.optionsOf(0);
  const previousBlockId = bytes(network.node(3).ledger.block(0n)?.id ?? new Uint8Array(), 32, "id");
  const say = (n: number): Promise<string> => {
    const signature = bytes(new Uint8Array(64).fill(n & 255).fill(n >> 8, 40), 64, "signature");
    const message = {
      sender: liar.id,
      slotIndex: 50n,
      quorumSet,
      topic: { kind: "nominate", nominate: NOTHING },
    } as const;
    const payload = encodeConsensusMessage({ message, previousBlockId, signature });
    return network
      .node(3)
      .replica.peer.sendConsensusMsg({
        $typeName: "consensus_peer.ConsensusMsg",
        fromResponderId: liar.id.responderId,
        payload,
      })
      .then(
        ({ result }) => `result ${result}`,
        (error: unknown) => Code[ConnectError.from(error).code] ?? "",
      );
  };
  const outcomes: string[] = [];
  for (let n = 0; n < 1_100; n++) outcomes.push(await say(n));
  expect(outcomes.filter((each) => each === "result 0").length).toBeLessThanOrEqual(1_001);
  expect(outcomes).toContain("ResourceExhausted");
  await network.clock.advance(1_000);
  expect(await say(2_000)).toBe("result 0");
});

const NOTHING = { x: [], y: [] };
