// Tests of origin blocks: the published one from its outputs, and those made from a seed.
import { toHex } from "@fogbow/core-bytes";
import { keyExchange, PrivateKey, publicKey } from "@fogbow/core-crypto";
import { openFogHint, viewKeyMatch } from "@fogbow/core-transaction";
import { expect, test } from "vitest";
import {
  type Allocation,
  assertBlockData,
  ORIGIN_ROOT_ELEMENT,
  originBlock,
  originBlockFromSeed,
} from "../src/index.ts";
import { contentsOf, filled, headerOf } from "./fixtures.ts";
import { KNOWN_BLOCKS } from "./known-blocks.ts";

const viewPrivateKey = new PrivateKey(filled(1, 32));
const spendPublicKey = new PrivateKey(filled(2, 32)).publicKey();
const recipient: Allocation["recipient"] = {
  viewPublicKey: publicKey(keyExchange(viewPrivateKey, spendPublicKey)),
  spendPublicKey,
  fogReportUrl: "",
  fogReportId: "",
  fogAuthoritySig: new Uint8Array(),
};
const allocations = [
  { recipient, value: 1_000n },
  { recipient, value: 2_000n },
  { recipient, value: 1_000n },
];

test("the published outputs give the published origin block", () => {
  const [known] = KNOWN_BLOCKS;
  expect(originBlock(contentsOf(known).outputs).block).toEqual(headerOf(known));
});

test("an origin block has outputs and nothing else", () => {
  const { block, contents } = originBlockFromSeed(filled(1, 32), allocations);
  expect(block).toMatchObject({ version: 0, index: 0n, cumulativeTxoCount: 3n, rootElement: ORIGIN_ROOT_ELEMENT });
  expect(block.parentId).toEqual(filled(0, 32));
  expect(contents.keyImages).toEqual([]);
  expect(() => assertBlockData({ block, contents, signature: undefined, metadata: undefined })).not.toThrow();
  expect(() => originBlock([])).toThrow(expect.objectContaining({ code: "no-origin-outputs" }));
});

test("the same seed and allocations give the same block, any other seed another", () => {
  const ids = [1, 1, 2].map((seed) => toHex(originBlockFromSeed(filled(seed, 32), allocations).block.id));
  expect(ids[0]).toBe(ids[1]);
  expect(ids[0]).not.toBe(ids[2]);
});

test("no two outputs of one seed share a key, even for the same recipient and value", () => {
  const { contents } = originBlockFromSeed(filled(1, 32), allocations);
  expect(new Set(contents.outputs.map(({ publicKey }) => toHex(publicKey))).size).toBe(3);
  expect(new Set(contents.outputs.map(({ encryptedFogHint }) => toHex(encryptedFogHint))).size).toBe(3);
});

test("the recipient can open what was allocated", () => {
  const { contents } = originBlockFromSeed(filled(1, 32), allocations);
  const values = contents.outputs.map((txOut) => viewKeyMatch(txOut, viewPrivateKey)?.value);
  expect(values).toEqual([1_000n, 2_000n, 1_000n]);
});

test("an allocation with an ingress key carries a hint that opens to the recipient's view key, one without a decoy", () => {
  const ingressPrivateKey = new PrivateKey(filled(3, 32));
  const ingressKey = ingressPrivateKey.publicKey();
  const { contents } = originBlockFromSeed(filled(1, 32), [
    { recipient, value: 1n, ingressKey },
    { recipient, value: 1n },
  ]);
  const opened = contents.outputs.map(({ encryptedFogHint }) =>
    toHex(openFogHint(ingressPrivateKey, encryptedFogHint, (length) => filled(4, length))),
  );
  expect(opened[0]).toBe(toHex(recipient.viewPublicKey));
  expect(opened[1]).not.toBe(opened[0]);
});

test("a seed of another length is refused", () => {
  for (const length of [0, 31, 33]) {
    expect(() => originBlockFromSeed(filled(1, length), allocations)).toThrow(
      expect.objectContaining({ code: "invalid-seed" }),
    );
  }
});
