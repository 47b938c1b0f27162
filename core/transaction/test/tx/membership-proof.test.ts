// Tests of membership proofs: recorded ones, those of a slowly built tree, and every way to be wrong.
import { fromHex, toHex, U64_MAX } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  decodeMembershipProof,
  decodeTxOut,
  encodeMembershipProof,
  impliedRoot,
  leafHash,
  nilHash,
  proofWhenLast,
  type TxOutMembershipElement,
  type TxOutMembershipProof,
  txOutHash,
  verifyMembershipProof,
  verifyMembershipProofOfHash,
} from "../../src/index.ts";
import { bytesOfLength, u64s } from "../arbitraries.ts";
import { expectCode, expectTotal } from "../typed-errors.ts";
import { KNOWN_PROOFS } from "./known-proofs.ts";
import { prove, root } from "./slow-tree.ts";

if (process.env.FOGBOW_SEED !== undefined) {
  fc.configureGlobal({ seed: Number(process.env.FOGBOW_SEED) });
}

/** Hashes of made-up outputs. */
const outputHash = (i: number): Uint8Array => new Uint8Array(32).fill(i + 1);
const leavesOf = (count: number): Uint8Array[] => Array.from({ length: count }, (_, i) => leafHash(outputHash(i)));

/** The proof of output `index` of 6, with one thing changed. */
const changed = (index: number, change: Partial<TxOutMembershipProof>): TxOutMembershipProof => ({
  ...prove(leavesOf(6), index),
  ...change,
});

/** The elements of that proof, one of them changed. */
const withElement = (
  index: number,
  position: number,
  change: Partial<TxOutMembershipElement>,
): TxOutMembershipProof => {
  const elements = [...prove(leavesOf(6), index).elements];
  elements[position] = { ...(elements[position] as TxOutMembershipElement), ...change };
  return changed(index, { elements });
};

const verify = (proof: TxOutMembershipProof, index: number): boolean =>
  verifyMembershipProofOfHash(outputHash(index), proof, root(leavesOf(6)).hash);

describe.each(KNOWN_PROOFS)("the recorded proof of $name", (known) => {
  const txOut = decodeTxOut(fromHex(known.txOut));
  const proof = decodeMembershipProof(fromHex(known.proof));

  test("leads from the output to the recorded root", () => {
    expect(toHex(txOutHash(txOut))).toBe(known.txOutHash);
    expect(toHex(leafHash(txOutHash(txOut)))).toBe(known.leafHash);
    expect(impliedRoot(proof)).toEqual({ range: { from: 0n, to: known.rootTo }, hash: fromHex(known.rootHash) });
    expect(verifyMembershipProof(txOut, proof, fromHex(known.rootHash))).toBe(true);
  });

  test("is encoded to the recorded bytes", () => {
    expect(toHex(encodeMembershipProof(proof))).toBe(known.proof);
  });

  test("does not lead to the root when any hash in it is changed", () => {
    for (const position of proof.elements.keys()) {
      const elements = proof.elements.map(({ range, hash }, i) =>
        i === position ? { range, hash: hash.map((byte, j) => (j === i % 32 ? byte ^ 1 : byte)) } : { range, hash },
      );
      expect(toHex(impliedRoot({ ...proof, elements }).hash)).not.toBe(known.rootHash);
    }
  });
});

test("an empty subtree has the published hash", () => {
  expect(toHex(nilHash())).toBe("ffdaaf4305e365c4c30ca1e5fbf4f5e62b081441ee94eb2d0980470b5e705968");
});

test("every output of a tree of any size is proven, and no other one by its proof", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 40 }), fc.nat(), fc.nat(), (count, a, b) => {
      const [index, other] = [a % count, b % count];
      const leaves = leavesOf(count);
      const { hash } = root(leaves);
      expect(verifyMembershipProofOfHash(outputHash(index), prove(leaves, index), hash)).toBe(true);
      expect(verifyMembershipProofOfHash(outputHash(index), prove(leaves, index), nilHash())).toBe(false);
      if (other !== index) {
        const wrong = (): boolean => verifyMembershipProofOfHash(outputHash(other), prove(leaves, index), hash);
        expectCode(wrong, "incorrect-leaf-hash");
      }
    }),
  );
});

test("a proof rolled back to when its leaf was the last one leads to the root of that time", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 70 }), fc.nat(), (count, a) => {
      const last = a % count;
      const then = proofWhenLast(prove(leavesOf(count), last));
      expect(then).toEqual(prove(leavesOf(last + 1), last));
      expect(impliedRoot(then)).toEqual(root(leavesOf(last + 1)));
    }),
  );
});

test("an index beyond the tree's highest one is refused", () => {
  expectCode(() => verify(changed(5, { highestIndex: 4n }), 5), "highest-index-mismatch");
});

test("a tree that should be larger than the proof's root is refused", () => {
  expect(verify(changed(5, { highestIndex: 7n }), 5)).toBe(true); // The tree of 8 looks the same from here.
  expectCode(() => verify(changed(5, { highestIndex: 8n }), 5), "highest-index-mismatch");
});

test("a proof that does not begin with its leaf is refused", () => {
  expectCode(() => verify(changed(2, { elements: [] }), 2), "missing-leaf-hash");
  expectCode(() => verify(changed(2, { elements: prove(leavesOf(6), 2).elements.slice(1) }), 2), "missing-leaf-hash");
  expectCode(() => verify(withElement(2, 0, { range: { from: 2n, to: 3n } }), 2), "missing-leaf-hash");
  expectCode(() => verify(withElement(2, 0, { range: { from: 1n, to: 2n } }), 2), "missing-leaf-hash");
  expectCode(() => impliedRoot(changed(2, { elements: [] })), "missing-leaf-hash");
});

test("a proof for another output is refused", () => {
  expectCode(() => verify(prove(leavesOf(6), 2), 3), "incorrect-leaf-hash");
});

test("a range that ends before it begins is refused, wherever it is", () => {
  expectCode(() => verify(withElement(2, 1, { range: { from: 3n, to: 2n } }), 2), "invalid-range");
  expectCode(() => verify(withElement(2, 3, { range: { from: 7n, to: 4n } }), 2), "invalid-range");
});

test("an element that is no neighbour of what is below it is refused, by its position", () => {
  const skipped = (): boolean => verify(withElement(2, 2, { range: { from: 8n, to: 9n } }), 2);
  expectCode(skipped, "unexpected-membership-element");
  expect(skipped).toThrow("Element 2");
  expectCode(() => verify(withElement(2, 1, { range: { from: 2n, to: 2n } }), 2), "unexpected-membership-element");
});

test("an element that surrounds what is below it on both sides is refused", () => {
  const around = withElement(0, 1, { range: { from: 1n, to: U64_MAX } });
  expectCode(() => impliedRoot(around), "unexpected-membership-element");
});

test("after the last possible leaf comes the first one, as in MobileCoin", () => {
  const elements = [
    { range: { from: U64_MAX, to: U64_MAX }, hash: leafHash(outputHash(0)) },
    { range: { from: 0n, to: 1n }, hash: nilHash() },
  ];
  expect(impliedRoot({ index: U64_MAX, highestIndex: U64_MAX, elements }).range).toEqual({ from: U64_MAX, to: 1n });
});

test("a proof that stops before the first output is refused", () => {
  const elements = prove(leavesOf(6), 5).elements.slice(0, 2);
  expectCode(() => verify(changed(5, { elements }), 5), "root-not-covering-zero");
});

test("a proof cannot be rolled back when one element holds its leaf and later ones", () => {
  const elements = [...prove(leavesOf(6), 2).elements, { range: { from: 0n, to: 3n }, hash: nilHash() }];
  expectCode(() => proofWhenLast(changed(2, { elements })), "unexpected-membership-element");
});

test("a proof beyond the middle of all possible outputs cannot be rolled back", () => {
  const at = (index: bigint): TxOutMembershipProof => ({ index, highestIndex: index, elements: [] });
  expectCode(() => proofWhenLast(at(1n << 63n)), "index-too-large");
  expectCode(() => proofWhenLast(at(U64_MAX)), "index-too-large");
  expect(proofWhenLast(at((1n << 63n) - 1n)).elements).toEqual([]);
});

test("a proof survives being encoded and decoded", () => {
  const elements = fc.array(fc.record({ range: fc.record({ from: u64s, to: u64s }), hash: bytesOfLength(32) }), {
    maxLength: 40,
  });
  fc.assert(
    fc.property(fc.record({ index: u64s, highestIndex: u64s, elements }), (proof) => {
      expect(decodeMembershipProof(encodeMembershipProof(proof))).toEqual(proof);
    }),
  );
});

test("damaged bytes of a proof give a proof or a typed error", () => {
  expectTotal(encodeMembershipProof(prove(leavesOf(6), 2)), decodeMembershipProof, encodeMembershipProof);
});
