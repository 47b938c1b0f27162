// Tests of reading proofs: what the verifier's own challenge and the digest for batches are bound to, and what is refused
// before any arithmetic.
import { toHex, tokenId } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import { type ReadProof, TERMS_MAX, termsOf, tryReadProof } from "../../src/range-proof/equation.ts";
import { tryDecodeProof } from "../../src/range-proof/proof-bytes.ts";
import { settingOf } from "../../src/range-proof/setting.ts";
import { claim, flipped } from "./witnesses.ts";

const { proof, commitments } = claim("equation", 2);
const setting = settingOf(tokenId(0n));
const read = (...[inSetting, bytes, about]: Parameters<typeof tryReadProof>): ReadProof => {
  const result = tryReadProof(inSetting, bytes, about);
  if (result === undefined) throw new Error("The proof is malformed.");
  return result;
};

test("the weight c and the digest depend on every part of a proof, on the commitments and on the setting", () => {
  const changed = [
    read(setting, proof, commitments),
    ...Array.from({ length: proof.length / 32 }, (_, part) => read(setting, flipped(proof, 32 * part), commitments)),
    read(setting, proof, [commitments[1], commitments[0]] as Uint8Array[]), // There are two.
    read({ ...setting, label: "another" }, proof, commitments),
    read({ ...setting, valueBase: setting.blindingBase }, proof, commitments),
    read({ ...setting, blindingBase: setting.valueBase }, proof, commitments),
  ];
  expect(new Set(changed.map(({ c }) => toHex(c))).size).toBe(changed.length);
  expect(new Set(changed.map(({ digest }) => toHex(digest))).size).toBe(changed.length);
});

test("the identity is refused as any point of a proof", () => {
  const count = proof.length / 32;
  for (const part of [0, 1, 2, 3, ...Array.from({ length: count - 9 }, (_, i) => 7 + i)]) {
    expect(tryDecodeProof(proof, 128), `part ${part}`).toBeDefined();
    expect(tryDecodeProof(proof.slice().fill(0, 32 * part, 32 * part + 32), 128), `part ${part}`).toBeUndefined();
  }
});

test("an equation has room for the terms that it counts, beside all generators, within the kernel's bound", () => {
  // A, S, T₁, T₂, seven pairs L and R, two commitments and two bases.
  expect(termsOf(read(setting, proof, commitments))).toBe(4 + 14 + 2 + 2);
  expect(TERMS_MAX + 32 * 128).toBe(8192);
});

test("a proof of the right form about more than 32 values is refused before its generators are made", () => {
  const about = (count: number, rounds: number): ReadProof | undefined =>
    tryReadProof(
      setting,
      new Uint8Array(32 * (9 + 2 * rounds)).fill(1),
      Array<Uint8Array>(count).fill(new Uint8Array(32)),
    );
  expect([17, 32].map((count) => about(count, 11) !== undefined)).toEqual([true, true]);
  expect([0, 33, 64].map((count) => about(count, count === 0 ? 6 : 12))).toEqual([undefined, undefined, undefined]);
});
