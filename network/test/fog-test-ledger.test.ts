// Test accounts, and ledgers that tests of Fog grow: the same input gives the same blocks anywhere.
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  accountKeyFromIdentity,
  DEFAULT_SUBADDRESS,
  decodePublicAddress,
  parseKeyFile,
  subaddress,
} from "@fogbow/core-account";
import { toHex } from "@fogbow/core-bytes";
import { PrivateKey } from "@fogbow/core-crypto";
import { openFogHint } from "@fogbow/core-transaction";
import { openLedger, verifyLedger, WatcherDb } from "@fogbow/ledger-db";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { run } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-test-ledger-"));
const at = (name: string): string => join(folder, name);
const ingress = PrivateKey.random((length) => new Uint8Array(length).fill(5)); // A test key.

/** Options of one of two ledgers that are to be the same. */
const places = (number: number) => [
  "--keys",
  at("keys"),
  "--ledger-db",
  at(`l${number}`),
  "--watcher-db",
  at(`w${number}`),
];
const addBlock = (number: number, seed: number, block: object) =>
  run(
    [
      "fog",
      "test-ledger",
      "add-block",
      ...places(number),
      "--seed",
      `${seed}`,
      "--fog-pubkey",
      toHex(ingress.publicKey()),
    ],
    JSON.stringify(block),
  );

beforeAll(async () => {
  expect((await run(["fog", "authority", "new", "--out", at("authority")])).code).toBe(0);
  const fogOptions = [
    "--fog-report-url",
    "insecure-fog://localhost:6200",
    "--fog-authority-root",
    at("authority/root.pem"),
  ];
  expect((await run(["fog", "keys", "--num", "3", "--out", at("keys"), ...fogOptions])).code).toBe(0);
  for (const number of [1, 2]) expect((await run(["fog", "test-ledger", "init", ...places(number)])).code).toBe(0);
}, 60_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("a test ledger", () => {
  test("gets the same block as another, and says which key images spend it", async () => {
    const block = {
      credits: [
        { account: 0, amount: 15 },
        { account: 2, amount: 0 },
      ],
      key_images: [],
    };
    const [first, second] = [await addBlock(1, 7, block), await addBlock(2, 7, block)];
    expect(first).toMatchObject({ code: 0, out: second.out });
    const images: string[] = JSON.parse(first.out).key_images;
    expect(images).toHaveLength(2);
    const spending = { credits: [{ account: 1, amount: 9 }], key_images: [images[0]] };
    await addBlock(1, 8, spending);
    await addBlock(2, 8, spending);
    const ledgers = [1, 2].map((number) => openLedger(at(`l${number}`), { readOnly: true }));
    const [a, b] = ledgers.map((ledger) => ledger.lastBlock());
    expect(a).toEqual(b);
    expect(a?.index).toBe(2n);
    const [one] = ledgers;
    expect(one?.blockContents(1n)?.keyImages.map(toHex)).toEqual(["00".repeat(32)]);
    expect(one?.blockContents(2n)?.keyImages.map(toHex)).toEqual([images[0]]);
    if (one === undefined) throw new Error("There are two ledgers.");
    await verifyLedger(one);
    for (const ledger of ledgers) await ledger.close();
  });

  test("has hints that the ingress key opens, for the accounts of the key files, and times", async () => {
    const identity = parseKeyFile(readFileSync(at("keys/account_keys_1.json"), "utf8"));
    const { viewPrivateKey } = subaddress(accountKeyFromIdentity(identity), DEFAULT_SUBADDRESS);
    const address = decodePublicAddress(Uint8Array.from(readFileSync(at("keys/account_keys_1.pub"))));
    expect(address.viewPublicKey).toEqual(viewPrivateKey.publicKey());
    expect(address.fogReportUrl).toBe("insecure-fog://localhost:6200");
    const ledger = openLedger(at("l1"), { readOnly: true });
    const output = ledger.blockContents(2n)?.outputs[0];
    if (output === undefined) throw new Error("The block has one output.");
    const random = (length: number): Uint8Array => new Uint8Array(length).fill(1);
    expect(openFogHint(ingress, output.encryptedFogHint, random)).toEqual(address.viewPublicKey);
    await ledger.close();
    const watcher = WatcherDb.open(at("w1"), { readOnly: true });
    expect(watcher.blockTimestamp(2n)).toMatchObject({ code: "found" });
    await watcher.close();
  });

  test.each([
    ["what is no JSON", "{"],
    ["an unknown account", JSON.stringify({ credits: [{ account: 9, amount: 1 }], key_images: [] })],
    ["an amount with a fraction", JSON.stringify({ credits: [{ account: 0, amount: 1.5 }], key_images: [] })],
    ["half a key image", JSON.stringify({ credits: [{ account: 0, amount: 1 }], key_images: ["00"] })],
  ])("refuses %s, and stays as it was", async (_, stdin) => {
    const args = ["fog", "test-ledger", "add-block", ...places(1), "--fog-pubkey", toHex(ingress.publicKey())];
    expect(await run(args, stdin)).toMatchObject({ code: 1, out: "" });
    // Spent before: the ledger refuses, and the watcher has not seen it.
    expect((await addBlock(1, 9, { credits: [{ account: 0, amount: 1 }], key_images: [] })).code).toBe(1);
    const ledger = openLedger(at("l1"), { readOnly: true });
    expect(ledger.numBlocks()).toBe(3n);
    await ledger.close();
  });
});
