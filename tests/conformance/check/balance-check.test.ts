// The check procedure against wallets that answer from a script: what it accepts, and what it does not let pass.
import { expect, test } from "vitest";
import { expectation } from "../model/expectation.ts";
import { BalanceCheck } from "./balance-check.ts";
import type { Answer, WalletDriver } from "./wallet-driver.ts";

const FOG = { uri: "insecure-fog://localhost:1", chainId: "local" };
const ACCOUNT = { mnemonic: "", accountIndex: 0 };
const STEP = [expectation("2:19 3:4 [3]")];

/** One wallet after the other, each with its answers in `count:balance`; the last one is given for ever. */
function scripted(...wallets: readonly string[]): WalletDriver & { readonly asked: number[] } {
  const asked: number[] = [];
  const said = wallets.map((text) => text.split(" "));
  const answer = (clientId: number): Answer => {
    asked.push(clientId);
    const texts = said[clientId] ?? [];
    const text = (texts.length > 1 ? texts.shift() : texts[0]) ?? "";
    const [count = 0, balance = 0] = text.split(":").map(Number);
    return { clientId, count, balance };
  };
  let made = 0;
  return {
    name: "scripted",
    asked,
    fresh: async () => answer(made++),
    followUp: async (clientId) => answer(clientId),
    debug: async (clientId) => `debug of ${clientId}`,
  };
}

const checkOf = (driver: WalletDriver): BalanceCheck =>
  new BalanceCheck({ drivers: [driver], accounts: [ACCOUNT], fog: FOG, eventualMs: 300 });

test("a wallet may come to the end by any acceptable answers", async () => {
  const check = checkOf(scripted("2:19 2:19 3:4"));
  await check.check("step", STEP);
  expect(check.answers).toBe(3);
});

test("an answer on the way that is not so is not let pass, and is told with all there is to know", async () => {
  const asked = checkOf(scripted("2:19 2:4 3:4")).check("from3", STEP);
  await expect(asked).rejects.toThrow(
    "from3: wallet 0 of account 0, made in from3 by scripted, says 2:4, which is not among 2:19 3:4 [3]\n  it knows debug of 0",
  );
});

test("a wallet that knows nothing, that is too far, or that stays behind is not let pass", async () => {
  await expect(checkOf(scripted("0:0 3:4")).check("step", STEP)).rejects.toThrow("says 0:0");
  await expect(checkOf(scripted("4:4")).check("step", STEP)).rejects.toThrow("says 4:4");
  await expect(checkOf(scripted("2:19")).check("step", STEP)).rejects.toThrow("stays at 2");
});

test("every wallet of the steps before is asked again", async () => {
  const driver = scripted("3:4 3:4 4:5", "4:5");
  const check = checkOf(driver);
  await check.check("one", STEP);
  await check.check("two", [expectation("3:4 4:5 [4]")]);
  expect(driver.asked).toEqual([0, 1, 0, 0]);
  const forgetful = checkOf(scripted("3:4 3:5", "4:5"));
  await forgetful.check("one", STEP);
  await expect(forgetful.check("two", [expectation("3:4 4:5 [4]")])).rejects.toThrow(
    "wallet 0 of account 0, made in one",
  );
});

test("wallets are watched while services are on their way, until they have come there", async () => {
  const driver = scripted("3:4 3:4 3:999 4:5");
  const check = checkOf(driver);
  await check.check("one", STEP);
  const never = new Promise<void>(() => undefined);
  await expect(check.watch("two", [expectation("3:4 4:5 [4]")], never)).rejects.toThrow("says 3:999");
  await check.watch("two", [expectation("3:4 4:5 [4]")], Promise.resolve());
});
