// Tests of signatures over blocks, against answers of the public reference library too.
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import {
  type BlockSignature,
  blockSigningDigest,
  createBlock,
  decodeBlockSignature,
  encodeBlockSignature,
  signBlock,
  verifyBlockSignature,
} from "../src/index.ts";
import { hash, memoBlock, signingKey } from "./fixtures.ts";
import { KNOWN_MINTING_BLOCKS } from "./known-minting-blocks.ts";

const { block } = memoBlock();
const signature: BlockSignature = signBlock(block, signingKey(1), 1_700_000_000n);

test.each(KNOWN_MINTING_BLOCKS)("a block of $name has its id, its signing digest and its signature", (known) => {
  const { rootElement } = block;
  const minting = createBlock(block, { version: 4, rootElement, contents: known.contents });
  expect(toHex(minting.id)).toBe(known.id);
  expect(toHex(blockSigningDigest(minting))).toBe(known.signingDigest);
  expect(toHex(signBlock(minting, signingKey(7), 0n).signature)).toBe(known.signature);
});

test("a signature verifies for its block and key, and for no other", () => {
  expect(verifyBlockSignature(block, signature)).toBe(true);
  expect(verifyBlockSignature({ ...block, index: block.index + 1n }, signature)).toBe(false);
  expect(verifyBlockSignature({ ...block, id: hash(1) }, signature)).toBe(false);
  const other = signBlock(block, signingKey(2), 1_700_000_000n);
  expect(verifyBlockSignature(block, { ...signature, signer: other.signer })).toBe(false);
});

test("the time is not signed", () => {
  expect(verifyBlockSignature(block, { ...signature, signedAt: 0n })).toBe(true);
});

test("a key that is no point verifies nothing", () => {
  expect(verifyBlockSignature(block, { ...signature, signer: hash(255) })).toBe(false);
});

test("a signature survives encoding", () => {
  expect(decodeBlockSignature(encodeBlockSignature(signature))).toEqual(signature);
});

test("a signature of a wrong length is refused", () => {
  const encoded = encodeBlockSignature({ ...signature, signedAt: 0n });
  for (let length = 0; length < encoded.length; length++) {
    expect(() => decodeBlockSignature(encoded.slice(0, length))).toThrow(
      expect.objectContaining({ name: "WireError" }),
    );
  }
});
