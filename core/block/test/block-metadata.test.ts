// Tests of block metadata: what its signature covers, against answers of the public reference library, and its encoding.
import { toHex } from "@fogbow/core-bytes";
import { expect, test } from "vitest";
import {
  type AttestationEvidence,
  type BlockMetadataContents,
  decodeBlockMetadata,
  encodeBlockMetadata,
  isMetadataOf,
  metadataSigningDigest,
  type QuorumSetMember,
  signMetadata,
  verifyMetadataSignature,
} from "../src/index.ts";
import { EVIDENCE, filled, hash, memoBlock, metadataContents, nodeKey, QUORUM_SET, signingKey } from "./fixtures.ts";
import { KNOWN_METADATA } from "./known-metadata.ts";

const { block } = memoBlock();
const contents = metadataContents(block);

const [firstMember] = QUORUM_SET.members;
const renamed: QuorumSetMember = { kind: "node", node: { responderId: "else.example:8443", publicKey: nodeKey(21) } };
const rekeyed: QuorumSetMember = { kind: "node", node: { responderId: "node1.example:8443", publicKey: nodeKey(9) } };

/** Copies of the contents, each with one thing changed. */
const CHANGED: readonly BlockMetadataContents[] = [
  { ...contents, blockId: hash(1) },
  { ...contents, responderId: "" },
  { ...contents, responderId: "node2.example:8443" },
  { ...contents, evidence: undefined },
  { ...contents, evidence: EVIDENCE.report },
  { ...contents, quorumSet: { ...QUORUM_SET, threshold: 1 } },
  { ...contents, quorumSet: { ...QUORUM_SET, members: QUORUM_SET.members.toReversed() } },
  { ...contents, quorumSet: { ...QUORUM_SET, members: firstMember ? [firstMember] : [] } },
  { ...contents, quorumSet: { ...QUORUM_SET, members: [] } },
  { ...contents, quorumSet: { ...QUORUM_SET, members: [renamed] } },
  { ...contents, quorumSet: { ...QUORUM_SET, members: [rekeyed] } },
  ...changedEvidence().map((evidence) => ({ ...contents, evidence })),
];

function changedEvidence(): AttestationEvidence[] {
  if (EVIDENCE.dcap.kind !== "dcap" || EVIDENCE.report.kind !== "verification-report") {
    throw new Error("The fixtures are of both kinds.");
  }
  const { evidence } = EVIDENCE.dcap;
  const { report } = EVIDENCE.report;
  const { collateral, reportData } = evidence;
  if (collateral === undefined || reportData === undefined) {
    throw new Error("The fixture has every field.");
  }
  const dcap = [
    { quote: undefined },
    { quote: filled(0, 10) },
    { collateral: undefined },
    { reportData: undefined },
    { reportData: { ...reportData, nonce: filled(0, 16) } },
    { reportData: { ...reportData, key: filled(0, 32) } },
    { reportData: { ...reportData, customIdentity: new Uint8Array() } },
    ...[
      { pckCrlIssuerChain: [] },
      { rootCaCrl: filled(0, 4) },
      { pckCrl: filled(0, 4) },
      { tcbInfoIssuerChain: [] },
      { tcbInfo: "" },
      { qeIdentityIssuerChain: [] },
      { qeIdentity: "" },
    ].map((change) => ({ collateral: { ...collateral, ...change } })),
  ];
  const reports = [{ signature: new Uint8Array() }, { chain: [] }, { httpBody: "" }];
  return [
    ...dcap.map((change): AttestationEvidence => ({ kind: "dcap", evidence: { ...evidence, ...change } })),
    ...reports.map(
      (change): AttestationEvidence => ({ kind: "verification-report", report: { ...report, ...change } }),
    ),
  ];
}

test.each(KNOWN_METADATA)(
  "metadata $name has its digest and its signature",
  ({ contents: known, digest, signature }) => {
    expect(toHex(metadataSigningDigest(known))).toBe(digest);
    const metadata = signMetadata(known, signingKey(8));
    expect(toHex(metadata.signature)).toBe(signature);
    expect(verifyMetadataSignature(decodeBlockMetadata(encodeBlockMetadata(metadata)))).toBe(true);
  },
);

test("every field is signed, and the order of a quorum set's members", () => {
  const digests = [contents, ...CHANGED].map((each) => toHex(metadataSigningDigest(each)));
  expect(new Set(digests).size).toBe(CHANGED.length + 1);
});

test("metadata verifies by its key and for its block only", () => {
  const metadata = signMetadata(contents, signingKey(1));
  expect(verifyMetadataSignature(metadata)).toBe(true);
  expect(isMetadataOf(metadata, block)).toBe(true);
  expect(isMetadataOf(metadata, { ...block, id: hash(1) })).toBe(false);
  expect(verifyMetadataSignature({ ...metadata, nodeKey: signMetadata(contents, signingKey(2)).nodeKey })).toBe(false);
  for (const changed of CHANGED) {
    expect(verifyMetadataSignature({ ...metadata, contents: changed })).toBe(false);
  }
});

test("all metadata survives encoding", () => {
  for (const each of [contents, ...CHANGED]) {
    const metadata = signMetadata(each, signingKey(1));
    expect(decodeBlockMetadata(encodeBlockMetadata(metadata))).toEqual(metadata);
  }
});

test("what decoding returns does not change with the bytes it came from", () => {
  const encoded = encodeBlockMetadata(signMetadata(contents, signingKey(1)));
  const decoded = decodeBlockMetadata(encoded);
  encoded.fill(0);
  expect(decoded).toEqual(signMetadata(contents, signingKey(1)));
});

test("metadata cut anywhere is refused", () => {
  const encoded = encodeBlockMetadata(signMetadata(contents, signingKey(1)));
  for (let length = 0; length < encoded.length; length++) {
    expect(() => decodeBlockMetadata(encoded.slice(0, length))).toThrow(expect.objectContaining({ name: "WireError" }));
  }
});
