// Tests of the encoding of contents: what is read is what was written, and damage is a typed error.
import { CodedError } from "@fogbow/core-bytes";
import { compressedPoint } from "@fogbow/core-crypto";
import fc from "fast-check";
import { expect, test } from "vitest";
import { contentsHash, decodeBlockContents, encodeBlockContents, parseArchiveBlock } from "../src/index.ts";
import { contentsOf, filled, memoBlock } from "./fixtures.ts";
import { KNOWN_BLOCKS } from "./known-blocks.ts";

test.each(KNOWN_BLOCKS)("the contents of $name survive encoding", (known) => {
  const contents = contentsOf(known);
  expect(decodeBlockContents(encodeBlockContents(contents))).toEqual(contents);
  expect(encodeBlockContents({ keyImages: [], outputs: [] }).length).toBe(0);
});

test("keys that are no points are read, since consensus may have accepted them", () => {
  const { contents } = memoBlock();
  const [output] = contents.outputs;
  const odd = { ...contents, keyImages: [compressedPoint(filled(0, 32)), compressedPoint(filled(255, 32))] };
  const worse = { ...odd, outputs: output ? [{ ...output, publicKey: compressedPoint(filled(255, 32)) }] : [] };
  expect(decodeBlockContents(encodeBlockContents(worse))).toEqual(worse);
});

test("what decoding returns does not change with the bytes it came from", () => {
  const { contents } = memoBlock();
  const encoded = encodeBlockContents(contents);
  const decoded = decodeBlockContents(encoded);
  encoded.fill(0);
  expect(contentsHash(decoded)).toEqual(contentsHash(contents));
});

test("any bytes decode or give a typed error", () => {
  const encoded = encodeBlockContents(memoBlock().contents);
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
