import { concatBytes, fromHex, toHex, utf8 } from "@fogbow/core-bytes";
import { DcapEvidenceSchema, encodeMessage, SevSnpEvidenceSchema, VerificationReportSchema } from "@fogbow/core-wire";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  bindEvidence,
  decodeAnswerPayload,
  decodeRequestPayload,
  type EvidenceMessage,
  encodeAnswerPayload,
  encodeRequestPayload,
} from "../../src/index.ts";
import { codeOf, evidenceFor, expectCode } from "./support.ts";

const key = new Uint8Array(32).fill(0x33);
const reportData = { nonce: new Uint8Array(16), key };
const dcap = evidenceFor(key);
const snp = {
  kind: "sev-snp",
  bytes: encodeMessage(SevSnpEvidenceSchema, { report: new Uint8Array(1184), certificates: [], reportData }),
} as const;
const epid: EvidenceMessage = {
  kind: "epid",
  bytes: encodeMessage(VerificationReportSchema, {
    sig: { contents: new Uint8Array(256).fill(1) },
    chain: [fromHex("3000"), fromHex("3000")],
    httpBody: "{}",
  }),
};

describe("an answer's payload", () => {
  test.each([dcap, snp, epid] as const)("with $kind evidence is read back as it was written", (evidence) => {
    expect(decodeAnswerPayload(encodeAnswerPayload(evidence))).toEqual(evidence);
  });

  test("wraps an Intel quote's evidence in field 4 and AMD's in field 16; the older report is bare", () => {
    expect(toHex(encodeAnswerPayload({ kind: "dcap", bytes: fromHex("aabb") }))).toBe("2202aabb");
    expect(toHex(encodeAnswerPayload({ kind: "sev-snp", bytes: fromHex("aabb") }))).toBe("820102aabb");
    expect(encodeAnswerPayload(epid)).toEqual(epid.bytes);
  });

  test("without its wrapper is refused by its own code", () => {
    expectCode("evidence-not-wrapped", () => decodeAnswerPayload(dcap.bytes));
  });

  test("with another chain or signature than a report's is no report", () => {
    const report = { sig: { contents: Uint8Array.of(1) }, chain: [fromHex("3000")], httpBody: "{}" };
    for (const other of [
      { ...report, sig: { contents: new Uint8Array() } },
      { ...report, chain: [] },
      { ...report, chain: [fromHex("3000"), fromHex("0a00")] },
      { ...report, httpBody: "" },
      { ...report, httpBody: " {}" },
    ]) {
      const payload = encodeMessage(VerificationReportSchema, other);
      expectCode("evidence-malformed", () => decodeAnswerPayload(payload));
    }
  });

  test("that is empty, cut or no protobuf is refused", () => {
    const payload = encodeAnswerPayload(dcap);
    for (let length = 0; length < payload.length; length++) {
      expectCode("evidence-malformed", () => decodeAnswerPayload(payload.subarray(0, length)));
    }
    expectCode("evidence-malformed", () => decodeAnswerPayload(new Uint8Array(262_145)));
  });

  test("holds the Intel evidence where it holds both kinds, as older clients read it", () => {
    const both = concatBytes(encodeAnswerPayload(dcap), encodeAnswerPayload(snp));
    expect(decodeAnswerPayload(both)).toEqual(dcap);
  });
});

describe("a peer's request payload", () => {
  test("is bare for an Intel quote's evidence and wrapped for AMD's", () => {
    expect(encodeRequestPayload(dcap)).toEqual(dcap.bytes);
    expect(encodeRequestPayload(snp)).toEqual(encodeAnswerPayload(snp));
    expect(decodeRequestPayload(dcap.bytes)).toEqual(dcap);
    expect(decodeRequestPayload(encodeRequestPayload(snp))).toEqual(snp);
  });

  test("in a wrapper is refused by its own code", () => {
    expectCode("evidence-wrapped", () => decodeRequestPayload(encodeAnswerPayload(dcap)));
  });

  test("of the older kind, empty or without a key is refused", () => {
    expectCode("evidence-field-missing", () => decodeRequestPayload(new Uint8Array()));
    expectCode("evidence-malformed", () => decodeRequestPayload(utf8("garbage")));
    const noKey = encodeMessage(DcapEvidenceSchema, { reportData: { nonce: new Uint8Array(16) } });
    expectCode("evidence-length-mismatch", () => decodeRequestPayload(noKey));
    expect(codeOf(() => decodeRequestPayload(epid.bytes))).toMatch(/^evidence-/);
  });
});

describe("binding evidence to the handshake's key", () => {
  test.each([dcap, snp] as const)("takes $kind evidence of that key only", (evidence) => {
    expect(bindEvidence(evidence, key)).toEqual({ ...evidence, key });
    for (const bit of [0, 31]) {
      const other = key.map((byte, i) => (i === bit ? byte ^ 1 : byte));
      expectCode("bad-remote-identity", () => bindEvidence(evidence, other));
    }
  });

  test("needs a key", () => {
    expectCode("missing-remote-identity", () => bindEvidence(dcap, undefined));
    expectCode("missing-remote-identity", () => bindEvidence(epid, undefined));
  });

  test("needs contents of report data with a key of 32 bytes", () => {
    const short = encodeMessage(SevSnpEvidenceSchema, { reportData: { ...reportData, key: key.subarray(1) } });
    expectCode("evidence-length-mismatch", () => bindEvidence({ kind: "sev-snp", bytes: short }, key));
    expectCode("evidence-field-missing", () => bindEvidence({ kind: "dcap", bytes: new Uint8Array() }, key));
    expectCode("evidence-malformed", () => bindEvidence({ kind: "dcap", bytes: utf8("garbage") }, key));
  });

  test("leaves the older report's key to whoever verifies the report, and hands it on", () => {
    expect(bindEvidence(epid, key)).toEqual({ ...epid, key });
  });
});

test("whatever a payload holds, the answer is evidence or a code", () => {
  const bytes = fc.oneof(
    fc.uint8Array({ maxLength: 300 }),
    fc.tuple(fc.nat({ max: dcap.bytes.length }), fc.uint8Array({ maxLength: 4 })).map(([at, patch]) => {
      const changed = encodeAnswerPayload(dcap);
      changed.set(patch.subarray(0, changed.length - at), at);
      return changed;
    }),
  );
  fc.assert(
    fc.property(bytes, (payload) => {
      for (const decode of [decodeAnswerPayload, decodeRequestPayload]) {
        expect(codeOf(() => bindEvidence(decode(payload), key)) ?? "none").toMatch(/^(none|evidence-|bad-remote)/);
      }
    }),
    { numRuns: 500 },
  );
});
