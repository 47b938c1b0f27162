// Recovery phrases of English words (BIP-39). The passphrase of BIP-39 is always empty in MobileCoin.
import { Secret } from "@fogbow/core-bytes";
import { entropyToMnemonic, mnemonicToEntropy, mnemonicToSeedSync } from "@scure/bip39";
import { wordlist } from "@scure/bip39/wordlists/english.js";
import { AccountError } from "./error.ts";
import { nearestWord } from "./nearest-word.ts";

const WORD_COUNTS: readonly number[] = [12, 15, 18, 21, 24];
const ENTROPY_LENGTHS: readonly number[] = [16, 20, 24, 28, 32];
const PHRASE_LENGTH_MAX = 1_000; // Characters. 24 of the longest words have 215.
const NO_PASSPHRASE = "";

/** The phrase of 12, 15, 18, 21 or 24 words for entropy of 16, 20, 24, 28 or 32 bytes. Throws `bad-entropy-length`. */
export function mnemonicFromEntropy(entropy: Secret): string {
  if (!ENTROPY_LENGTHS.includes(entropy.length)) {
    throw new AccountError("bad-entropy-length", "The entropy of a recovery phrase is 16, 20, 24, 28 or 32 bytes.");
  }
  return entropyToMnemonic(entropy.expose(), wordlist);
}

/**
 * The entropy of a phrase. Capitals and extra white space are forgiven. Throws `bad-word-count`, `unknown-word` (with
 * the position of the first such word and the nearest of the list) or `bad-checksum`.
 */
export function entropyFromMnemonic(phrase: string): Secret {
  const canonical = checkedWords(phrase).join(" ");
  try {
    return new Secret(mnemonicToEntropy(canonical, wordlist));
  } catch {
    // The library's error is dropped: only the checksum can still be wrong.
    throw new AccountError(
      "bad-checksum",
      "Every word is in the list, but together they are no recovery phrase: one is wrong, or two are swapped.",
    );
  }
}

/** The 64-byte seed of a phrase: PBKDF2-HMAC-SHA512 of its words, 2 048 rounds. Throws as {@link entropyFromMnemonic}. */
export function seedFromMnemonic(phrase: string): Secret {
  const entropy = entropyFromMnemonic(phrase);
  try {
    return seedFromEntropy(entropy);
  } finally {
    entropy.wipe();
  }
}

/** As {@link seedFromMnemonic}, from the entropy of the phrase. Throws `bad-entropy-length`. */
export function seedFromEntropy(entropy: Secret): Secret {
  return new Secret(mnemonicToSeedSync(mnemonicFromEntropy(entropy), NO_PASSPHRASE));
}

/** The words in lower case, each in the list. */
function checkedWords(phrase: string): string[] {
  const readable = typeof phrase === "string" && phrase.length <= PHRASE_LENGTH_MAX;
  const words = readable ? phrase.normalize("NFKD").toLowerCase().match(/\S+/gu) : null;
  if (words === null || !WORD_COUNTS.includes(words.length)) {
    throw new AccountError("bad-word-count", "A recovery phrase has 12, 15, 18, 21 or 24 words.");
  }
  const wrong = words.findIndex((word) => !wordlist.includes(word));
  if (wrong >= 0) {
    const suggestion = nearestWord(words[wrong] ?? "", wordlist);
    const position = wrong + 1;
    throw new AccountError(
      "unknown-word",
      `Word ${position} is not in the English list of BIP-39; the nearest is "${suggestion}".`,
      { position, suggestion },
    );
  }
  return words;
}
