import { bytes, toHex } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import {
  type Checkpoint,
  type CheckpointSignature,
  checkpointDigest,
  decodeSignedCheckpoint,
  encodeSignedCheckpoint,
  endorseCheckpoint,
  isCheckpointHeight,
  type NodeId,
  type QuorumSet,
  signCheckpoint,
  verifyCheckpointQuorum,
  verifyCheckpointSignature,
} from "../../src/index.ts";
import { hash, nodeKey, signingKey } from "../fixtures.ts";

const checkpoint: Checkpoint = {
  height: 9_999n,
  blockId: hash(1),
  merkleRoot: hash(2),
  keyImagesDigest: hash(3),
  mintStateDigest: hash(4),
};
const node = (n: number): NodeId => ({ responderId: `node${n}.example:443`, publicKey: nodeKey(n) });

/** What node n signs: its enclave's key is another one. */
const signedBy = (n: number, about = checkpoint): CheckpointSignature =>
  endorseCheckpoint(about, signCheckpoint(about, signingKey(n + 100)), { node: node(n), key: signingKey(n) });

const anyOf = (threshold: number, ...members: readonly number[]): QuorumSet => ({
  threshold,
  members: members.map((n) => ({ kind: "node" as const, node: node(n) })),
});
const refused = (code: string) => expect.objectContaining({ code });

test("validators sign after every ten thousandth block", () => {
  const heights = [0n, 9_998n, 9_999n, 10_000n, 19_999n].filter((height) => isCheckpointHeight(height));
  expect(heights).toEqual([9_999n, 19_999n]);
  expect([0n, 4n, 5n, 9n].filter((height) => isCheckpointHeight(height, 5n))).toEqual([4n, 9n]);
});

describe("a signature over a checkpoint", () => {
  test("verifies, and is over a digest that does not change unnoticed", () => {
    expect(verifyCheckpointSignature(checkpoint, signedBy(1))).toBe(true);
    expect(toHex(checkpointDigest(checkpoint))).toMatchInlineSnapshot(
      `"7fcf76f84f82d1b36b4637b8b78f04a007f2f67390404d9a55a63aa6ebb5e862"`,
    );
  });

  test("verifies no longer when any field of the checkpoint is another", () => {
    const signature = signedBy(1);
    const others: Checkpoint[] = [
      { ...checkpoint, height: 19_999n },
      ...(["blockId", "merkleRoot", "keyImagesDigest", "mintStateDigest"] as const).map((field) => ({
        ...checkpoint,
        [field]: hash(9),
      })),
    ];
    for (const other of others) expect(verifyCheckpointSignature(other, signature)).toBe(false);
  });

  test("verifies no longer for another enclave, name or node, or by one of the two alone", () => {
    const [one, two] = [signedBy(1), signedBy(2)];
    const mixed: CheckpointSignature[] = [
      { ...one, signer: two.signer, signature: two.signature },
      { ...one, node: { ...one.node, responderId: "other.example:443" } },
      { ...one, node: two.node },
      { ...one, nodeSignature: two.nodeSignature },
      { ...one, signature: bytes(new Uint8Array(64), 64, "signature") },
      { ...one, nodeSignature: bytes(new Uint8Array(64), 64, "signature") },
    ];
    for (const each of mixed) expect(verifyCheckpointSignature(checkpoint, each)).toBe(false);
  });

  test("verifies no longer when any byte of what was sent is flipped", () => {
    const encoded = encodeSignedCheckpoint({ checkpoint, signatures: [signedBy(1)] });
    const quorumSet = anyOf(1, 1);
    for (let i = 0; i < encoded.length; i++) {
      const flipped = encoded.slice();
      flipped[i] = (flipped[i] ?? 0) ^ 1;
      expect(() => {
        const { checkpoint: read, signatures } = decodeSignedCheckpoint(flipped);
        verifyCheckpointQuorum(read, signatures, quorumSet);
      }).toThrow();
    }
  });
});

describe("a quorum", () => {
  test("is reached when those that signed contain a slice of the quorum set, strangers or not", () => {
    const group = (...members: readonly number[]) => ({ kind: "inner-set" as const, set: anyOf(2, ...members) });
    const sets: readonly [QuorumSet, readonly number[]][] = [
      [anyOf(3, 1, 2, 3, 4), [1, 3, 4]],
      [anyOf(1, 1), [1, 9]],
      [{ threshold: 2, members: [group(1, 2, 3), group(4, 5, 6), group(7, 8, 9)] }, [1, 3, 8, 9]],
    ];
    for (const [set, signers] of sets) {
      expect(
        verifyCheckpointQuorum(
          checkpoint,
          signers.map((n) => signedBy(n)),
          set,
        ),
      ).toBeUndefined();
    }
  });

  test.each([
    ["too few signed", anyOf(3, 1, 2, 3, 4), [1, 3], "too-few-signatures"],
    ["one signed often", anyOf(2, 1, 2), [1, 1, 1], "too-few-signatures"],
    ["nobody that one listens to signed", anyOf(1, 1, 2), [3, 4], "too-few-signatures"],
    ["the set asks for nobody", { threshold: 0, members: [] }, [1], "too-few-signatures"],
  ] as const)("is not reached when %s", (_, set, signers, code) => {
    expect(() =>
      verifyCheckpointQuorum(
        checkpoint,
        signers.map((n) => signedBy(n)),
        set,
      ),
    ).toThrow(refused(code));
  });

  test("is not reached with a bad signature among enough good ones, nor with more than there can be nodes", () => {
    const other = signedBy(3, { ...checkpoint, height: 19_999n });
    const signatures = [signedBy(1), signedBy(2), other];
    expect(() => verifyCheckpointQuorum(checkpoint, signatures, anyOf(2, 1, 2))).toThrow(
      refused("invalid-checkpoint-signature"),
    );
    const many = Array.from({ length: 1_001 }, () => other);
    expect(() => verifyCheckpointQuorum(checkpoint, many, anyOf(1, 1))).toThrow(refused("too-many-signatures"));
  });
});

test("a signed checkpoint is read as it was written, and not when it is cut short", () => {
  const signed = { checkpoint, signatures: [1, 2, 3].map((n) => signedBy(n)) };
  const encoded = encodeSignedCheckpoint(signed);
  expect(decodeSignedCheckpoint(encoded)).toEqual(signed);
  for (let length = 0; length < encoded.length; length += 7) {
    const cut = encoded.subarray(0, length);
    let read: unknown;
    try {
      read = decodeSignedCheckpoint(cut);
    } catch {
      continue;
    }
    expect(read).not.toEqual(signed);
  }
});
