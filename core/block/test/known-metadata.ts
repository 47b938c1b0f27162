// What the public reference library answers about block metadata: the digests that nodes sign, and the signatures of
// signing key 8 over them.
import type { AttestationEvidence, BlockMetadataContents } from "../src/index.ts";
import { EVIDENCE, filled, memoBlock, metadataContents, nodeKey, QUORUM_SET } from "./fixtures.ts";

/** What a node says about a block. Digest and signature are the reference library's. */
interface KnownMetadata {
  readonly name: string;
  readonly contents: BlockMetadataContents;
  readonly digest: string;
  readonly signature: string;
}

const full = metadataContents(memoBlock().block);
const dcap = (evidence: Extract<AttestationEvidence, { kind: "dcap" }>["evidence"]): AttestationEvidence => ({
  kind: "dcap",
  evidence,
});
const NOTHING = new Uint8Array(0);

/** Metadata with every form of evidence and of quorum sets. */
export const KNOWN_METADATA: readonly KnownMetadata[] = [
  {
    name: "with a quote and a nested quorum set",
    contents: full,
    digest: "ba4d2cbe467c9012cfa81231b373badf6f20db8a64004317b23f199050016434",
    signature:
      "ade429b5d9889c6713b4f84c306087a57da1cdc0525305f2df4490c284a36249" +
      "fbd3b4ddf21a539391d8a10fad6e06202ece7b4cef314bc6923d4cb645e75200",
  },
  {
    name: "with a verification report",
    contents: { ...full, evidence: EVIDENCE.report },
    digest: "142bdbcb532b836826c96b69955cbc63cc562fefbc44cbdc4112ca7bc34cfb2c",
    signature:
      "89eaa2a33ca16b09d71c3f943494c9a07df8121b0331f5c25dff0939b6b4bc46" +
      "78198f3b0c98376ae38fb2f6bbd2b45f227169a493121e4c033919d05c98c400",
  },
  {
    name: "with an empty verification report",
    contents: {
      ...full,
      evidence: { kind: "verification-report", report: { signature: NOTHING, chain: [], httpBody: "" } },
    },
    digest: "12de2a29da64e306114823f9850230d5a95572353b4513549ece139f75ef9217",
    signature:
      "82b118eb40e33c1583ea8a3aaa58d519f723964588402a238ff88f1b5c4de070" +
      "19be2361706f5fc166b02b8929ee98b3e6e112818b7e6118fc6c1900a82c8104",
  },
  {
    name: "with a quote that has no collateral, and no identity",
    contents: {
      ...full,
      evidence: dcap({
        quote: filled(4, 10),
        collateral: undefined,
        reportData: { nonce: filled(11, 16), key: filled(12, 32), customIdentity: NOTHING },
      }),
    },
    digest: "d59554f046abeacb9577e07598dce5a75496d308cf5498451d679c9c9fdaac20",
    signature:
      "ba073e9097115c3e85a4c553e28aa8c978e6c8bf1679a6733974c1296f688971" +
      "60e770b8e1c0db3cfeb261478b4dec73e35b2f4288786b6471b7c19fbb37ad06",
  },
  {
    name: "with empty collateral and nothing else",
    contents: {
      ...full,
      evidence: dcap({
        quote: undefined,
        collateral: {
          pckCrlIssuerChain: [],
          rootCaCrl: NOTHING,
          pckCrl: NOTHING,
          tcbInfoIssuerChain: [],
          tcbInfo: "",
          qeIdentityIssuerChain: [],
          qeIdentity: "",
        },
        reportData: undefined,
      }),
    },
    digest: "4a66e36c96e20442c54c298f9db1721e35c57b1c0973bd2de4071ff70a1dadef",
    signature:
      "9eb05b23a89b42b41520cfac526e62d8cb367a77014ef11ada690e87fb244727" +
      "793d01f3f4292236459cd913a143d58cb0ced9138b6110f3910cd8175c577e00",
  },
  {
    name: "without evidence",
    contents: { ...full, evidence: undefined },
    digest: "90640eaa75e57d95f3be5e4a499b3d4b6b0354d74925b96f34a67c22e58f70b9",
    signature:
      "385388ba06d3f7ef254ba5f89c56d1c0ddf8bd8c9a6148bd13015590f94ce34f" +
      "39d1691f70b7270bad9fa9c4ae3cd3f0a8fcd088abc1afcf2995ac797bb99e05",
  },
  {
    name: "with names left empty and a quorum set within another",
    contents: {
      ...full,
      responderId: "",
      quorumSet: {
        threshold: 1,
        members: [
          {
            kind: "inner-set",
            set: { threshold: 1, members: [{ kind: "inner-set", set: { threshold: 0, members: [] } }] },
          },
          { kind: "node", node: { responderId: "", publicKey: nodeKey(21) } },
          ...QUORUM_SET.members,
        ],
      },
    },
    digest: "7bc762bac1c98b39a7b2f8ae0267a307d8d234065192e43c7ac9d1f369d05c06",
    signature:
      "f829f72a848de2746a4bad46826b7107382ed58aa0c08efd4af66f47c79ba9ff" +
      "8376bfc1796f5afb5417fa136f9008d549207f968eb159ee40713f73a03e200d",
  },
  {
    name: "with an empty quorum set",
    contents: { ...full, quorumSet: { threshold: 0, members: [] } },
    digest: "94ba82c58f9b0c274140dbf9666642b3d4411871ff694e0f666b1882d336e646",
    signature:
      "b23960a04a016e69445c0089cf867006adeb194ea06638744719f8f05eae9d53" +
      "e471a4741fe12035ca9f83001777cef62e8143a4c121d090da04c80b6081a60e",
  },
];
