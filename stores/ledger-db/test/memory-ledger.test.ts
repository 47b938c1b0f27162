// The ledger in memory keeps what every ledger promises.
import { expect, test } from "vitest";
import { MemoryLedger, verifyLedger } from "../src/index.ts";
import { appendNext } from "./chain.ts";
import { describeLedger } from "./compliance.ts";
import { describeMinting } from "./minting-compliance.ts";

describeLedger("a ledger in memory", () => new MemoryLedger());
describeMinting("a ledger in memory", () => new MemoryLedger());

test("a copy holds the same, and neither learns what is appended to the other", async () => {
  const ledger = new MemoryLedger();
  appendNext(ledger);
  appendNext(ledger);
  const copy = ledger.copy();
  expect(copy.root()).toEqual(ledger.root());
  const third = appendNext(copy);
  expect([copy.numBlocks(), ledger.numBlocks()]).toEqual([3n, 2n]);
  expect((await verifyLedger(copy)).blocks).toBe(3n);
  ledger.append(third);
  expect(ledger.entryCounts()).toEqual(copy.entryCounts());
  expect(ledger.root()).toEqual(copy.root());
});
