// A node that forgets, among nodes that keep everything: it agrees, refuses what is spent, catches up and restarts like any other,
// and nothing that it leaves on its disk, in its journal or in its log links inputs to outputs.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { BlockData } from "@fogbow/core-block";
import { utf8 } from "@fogbow/core-bytes";
import { encodeTxOut, txHash } from "@fogbow/core-transaction";
import { TxState, type TxStatus } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { newDirectory } from "../../../stores/ledger-db/test/directories.ts";
import { spend } from "../../../stores/ledger-db/test/economy.ts";
import { findLeaks, type SecretBytes } from "../../../tests/privacy/find-leaks.ts";
import { Network } from "./network.ts";

const FORGETFUL = 3;
const SPENT = 27;

/** What would link inputs to outputs, or either to anybody who knows it from elsewhere. */
const linksOf = ({ block, contents }: BlockData): SecretBytes[] => [
  ...contents.keyImages.map((image, i) => ({ name: `key image ${block.index}.${i}`, bytes: image })),
  ...contents.outputs.flatMap((txOut, i) => [
    { name: `public key ${block.index}.${i}`, bytes: txOut.publicKey },
    { name: `target key ${block.index}.${i}`, bytes: txOut.targetKey },
    { name: `output ${block.index}.${i}`, bytes: encodeTxOut(txOut) },
  ]),
];

test("a node that forgets agrees with the others, and leaves no link between inputs and outputs", async () => {
  const directory = newDirectory();
  const network = await Network.start({ forgetting: new Map([[FORGETFUL, directory]]) });
  const archive = network.node(0).ledger;
  const forgetful = network.node(FORGETFUL);
  // Proposed to it, and to others.
  expect(await network.propose(FORGETFUL, spend(archive, [0n]))).toMatchObject({ result: 0 });
  await network.untilHeight(2);
  expect(await network.propose(0, spend(archive, [1n]))).toMatchObject({ result: 0 });
  await network.untilHeight(3);
  network.assertOneChain();
  // What is spent is refused.
  expect(await network.propose(FORGETFUL, spend(archive, [0n], { number: 1 }))).toMatchObject({ result: SPENT });
  expect(await network.propose(FORGETFUL, spend(archive, [1n], { number: 1 }))).toMatchObject({ result: SPENT });
  // It misses blocks, and gets them from an archive.
  await network.kill(FORGETFUL);
  for (const [height, index] of [
    [4, 2n],
    [5, 3n],
  ] as const) {
    await network.propose(0, spend(archive, [index]));
    await network.untilHeight(height);
  }
  await network.restart(FORGETFUL);
  await network.untilHeight(5, 120_000);
  await network.clock.until(() => forgetful.replica.status().state === "in-sync", 120_000);
  expect(await network.propose(FORGETFUL, spend(archive, [3n], { number: 1 }))).toMatchObject({ result: SPENT });
  // And goes on.
  const last = spend(archive, [4n]);
  expect(await network.propose(FORGETFUL, last)).toMatchObject({ result: 0 });
  await network.untilHeight(6);
  network.assertOneChain();
  const statuses: TxStatus[] = [];
  for await (const status of forgetful.replica.client.watchTx(watching(txHash(last)))) statuses.push(status);
  expect(statuses.at(-1)).toMatchObject({ state: TxState.EXTERNALIZED, blockIndex: 5n });
  await network.clock.advance(60_000);
  await forgetful.replica.stop();
  await forgetful.ledger.close();
  const links = Array.from({ length: 6 }, (_, i) => archive.blockData(BigInt(i)) as BlockData).flatMap(linksOf);
  const left = [
    ...readdirSync(directory).map((name) => new Uint8Array(readFileSync(join(directory, name)))),
    ...forgetful.files.files.values(),
    utf8(forgetful.logged.join("\n")),
  ];
  expect(left.length).toBeGreaterThan(4);
  expect(findLeaks(left, links)).toEqual([]);
  // The search finds what others keep.
  const kept = Array.from({ length: 6 }, (_, i) => archive.blockContents(BigInt(i))?.keyImages ?? []).flat();
  expect(findLeaks(kept, links).map(({ name }) => name.split(" ")[0])).toEqual(kept.map(() => "key"));
}, 120_000);

function watching(hash: Uint8Array) {
  return { $typeName: "fogbow.node.WatchTxRequest" as const, txHash: hash, tombstoneBlock: 100n };
}
