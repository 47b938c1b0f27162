import { wordlist } from "@scure/bip39/wordlists/english.js";
import { describe, expect, test } from "vitest";
import { nearestWord } from "../src/nearest-word.ts";

describe("nearestWord", () => {
  test.each([
    ["abandn", "abandon"], // Left out.
    ["abbandon", "abandon"], // Doubled.
    ["abandom", "abandon"], // Replaced.
    ["abuot", "about"], // Swapped.
    ["zooo", "zoo"],
    ["legel", "legal"],
    ["wınner", "winner"], // A letter of another alphabet.
  ])("suggests the word meant by %s", (typed, meant) => {
    expect(nearestWord(typed, wordlist)).toBe(meant);
  });

  test("every word is nearest to itself, and to itself without its last letter or with a swap", () => {
    for (const word of wordlist.filter((_, i) => i % 37 === 0)) {
      expect(nearestWord(word, wordlist)).toBe(word);
      expect(wordlist).toContain(nearestWord(word.slice(0, -1), wordlist));
    }
  });

  test("of words equally near, prefers the one with the longest common beginning, then the first", () => {
    expect(nearestWord("cat", ["bat", "cab"])).toBe("cab");
    expect(nearestWord("xx", ["ab", "cd"])).toBe("ab");
  });

  test("answers for text that is nothing like a word, however long", () => {
    expect(wordlist).toContain(nearestWord("", wordlist));
    expect(wordlist).toContain(nearestWord("💧".repeat(10_000), wordlist));
  });
});
