// Evidence as bytes: what is missing, empty or of another length has its own code (spec 04 §5).

import { toHex } from "@fogbow/core-bytes";
import { DcapEvidenceSchema, decodeMessage, encodeMessage, SevSnpEvidenceSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { AttestError, type AttestErrorCode } from "../../src/error.ts";
import type { SevSnpEvidence } from "../../src/evidence/evidence.ts";
import {
  decodeDcapEvidence,
  decodeSevSnpEvidence,
  EVIDENCE_BYTES_MAX,
  encodeEvidence,
} from "../../src/evidence/evidence-codec.ts";
import { reportDataOf } from "../../src/evidence/report-data.ts";
import { caught, expectCode } from "../expect-code.ts";
import { CONTENTS, testEvidence } from "./test-evidence.ts";

const DCAP = encodeEvidence(testEvidence());
const SNP_EVIDENCE: SevSnpEvidence = {
  kind: "sev-snp",
  report: new Uint8Array(1184),
  certificates: [Uint8Array.of(1), Uint8Array.of(2), Uint8Array.of(3)],
  crl: new Uint8Array(),
  reportData: { nonce: CONTENTS.nonce, key: CONTENTS.key },
};
const SNP = encodeEvidence(SNP_EVIDENCE);

type DcapMessage = ReturnType<typeof decodeMessage<typeof DcapEvidenceSchema>>;

/** The evidence with its message changed. */
function changed(change: (message: DcapMessage) => void): Uint8Array {
  const message = decodeMessage(DcapEvidenceSchema, DCAP, { bytesMax: EVIDENCE_BYTES_MAX });
  change(message);
  return encodeMessage(DcapEvidenceSchema, message);
}

test("evidence is decoded to what was encoded, with a custom identity or without", () => {
  expect(encodeEvidence(decodeDcapEvidence(DCAP))).toEqual(DCAP);
  expect(decodeDcapEvidence(DCAP).reportData).toEqual(CONTENTS);
  expect(decodeSevSnpEvidence(SNP)).toEqual(SNP_EVIDENCE);
});

describe("evidence is refused", () => {
  const without: readonly (readonly [string, (message: DcapMessage) => void, AttestErrorCode])[] = [
    [
      "without a quote",
      (m) => {
        m.quote = undefined;
      },
      "evidence-field-missing",
    ],
    [
      "without collateral",
      (m) => {
        m.collateral = undefined;
      },
      "evidence-field-missing",
    ],
    [
      "without report data",
      (m) => {
        m.reportData = undefined;
      },
      "evidence-field-missing",
    ],
    [
      "with an empty quote",
      (m) => {
        if (m.quote) m.quote.data = new Uint8Array();
      },
      "evidence-malformed",
    ],
    [
      "with an empty chain",
      (m) => {
        if (m.collateral) m.collateral.tcbInfoIssuerChain = [];
      },
      "evidence-malformed",
    ],
    [
      "with a chain of many",
      (m) => {
        if (m.collateral) m.collateral.pckCrlIssuerChain = Array.from({ length: 11 }, () => Uint8Array.of(1));
      },
      "evidence-malformed",
    ],
    [
      "with an empty revocation list",
      (m) => {
        if (m.collateral) m.collateral.rootCaCrl = new Uint8Array();
      },
      "evidence-malformed",
    ],
    [
      "with empty TCB info",
      (m) => {
        if (m.collateral) m.collateral.tcbInfo = "";
      },
      "evidence-malformed",
    ],
    [
      "with an empty identity",
      (m) => {
        if (m.collateral) m.collateral.qeIdentity = "";
      },
      "evidence-malformed",
    ],
    [
      "with a nonce of 15 bytes",
      (m) => {
        if (m.reportData) m.reportData.nonce = new Uint8Array(15);
      },
      "evidence-length-mismatch",
    ],
    [
      "with a key of 33 bytes",
      (m) => {
        if (m.reportData) m.reportData.key = new Uint8Array(33);
      },
      "evidence-length-mismatch",
    ],
    [
      "with a custom identity of 31 bytes",
      (m) => {
        if (m.reportData) m.reportData.customIdentity = new Uint8Array(31);
      },
      "evidence-length-mismatch",
    ],
  ];
  test.each(without)("%s", (_what, change, code) => {
    expectCode(() => decodeDcapEvidence(changed(change)), code);
  });

  test("of SEV-SNP, without a report, without certificates, or without report data", () => {
    const message = decodeMessage(SevSnpEvidenceSchema, SNP, { bytesMax: EVIDENCE_BYTES_MAX });
    const encode = (others: object): Uint8Array => encodeMessage(SevSnpEvidenceSchema, { ...message, ...others });
    expectCode(() => decodeSevSnpEvidence(encode({ report: new Uint8Array() })), "evidence-malformed");
    expectCode(() => decodeSevSnpEvidence(encode({ certificates: [] })), "evidence-malformed");
    expectCode(() => decodeSevSnpEvidence(encode({ reportData: undefined })), "evidence-field-missing");
  });

  test("larger than evidence may be", () => {
    expectCode(() => decodeDcapEvidence(new Uint8Array(EVIDENCE_BYTES_MAX + 1)), "evidence-too-large");
  });

  test("cut off at any byte, or with any byte replaced, unless it still is evidence", () => {
    const damaged = fc.oneof(
      fc.nat(DCAP.length - 1).map((length) => DCAP.subarray(0, length)),
      fc.tuple(fc.nat(DCAP.length - 1), fc.nat(255)).map(([at, byte]) => DCAP.slice().fill(byte, at, at + 1)),
      fc.uint8Array({ maxLength: 500 }),
    );
    fc.assert(
      fc.property(damaged, (bytes) => {
        const error = caught(() => decodeDcapEvidence(bytes));
        expect(error === undefined || error instanceof AttestError).toBe(true);
      }),
      { numRuns: 300 },
    );
  });
});

describe("report data", () => {
  test.each([
    [0x01, 0x02, 0x03, "c33924b6d47f16a85882721c8caec78c4a61f797e0f4f9b415cd2829a8d085c5"],
    [0x02, 0x33, undefined, "4b26517f66ce6dc869a5b12bfea3b10ab046dc770cdf692549d80355a9c441c2"],
    [0x02, 0x33, 0x00, "60e575c411fa2af0cc0ce3781437eef056d75185da5744b4d3b9eebfae6cc414"],
  ])("is the hash of nonce %i, key %i and custom identity %s, and zeros", (nonce, key, identity, digest) => {
    const contents = { nonce: new Uint8Array(16).fill(nonce), key: new Uint8Array(32).fill(key) };
    const customIdentity = identity === undefined ? {} : { customIdentity: new Uint8Array(32).fill(identity) };
    expect(toHex(reportDataOf({ ...contents, ...customIdentity }))).toBe(digest + "00".repeat(32));
  });
});
