// Tests of contents: their hash, against answers of the public reference library too, and their encoding, in which damage
// is a typed error.
import { CodedError, le64, toHex, utf8 } from "@fogbow/core-bytes";
import { appendStrict, compressedPoint, type Digestible, Transcript } from "@fogbow/core-crypto";
import { mintTxDigestible, validatedMintConfigTxDigestible } from "@fogbow/core-transaction";
import fc from "fast-check";
import { expect, test } from "vitest";
import { contentsHash, decodeBlockContents, encodeBlockContents, NO_MINTING, parseArchiveBlock } from "../src/index.ts";
import { contentsOf, filled, memoBlock } from "./fixtures.ts";
import { KNOWN_BLOCKS } from "./known-blocks.ts";
import { KNOWN_MINTING_BLOCKS } from "./known-minting-blocks.ts";
import { CONFIGURATION, MINT, mintingContents } from "./minting.ts";

test.each(KNOWN_BLOCKS)("the contents of $name survive encoding", (known) => {
  const contents = contentsOf(known);
  expect(decodeBlockContents(encodeBlockContents(contents))).toEqual(contents);
  expect(encodeBlockContents({ keyImages: [], outputs: [], ...NO_MINTING }).length).toBe(0);
});

test("contents that mint survive encoding", () => {
  const contents = mintingContents();
  expect(decodeBlockContents(encodeBlockContents(contents))).toEqual(contents);
});

test.each(KNOWN_MINTING_BLOCKS)("contents with $name have their hash", (known) => {
  expect(toHex(contentsHash(known.contents))).toBe(known.contentsHash);
});

test("what is minted is hashed after the outputs, configurations first", () => {
  const contents = { keyImages: [], outputs: [], validatedMintConfigTxs: [CONFIGURATION], mintTxs: [MINT] };
  const transcript = new Transcript("digestible");
  const append = (label: string, text: string): void => transcript.append(label, utf8(text));
  const listOfOne = (label: string, item: Digestible): void => {
    append(label, "seq");
    transcript.append("len", le64(1n));
    appendStrict(transcript, "", item);
  };
  append("block_contents", "agg");
  append("name", "BlockContents");
  listOfOne("validated_mint_config_txs", validatedMintConfigTxDigestible(CONFIGURATION));
  listOfOne("mint_txs", mintTxDigestible(MINT));
  append("block_contents", "agg-end");
  append("name", "BlockContents");
  expect(toHex(contentsHash(contents))).toBe(toHex(transcript.challenge("digest32", 32)));
});

test("whatever is minted changes the contents hash", () => {
  const contents = mintingContents();
  const hashes = [
    contents,
    { ...contents, mintTxs: [] },
    { ...contents, mintTxs: [MINT, MINT] },
    { ...contents, validatedMintConfigTxs: [] },
    { ...contents, ...NO_MINTING },
  ].map((each) => toHex(contentsHash(each)));
  expect(new Set(hashes).size).toBe(5);
});

test("a minting transaction's key that is no point is refused", () => {
  const encoded = encodeBlockContents({ ...NO_MINTING, keyImages: [], outputs: [], mintTxs: [MINT] });
  const at = toHex(encoded).indexOf(toHex(MINT.prefix.viewPublicKey)) / 2;
  encoded.fill(255, at, at + 32);
  expect(() => decodeBlockContents(encoded)).toThrow(expect.objectContaining({ code: "invalid-public-key" }));
});

test("keys that are no points are read, since consensus may have accepted them", () => {
  const { contents } = memoBlock();
  const [output] = contents.outputs;
  const odd = { ...contents, keyImages: [compressedPoint(filled(0, 32)), compressedPoint(filled(255, 32))] };
  const worse = { ...odd, outputs: output ? [{ ...output, publicKey: compressedPoint(filled(255, 32)) }] : [] };
  expect(decodeBlockContents(encodeBlockContents(worse))).toEqual(worse);
});

test("what decoding returns does not change with the bytes it came from", () => {
  const contents = mintingContents();
  const encoded = encodeBlockContents(contents);
  const decoded = decodeBlockContents(encoded);
  encoded.fill(0);
  expect(contentsHash(decoded)).toEqual(contentsHash(contents));
});

test("any bytes decode or give a typed error", () => {
  const encoded = encodeBlockContents(mintingContents());
  const damaged = fc
    .array(fc.tuple(fc.nat(encoded.length - 1), fc.nat(255)), { minLength: 1, maxLength: 4 })
    .map((changes) => {
      const bytes = encoded.slice();
      for (const [position, value] of changes) {
        bytes[position] = value;
      }
      return bytes;
    });
  fc.assert(
    fc.property(fc.oneof(fc.uint8Array({ maxLength: 300 }), damaged), (bytes) => {
      for (const decode of [decodeBlockContents, (each: Uint8Array) => parseArchiveBlock(each, 3n)]) {
        try {
          decode(bytes);
        } catch (error) {
          expect(error).toBeInstanceOf(CodedError);
        }
      }
    }),
    { numRuns: 500 },
  );
});
