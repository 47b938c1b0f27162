// The stored ledger against the plain one: whatever is appended in whatever order, they answer alike.
import { type BlockContents, type BlockData, withId } from "@fogbow/core-block";
import { CodedError } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLedger, type Ledger, MemoryLedger, openLedger } from "../src/index.ts";
import { keyImage, next, origin, output } from "./chain.ts";
import { newDirectory } from "./directories.ts";

/** Small numbers, so that keys and key images repeat often. */
const contents: fc.Arbitrary<BlockContents> = fc.record({
  keyImages: fc.array(
    fc.nat(30).map((n) => keyImage(n)),
    { maxLength: 2 },
  ),
  outputs: fc.array(
    fc.nat(60).map((n) => output(n)),
    { maxLength: 4 },
  ),
  validatedMintConfigTxs: fc.constant([]),
  mintTxs: fc.constant([]),
});

const step = fc.oneof(
  { weight: 8, arbitrary: fc.record({ contents, version: fc.integer({ min: 1, max: 5 }), index: fc.nat(20) }) },
  { weight: 1, arbitrary: fc.constant("reopen" as const) },
);

const attempt = (ledger: Ledger, data: BlockData): string => {
  try {
    ledger.append(data);
    return "stored";
  } catch (error) {
    expect(error).toBeInstanceOf(CodedError);
    return (error as { readonly code: string }).code; // Just seen to be a CodedError.
  }
};

test("a stored ledger answers as the one in memory does", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 20 }), async (steps) => {
      const directory = newDirectory();
      const model = new MemoryLedger();
      let stored = createLedger(directory);
      for (const each of steps) {
        if (each === "reopen") {
          await stored.close();
          stored = openLedger(directory);
          continue;
        }
        const parent = model.lastBlock();
        const made = parent === undefined ? origin() : next(parent, model.root(), each.contents, each.version);
        // One in twenty has a wrong index as well.
        const data = each.index === 0 ? { ...made, block: withId({ ...made.block, index: 7n }) } : made;
        expect(attempt(stored, data)).toBe(attempt(model, data));
      }
      expect(stored.entryCounts()).toEqual(model.entryCounts());
      expect(stored.root()).toEqual(model.root());
      const txOuts = Array.from({ length: Number(model.numTxOuts()) }, (_, i) => BigInt(i));
      expect(stored.membershipProofs(txOuts)).toEqual(model.membershipProofs(txOuts));
      for (let index = 0n; index < model.numBlocks(); index++) {
        expect(stored.blockData(index)).toEqual(model.blockData(index));
      }
      await stored.close();
    }),
    { numRuns: 40 },
  );
});
