import { bytes } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, PrivateKey } from "@fogbow/core-crypto";
import { beforeAll, describe, expect, test } from "vitest";
import {
  type Block,
  type BlockContents,
  type BlockMetadata,
  createBlock,
  type LightClientTrust,
  NO_MINTING,
  type NodeId,
  originBlockFromSeed,
  type QuorumSet,
  signMetadata,
  verifyExternalized,
  verifyOutputsOf,
} from "../src/index.ts";

const keyOfNumber = (i: number): ReturnType<PrivateKey["publicKey"]> =>
  new PrivateKey(new Uint8Array(32).fill(i)).publicKey();
const recipient = {
  viewPublicKey: keyOfNumber(1),
  spendPublicKey: keyOfNumber(2),
  fogReportUrl: "",
  fogReportId: "",
  fogAuthoritySig: new Uint8Array(),
};
const keys = Array.from({ length: 9 }, (_, i) => new Ed25519PrivateKey(new Uint8Array(32).fill(i + 1)));
const keyOf = (i: number): Ed25519PrivateKey => keys[i] as Ed25519PrivateKey; // There are nine.
const nodes: NodeId[] = keys.map((key, i) => ({
  responderId: `node${i}.example:443`,
  publicKey: bytes(key.publicKey(), 32, "key"),
}));
const anyOf = (threshold: number, ...members: readonly number[]): QuorumSet => ({
  threshold,
  members: members.map((i) => ({ kind: "node" as const, node: nodes[i] as NodeId })),
});

/** Until block 99 any two of nodes 1, 2, 3; from block 100 on any three of nodes 4 to 8; nothing for blocks 0 to 9. */
const validatorSets = {
  trusted: { firstBlock: 100n, quorumSet: anyOf(3, 4, 5, 6, 7, 8) },
  historical: [{ firstBlock: 10n, lastBlock: 99n, quorumSet: anyOf(2, 1, 2, 3) }],
};
const trust: LightClientTrust = { validatorSets, knownIds: [] };

let contents: BlockContents;
let origin: Block;
beforeAll(() => {
  const made = originBlockFromSeed(new Uint8Array(32), [
    { recipient, value: 1n },
    { recipient, value: 2n },
  ]);
  origin = made.block;
  contents = { ...NO_MINTING, keyImages: [], outputs: made.contents.outputs };
});

const blockAt = (index: bigint): Block =>
  createBlock({ ...origin, index: index - 1n }, { version: 3, rootElement: origin.rootElement, contents });

/** What nodes say about a block. */
const signed = (block: Block, ...signers: readonly number[]): BlockMetadata[] =>
  signers.map((i) => {
    const { responderId } = nodes[i] as NodeId;
    return signMetadata({ blockId: block.id, quorumSet: anyOf(1, 1), evidence: undefined, responderId }, keyOf(i));
  });

const refused = (code: string) => expect.objectContaining({ code });

describe("a block was externalized", () => {
  test("when enough of the validators of its height signed", () => {
    for (const [index, signers] of [
      [10n, [1, 2]],
      [50n, [1, 3]],
      [99n, [2, 3, 1]],
      [100n, [4, 5, 8]],
      [10n ** 15n, [6, 7, 8]],
    ] as const) {
      const block = blockAt(index);
      expect(verifyExternalized(block, signed(block, ...signers), trust)).toBeUndefined();
    }
  });

  test("when its id is known, without any signature", () => {
    const block = blockAt(3n);
    expect(verifyExternalized(block, [], { ...trust, knownIds: [origin.id, block.id] })).toBeUndefined();
  });

  test("when nodes that nobody trusts signed as well", () => {
    const block = blockAt(50n);
    expect(verifyExternalized(block, signed(block, 1, 2, 8), trust)).toBeUndefined();
  });

  test("when enough groups within the set signed", () => {
    const group = (...members: number[]) => ({ kind: "inner-set" as const, set: anyOf(2, ...members) });
    const quorumSet = { threshold: 2, members: [group(0, 1, 2), group(3, 4, 5), group(6, 7, 8)] };
    const grouped = { ...trust, validatorSets: { trusted: { firstBlock: 0n, quorumSet }, historical: [] } };
    const block = blockAt(7n);
    expect(verifyExternalized(block, signed(block, 0, 2, 6, 7), grouped)).toBeUndefined();
    expect(() => verifyExternalized(block, signed(block, 0, 3, 6, 7), grouped)).toThrow(refused("too-few-signatures"));
  });
});

describe("a block is refused", () => {
  const cases: readonly (readonly [string, bigint, readonly number[], string])[] = [
    ["of a height for which no set is known", 9n, [1, 2, 3], "no-validator-set"],
    ["of old times, signed by nodes of today", 50n, [4, 5], "too-few-signatures"],
    ["of old times, signed by one", 50n, [1], "too-few-signatures"],
    ["of today, signed by two", 100n, [4, 5], "too-few-signatures"],
    ["of today, signed by nodes of old times", 100n, [1, 2, 3], "too-few-signatures"],
    ["that one signed several times", 100n, [4, 4, 4], "too-few-signatures"],
    ["that nobody signed", 100n, [], "too-few-signatures"],
  ];
  test.each(cases)("%s", (_, index, signers, code) => {
    const block = blockAt(index);
    expect(() => verifyExternalized(block, signed(block, ...signers), trust)).toThrow(refused(code));
  });

  test("with one bad signature among enough good ones", () => {
    const block = blockAt(100n);
    const good = signed(block, 4, 5, 6);
    for (let at = 0; at < 4; at++) {
      const [other] = signed(blockAt(101n), 7);
      const [own] = signed(block, 7);
      const bad = { ...(own as BlockMetadata), signature: (other as BlockMetadata).signature };
      expect(() => verifyExternalized(block, good.toSpliced(at, 0, bad), trust)).toThrow(
        refused("invalid-metadata-signature"),
      );
      expect(() => verifyExternalized(block, good.toSpliced(at, 0, other as BlockMetadata), trust)).toThrow(
        refused("metadata-of-another-block"),
      );
    }
  });

  test("whose id does not follow from its header, even when that id is known", () => {
    const block = blockAt(100n);
    const changed = { ...block, cumulativeTxoCount: 5n };
    const known = { ...trust, knownIds: [block.id] };
    expect(() => verifyExternalized(changed, signed(changed, 4, 5, 6), known)).toThrow(refused("block-id-mismatch"));
  });

  test("signed under a validator's name with another key, or with its key under another name", () => {
    const block = blockAt(100n);
    const about = (responderId: string) => ({
      blockId: block.id,
      quorumSet: anyOf(1, 1),
      evidence: undefined,
      responderId,
    });
    const name = (nodes[6] as NodeId).responderId;
    for (const foreign of [signMetadata(about(name), keyOf(0)), signMetadata(about("other.example:443"), keyOf(6))]) {
      expect(() => verifyExternalized(block, [...signed(block, 4, 5), foreign], trust)).toThrow(
        refused("too-few-signatures"),
      );
    }
  });

  test("when the set asks for nobody", () => {
    for (const quorumSet of [{ threshold: 0, members: [] }, { ...anyOf(0, 1, 2) }]) {
      const nobody = { ...trust, validatorSets: { trusted: { firstBlock: 0n, quorumSet }, historical: [] } };
      expect(() => verifyExternalized(blockAt(5n), [], nobody)).toThrow(refused("too-few-signatures"));
    }
  });

  test("with more signatures than there can be validators", () => {
    const block = blockAt(100n);
    const many = Array.from({ length: 1_001 }, () => signed(block, 4)[0] as BlockMetadata);
    expect(() => verifyExternalized(block, many, trust)).toThrow(refused("too-many-signatures"));
  });
});

describe("outputs were made by a block", () => {
  test("when they are in the contents that its header names", () => {
    const block = blockAt(100n);
    expect(verifyOutputsOf(block, contents, contents.outputs)).toBeUndefined();
    expect(verifyOutputsOf(block, contents, [])).toBeUndefined();
  });

  test("and not when they are not, or the contents are others", () => {
    const block = blockAt(100n);
    const [first] = originBlockFromSeed(new Uint8Array(32).fill(1), [{ recipient, value: 1n }]).contents.outputs;
    const foreign = first as BlockContents["outputs"][number];
    expect(() => verifyOutputsOf(block, contents, [...contents.outputs, foreign])).toThrow(
      refused("output-not-in-block"),
    );
    const more = { ...contents, outputs: [...contents.outputs, foreign] };
    expect(() => verifyOutputsOf(block, more, [foreign])).toThrow(refused("contents-hash-mismatch"));
  });
});
