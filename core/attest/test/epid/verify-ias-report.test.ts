// Reports of Intel's discontinued attestation service: what is accepted, judged at the report's own time, and that each rule
// broken alone gives its own code (spec 04 §8). The service's authority is one of the test's own.
import { concatBytes, toHex, utf8 } from "@fogbow/core-bytes";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { INTEL_IAS_ROOT_FINGERPRINT, intelIasRoot } from "../../src/anchors/intel-ias-root.ts";
import { INTEL_SGX_ROOT_FINGERPRINT, intelSgxRoot } from "../../src/anchors/intel-sgx-root.ts";
import { toBase64 } from "../../src/base64.ts";
import { parseIasReport } from "../../src/epid/ias-report.ts";
import { type IasReportQuestion, type IasReportVerdict, verifyIasReport } from "../../src/epid/verify-ias-report.ts";
import { expectCode } from "../expect-code.ts";
import { certificate, ecParty, makeCertificate, type Party, rsaParty } from "../x509/test-authority.ts";

const root = rsaParty("IAS root");
const signer = rsaParty("IAS signer");
const ROOT = certificate(root, root);
const ROOT_DER = ROOT.der;
const SIGNER = makeCertificate(root, signer, { notAfter: Date.UTC(2021, 0, 1) }); // Long expired, as the real one.

const KEY = new Uint8Array(32).fill(0x11);
const INGRESS_KEY = new Uint8Array(32).fill(0x22);
const MR_ENCLAVE = new Uint8Array(32).fill(0x33);
const MR_SIGNER = new Uint8Array(32).fill(0x44);

/** The 432 bytes of an enclave's quote, without debug unless stated. */
function quoteBody({ isDebug = false, version = 2 } = {}): Uint8Array {
  const quote = new Uint8Array(432);
  quote[0] = version;
  const body = quote.subarray(48);
  body[48] = isDebug ? 0x07 : 0x05;
  body.set(MR_ENCLAVE, 64);
  body.set(MR_SIGNER, 128);
  body[256] = 1; // Product id.
  body[258] = 2; // Security version.
  body.set(concatBytes(KEY, INGRESS_KEY), 320);
  return quote;
}

const FIELDS = {
  id: "1",
  timestamp: "2020-09-14T23:07:16.215597",
  version: 4,
  isvEnclaveQuoteStatus: "OK",
  isvEnclaveQuoteBody: toBase64(quoteBody()),
};

function reportOf(fields: object, by: Party = signer, chain = [SIGNER, ROOT_DER]): IasReportQuestion["report"] {
  const httpBody = JSON.stringify(fields);
  const signature = by.sign(utf8(httpBody));
  if (!(signature instanceof Uint8Array)) throw new Error("A test party signs at once.");
  return { signature, chain, httpBody };
}

const trusting = (advisories: readonly string[] = [], config: readonly string[] = []): IasReportQuestion["policy"] => ({
  measurements: [
    {
      identity: {
        kind: "mr-enclave",
        mrEnclave: MR_ENCLAVE,
        configAdvisories: config,
        hardeningAdvisories: advisories,
      },
    },
  ],
  allowDebug: false,
});

const verify = (fields: object, changes: Partial<IasReportQuestion> = {}): Promise<IasReportVerdict> =>
  verifyIasReport({ report: reportOf(fields), policy: trusting(), anchors: [ROOT], ...changes });

async function expectProblem(fields: object, problem: string, changes: Partial<IasReportQuestion> = {}): Promise<void> {
  expect(await verify(fields, changes)).toMatchObject({ ok: false, problem });
}

describe("a report is accepted", () => {
  test("of a trusted enclave, at the time it was signed, with what it binds besides its key", async () => {
    expect(await verify(FIELDS, { key: KEY })).toMatchObject({
      ok: true,
      customIdentity: INGRESS_KEY,
      report: { timestamp: Date.UTC(2020, 8, 14, 23, 7, 16), quoteStatus: "OK", advisories: [] },
    });
  });

  test("with the certificates in any order, with the signer's alone, and signed by the authority's own key", async () => {
    const shuffled = reportOf(FIELDS, signer, [ROOT_DER, SIGNER]);
    expect(await verify(FIELDS, { report: shuffled })).toMatchObject({ ok: true });
    expect(await verify(FIELDS, { report: reportOf(FIELDS, signer, [SIGNER]) })).toMatchObject({ ok: true });
    expect(await verify(FIELDS, { report: reportOf(FIELDS, root, [ROOT_DER]) })).toMatchObject({ ok: true });
  });

  test("in state OK irrespective of advisories, and in a worse one with those that are dealt with", async () => {
    const advisoryIDs = ["INTEL-SA-00334"];
    expect(await verify({ ...FIELDS, advisoryIDs })).toMatchObject({ ok: true });
    const hardening = { ...FIELDS, isvEnclaveQuoteStatus: "SW_HARDENING_NEEDED", advisoryIDs };
    expect(await verify(hardening, { policy: trusting(advisoryIDs) })).toMatchObject({ ok: true });
    const configuration = { ...FIELDS, isvEnclaveQuoteStatus: "CONFIGURATION_NEEDED", advisoryIDs };
    expect(await verify(configuration, { policy: trusting([], advisoryIDs) })).toMatchObject({ ok: true });
    const both = { ...FIELDS, isvEnclaveQuoteStatus: "CONFIGURATION_AND_SW_HARDENING_NEEDED", advisoryIDs };
    expect(await verify(both, { policy: trusting(advisoryIDs, ["other"]) })).toMatchObject({ ok: true });
  });

  test("by its signer, product and security version", async () => {
    const identity = {
      kind: "mr-signer",
      mrSigner: MR_SIGNER,
      productId: 1,
      minimumSvn: 2,
      configAdvisories: [],
      hardeningAdvisories: [],
    } as const;
    const policy = { measurements: [{ identity }], allowDebug: false };
    expect(await verify(FIELDS, { policy })).toMatchObject({ ok: true });
    const newer = { measurements: [{ identity: { ...identity, minimumSvn: 3 } }], allowDebug: false };
    await expectProblem(FIELDS, "measurement-refused", { policy: newer });
  });

  test("of an enclave that was trusted when it was signed, though not since, and not of one trusted later only", async () => {
    const [before, after] = [Date.UTC(2020, 8, 14), Date.UTC(2020, 8, 15)];
    const within = (window: { validFrom?: number; validUntil?: number }): IasReportQuestion["policy"] => {
      const { measurements, allowDebug } = trusting();
      return { measurements: measurements.map((each) => ({ ...each, ...window })), allowDebug };
    };
    expect(await verify(FIELDS, { policy: within({ validFrom: before, validUntil: after }) })).toMatchObject({
      ok: true,
    });
    await expectProblem(FIELDS, "measurement-refused", { policy: within({ validUntil: before }) });
    await expectProblem(FIELDS, "measurement-refused", { policy: within({ validFrom: after }) });
  });

  test("with debug only by a policy that allows it", async () => {
    const fields = { ...FIELDS, isvEnclaveQuoteBody: toBase64(quoteBody({ isDebug: true })) };
    await expectProblem(fields, "debug-enabled");
    expect(await verify(fields, { policy: { ...trusting(), allowDebug: true } })).toMatchObject({ ok: true });
  });
});

describe("each rule broken alone gives its own code:", () => {
  test("a policy that trusts nothing, or another enclave", async () => {
    await expectProblem(FIELDS, "measurement-refused", { policy: { measurements: [], allowDebug: true } });
    const other = trusting();
    const identity = { kind: "mr-enclave", mrEnclave: KEY, configAdvisories: [], hardeningAdvisories: [] } as const;
    await expectProblem(FIELDS, "measurement-refused", { policy: { ...other, measurements: [{ identity }] } });
  });

  test("advisories or a state that are not dealt with", async () => {
    const fields = { ...FIELDS, isvEnclaveQuoteStatus: "SW_HARDENING_NEEDED", advisoryIDs: ["A", "B"] };
    await expectProblem(fields, "measurement-refused");
    await expectProblem(fields, "measurement-refused", { policy: trusting(["A"]) });
    const worse = { ...fields, isvEnclaveQuoteStatus: "CONFIGURATION_NEEDED" };
    await expectProblem(worse, "measurement-refused", { policy: trusting(["A", "B"]) });
  });

  test.each(["GROUP_OUT_OF_DATE", "GROUP_REVOKED", "KEY_REVOKED", "SIGNATURE_INVALID", "ok", "__proto__", ""])(
    "the state %s",
    (isvEnclaveQuoteStatus) => expectProblem({ ...FIELDS, isvEnclaveQuoteStatus }, "ias-status-refused"),
  );

  test("another key than that of the handshake", () =>
    expectProblem(FIELDS, "report-data-mismatch", { key: INGRESS_KEY }));

  test("no certificate, or more than five", async () => {
    await expectProblem(FIELDS, "ias-chain-missing", { report: reportOf(FIELDS, signer, []) });
    const six = Array.from({ length: 6 }, () => SIGNER);
    await expectProblem(FIELDS, "ias-chain-missing", { report: reportOf(FIELDS, signer, six) });
  });

  test("a text that was changed, if only by a space, and a signature by somebody else", async () => {
    const report = reportOf(FIELDS);
    const spaced = { ...report, httpBody: report.httpBody.replace(",", ", ") };
    await expectProblem(FIELDS, "ias-signature", { report: spaced });
    await expectProblem(FIELDS, "ias-signature", { report: reportOf(FIELDS, rsaParty("x")) });
    await expectProblem(FIELDS, "ias-signature", { report: { ...report, signature: new Uint8Array() } });
  });

  test("a signer whom the authority did not certify, not at that time, or not as an issuer", async () => {
    const stranger = rsaParty("IAS root");
    const forged = reportOf(FIELDS, signer, [makeCertificate(stranger, signer), makeCertificate(stranger, stranger)]);
    await expectProblem(FIELDS, "ias-untrusted", { report: forged });
    const late = { ...FIELDS, timestamp: "2021-01-02T00:00:00" };
    await expectProblem(late, "ias-untrusted", { report: reportOf(late) });
    await expectProblem(FIELDS, "ias-untrusted", { anchors: [intelIasRoot()] });
    const self = makeCertificate(signer, signer);
    await expectProblem(FIELDS, "ias-untrusted", { report: reportOf(FIELDS, signer, [self]) });
  });

  test("certificates that issue one another in a circle", async () => {
    const [a, b] = [signer, ecParty("B")];
    const circle = [makeCertificate(b, a), makeCertificate(a, b, { issuerName: a.name })];
    await expectProblem(FIELDS, "ias-untrusted", { report: reportOf(FIELDS, signer, circle) });
  });

  test.each([
    ["a certificate that cannot be read", { chain: [SIGNER, Uint8Array.of(0x30)] }],
    ["a text that is no JSON", { httpBody: "{" }],
    ["a text that is a list", { httpBody: "[]" }],
    ["a text with half a character", { httpBody: JSON.stringify(FIELDS).replace("1", "\ud800") }],
    ["a text of more than 65 536 characters", { httpBody: JSON.stringify({ ...FIELDS, more: "x".repeat(65_536) }) }],
  ])("%s", (_, changes) =>
    expectProblem(FIELDS, "ias-report-malformed", { report: { ...reportOf(FIELDS), ...changes } }),
  );

  test.each([
    ["another version", { version: 3 }],
    ["a version that is text", { version: "4" }],
    ["no timestamp", { timestamp: undefined }],
    ["a timestamp with a zone", { timestamp: "2020-09-14T23:07:16Z" }],
    ["a day that never was", { timestamp: "2020-02-30T23:07:16" }],
    ["no state", { isvEnclaveQuoteStatus: 1 }],
    ["advisories that are no list", { advisoryIDs: "INTEL-SA-00334" }],
    ["a quote that is no base64", { isvEnclaveQuoteBody: "????" }],
    ["a short quote", { isvEnclaveQuoteBody: toBase64(quoteBody().subarray(1)) }],
    ["a quote of another version", { isvEnclaveQuoteBody: toBase64(quoteBody({ version: 3 })) }],
  ])("%s", (_, changes) => {
    expectCode(() => parseIasReport(JSON.stringify({ ...FIELDS, ...changes })), "ias-report-malformed");
  });
});

test("a report with any character changed is refused", async () => {
  const report = reportOf(FIELDS);
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: report.httpBody.length - 1 }), fc.string({ maxLength: 2 }), async (at, text) => {
      const httpBody = report.httpBody.slice(0, at) + text + report.httpBody.slice(at + 1);
      fc.pre(httpBody !== report.httpBody);
      expect((await verify(FIELDS, { report: { ...report, httpBody } })).ok).toBe(false);
    }),
  );
});

test("Intel's authorities are those of the published fingerprints", async () => {
  for (const [anchor, fingerprint] of [
    [intelSgxRoot(), INTEL_SGX_ROOT_FINGERPRINT],
    [intelIasRoot(), INTEL_IAS_ROOT_FINGERPRINT],
  ] as const) {
    const digest = await crypto.subtle.digest("SHA-256", new Uint8Array(anchor.der));
    expect(toHex(new Uint8Array(digest))).toBe(fingerprint);
    expect(anchor).toMatchObject({ isCa: true, notAfter: Date.UTC(2049, 11, 31, 23, 59, 59) });
  }
});
