// The stored ledger against the plain one: whatever is appended in whatever order, they answer alike.
import { type BlockContents, type BlockData, withId } from "@fogbow/core-block";
import { CodedError } from "@fogbow/core-bytes";
import fc from "fast-check";
import { expect, test } from "vitest";
import { createLedger, type Ledger, MemoryLedger, openLedger, verifyLedger } from "../src/index.ts";
import { appendNext, keyImage, next, output } from "./chain.ts";
import { newDirectory } from "./directories.ts";
import { appendWith, configuration, configuring, mint, nonce, TOKEN } from "./mints.ts";

/** Four nonces of configurations, twelve of mints, three signers of whom one may not: some of all this is refused. */
const CONFIGURATIONS = [0, 1, 2, 3].map((n) => configuration(n));
const MINTS = [11, 12, 13].flatMap((signer) =>
  Array.from({ length: 12 }, (_, n) => mint(n, BigInt(4 * n + 1), signer)),
);

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

/** Contents that mint or configure minting, sometimes both, with a few outputs. */
const mintingContents: fc.Arbitrary<BlockContents> = fc.record({
  keyImages: fc.constant([]),
  outputs: fc.array(
    fc.integer({ min: 100, max: 9_999 }).map((n) => output(n)),
    { minLength: 1, maxLength: 2 },
  ),
  validatedMintConfigTxs: fc.array(fc.constantFrom(...CONFIGURATIONS), { maxLength: 1 }),
  mintTxs: fc.array(fc.constantFrom(...MINTS), { maxLength: 2 }),
});

/** Mostly the parent's or 3; undefined stands for that. */
const version = fc.oneof({ weight: 6, arbitrary: fc.constant(undefined) }, fc.integer({ min: 1, max: 5 }));

/** Whether the index is wrong as well. */
const wrong = fc.oneof({ weight: 19, arbitrary: fc.constant(false) }, fc.constant(true));

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ contents, version, wrong }) },
  { weight: 4, arbitrary: fc.record({ contents: mintingContents, version, wrong }) },
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

test("a stored ledger answers as the one in memory does, also about minting", async () => {
  let minted = 0;
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 6, maxLength: 20 }), async (steps) => {
      const directory = newDirectory();
      const model = new MemoryLedger();
      let stored = createLedger(directory);
      for (const ledger of [model, stored]) {
        appendNext(ledger);
        appendWith(ledger, configuring(configuration(11)));
      }
      for (const each of steps) {
        if (each === "reopen") {
          await stored.close();
          stored = openLedger(directory);
          continue;
        }
        const parent = model.lastBlock();
        if (parent === undefined) {
          throw new Error("There is an origin block.");
        }
        const made = next(parent, model.root(), each.contents, each.version ?? Math.max(3, parent.version));
        const data = each.wrong ? { ...made, block: withId({ ...made.block, index: 7n }) } : made;
        expect(attempt(stored, data)).toBe(attempt(model, data));
      }
      expect(stored.entryCounts()).toEqual(model.entryCounts());
      expect(stored.root()).toEqual(model.root());
      const txOuts = Array.from({ length: Number(model.numTxOuts()) }, (_, i) => BigInt(i));
      expect(stored.membershipProofs(txOuts)).toEqual(model.membershipProofs(txOuts));
      for (let index = 0n; index < model.numBlocks(); index++) {
        expect(stored.blockData(index)).toEqual(model.blockData(index));
      }
      expect(stored.activeMintConfigs(TOKEN)).toEqual(model.activeMintConfigs(TOKEN));
      for (let n = 0; n < 12; n++) {
        expect(stored.blockIndexOfMintNonce(TOKEN, nonce(n))).toBe(model.blockIndexOfMintNonce(TOKEN, nonce(n)));
        const found = stored.blockIndexOfMintConfigNonce(TOKEN, nonce(n));
        expect(found).toBe(model.blockIndexOfMintConfigNonce(TOKEN, nonce(n)));
      }
      expect(await verifyLedger(stored)).toEqual(await verifyLedger(model));
      minted += (stored.activeMintConfigs(TOKEN)?.configs ?? []).some(({ totalMinted }) => totalMinted > 0n) ? 1 : 0;
      await stored.close();
    }),
    { numRuns: 40 },
  );
  expect(minted).toBeGreaterThan(0); // Otherwise the steps would test less than they say.
});
