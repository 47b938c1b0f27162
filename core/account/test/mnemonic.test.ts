import { Secret, toHex } from "@fogbow/core-bytes";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AccountError, entropyFromMnemonic, mnemonicFromEntropy, seedFromMnemonic } from "../src/index.ts";
import { bip39Entropy } from "./arbitrary.ts";
import { codeOf } from "./refusal.ts";

const zeros = (length: number): Secret => new Secret(new Uint8Array(length));
const abandonAbout = `${"abandon ".repeat(11)}about`;

describe("recovery phrases", () => {
  test("entropy of 16, 20, 24, 28 and 32 bytes has 12, 15, 18, 21 and 24 words", () => {
    expect(mnemonicFromEntropy(zeros(16))).toBe(abandonAbout);
    expect([16, 20, 24, 28, 32].map((length) => mnemonicFromEntropy(zeros(length)).split(" ").length)).toEqual([
      12, 15, 18, 21, 24,
    ]);
  });

  test("entropy of any other length is refused", () => {
    for (const length of [0, 12, 15, 17, 18, 33, 36, 64]) {
      expect(codeOf(() => mnemonicFromEntropy(zeros(length)))).toBe("bad-entropy-length");
    }
  });

  test("a phrase gives its entropy back", () => {
    fc.assert(
      fc.property(bip39Entropy, (entropy) => {
        expect(entropyFromMnemonic(mnemonicFromEntropy(entropy)).equals(entropy)).toBe(true);
      }),
    );
  });

  test("the seed is that of BIP-39 with an empty passphrase", () => {
    // Trezor's published seed for these words with an empty passphrase.
    expect(toHex(seedFromMnemonic(abandonAbout).expose())).toBe(
      "5eb00bbddcf069084889a8ab9155568165f5c453ccb85e70811aaed6f6da5fc19a5ac40b389cd370d086206dec8aa6c43daea6690f20ad3d8d48b2d2ce9e38e4",
    );
  });

  test("capitals and white space make no difference", () => {
    const sloppy = `\n  ${abandonAbout.toUpperCase().replaceAll(" ", "\t \u3000")} \r\n`;
    expect(entropyFromMnemonic(sloppy).equals(zeros(16))).toBe(true);
    expect(seedFromMnemonic(sloppy).equals(seedFromMnemonic(abandonAbout))).toBe(true);
  });

  test("letters in another form of Unicode make no difference", () => {
    const wide = [...abandonAbout].map((letter) =>
      letter === " " ? " " : String.fromCodePoint(letter.charCodeAt(0) + 0xfee0),
    );
    expect(wide.slice(0, 5).join("")).toBe("ａｂａｎｄ");
    expect(entropyFromMnemonic(wide.join("")).equals(zeros(16))).toBe(true);
  });

  test("a wrong number of words is refused", () => {
    for (const count of [0, 1, 11, 13, 14, 16, 23, 25, 27, 1_000]) {
      expect(
        codeOf(() => entropyFromMnemonic("abandon ".repeat(count))),
        `${count}`,
      ).toBe("bad-word-count");
    }
  });

  test("a phrase that is much too long is refused before its words are looked at", () => {
    expect(codeOf(() => entropyFromMnemonic(`${"x".repeat(1_000_000)} `.repeat(12)))).toBe("bad-word-count");
  });

  test("the first unknown word is named by position and nearest word, and no other word is repeated", () => {
    const words = mnemonicFromEntropy(new Secret(new Uint8Array(16).fill(0x7f))).split(" "); // legal winner thank …
    words[4] = "wavve";
    words[7] = "qqqq";
    const error = refusalOf(words.join(" "));
    expect(error.code).toBe("unknown-word");
    expect(error.word).toEqual({ position: 5, suggestion: "wave" });
    expect(error.message).toBe('Word 5 is not in the English list of BIP-39; the nearest is "wave".');
    expect(error.cause).toBeUndefined();
  });

  test("known words that do not belong together are refused without repeating any", () => {
    const error = refusalOf("abandon ".repeat(12));
    expect(error.code).toBe("bad-checksum");
    expect(error.message).not.toContain("abandon");
    expect(error.word).toBeUndefined();
    expect(error.cause).toBeUndefined();
  });

  test("a phrase with one word exchanged gives entropy or a typed error", () => {
    const anyWord = fc.oneof(fc.constantFrom(...wordlist), fc.string({ unit: "binary", maxLength: 12 }));
    fc.assert(
      fc.property(bip39Entropy, fc.nat(), anyWord, (entropy, place, word) => {
        const words = mnemonicFromEntropy(entropy).split(" ");
        words[place % words.length] = word;
        const code = codeOf(() => entropyFromMnemonic(words.join(" ")));
        expect([undefined, "bad-word-count", "unknown-word", "bad-checksum"]).toContain(code);
      }),
    );
  });
});

function refusalOf(phrase: string): AccountError {
  try {
    entropyFromMnemonic(phrase);
  } catch (error) {
    if (error instanceof AccountError) {
      return error;
    }
    throw error;
  }
  throw new Error("The phrase was accepted.");
}
