import { accountKeyFromMnemonic, parseMobUri, publicAddress, shortAddressHash } from "@fogbow/core-account";
import { toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import { tour } from "../src/tour.ts";
import { seed, seededRandom } from "./seeded-random.ts";

describe(`a tour with seed ${seed}`, () => {
  const facts = tour(seededRandom());

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

  test("gives the same facts again for the same randomness, but for the Fog authority it makes anew", () => {
    const again = tour(seededRandom());
    expect(again.account.words).toBe(facts.account.words);
    expect(again.output).toEqual(facts.output);
    expect(again.fog).toEqual(facts.fog);
    expect(again.keyImage).toBe(facts.keyImage);
  });

  test("gives other words, output and key image for other randomness", () => {
    const other = tour(seededRandom("other"));
    expect(other.account.words).not.toBe(facts.account.words);
    expect(other.output.publicKey).not.toBe(facts.output.publicKey);
    expect(other.keyImage).not.toBe(facts.keyImage);
  });
});

test("a tour whose statements do not hold throws: Alice reads Bob's output when both have the same words", () => {
  expect(() => tour((length) => new Uint8Array(length).fill(7))).toThrow("another view key finds nothing");
});

/** View and spend public key of the default address of some words, in hex. */
function keysOfWords(words: string): { readonly view: string; readonly spend: string } {
  const { viewPublicKey, spendPublicKey } = publicAddress(accountKeyFromMnemonic(words, 0));
  return { view: toHex(viewPublicKey), spend: toHex(spendPublicKey) };
}
