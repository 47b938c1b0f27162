// Tests of the generators of range proofs.
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { byParty, partyGenerators } from "../../src/range-proof/generators.ts";
import { modelGenerators } from "./model.ts";
import { GENERATORS } from "./published.ts";

test("known generators of the first and the last party are right", () => {
  for (const [kind, party, index, encoding] of GENERATORS) {
    const offset = 32 * (index + (kind === "H" ? 64 : 0));
    expect(toHex(partyGenerators(party).subarray(offset, offset + 32))).toBe(encoding);
  }
});

test("all generators of a party are the model's", () => {
  for (const party of [0, 5, 31]) {
    const expected = [...modelGenerators("G", party, 64), ...modelGenerators("H", party, 64)];
    expect(toHex(partyGenerators(party))).toBe(expected.map((point) => point.toHex()).join(""));
  }
});

test("no generator comes twice", () => {
  const all = Array.from({ length: 32 }, (_, party) => toHex(partyGenerators(party)).match(/.{64}/g) ?? []).flat();
  expect(new Set(all).size).toBe(32 * 128);
});

test("scalars are laid out party by party, with zeros for the generators that are not used", () => {
  const g = Uint8Array.from({ length: 2 * 8 * 32 }, (_, i) => 1 + Math.floor(i / 32));
  const scalars = byParty(
    g,
    g.map((n) => n + 100),
    8,
  );
  const at = (index: number): number | undefined => scalars[32 * index];
  expect(scalars.length).toBe(2 * 128 * 32);
  expect([at(0), at(7), at(8), at(64), at(71), at(72)]).toEqual([1, 8, 0, 101, 108, 0]);
  expect([at(128), at(135), at(136), at(192), at(199), at(255)]).toEqual([9, 16, 0, 109, 116, 0]);
});
