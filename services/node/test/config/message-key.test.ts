// Keys as text, in each form that other programs write (spec 05 §4.2, §4.3).
import { createPrivateKey, createPublicKey } from "node:crypto";
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { parseMessageKey } from "../../src/config/message-key.ts";
import { formatMessageKey, formatMessageSigner, parseMessageSigner } from "../../src/index.ts";
import { keyAt, publicHexAt, refused } from "./fixtures.ts";

const place = { file: "network.toml", field: "known_peers[0]" };

test("a public key of MobileCoin's own tests is read, with and without padding, in hex", () => {
  const text = "MCowBQYDK2VwAyEA_ii3rCch5qhMbLZ2vVgpQr1iTrq1BBN2-i0mMPuAJhQ=";
  const hex = "fe28b7ac2721e6a84c6cb676bd582942bd624ebab5041376fa2d2630fb802614";
  for (const each of [text, text.slice(0, -1), hex, hex.toUpperCase()]) {
    expect(toHex(parseMessageKey(each, place))).toBe(hex);
  }
  expect(formatMessageKey(parseMessageKey(hex, place))).toBe(text);
});

test("OpenSSL reads the keys that are written, and finds the same public key", () => {
  const pem = formatMessageSigner(keyAt(3));
  const spki = createPublicKey(createPrivateKey(pem)).export({ type: "spki", format: "der" });
  expect(toHex(parseMessageKey(spki.toString("base64url"), place))).toBe(publicHexAt(3));
});

test("a private key is read from PEM and from base64", () => {
  const pem = formatMessageSigner(keyAt(3));
  const base64 = pem.split("\n")[1] ?? "";
  for (const text of [pem, base64, `  ${base64}\n`]) {
    expect(toHex(parseMessageSigner(text, place).publicKey())).toBe(publicHexAt(3));
  }
});

test.each(["", "00", "zz".repeat(32), "02".padEnd(64, "0"), "MCowBQYDK2VwAyEA", "AAAA", `${publicHexAt(1)}00`])(
  "%j is no public key",
  async (text) => {
    expect(await refused(() => parseMessageKey(text, place))).toMatchObject({ code: "invalid-message-key", ...place });
  },
);

test("what is no private key is refused without being repeated", async () => {
  const secret = "c2VjcmV0c2VjcmV0c2VjcmV0";
  expect(await refused(() => parseMessageSigner(secret, place))).toMatchObject({ code: "invalid-message-key" });
  expect(() => parseMessageSigner(secret, place)).toThrow(expect.not.stringContaining(secret));
});
