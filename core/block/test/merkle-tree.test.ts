// Tests of the tree of outputs: against its definition, one append at a time against many at once, and its proofs.
import { le64, toHex } from "@fogbow/core-bytes";
import {
  impliedRoot,
  type LeafRange,
  leafHash,
  nilHash,
  nodeHash,
  proofWhenLast,
  type TxOutMembershipElement,
  verifyMembershipProofOfHash,
} from "@fogbow/core-transaction";
import { kernel } from "@fogbow/kernel";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { appendToTree, proveLeaf, TreeFrontier, type TreeStore, treeRoot, treeWidth } from "../src/index.ts";

class MapStore implements TreeStore {
  readonly nodes = new Map<string, Uint8Array>();

  get({ from, to }: LeafRange): Uint8Array | undefined {
    return this.nodes.get(`${from}-${to}`);
  }

  put({ from, to }: LeafRange, hash: Uint8Array): void {
    this.nodes.set(`${from}-${to}`, hash);
  }
}

const outputHash = (index: number): Uint8Array => kernel().hashes.blake2b256(le64(BigInt(index)));
const outputHashes = (from: number, to: number): Uint8Array[] =>
  Array.from({ length: to - from }, (_, i) => outputHash(from + i));

/** The hash over a range by the definition: nil without leaves, else the hash of the two halves. */
function defined(from: number, to: number, size: number): Uint8Array {
  if (from >= size) {
    return nilHash();
  }
  const middle = Math.floor((from + to) / 2);
  return from === to
    ? leafHash(outputHash(from))
    : nodeHash(defined(from, middle, size), defined(middle + 1, to, size));
}

const SIZES = [...Array.from({ length: 34 }, (_, i) => i + 1), 63, 64, 65, 100];

test.each(SIZES)("a tree of %i outputs has the root that its definition gives", (size) => {
  const store = new MapStore();
  appendToTree(store, 0n, outputHashes(0, size));
  const width = 2 ** Math.ceil(Math.log2(size));
  expect(treeWidth(BigInt(size))).toBe(BigInt(width));
  expect(treeRoot(store, BigInt(size))).toEqual({
    range: { from: 0n, to: BigInt(width - 1) },
    hash: defined(0, width - 1, size),
  });
});

test("an empty tree has the nil hash", () => {
  expect(treeRoot(new MapStore(), 0n)).toEqual({ range: { from: 0n, to: 0n }, hash: nilHash() });
  expect(toHex(nilHash())).toBe("ffdaaf4305e365c4c30ca1e5fbf4f5e62b081441ee94eb2d0980470b5e705968");
});

test("appending in batches of any sizes stores the same nodes as appending one by one", () => {
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 0, max: 20 }), { maxLength: 8 }), (batches) => {
      const one = new MapStore();
      const many = new MapStore();
      let size = 0;
      for (const batch of batches) {
        appendToTree(many, BigInt(size), outputHashes(size, size + batch));
        for (let i = size; i < size + batch; i++) {
          appendToTree(one, BigInt(i), outputHashes(i, i + 1));
        }
        size += batch;
      }
      expect(many.nodes).toEqual(one.nodes);
    }),
  );
});

test("appending touches few nodes", () => {
  const store = new MapStore();
  appendToTree(store, 0n, outputHashes(0, 1000));
  let puts = 0;
  const counting: TreeStore = { get: (range) => store.get(range), put: () => puts++ };
  appendToTree(counting, 1000n, outputHashes(1000, 1001));
  expect(puts).toBe(11);
  appendToTree(counting, 1000n, outputHashes(1000, 1024));
  expect(puts).toBeLessThan(11 + 2 * 24 + 11);
});

describe("proofs", () => {
  test.each(SIZES)("every output of a tree of %i is proved, and no other output by its proof", (size) => {
    const store = new MapStore();
    appendToTree(store, 0n, outputHashes(0, size));
    const root = treeRoot(store, BigInt(size));
    for (let index = 0; index < size; index++) {
      const proof = proveLeaf(store, BigInt(size), BigInt(index));
      expect(proof.highestIndex).toBe(BigInt(size - 1));
      expect(proof.elements.length).toBe(1 + Math.ceil(Math.log2(size)));
      expect(impliedRoot(proof)).toEqual(root);
      expect(verifyMembershipProofOfHash(outputHash(index), proof, root.hash)).toBe(true);
      expect(() => verifyMembershipProofOfHash(outputHash(index + 1), proof, root.hash)).toThrow(
        expect.objectContaining({ code: "incorrect-leaf-hash" }),
      );
    }
  });

  test("a proof of a larger tree gives the root that the tree had when its leaf was the last", () => {
    const store = new MapStore();
    const roots: TxOutMembershipElement[] = [];
    for (let i = 0; i < 40; i++) {
      appendToTree(store, BigInt(i), outputHashes(i, i + 1));
      roots.push(treeRoot(store, BigInt(i + 1)));
    }
    for (const [index, root] of roots.entries()) {
      expect(impliedRoot(proofWhenLast(proveLeaf(store, 40n, BigInt(index))))).toEqual(root);
    }
  });

  test("an output that is not there is not proved", () => {
    const store = new MapStore();
    appendToTree(store, 0n, outputHashes(0, 3));
    for (const index of [-1n, 3n, 4n]) {
      expect(() => proveLeaf(store, 3n, index)).toThrow(expect.objectContaining({ code: "leaf-out-of-bounds" }));
    }
    expect(() => proveLeaf(new MapStore(), 0n, 0n)).toThrow(expect.objectContaining({ code: "leaf-out-of-bounds" }));
  });

  test("a store that lost a node is found out", () => {
    const store = new MapStore();
    appendToTree(store, 0n, outputHashes(0, 5));
    store.nodes.delete("0-3");
    const missing = expect.objectContaining({ code: "missing-tree-node" });
    expect(() => proveLeaf(store, 5n, 4n)).toThrow(missing);
    expect(() => appendToTree(store, 5n, outputHashes(5, 6))).toThrow(missing);
  });
});

test("the frontier knows every node and root that the store does", () => {
  const store = new MapStore();
  const frontier = new TreeFrontier();
  expect(frontier.root()).toEqual(treeRoot(store, 0n));
  const final = new Map<string, Uint8Array>();
  for (let i = 0; i < 130; i++) {
    appendToTree(store, BigInt(i), outputHashes(i, i + 1));
    for (const { range, hash } of frontier.append(outputHash(i))) {
      final.set(`${range.from}-${range.to}`, hash);
    }
    expect(frontier.size).toBe(BigInt(i + 1));
    expect(frontier.root()).toEqual(treeRoot(store, BigInt(i + 1)));
    const all = new Map(final);
    for (const { range, hash } of frontier.unfinished()) {
      all.set(`${range.from}-${range.to}`, hash);
    }
    expect(all).toEqual(store.nodes);
  }
});
