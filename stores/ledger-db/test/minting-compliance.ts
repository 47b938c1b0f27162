// What every ledger promises about minting, whatever it is kept in.
import { type BlockContents, NO_MINTING } from "@fogbow/core-block";
import { tokenId } from "@fogbow/core-bytes";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type AuditableLedger, type Ledger, verifyLedger } from "../src/index.ts";
import { appendNext, contents, output } from "./chain.ts";
import { code } from "./compliance.ts";
import { appendWith, configuration, configuring, everything, mint, minting, nextWith, nonce, TOKEN } from "./mints.ts";

type TestedLedger = Ledger & AuditableLedger;

/** Runs the suite on ledgers that `make` makes empty. */
export function describeMinting(name: string, make: () => TestedLedger): void {
  describe(`minting in ${name}`, () => {
    const opened: TestedLedger[] = [];
    /** A ledger with an origin block and then a block for each of these contents. */
    const filled = (...all: readonly BlockContents[]): TestedLedger => {
      const ledger = make();
      opened.push(ledger);
      appendNext(ledger);
      for (const each of all) {
        appendWith(ledger, each);
      }
      return ledger;
    };
    const totals = (ledger: TestedLedger): unknown =>
      ledger.activeMintConfigs(TOKEN)?.configs.map(({ totalMinted }) => totalMinted);
    afterEach(async () => {
      await Promise.all(opened.splice(0).map((ledger) => ledger.close()));
    });

    test("blocks that mint come back as they were, and verify", async () => {
      const ledger = filled();
      const blocks = [
        configuring(configuration(1)),
        minting(2, mint(1, 10n), mint(2, 20n, 12)),
        everything(3, mint(3, 1n), configuration(2)),
        contents(4),
      ].map((each) => appendWith(ledger, each));
      expect(blocks.map(({ block }) => ledger.blockData(block.index))).toEqual(blocks);
      expect((await verifyLedger(ledger)).blocks).toBe(5n);
    });

    test("nonces lead to their blocks, the two kinds and every token apart", () => {
      const ledger = filled(configuring(configuration(1)), minting(2, mint(7, 10n)));
      expect(ledger.blockIndexOfMintConfigNonce(TOKEN, nonce(1))).toBe(1n);
      expect(ledger.blockIndexOfMintNonce(TOKEN, nonce(7))).toBe(2n);
      expect(ledger.containsMintNonce(TOKEN, nonce(7))).toBe(true);
      expect(ledger.containsMintConfigNonce(TOKEN, nonce(1))).toBe(true);
      expect(ledger.containsMintNonce(TOKEN, nonce(1))).toBe(false);
      expect(ledger.containsMintConfigNonce(TOKEN, nonce(7))).toBe(false);
      expect(ledger.containsMintNonce(tokenId(6n), nonce(7))).toBe(false);
      expect(ledger.containsMintNonce(TOKEN, new Uint8Array(3_000))).toBe(false);
      const other = mint(7, 1n, 11, { tokenId: tokenId(6n) });
      expect(() => appendWith(ledger, minting(3, other))).toThrow(code("no-matching-mint-config"));
    });

    test("what is minted is charged to the first configuration of its signers", () => {
      const ledger = filled(configuring(configuration(1)));
      expect(totals(ledger)).toEqual([0n, 0n]);
      appendWith(ledger, minting(2, mint(1, 10n), mint(2, 20n, 12), mint(3, 5n)));
      expect(totals(ledger)).toEqual([15n, 20n]);
      expect(ledger.activeMintConfigs(TOKEN)?.mintConfigTx).toEqual(configuration(1).mintConfigTx);
      expect(ledger.activeMintConfigs(tokenId(6n))).toBeUndefined();
    });

    test("what a block mints is charged once, since finding the configuration takes verifying signatures", () => {
      const ledger = filled(configuring(configuration(1)));
      const asked = vi.spyOn(ledger, "activeMintConfigs");
      appendWith(ledger, minting(2, mint(1, 10n)));
      expect(asked).toHaveBeenCalledTimes(1);
      asked.mockRestore();
      expect(totals(ledger)).toEqual([10n, 0n]);
    });

    test("limits hold to the last unit, each alone and all together, within a block too", () => {
      const ledger = filled(configuring(configuration(1)));
      const refused = code("amount-exceeds-mint-limit");
      expect(() => appendWith(ledger, minting(2, mint(1, 101n)))).toThrow(refused);
      expect(() => appendWith(ledger, minting(2, mint(1, 60n), mint(2, 41n)))).toThrow(refused);
      expect(totals(ledger)).toEqual([0n, 0n]);
      appendWith(ledger, minting(2, mint(1, 60n), mint(2, 40n)));
      expect(() => appendWith(ledger, minting(3, mint(3, 21n, 12)))).toThrow(refused);
      appendWith(ledger, minting(3, mint(3, 20n, 12)));
      expect(totals(ledger)).toEqual([100n, 20n]);
    });

    test("a configuration counts from the next block on, and from zero", () => {
      const ledger = filled();
      const both = everything(1, mint(1, 10n), configuration(1));
      expect(() => appendWith(ledger, both)).toThrow(code("no-matching-mint-config"));
      appendWith(ledger, configuring(configuration(1)));
      appendWith(ledger, minting(2, mint(1, 100n)));
      appendWith(ledger, everything(3, mint(2, 20n, 12), configuration(2)));
      expect(totals(ledger)).toEqual([0n, 0n]);
      appendWith(ledger, minting(4, mint(3, 100n)));
      expect(totals(ledger)).toEqual([100n, 0n]);
      expect(() => appendWith(ledger, minting(5, mint(4, 1n, 13)))).toThrow(code("no-matching-mint-config"));
    });

    const used = mint(1, 1n);
    const BAD: readonly (readonly [string, BlockContents])[] = [
      ["no-outputs", { ...minting(3, mint(2, 1n)), outputs: [] }],
      ["too-few-outputs", { ...minting(3, mint(2, 1n), mint(3, 1n)), outputs: [output(3, 0)] }],
      ["too-few-outputs", { ...everything(3, mint(2, 1n), configuration(2)), outputs: [], keyImages: [] }],
      ["no-key-images", { ...NO_MINTING, keyImages: [], outputs: [output(3, 0)] }],
      ["duplicate-output-public-key", { ...minting(3, used), outputs: [output(2, 0)] }],
      ["duplicate-mint-tx", minting(3, used)],
      ["duplicate-mint-tx", minting(3, mint(2, 1n), mint(2, 2n))],
      ["duplicate-mint-tx", { ...minting(3, used), validatedMintConfigTxs: [configuration(1)] }],
      ["duplicate-mint-config-tx", configuring(configuration(1))],
      ["duplicate-mint-config-tx", configuring(configuration(2), configuration(2))],
      ["duplicate-mint-config-tx", everything(3, mint(2, 1_000n), configuration(1))],
      ["invalid-nonce-length", minting(3, mint(2, 1n, 11, { nonce: new Uint8Array(63) }))],
      ["invalid-nonce-length", configuring(configuration(2, { nonce: new Uint8Array(65) }))],
    ];
    test.each(BAD)("a block is refused and leaves no trace: %s", async (expected, bad) => {
      const ledger = filled(configuring(configuration(1)), minting(2, used));
      const before = ledger.entryCounts();
      expect(() => ledger.append(nextWith(ledger, bad))).toThrow(code(expected));
      expect(ledger.entryCounts()).toEqual(before);
      expect(totals(ledger)).toEqual([1n, 0n]);
      appendWith(ledger, minting(3, mint(2, 1n)));
      expect((await verifyLedger(ledger)).blocks).toBe(4n);
    });

    test("a block may configure minting, or mint, and spend nothing", () => {
      const ledger = filled(configuring(configuration(1)), minting(2, used));
      expect(ledger.blockContents(1n)?.outputs).toEqual([]);
      expect(ledger.txOutsOfBlock(1n)).toEqual({ first: 5n, count: 0n });
      expect(ledger.blockContents(2n)?.keyImages).toEqual([]);
    });
  });
}
