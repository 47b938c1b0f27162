// What `npm start` shows: five nodes and a Fog in processes of their own, and a payment between wallets that hold no ledger.
import { expect, test } from "vitest";
import { runCommand } from "./roles.ts";

test("the tour with a network pays through Fog, and the recipient finds it", async () => {
  const { network } = JSON.parse(await runCommand(["tour", "--network", "--json"]));
  expect(network.payments).toHaveLength(10);
  expect(network.blocks).toBe("13"); // The first one, ten payments, the gift to Alice and her payment.
  expect(network.fog.given).toMatchObject({ mob: "20", block: "11" });
  expect(network.fog.paid).toMatchObject({ mob: "5", block: "12", fee: "0.0004", memo: "authenticated-sender" });
  expect(network.fog).toMatchObject({ alice: "14.9996", bob: "5" });
}, 180_000);
