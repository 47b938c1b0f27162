// AMD SEV-SNP reports with each thing wrong in turn, under a self-made root. The real report is among the known answers.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { derElement, derInteger } from "../../src/der/write-der.ts";
import { AttestError } from "../../src/error.ts";
import { explainVerdict } from "../../src/evidence/verdict.ts";
import { verifyEvidence } from "../../src/evidence/verify-evidence.ts";
import { checkSnpPlatform } from "../../src/policy/check-policy.ts";
import { createPolicy } from "../../src/policy/policy.ts";
import { appraiseSnpReport, type SnpRules } from "../../src/snp/appraise-snp.ts";
import { parseSnpReport, readSnpTcb } from "../../src/snp/snp-report.ts";
import { AT, withBit } from "../evidence/test-evidence.ts";
import { caught, expectCode } from "../expect-code.ts";
import { NOT_BEFORE } from "../x509/test-authority.ts";
import { CHIP_ID, HOST_DATA, LAUNCH_MEASUREMENT, rootsFor, type SnpChanges, snpEvidence } from "./test-snp.ts";

const RULES: SnpRules = {
  roots: rootsFor("Milan"),
  at: AT,
  checkCertificateTimes: true,
  checkCrlTimes: true,
  requireCrls: true,
  allowDebug: false,
};

async function problems(changes: SnpChanges, others: Partial<SnpRules> = {}): Promise<string[]> {
  const roots = rootsFor(changes.product ?? "Milan");
  const { findings } = await appraiseSnpReport(snpEvidence(changes), { ...RULES, roots, ...others });
  return [...new Set(findings.problems.map(({ code }) => code))];
}

const number = (value: number): Uint8Array => derInteger(Uint8Array.of(value));

describe("a report that holds", () => {
  test.each(["Milan", "Genoa", "Turin"] as const)("is accepted from %s", async (product) => {
    expect(await problems({ product })).toEqual([]);
  });

  test("is accepted without a revocation list by who asks for none", async () => {
    expect(await problems({ crl: "none" }, { requireCrls: false })).toEqual([]);
  });

  test("shows the firmware that the chip's key stands for, and ends with its certificates and list", async () => {
    const { tcb, validUntil, report } = await appraiseSnpReport(snpEvidence({ crl: { nextUpdate: AT + 1000 } }), RULES);
    expect(tcb).toEqual({ bootLoader: 3, tee: 1, snp: 8, microcode: 115, fmc: 0 });
    expect(validUntil).toBe(AT + 1000);
    expect(report).toMatchObject({ guestSvn: 5, measurement: LAUNCH_MEASUREMENT, hostData: HOST_DATA });
  });
});

describe("a report is refused", () => {
  test.each([
    ["whose guest may be debugged", { report: [[0x00a, [0x08]]] }, "debug-enabled"],
    ["whose guest an agent of the host may move", { report: [[0x00a, [0x04]]] }, "guest-policy"],
    ["that a less privileged part of the guest asked for", { report: [[0x030, [1]]] }, "privilege-level-refused"],
    ["that the host asked for", { report: [[0x030, [0xff, 0xff, 0xff, 0xff]]] }, "privilege-level-refused"],
    ["that the cloud's key signed", { report: [[0x048, [0x04]]] }, "report-key-unsupported"],
    ["that a key of no known kind signed", { report: [[0x048, [0x10]]] }, "report-key-unsupported"],
    ["that a level beyond the last asked for", { report: [[0x030, [0, 1]]] }, "privilege-level-refused"],
    ["from another chip", { report: [[0x1a0, [0xff]]] }, "chip-mismatch"],
    ["with older firmware than the key's", { report: [[0x180, [2]]] }, "chip-mismatch"],
    ["with newer firmware than the key's", { report: [[0x187, [116]]] }, "chip-mismatch"],
    ["with a key for other firmware", { vcekExtensions: { "3.2": number(2) } }, "chip-mismatch"],
    ["with a key for another chip", { vcekExtensions: { "4": CHIP_ID.toReversed() } }, "chip-mismatch"],
    [
      "with a key for another product",
      { vcekExtensions: { "2": derElement(0x16, Uint8Array.of(0x47)) } },
      "chip-mismatch",
    ],
    ["without a revocation list", { crl: "none" }, "crl-missing"],
    ["with the revocation list of another issuer", { crl: "of the intermediate" }, "crl-missing"],
    ["with an intermediate that was revoked", { crl: { revoked: [Uint8Array.of(7)] } }, "certificate-revoked"],
    ["with an expired revocation list", { crl: { nextUpdate: AT - 1000 } }, "crl-expired"],
    ["with a revocation list of the future", { crl: { thisUpdate: AT + 1000 } }, "crl-not-yet-valid"],
    ["with a forged revocation list", { crl: { signature: new Uint8Array(256) } }, "crl-invalid"],
    ["with an expired certificate", { vcek: { notBefore: NOT_BEFORE, notAfter: AT - 1000 } }, "certificate-expired"],
    ["with an expired intermediate", { ask: { notAfter: AT - 1000 } }, "certificate-expired"],
    ["with a root that its key did not sign", { ark: { signature: new Uint8Array(256) } }, "chain-invalid"],
    ["with an intermediate that the root did not sign", { ask: { signature: new Uint8Array(256) } }, "chain-invalid"],
  ] satisfies [string, SnpChanges, string][])("%s", async (_what, changes, code) => {
    expect(await problems(changes)).toEqual([code]);
  });

  test("from a less privileged part of the guest, but not by who accepts that part", async () => {
    const from = (vmpl: number): SnpChanges => ({ report: [[0x030, [vmpl]]] });
    expect(await problems(from(2), { maximumVmpl: 2 })).toEqual([]);
    expect(await problems(from(3), { maximumVmpl: 2 })).toEqual(["privilege-level-refused"]);
    const byHost: SnpChanges = { report: [[0x030, [0xff, 0xff, 0xff, 0xff]]] };
    expect(await problems(byHost, { maximumVmpl: 3 })).toEqual(["privilege-level-refused"]);
    const measurements = [
      { identity: { kind: "sev-snp", launchMeasurement: LAUNCH_MEASUREMENT, hostData: HOST_DATA } as const },
    ];
    for (const [maximumVmpl, refused] of [
      [undefined, true],
      [2, false],
    ] as const) {
      const policy = createPolicy({ measurements, ...(maximumVmpl === undefined ? {} : { maximumVmpl }) });
      const verdict = await verifyEvidence({ evidence: snpEvidence(from(2)), policy, at: AT });
      expect(verdict.problems.some(({ code }) => code === "privilege-level-refused")).toBe(refused);
    }
  });

  test("under a root that is not trusted, or is that of another product", async () => {
    expect(await problems({}, { roots: [] })).toEqual(["chain-untrusted"]);
    const { roots: _selfMade, ...amdsRoots } = RULES;
    const { findings } = await appraiseSnpReport(snpEvidence(), amdsRoots);
    expect(findings.problems.map(({ code }) => code)).toContain("chain-untrusted");
    expect(await problems({}, { roots: rootsFor("Genoa") })).toEqual(["chip-mismatch"]);
  });

  test("with one bit turned anywhere in what is signed", async () => {
    const evidence = snpEvidence();
    for (let offset = 0x010; offset < 0x2a0; offset += 17) {
      if (offset >= 0x034 && offset < 0x038) continue; // The algorithm, without which nothing can be read.
      const report = withBit(evidence.report, offset, offset % 8);
      const { findings } = await appraiseSnpReport({ ...evidence, report }, RULES);
      expect(
        findings.problems.map(({ code }) => code),
        `byte ${offset}`,
      ).toContain("report-signature");
    }
  });
});

describe("what cannot be read", () => {
  const { report, certificates, crl } = snpEvidence();

  test.each([
    ["a report that is cut short", report.subarray(0, 1183)],
    ["a report that is too long", new Uint8Array(1185)],
    ["a report of version 1", withBit(withBit(report, 0), 0, 1)],
    ["a report of another algorithm", withBit(report, 0x034, 1)],
    ["a signature longer than the curve's", withBit(report, 0x2a0 + 48)],
    ["something after the signature", withBit(report, 1183)],
  ])("has a code: %s", (_what, bytes) => {
    expectCode(() => parseSnpReport(bytes), "snp-report-malformed");
  });

  test.each([
    ["two certificates", certificates.slice(0, 2)],
    ["four certificates", [...certificates, ...certificates.slice(2)]],
  ])("has a code: %s", async (_what, chain) => {
    await expect(appraiseSnpReport({ report, certificates: chain, crl }, RULES)).rejects.toMatchObject({
      code: "snp-certificate-malformed",
    });
  });

  test.each(["2", "3.1", "3.8", "4"])("has a code: a chip's certificate without %s", async (suffix) => {
    const evidence = snpEvidence({ vcekExtensions: { [suffix]: undefined } });
    await expect(appraiseSnpReport(evidence, RULES)).rejects.toMatchObject({ code: "snp-certificate-malformed" });
  });

  test.each([
    ["a chip id of no bytes, which every chip's would begin with", { "4": new Uint8Array() }],
    ["a chip id of 8 bytes, as only Turin has", { "4": CHIP_ID.subarray(0, 8) }],
    ["a security version above a byte", { "3.1": derInteger(Uint8Array.of(1, 3)) }],
    ["a security version that is no number", { "3.1": derElement(0x16, Uint8Array.of(0x33)) }],
  ])("has a code: %s", async (_what, vcekExtensions) => {
    await expect(appraiseSnpReport(snpEvidence({ vcekExtensions }), RULES)).rejects.toBeInstanceOf(AttestError);
  });

  test("any bytes give a report or a code", () => {
    const nearly = fc.tuple(fc.nat(1183), fc.nat(255)).map(([at, byte]) => report.slice().fill(byte, at, at + 1));
    fc.assert(
      fc.property(fc.oneof(fc.uint8Array({ maxLength: 1300 }), nearly), (bytes) => {
        const error = caught(() => parseSnpReport(bytes));
        expect(error === undefined || error instanceof AttestError).toBe(true);
      }),
    );
  });
});

test("Turin writes its security versions in another order", () => {
  const bytes = Uint8Array.of(1, 2, 3, 4, 5, 6, 7, 8);
  expect(readSnpTcb(bytes, "Turin")).toEqual({ fmc: 1, bootLoader: 2, tee: 3, snp: 4, microcode: 8 });
  expect(readSnpTcb(bytes, "Milan")).toEqual({ fmc: 0, bootLoader: 1, tee: 2, snp: 7, microcode: 8 });
});

describe("a policy for SEV-SNP", () => {
  const policy = createPolicy({
    measurements: [{ identity: { kind: "sev-snp", launchMeasurement: LAUNCH_MEASUREMENT, hostData: HOST_DATA } }],
    minimumSnpTcb: { snp: 8, microcode: 115 },
  });

  test("accepts firmware that is new enough, and no other", () => {
    const tcb = { bootLoader: 3, tee: 1, snp: 8, microcode: 115, fmc: 0 };
    expect(checkSnpPlatform(tcb, policy).ok).toBe(true);
    expect(checkSnpPlatform({ ...tcb, microcode: 114 }, policy).problems).toMatchObject([{ code: "snp-tcb-too-low" }]);
    expect(checkSnpPlatform(undefined, policy).ok).toBe(false);
    for (const part of ["bootLoader", "tee", "snp", "microcode", "fmc"] as const) {
      const demanding = { ...policy, minimumSnpTcb: { [part]: tcb[part] + 1 } };
      expect(checkSnpPlatform(tcb, demanding).ok, part).toBe(false);
    }
  });

  test("decides whether the host may debug, whether there must be a list, and which times count", async () => {
    const codes = async (
      changes: SnpChanges,
      others: Partial<Parameters<typeof createPolicy>[0]>,
    ): Promise<string[]> => {
      const question = { evidence: snpEvidence(changes), policy: createPolicy({ ...policy, ...others }), at: AT };
      return (await verifyEvidence(question)).problems.map(({ code }) => code);
    };
    const debugged: SnpChanges = { report: [[0x00a, [0x08]]] };
    expect(await codes(debugged, {})).toContain("debug-enabled");
    expect(await codes(debugged, { allowDebug: true })).not.toContain("debug-enabled");
    expect(await codes({ crl: "none" }, {})).toContain("crl-missing");
    expect(await codes({ crl: "none" }, { requireCrls: false })).not.toContain("crl-missing");
    const expired: SnpChanges = { vcek: { notBefore: NOT_BEFORE, notAfter: AT - 1000 } };
    expect(await codes(expired, {})).toContain("certificate-expired");
    expect(await codes(expired, { checkCertificateTimes: false })).not.toContain("certificate-expired");
  });

  test("judges the report as it was given, whoever writes to it meanwhile", async () => {
    const evidence = snpEvidence();
    const pending = verifyEvidence({ evidence, policy, at: AT });
    evidence.report.fill(0);
    expect((await pending).measurement).toMatchObject({ launchMeasurement: LAUNCH_MEASUREMENT });
  });

  test("can demand a version of the guest", async () => {
    const codes = async (minimumSecurityVersion: number): Promise<string[]> => {
      const strict = createPolicy({ ...policy, minimumSecurityVersion });
      const { problems: found } = await verifyEvidence({ evidence: snpEvidence(), policy: strict, at: AT });
      return found.map(({ code }) => code);
    };
    expect(await codes(5)).not.toContain("security-version-too-low");
    expect(await codes(6)).toContain("security-version-too-low");
  });

  test("sees a self-made root for what it is, and nothing else wrong", async () => {
    const verdict = await verifyEvidence({ evidence: snpEvidence(), policy, at: AT });
    expect(explainVerdict(verdict)?.code).toBe("chain-untrusted");
    expect(verdict).toMatchObject({ platform: "sev-snp", measurement: { launchMeasurement: LAUNCH_MEASUREMENT } });
  });
});
