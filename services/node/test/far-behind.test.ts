// A node that is many blocks behind: appends many in one transaction, tells nobody before they are durable, and stores only
// signatures of those whom it knows.
import type { BlockData } from "@fogbow/core-block";
import { equalBytes } from "@fogbow/core-bytes";
import { LedgerError } from "@fogbow/ledger-db";
import { expect, test } from "vitest";
import { foundLedger, spend } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

const BLOCKS = 20;

/** A network in which all but the last node have blocks that it has missed. */
async function networkWithLaggard(): Promise<Network> {
  const network = await Network.start();
  await network.kill(3);
  for (let i = 0; i < BLOCKS; i++) {
    await network.propose(i % 3, spend(network.node(0).ledger, [BigInt(i)]));
    await network.untilHeight(i + 2);
  }
  return network;
}

test("a node that is far behind catches up in transactions, and tells of blocks once they are stored", async () => {
  const network = await networkWithLaggard();
  const { ledger } = network.node(3);
  const known = network.node(0).ledger.blockData(1n)?.signature?.signer;
  const groups: bigint[] = [];
  const told: bigint[] = [];
  let isOpen = false;
  await network.restart(3, {
    appendTogether: (appends) => {
      const before = ledger.numBlocks();
      isOpen = true;
      appends();
      isOpen = false;
      groups.push(ledger.numBlocks() - before);
    },
    isKnownSigner: (signer) => known !== undefined && equalBytes(signer, known),
  });
  network.node(3).replica.onBlock(({ block }) => {
    expect(isOpen).toBe(false);
    told.push(block.index);
  });
  await network.untilHeight(BLOCKS + 1);
  await network.clock.until(() => network.node(3).replica.status().state === "in-sync");
  expect(groups).toEqual([BigInt(BLOCKS)]);
  expect(told).toEqual(Array.from({ length: BLOCKS }, (_, i) => BigInt(i + 1)));
  for (let index = 1n; index <= BigInt(BLOCKS); index++) {
    const { signature, metadata } = ledger.blockData(index) as BlockData; // It was appended.
    expect(signature === undefined || equalBytes(signature.signer, known ?? new Uint8Array())).toBe(true);
    expect(metadata?.contents.responderId).toBe(network.node(3).id.responderId);
  }
  expect(ledger.blockData(1n)?.signature).toBeDefined();
  await network.propose(3, spend(network.node(0).ledger, [BigInt(BLOCKS)]));
  await network.untilHeight(BLOCKS + 2);
  network.assertOneChain();
});

test("a transaction that cannot be stored halts the node, and nobody is told of its blocks", async () => {
  const network = await networkWithLaggard();
  const before = foundLedger().numBlocks();
  const told: bigint[] = [];
  const fail = (): never => {
    throw new LedgerError("storage-failure", "The disk is full.");
  };
  await network.restart(3, { appendTogether: fail });
  const { ledger, replica } = network.node(3);
  ledger.append = fail;
  replica.onBlock(({ block }) => void told.push(block.index));
  await network.clock.advance(5_000);
  expect([ledger.numBlocks(), told]).toEqual([before, []]);
  expect(replica.status().halted?.code).toBe("storage-failure");
});
