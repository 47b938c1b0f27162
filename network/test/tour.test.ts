import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { accountKeyFromMnemonic, parseMobUri, publicAddress, shortAddressHash } from "@fogbow/core-account";
import { toHex } from "@fogbow/core-bytes";
import { describe, expect, test, vi } from "vitest";
import { tour } from "../src/tour.ts";
import { seed, seededRandom } from "./seeded-random.ts";

const facts = await tour(seededRandom());

describe(`a tour with seed ${seed}`, () => {
  test("shows words that derive the address it shows", () => {
    const { view, spend } = keysOfWords(facts.account.words);
    const scanned = parseMobUri(facts.account.uri);
    if (scanned.kind !== "public-address") throw new Error("The link holds something else.");
    expect(toHex(scanned.publicAddress.viewPublicKey)).toBe(view);
    expect(toHex(scanned.publicAddress.spendPublicKey)).toBe(spend);
    expect(toHex(shortAddressHash(scanned.publicAddress))).toBe(facts.account.shortHash);
    expect(facts.account.uri).toBe(`mob:///b58/${facts.account.code}`);
  });

  test("reads the amount that was sent, both in the ledger and through Fog", () => {
    expect(facts.found.mob).toBe("1.5");
    expect(facts.fog.mob).toBe("1.5");
    expect(facts.found.subaddressIndex).toBe("0");
  });

  test("shows an output with the sizes of the newest block version", () => {
    expect(facts.output.bytes).toBe(287);
    expect(facts.output.encryptedFogHint).toHaveLength(2 * 84);
    expect(facts.output.encryptedMemo).toHaveLength(2 * 66);
    expect(facts.fog.payloadBytes).toBe(237);
    expect(facts.fog.answerBytes).toBe(255);
  });

  test("finds the recipient's view key in the hint", () => {
    expect(facts.fog.viewPublicKey).toBe(keysOfWords(facts.account.words).view);
  });

  test("gives the same facts again for the same randomness, but for the Fog authority it makes anew", async () => {
    const again = await tour(seededRandom());
    expect(again.account.words).toBe(facts.account.words);
    expect(again.output).toEqual(facts.output);
    expect(again.fog).toEqual(facts.fog);
    expect(again.keyImage).toBe(facts.keyImage);
  });

  test("has a node accept a payment with a ring of eleven and refuse its tampered copy", () => {
    const { transaction, tampered } = facts.ledger;
    expect(transaction).toMatchObject({ ringSize: 11, outputs: 2, fee: "0.0004", verdict: "ok" });
    expect(tampered.verdict).toBe("invalid-transaction-signature");
  });

  test("appends the payment to a ledger, where Bob finds it, it is proven, and it cannot be made again", () => {
    const { block } = facts.ledger;
    expect(block).toMatchObject({ index: "1", txOuts: "18", mob: "0.25", again: "contains-spent-key-image" });
    expect(["16", "17"]).toContain(block.bobsTxOutIndex);
    expect(block.proofElements).toBeGreaterThan(1);
  });

  test("leaves no temporary folder behind", async () => {
    const temporary = mkdtempSync(join(tmpdir(), "fogbow-tour-test-"));
    vi.stubEnv("TMPDIR", temporary);
    try {
      await tour(seededRandom());
      expect(readdirSync(temporary)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(temporary, { recursive: true });
    }
  });

  test("gives other words, output and key image for other randomness", async () => {
    const other = await tour(seededRandom("other"));
    expect(other.account.words).not.toBe(facts.account.words);
    expect(other.output.publicKey).not.toBe(facts.output.publicKey);
    expect(other.keyImage).not.toBe(facts.keyImage);
  });
});

test("a tour whose statements do not hold throws: Alice reads Bob's output when both have the same words", async () => {
  await expect(tour((length) => new Uint8Array(length).fill(7))).rejects.toThrow("another view key finds nothing");
});

/** View and spend public key of the default address of some words, in hex. */
function keysOfWords(words: string): { readonly view: string; readonly spend: string } {
  const { viewPublicKey, spendPublicKey } = publicAddress(accountKeyFromMnemonic(words, 0));
  return { view: toHex(viewPublicKey), spend: toHex(spendPublicKey) };
}
