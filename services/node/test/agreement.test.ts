// What a network of replicas promises together.
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { spend } from "../../../stores/ledger-db/test/economy.ts";
import { Network } from "./network.ts";

test("four nodes agree on a real transaction and append the same block", async () => {
  const network = await Network.start();
  const tx = spend(network.node(0).ledger, [0n]);
  expect(await network.propose(0, tx)).toMatchObject({ result: 0 });
  await network.untilHeight(2);
  network.assertOneChain();
  const contents = network.node(3).ledger.blockContents(1n);
  expect(contents?.keyImages.map((image) => toHex(image))).toEqual(
    tx.signature.ringSignatures.map(({ keyImage }) => toHex(keyImage)),
  );
});
