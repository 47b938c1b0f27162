import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  accountKeyFromRootEntropy,
  encodePrintable,
  type PublicAddress,
  publicAddress,
  viewAccountKey,
} from "@fogbow/core-account";
import { Secret, toHex } from "@fogbow/core-bytes";
import { encodeTxOut, openTxOut, SubaddressTable } from "@fogbow/core-transaction";
import { openLedger } from "@fogbow/ledger-db";
import { describe, expect, test } from "vitest";
import { outputs } from "./ledger-chain.ts";
import { facts, newDirectory, refusal, run } from "./run-command.ts";
import { seededRandom } from "./seeded-random.ts";

const random = seededRandom("ledger init");
const account = accountKeyFromRootEntropy(new Secret(random(32)));
const code = (address: PublicAddress): string => encodePrintable({ kind: "public-address", publicAddress: address });
const address = code(publicAddress(account));
const SEED = toHex(random(32));
const newPath = (): string => join(newDirectory(), "ledger");

describe("from outputs", () => {
  const made = outputs(3);
  const list = JSON.stringify(made.map((output) => toHex(encodeTxOut(output))));

  test("takes them from standard input in their order, and the ledger verifies", async () => {
    const directory = newPath();
    const { id, txOuts } = await facts(["ledger", "init", directory], list);
    expect(txOuts).toBe("3");
    expect((await facts(["ledger", "info", directory])).originId).toBe(id);
    const ledger = openLedger(directory, { readOnly: true });
    expect(ledger.blockContents(0n)?.outputs).toEqual(made);
    await ledger.close();
    expect(await facts(["ledger", "verify", directory])).toMatchObject({ valid: true, blocks: "1" });
  });

  test("takes them from a file, and says the same in words", async () => {
    const file = join(newDirectory(), "outputs.json");
    writeFileSync(file, list);
    const { code: exitCode, out, error } = await run(["ledger", "init", newPath(), file]);
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: "" });
    const { id } = await facts(["ledger", "init", newPath(), file]);
    expect(out).toBe(`made  ledger with an origin block of 3 outputs\nid    ${id}\n`);
  });

  test("takes what tx-out prints", async () => {
    const directory = newPath();
    await facts(["ledger", "init", directory], list);
    const { encoded } = await facts(["ledger", "tx-out", directory, "1"]);
    expect(await facts(["ledger", "init", newPath()], JSON.stringify([encoded]))).toMatchObject({ txOuts: "1" });
  });

  test("refuses an output twice, and makes no ledger", async () => {
    const directory = newPath();
    const [one] = JSON.parse(list);
    await refusal(["ledger", "init", directory], "duplicate-output-public-key", JSON.stringify([one, one]));
    expect(existsSync(directory)).toBe(false);
  });

  test("leaves a ledger that is there alone", async () => {
    const directory = newPath();
    const { id } = await facts(["ledger", "init", directory], list);
    await refusal(["ledger", "init", directory], "ledger-exists", list);
    expect((await facts(["ledger", "info", directory])).originId).toBe(id);
  });
});

describe("from a seed", () => {
  const list = JSON.stringify([
    { address, mob: "1.5" },
    { address, mob: "2" },
  ]);

  test("the same seed gives the same block, another one another", async () => {
    const first = await facts(["ledger", "init", newPath(), "--seed", SEED], list);
    expect(await facts(["ledger", "init", newPath(), "-", "--seed", SEED], list)).toEqual(first);
    const other = await facts(["ledger", "init", newPath(), "--seed", toHex(random(32))], list);
    expect(other.id).not.toBe(first.id);
  });

  test("the recipient can open what was allocated", async () => {
    const directory = newPath();
    await facts(["ledger", "init", directory, "--seed", SEED], list);
    const ledger = openLedger(directory, { readOnly: true });
    const subaddresses = new SubaddressTable(viewAccountKey(account), [0n]);
    const reader = { viewPrivateKey: account.viewPrivateKey, subaddresses };
    const opened = ledger.blockContents(0n)?.outputs.map((output) => openTxOut(output, reader)?.amount.value);
    await ledger.close();
    expect(opened).toEqual([1_500_000_000_000n, 2_000_000_000_000n]);
  });

  test("refuses a seed that is none, without repeating it", async () => {
    const error = await refusal(["ledger", "init", newPath(), "--seed", "abc123"], "invalid-argument", list);
    expect(error).not.toContain("abc123");
  });

  test.each([
    ["no address", { mob: "1" }],
    ["no amount", { address }],
    ["an amount that is a number", { address, mob: 1 }],
    ["a negative amount", { address, mob: "-1" }],
    ["an amount beyond 64 bits", { address, mob: "18446744.073709551616" }],
    ["a code that is no address", { address: `${address.slice(0, -1)}!`, mob: "1" }],
    ["an ingress key that is none", { address, mob: "1", ingressKey: "ff".repeat(32) }],
    ["a field that nobody knows", { address, mob: "1", memo: "hello" }],
    ["no object", null],
  ])("refuses an allocation with %s, by its place", async (_, allocation) => {
    const input = JSON.stringify([{ address, mob: "1" }, allocation]);
    const directory = newPath();
    const error = await refusal(["ledger", "init", directory, "--seed", SEED], "invalid-origin", input);
    expect(error).toContain("Entry 1 of the list");
    expect(existsSync(directory)).toBe(false);
  });
});

test.each([
  ["nothing", "", "invalid-origin"],
  ["no JSON", "[", "invalid-origin"],
  ["no UTF-8", '["\ud800"', "invalid-origin"],
  ["no list", '{"outputs":[]}', "invalid-origin"],
  ["an empty list", "[]", "no-origin-outputs"],
  ["an entry that is no text", "[1]", "invalid-origin"],
  ["an entry that is no hex", '["xy"]', "invalid-origin"],
  ["an entry that is no output", '["00ff"]', "invalid-origin"],
])("%s on standard input is refused, and no ledger made", async (_, input, expected) => {
  const directory = newPath();
  await refusal(["ledger", "init", directory], expected, input);
  expect(existsSync(directory)).toBe(false);
});

test("a list that is not there is named", async () => {
  const error = await refusal(["ledger", "init", newPath(), "/nowhere/list.json"], "source-not-found");
  expect(error).toContain("/nowhere/list.json");
});

test("a folder is no list", async () => {
  await refusal(["ledger", "init", newPath(), newDirectory()], "source-failure");
});
