// When a node must stop, and that it says why.
import { bytes } from "@fogbow/core-bytes";
import { encodeConsensusMessage, signMessage, txHashValue } from "@fogbow/core-scp";
import { LedgerError } from "@fogbow/ledger-db";
import { expect, test } from "vitest";
import { appendContents, foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

const halted = (network: Network, index: number): string | undefined =>
  network.node(index).replica.status().halted?.code;

test("a node that cannot journal its vote stops before it says anything, and the others go on", async () => {
  const network = await Network.start();
  network.node(3).files.isFull = true;
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.clock.until(() => halted(network, 3) !== undefined);
  const { state, halted: reason, words } = network.node(3).replica.status();
  expect([state, reason?.code]).toEqual(["halted", "storage-failure"]);
  expect(words).toMatch(/^Halted \(storage-failure\)/);
  expect(await network.node(3).replica.peer.getLatestMsg({ $typeName: "google.protobuf.Empty" })).toMatchObject({
    payload: new Uint8Array(),
  });
  await network.clock.until(() => [0, 1, 2].every((i) => network.node(i).ledger.numBlocks() === 2n));
});

test("a node that cannot store a block stops, and its journal lets it go on later", async () => {
  const network = await Network.start();
  const { ledger } = network.node(3);
  const append = ledger.append.bind(ledger);
  ledger.append = () => {
    throw new LedgerError("storage-failure", "The disk is full.");
  };
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.clock.until(() => halted(network, 3) === "storage-failure");
  expect(ledger.numBlocks()).toBe(1n);
  ledger.append = append;
  await network.kill(3);
  await network.restart(3);
  await network.untilHeight(2);
  network.assertOneChain();
});

test("a node with another block than its peers stops and says which", async () => {
  const network = await Network.start();
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.untilHeight(2);
  await network.kill(3);
  const other = foundLedger();
  const contents = network.node(0).ledger.blockContents(1n);
  if (contents === undefined) throw new Error("There is a block.");
  appendContents(other, { ...contents, outputs: contents.outputs.slice(1) });
  Object.assign(network.node(3), { ledger: other });
  await network.restart(3);
  await network.clock.advance(2_000);
  await network.propose(0, spend(network.node(0).ledger, [1n]));
  await network.clock.until(() => halted(network, 3) !== undefined);
  const { halted: reason } = network.node(3).replica.status();
  expect(reason?.code).toBe("fork");
  expect(reason?.message).toMatch(/^Block 1 is [0-9a-f]{64} here and [0-9a-f]{64} at /);
});

test("a node that hears its own key say what it never said stops", async () => {
  const network = await Network.start();
  const node = network.node(3);
  const { quorumSet } = network.optionsOf(3);
  const value = txHashValue(new Uint8Array(32).fill(7));
  const parent = bytes(node.ledger.block(0n)?.id ?? new Uint8Array(), 32, "id");
  const message = {
    sender: node.id,
    slotIndex: 1n,
    quorumSet,
    topic: { kind: "nominate", nominate: { x: [value], y: [] } },
  } as const;
  const payload = encodeConsensusMessage(signMessage(message, parent, node.key));
  const { responderId: fromResponderId } = network.node(0).id;
  await node.replica.peer.sendConsensusMsg({ $typeName: "consensus_peer.ConsensusMsg", fromResponderId, payload });
  await network.clock.until(() => halted(network, 3) === "own-key-reused");
});

test("a node whose enclave refuses a block that was agreed on stops", async () => {
  const network = await Network.start();
  const { enclave } = network.partsOf(3);
  await network.kill(3);
  network.makeReplica(3, {
    enclave: {
      call: async (entryPoint, input) => {
        if (entryPoint === "form-block") throw Object.assign(new Error("No."), { reason: "values-not-combined" });
        return enclave.call(entryPoint, input);
      },
    },
  });
  network.node(3).isUp = true;
  await network.node(3).replica.start();
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.clock.until(() => halted(network, 3) === "enclave-failure");
  await network.clock.until(() => [0, 1, 2].every((i) => network.node(i).ledger.numBlocks() === 2n));
});

test("a node whose enclave does not answer for a while goes on when it does", async () => {
  const network = await Network.start();
  const { enclave } = network.partsOf(3);
  await network.kill(3);
  let isAnswering = false;
  network.makeReplica(3, {
    enclave: {
      call: async (entryPoint, input) => {
        if (!isAnswering && ["form-block", "combine"].includes(entryPoint)) throw new Error("The enclave restarts.");
        return enclave.call(entryPoint, input);
      },
    },
  });
  network.node(3).isUp = true;
  await network.node(3).replica.start();
  await network.propose(0, spend(network.node(0).ledger, [0n]));
  await network.clock.advance(1_000);
  expect(network.node(3).ledger.numBlocks()).toBe(1n);
  isAnswering = true;
  await network.untilHeight(2);
});

test("an enclave that has forgotten its transactions gets them again from peers", async () => {
  const network = await Network.start();
  const node = network.node(3);
  const { enclave } = network.partsOf(3);
  await network.kill(3);
  let hasForgotten = false;
  network.makeReplica(3, {
    enclave: {
      call: async (entryPoint, input) => {
        if (entryPoint === "form-block" && !hasForgotten) {
          hasForgotten = true;
          const fresh = network.node(2).replica.status(); // Nothing of the node itself is touched.
          expect(fresh.state).not.toBe("halted");
          await node.enclave.forget(...[...transactions]);
        }
        return enclave.call(entryPoint, input);
      },
    },
  });
  node.isUp = true;
  await node.replica.start();
  const tx = spend(network.node(0).ledger, [0n]);
  const { txHash } = await import("@fogbow/core-transaction");
  const transactions = [txHash(tx)];
  await network.propose(0, tx);
  await network.untilHeight(2);
  expect(hasForgotten).toBe(true);
  network.assertOneChain();
});

test("a node that is stopped tells those who wait, and answers no more proposals", async () => {
  const network = await Network.start();
  const { replica } = network.node(0);
  const stream = replica.client.watchBlocks({ $typeName: "fogbow.node.WatchBlocksRequest", fromIndex: 1n });
  const next = stream[Symbol.asyncIterator]().next();
  await network.kill(0);
  await expect(next).rejects.toThrow("The node stops.");
  expect(replica.status().state).toBe("stopped");
  const session = await network.client(0);
  await expect(network.clock.resolve(network.submit(0, spend(network.node(0).ledger, [0n]), session))).rejects.toThrow(
    "Temporarily not serving requests",
  );
});
