// The independent client: that it shares nothing with this repository, and that it opens and recognises what it should, and no more.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { accountKeyFromMnemonic, publicAddress, subaddress } from "@fogbow/core-account";
import { createSimulatedPlatform, encodeEvidence, makeSimulatedEvidence } from "@fogbow/core-attest";
import { MOB, type Random, toHex, tokenId, tokenValue } from "@fogbow/core-bytes";
import {
  createTxOut,
  createTxOutRecord,
  encodeMemo,
  keyImage,
  onetimePrivateKey,
  sealTxOutRecord,
  txOutToWire,
} from "@fogbow/core-transaction";
import { encodeMessage, TxOutSchema } from "@fogbow/core-wire";
import { expect, test } from "vitest";
import { openBox } from "./box.ts";
import { verifySimulated } from "./evidence.ts";
import { accountKeys } from "./group.ts";
import { OutputReader, recordKey } from "./outputs.ts";
import { Message, read } from "./protobuf.ts";

const FOLDER = fileURLToPath(new URL(".", import.meta.url));
const MNEMONIC = `${"abandon ".repeat(11)}about`;
const random: Random = (length) => crypto.getRandomValues(new Uint8Array(length));

test("it imports nothing of the workspace, and reaches nothing but by gRPC where a caller says", () => {
  const sources = readdirSync(FOLDER).filter((name) => !name.endsWith(".test.ts"));
  const imported = sources.flatMap((name) =>
    [...readFileSync(join(FOLDER, name), "utf8").matchAll(/\b(?:from|import)\s*\(?\s*"([^"]+)"|\brequire\b/g)].map(
      ([whole, specifier]) => specifier ?? whole,
    ),
  );
  const outside = [...new Set(imported)].filter((each) => !/^\.\/[a-z-]+\.ts$/.test(each)).sort();
  expect(outside).toEqual([
    "@grpc/grpc-js",
    ...["@noble/ciphers/aes.js", "@noble/curves/ed25519.js", "@noble/hashes/blake2.js", "@noble/hashes/hkdf.js"],
    ...["@noble/hashes/hmac.js", "@noble/hashes/pbkdf2.js", "@noble/hashes/sha2.js", "@noble/hashes/utils.js"],
    "node:crypto",
    "node:zlib",
  ]);
  const all = sources.map((name) => readFileSync(join(FOLDER, name), "utf8")).join("\n");
  expect(all).not.toMatch(/\bfetch\(|\bWebSocket\b|process\.env|getBuiltinModule|\beval\b/);
});

test("it takes evidence of a simulated platform for the key of its channel, and no other", () => {
  const now = Date.UTC(2026, 5, 15);
  const contents = { nonce: random(16), key: random(32), customIdentity: new Uint8Array(32) };
  const enclave = { measurement: random(32), productId: 3, securityVersion: 1 };
  const wrapped = (simulation: "simulated" | "software-mode"): Uint8Array => {
    const platform = createSimulatedPlatform(simulation, { random, now });
    return new Message()
      .message(4, encodeEvidence(makeSimulatedEvidence(platform, enclave, { contents, now })))
      .encode();
  };
  const right = wrapped("simulated");
  verifySimulated(right, contents.key);
  expect(() => verifySimulated(right, random(32))).toThrow("another key");
  expect(() => verifySimulated(wrapped("software-mode"), contents.key)).toThrow("not simulated");
  const measurement = toHex(enclave.measurement);
  const forged = Uint8Array.from(Buffer.from(toHex(right).replace(measurement, toHex(random(32))), "hex"));
  expect(() => verifySimulated(forged, contents.key)).toThrow("signature does not hold");
});

test.each([2, 3] as const)(
  "it opens records and reads outputs of block version %i, with the image that spends them",
  (blockVersion) => {
    const account = accountKeyFromMnemonic(MNEMONIC, 3);
    const keys = accountKeys(MNEMONIC, 3);
    const recipient = publicAddress(account);
    const made = createTxOut({
      blockVersion,
      recipient,
      amount: { value: tokenValue(1_234_567n), tokenId: blockVersion === 3 ? tokenId(8n) : MOB },
      memo: encodeMemo({ kind: "unused" }),
      fogHint: random(84) as never,
      random,
    });
    const image = keyImage(onetimePrivateKey(made.sharedSecret, subaddress(account, 0n).spendPrivateKey));
    const place = { globalIndex: 17n, block: 5n };
    const expected = { ...place, value: 1_234_567n, tokenId: blockVersion === 3 ? 8n : 0n, keyImage: toHex(image) };
    const output = read(encodeMessage(TxOutSchema, txOutToWire(made.txOut)));
    expect(new OutputReader(keys).ofOutput(output, place)).toEqual(expected);

    const record = createTxOutRecord(made.txOut, { globalIndex: 17n, blockIndex: 5n, timestamp: 9n });
    const owner = { searchKey: random(16), viewPublicKey: recipient.viewPublicKey };
    const { payload: sealed } = sealTxOutRecord(record, owner, random);
    const opened = read(openBox(recordKey(keys), sealed));
    expect(new OutputReader(keys).ofRecord(opened)).toEqual(expected);

    const stranger = accountKeys(MNEMONIC, 4);
    expect(new OutputReader(stranger).ofOutput(output, place)).toBeUndefined();
    expect(() => openBox(recordKey(stranger), sealed)).toThrow();
  },
);
