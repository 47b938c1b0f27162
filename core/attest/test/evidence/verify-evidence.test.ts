// Evidence is accepted when everything about it holds, and each single thing that does not hold has its own code.
import { concatBytes, equalBytes, fromHex, fromUtf8, le32, utf8 } from "@fogbow/core-bytes";
import { describe, expect, test } from "vitest";
import type { DcapEvidence } from "../../src/evidence/evidence.ts";
import { decodeDcapEvidence, encodeEvidence } from "../../src/evidence/evidence-codec.ts";
import { PROBLEM_CLASSES, PROBLEMS, type ProblemClass, type ProblemCode } from "../../src/evidence/problem.ts";
import { explainVerdict, type Verdict } from "../../src/evidence/verdict.ts";
import { type EvidenceQuestion, verifyEvidence } from "../../src/evidence/verify-evidence.ts";
import { createPolicy } from "../../src/policy/policy.ts";
import { simulatedKey } from "../../src/simulated/ecdsa.ts";
import { signJson, writePckExtension } from "../../src/simulated/simulated-collateral.ts";
import { COMMON_NAME, derName } from "../../src/simulated/write-der.ts";
import {
  AT,
  type Changes,
  CONTENTS,
  DAY_MS,
  IDENTITY,
  layeredEvidence,
  MEASUREMENT,
  OTHER_ROOT_KEY,
  SERIALS,
  SIGNER,
  SIGNER_KEY,
  testEvidence,
  testPolicy,
  withBit,
} from "./test-evidence.ts";

/** Where the text of the certificates begins in the quote of {@link testEvidence}. */
const QUOTE_TEXT = 1020 + 32;

async function verify(evidence: DcapEvidence, others: Partial<EvidenceQuestion> = {}): Promise<Verdict> {
  return await verifyEvidence({ evidence, policy: testPolicy(), at: AT, handshakeKey: CONTENTS.key, ...others });
}

/** The codes of all problems, each once. */
function codes({ problems }: Verdict): ProblemCode[] {
  return [...new Set(problems.map(({ code }) => code))];
}

describe("evidence that holds", () => {
  test("is accepted, with its measurement, its state and the first instant that ends it", async () => {
    const verdict = await verify(testEvidence());
    expect(codes(verdict)).toEqual([]);
    expect(verdict).toMatchObject({
      ok: true,
      platform: "simulated",
      measurement: { kind: "sgx", mrEnclave: MEASUREMENT, mrSigner: SIGNER, productId: 7, securityVersion: 3 },
      tcbStatus: "UpToDate",
      advisories: [],
      validUntil: AT + 20 * DAY_MS - 1,
    });
    expect(explainVerdict(verdict)).toBeUndefined();
  });

  test("is accepted as it travels, and stays the same bytes", async () => {
    const bytes = encodeEvidence(testEvidence());
    const evidence = decodeDcapEvidence(bytes);
    expect((await verify(evidence)).ok).toBe(true);
    expect(equalBytes(encodeEvidence(evidence), bytes)).toBe(true);
  });

  test.each([0, 1, 64])("is accepted with %i bytes of the quoting enclave's own", async (length) => {
    expect((await verify(testEvidence({ authData: new Uint8Array(length).fill(9) }))).ok).toBe(true);
  });

  test("is accepted with bytes after the quote's end, as some platforms pad", async () => {
    const evidence = testEvidence();
    const quote = new Uint8Array(evidence.quote.length + 70);
    quote.set(evidence.quote);
    expect((await verify({ ...evidence, quote })).ok).toBe(true);
  });

  test("is accepted where there is no handshake to compare its key with", async () => {
    const question = { evidence: testEvidence(), policy: testPolicy(), at: AT };
    expect((await verifyEvidence(question)).ok).toBe(true);
  });

  test("ends when the first of its certificates, lists and texts ends", async () => {
    const until = async (changes: Changes): Promise<number | undefined> =>
      (await verify(testEvidence(changes))).validUntil;
    const soon = AT + DAY_MS;
    expect(await until({ signer: { notAfter: soon } })).toBe(soon);
    expect(await until({ crl: { nextUpdate: soon } })).toBe(soon);
    expect(await until({ tcbInfo: { nextUpdate: "2026-06-16T12:00:00Z" } })).toBe(soon - 1);
    expect(await until({ qeIdentity: { nextUpdate: "2026-06-16T12:00:00Z" } })).toBe(soon - 1);
  });
});

test("a verdict ends when the policy's trust in the measurement does, if that is first", async () => {
  const until = async (validUntil: number): Promise<number | undefined> =>
    (await verify(testEvidence(), { policy: testPolicy({ measurements: [{ identity: IDENTITY, validUntil }] }) }))
      .validUntil;
  expect(await until(AT + DAY_MS)).toBe(AT + DAY_MS);
  expect(await until(AT + 40 * DAY_MS)).toBe(AT + 20 * DAY_MS - 1);
});

test("what is issued at this very instant counts, until the instant before it ends", async () => {
  const window = { issueDate: "2026-06-15T12:00:00Z", nextUpdate: "2026-06-15T12:00:01Z" };
  const verdict = await verify(testEvidence({ tcbInfo: window, qeIdentity: window }));
  expect(verdict).toMatchObject({ ok: true, validUntil: AT + 999 });
});

const SOME_LEVEL = { tcbDate: "2021-11-10T00:00:00Z", tcbStatus: "UpToDate" };
const components = (...svns: number[]): object[] => Array.from({ length: 16 }, (_, i) => ({ svn: svns[i] ?? 0 }));
const level = (others: object, svns: number[] = [], pcesvn = 0): object => ({
  tcb: { sgxtcbcomponents: components(...svns), pcesvn },
  ...SOME_LEVEL,
  ...others,
});

/** One thing that is wrong before anything is signed, so that nothing else is. */
const BROKEN: readonly (readonly [string, Changes, ProblemCode])[] = [
  ["a chain to another root", { root: { key: OTHER_ROOT_KEY } }, "chain-untrusted"],
  ["a revoked certificate", { crl: { revoked: [2] } }, "certificate-revoked"],
  ["an expired certificate", { signer: { notAfter: AT - 1000 } }, "certificate-expired"],
  ["a certificate that is not yet valid", { signer: { notBefore: AT + 1000 } }, "certificate-not-yet-valid"],
  ["an expired revocation list", { crl: { nextUpdate: AT - 1000 } }, "crl-expired"],
  ["a revocation list of the future", { crl: { thisUpdate: AT + 1000 } }, "crl-not-yet-valid"],
  ["a forged revocation list", { crl: { key: OTHER_ROOT_KEY } }, "crl-invalid"],
  ["a revocation list of another issuer", { crl: { issuer: derName([COMMON_NAME, "Nobody"]) } }, "crl-missing"],
  ["TCB info about another processor", { tcbInfo: { fmspc: "0123456789ac" } }, "fmspc-mismatch"],
  ["TCB info about another provisioning enclave", { tcbInfo: { pceId: "0001" } }, "pce-id-mismatch"],
  ["TCB info about TDX", { tcbInfo: { id: "TDX" } }, "collateral-kind"],
  ["TCB info of another version", { tcbInfo: { version: 2 } }, "collateral-kind"],
  ["the identity of TDX's quoting enclave", { qeIdentity: { id: "TD_QE" } }, "collateral-kind"],
  ["an identity of another version", { qeIdentity: { version: 1 } }, "collateral-kind"],
  ["TCB info that has expired", { tcbInfo: { nextUpdate: "2026-06-15T12:00:00Z" } }, "collateral-expired"],
  ["TCB info of the future", { tcbInfo: { issueDate: "2026-06-15T12:00:01Z" } }, "collateral-not-yet-valid"],
  ["an identity that has expired", { qeIdentity: { nextUpdate: "2026-06-15T12:00:00Z" } }, "collateral-expired"],
  ["an identity of the future", { qeIdentity: { issueDate: "2026-06-15T12:00:01Z" } }, "collateral-not-yet-valid"],
  ["a quoting enclave of another signer", { quotingEnclave: { mrSigner: MEASUREMENT } }, "qe-mismatch"],
  ["a quoting enclave of another product", { quotingEnclave: { productId: 1 } }, "qe-mismatch"],
  [
    "a quoting enclave of other attributes",
    { quotingEnclave: { attributes: fromHex("02000000000000000000000000000000") } },
    "qe-mismatch",
  ],
  ["a quoting enclave of another MISCSELECT", { qeIdentity: { miscselect: "01000000" } }, "qe-mismatch"],
  [
    "a quoting enclave below every level",
    { qeIdentity: { tcbLevels: [{ tcb: { isvsvn: 1 }, ...SOME_LEVEL }] } },
    "qe-out-of-date",
  ],
  [
    "a quoting enclave that is out of date",
    { qeIdentity: { tcbLevels: [{ tcb: { isvsvn: 0 }, ...SOME_LEVEL, tcbStatus: "OutOfDate" }] } },
    "qe-out-of-date",
  ],
  [
    "a quoting enclave with an advisory",
    { qeIdentity: { tcbLevels: [{ tcb: { isvsvn: 0 }, ...SOME_LEVEL, advisoryIDs: ["INTEL-SA-00219"] }] } },
    "qe-out-of-date",
  ],
  ["a platform below every level", { tcbInfo: { tcbLevels: [level({}, [1])] } }, "tcb-level-unknown"],
  ["a provisioning enclave below every level", { tcbInfo: { tcbLevels: [level({}, [], 1)] } }, "tcb-level-unknown"],
  [
    "a platform that is out of date",
    { tcbInfo: { tcbLevels: [level({ tcbStatus: "OutOfDate" })] } },
    "tcb-out-of-date",
  ],
  ["a platform that was revoked", { tcbInfo: { tcbLevels: [level({ tcbStatus: "Revoked" })] } }, "tcb-out-of-date"],
  [
    "report data of the quoting enclave that ends otherwise",
    { reportDataTail: MEASUREMENT },
    "attestation-key-unbound",
  ],
  ["another measurement", { enclave: { mrEnclave: SIGNER } }, "measurement-unknown"],
  ["report data of something else", { enclave: { reportData: new Uint8Array(64) } }, "report-data-mismatch"],
  ["another custom identity", { contents: { ...CONTENTS, customIdentity: MEASUREMENT } }, "report-data-mismatch"],
  [
    "no custom identity in place of zeros",
    { contents: { nonce: CONTENTS.nonce, key: CONTENTS.key } },
    "report-data-mismatch",
  ],
];

test.each(Array.from({ length: 16 }, (_, i) => i))("component %i of the platform counts", async (i) => {
  const svns = Array.from({ length: 16 }, (_, j) => (i === j ? 1 : 0));
  const verdict = await verify(testEvidence({ tcbInfo: { tcbLevels: [level({}, svns)] } }));
  expect(explainVerdict(verdict)?.code).toBe("tcb-level-unknown");
});

/** What cannot but be wrong as well: no policy accepts a platform out of date, no other root certifies its signers. */
const FOLLOWING: Readonly<Partial<Record<ProblemClass, readonly ProblemCode[]>>> = {
  tcb: ["tcb-status-refused", "tcb-date-too-old"],
  chain: ["chain-invalid", "platform-refused"],
};

describe("evidence is refused for one thing alone", () => {
  test.each(BROKEN)("%s", async (_what, changes, code) => {
    const verdict = await verify(testEvidence(changes));
    expect(verdict.ok).toBe(false);
    expect(verdict.validUntil).toBeUndefined();
    expect(codes(verdict).filter((each) => !(FOLLOWING[PROBLEMS[code].class] ?? []).includes(each))).toEqual([code]);
    expect(explainVerdict(verdict)?.code).toBe(code);
  });

  test("the key of another handshake", async () => {
    const verdict = await verify(testEvidence(), { handshakeKey: SIGNER });
    expect(codes(verdict)).toEqual(["handshake-key-mismatch"]);
  });

  test("a simulated platform, by who trusts hardware alone", async () => {
    const verdict = await verify(testEvidence(), { policy: testPolicy({ platforms: ["sgx", "tdx", "sev-snp"] }) });
    expect(codes(verdict)).toEqual(["simulated-refused"]);
  });

  test("an enclave that its host can look into, on what is not known to be a simulation", async () => {
    const debugged = { attributes: fromHex("07000000000000000000000000000000") };
    const evidence = testEvidence({ root: { key: OTHER_ROOT_KEY }, enclave: debugged });
    expect(codes(await verify(evidence))).toContain("debug-enabled");
    expect(codes(await verify(evidence, { policy: testPolicy({ allowDebug: true }) }))).not.toContain("debug-enabled");
    expect(codes(await verify(testEvidence({ enclave: debugged })))).toEqual([]);
  });

  test("a platform that the policy does not name, also when its chain leaves the root out", async () => {
    const evidence = testEvidence();
    const text = fromUtf8(evidence.quote.subarray(QUOTE_TEXT));
    const leaf = text.slice(0, text.indexOf("-----END CERTIFICATE-----\n") + 26);
    const quote = concatBytes(evidence.quote.subarray(0, QUOTE_TEXT - 4), le32(leaf.length), utf8(leaf));
    quote.set(le32(quote.length - 436), 432);
    const verdict = await verify({ ...evidence, quote });
    expect(codes(verdict)).toEqual(expect.arrayContaining(["chain-untrusted", "platform-refused"]));
    expect(explainVerdict(verdict)?.code).toBe("chain-untrusted");
  });

  test("a simulated platform, by a policy that names no platform at all", async () => {
    const policy = createPolicy({ measurements: [{ identity: IDENTITY }] });
    expect(codes(await verify(testEvidence(), { policy }))).toEqual(["simulated-refused"]);
  });

  test("a value that stands twice in the platform's certificate", async () => {
    const pck = writePckExtension("software-mode");
    const verdict = await verify(testEvidence({ signer: { pck } }));
    expect(codes(verdict)).toEqual(["evidence-unreadable"]);
    expect(explainVerdict(verdict)?.message).toContain("pck-extension-malformed");
  });
});

describe("evidence with Intel's layers", () => {
  test("holds", async () => {
    expect(codes(await verify(layeredEvidence()))).toEqual([]);
  });

  test.each([
    ["the platform's, by the authority below the root", { revokedByCa: [SERIALS.platform] }],
    ["the authority's, by the root", { revokedByRoot: [SERIALS.pckCa] }],
    ["the signer's of the TCB info, by the root", { revokedByRoot: [SERIALS.tcbSigner] }],
  ])("is refused when a certificate was revoked: %s", async (_what, changes) => {
    expect(codes(await verify(layeredEvidence(changes)))).toEqual(["certificate-revoked"]);
  });

  test("is refused without the list of the authority below the root, or with its list in the root's place", async () => {
    const evidence = layeredEvidence();
    const { rootCaCrl, pckCrl } = evidence.collateral;
    const under = async (crls: Partial<DcapEvidence["collateral"]>): Promise<ProblemCode[]> =>
      codes(await verify({ ...evidence, collateral: { ...evidence.collateral, ...crls } }));
    expect(await under({ pckCrl: rootCaCrl })).toEqual(["crl-missing"]);
    expect(await under({ rootCaCrl: pckCrl })).toEqual(["crl-missing"]);
  });
});

describe("what is signed is refused when it is altered afterwards", () => {
  const good = testEvidence();
  const { collateral, quote } = good;

  test.each([
    ["a blank in the TCB info", { tcbInfo: collateral.tcbInfo.replace('"id":', '"id": ') }, "tcb-info-signature"],
    [
      "another date in the TCB info",
      { tcbInfo: collateral.tcbInfo.replace("2021-11-10", "2021-11-11") },
      "tcb-info-signature",
    ],
    [
      "a blank in the identity",
      { qeIdentity: collateral.qeIdentity.replace('"id":', '"id": ') },
      "qe-identity-signature",
    ],
    [
      "an identity signed with another key",
      { qeIdentity: signJson("enclaveIdentity", JSON.parse(collateral.qeIdentity).enclaveIdentity, OTHER_ROOT_KEY) },
      "qe-identity-signature",
    ],
  ] as const)("%s", async (_what, changes, code) => {
    const verdict = await verify({ ...good, collateral: { ...collateral, ...changes } });
    expect(codes(verdict)).toEqual([code]);
  });

  test.each([
    ["the security version of the quoting enclave in the header", 8, "quote-signature"],
    ["the security version of the provisioning enclave in the header", 10, "quote-signature"],
    ["the vendor", 12, "quote-signature"],
    ["the user data", 28, "quote-signature"],
    ["the enclave's processor versions", 48, "quote-signature"],
    ["the enclave's reserved bytes", 48 + 262, "quote-signature"],
    ["the quote's signature", 436 + 40, "quote-signature"],
    ["the quoting enclave's reserved bytes", 564 + 262, "qe-report-signature"],
    ["the quoting enclave's signature", 948 + 40, "qe-report-signature"],
    ["the quoting enclave's own data", 1014, "attestation-key-unbound"],
  ] as const)("one bit of %s", async (_what, offset, code) => {
    expect(codes(await verify({ ...good, quote: withBit(quote, offset) }))).toEqual([code]);
  });

  test.each([
    ["the version", 0],
    ["the key type", 2],
    ["the platform type", 4],
    ["the length of the signature data", 432],
    ["the attestation key", 500],
    ["the length of the quoting enclave's own data", 1012],
    ["the kind of certification data", 1046],
    ["the length of the certification data", 1048],
    ["the first line of the certificates", 1052],
  ] as const)("one bit of %s, which then cannot be read", async (_what, offset) => {
    const verdict = await verify({ ...good, quote: withBit(quote, offset) });
    expect(codes(verdict)).toEqual(["evidence-unreadable"]);
  });

  test("a quote whose key signed nothing: another attestation key in its place", async () => {
    const altered = quote.slice();
    altered.set(simulatedKey(utf8("another attestation key, for tests")).xy, 500);
    expect(codes(await verify({ ...good, quote: altered }))).toEqual(["attestation-key-unbound", "quote-signature"]);
  });

  test("chains in the wrong order", async () => {
    const reversed = collateral.tcbInfoIssuerChain.toReversed();
    const verdict = await verify({ ...good, collateral: { ...collateral, tcbInfoIssuerChain: reversed } });
    expect(explainVerdict(verdict)).toMatchObject({ code: expect.stringMatching(/^chain-/) });
  });

  test("a root that its key did not sign, in any of the chains", async () => {
    const alter = (chain: readonly Uint8Array[]): Uint8Array[] =>
      chain.map((der, i) => (i === chain.length - 1 ? withBit(der, der.length - 1) : der));
    for (const name of ["tcbInfoIssuerChain", "qeIdentityIssuerChain", "pckCrlIssuerChain"] as const) {
      const verdict = await verify({ ...good, collateral: { ...collateral, [name]: alter(collateral[name]) } });
      expect(codes(verdict), name).toEqual(["chain-invalid"]);
    }
  });

  test("collateral under another root than the quote, although it has the same name", async () => {
    const other = testEvidence({ root: { key: OTHER_ROOT_KEY } }).collateral;
    const verdict = await verify({ ...good, collateral: other });
    expect(codes(verdict)).toEqual(["chain-untrusted", "crl-invalid"]);
  });
});

describe("evidence that cannot be read", () => {
  const good = testEvidence();

  test.each([
    ["an empty quote", { ...good, quote: new Uint8Array() }],
    ["an empty revocation list", { ...good, collateral: { ...good.collateral, pckCrl: new Uint8Array() } }],
    ["a garbage revocation list", { ...good, collateral: { ...good.collateral, rootCaCrl: utf8("garbage") } }],
    ["an empty chain", { ...good, collateral: { ...good.collateral, tcbInfoIssuerChain: [] } }],
    ["a chain of garbage", { ...good, collateral: { ...good.collateral, pckCrlIssuerChain: [utf8("garbage")] } }],
    ["TCB info that is no JSON", { ...good, collateral: { ...good.collateral, tcbInfo: "{" } }],
    [
      "TCB info with half a character",
      { ...good, collateral: { ...good.collateral, tcbInfo: '{"tcbInfo":"\ud800"}' } },
    ],
    ["a nonce of 15 bytes", { ...good, reportData: { ...CONTENTS, nonce: new Uint8Array(15) } }],
    ["an unknown state", testEvidence({ tcbInfo: { tcbLevels: [level({ tcbStatus: "Fine" })] } })],
    [
      "15 components",
      testEvidence({
        tcbInfo: { tcbLevels: [{ ...SOME_LEVEL, tcb: { sgxtcbcomponents: components().slice(1), pcesvn: 0 } }] },
      }),
    ],
  ])("is a verdict and not a crash: %s", async (_what, evidence) => {
    const verdict = await verify(evidence);
    expect(codes(verdict)).toEqual(["evidence-unreadable"]);
    expect(explainVerdict(verdict)?.message).toMatch(/cannot be read: expected .*; found .*\. .+\./);
  });
});

describe("what a policy adds", () => {
  const hardened = testEvidence({
    tcbInfo: {
      tcbLevels: [level({ tcbStatus: "SWHardeningNeeded", advisoryIDs: ["INTEL-SA-00615", "INTEL-SA-00334"] })],
    },
  });
  const dealtWith = { ...IDENTITY, hardeningAdvisories: ["INTEL-SA-00334", "INTEL-SA-00615"] };

  test("advisories are accepted from an identity that names all of them, and from no other", async () => {
    const under = async (hardeningAdvisories: readonly string[]): Promise<ProblemCode[]> =>
      codes(
        await verify(hardened, {
          policy: testPolicy({ measurements: [{ identity: { ...IDENTITY, hardeningAdvisories } }] }),
        }),
      );
    expect(await under(["INTEL-SA-00334", "INTEL-SA-00615"])).toEqual([]);
    expect(await under(["INTEL-SA-00334"])).toEqual(["advisory-refused"]);
    expect(await under([])).toEqual(["tcb-status-refused"]);
  });

  test("states, advisories, evaluations, dates and versions that the policy refuses are refused all the same", async () => {
    const measurements = [{ identity: dealtWith }];
    const under = async (options: Parameters<typeof testPolicy>[0]): Promise<ProblemCode[]> =>
      codes(await verify(hardened, { policy: testPolicy({ measurements, ...options }) }));
    expect(await under({})).toEqual([]);
    expect(await under({ acceptedTcbStatuses: ["UpToDate"] })).toEqual(["tcb-status-refused"]);
    expect(await under({ acceptedAdvisories: ["INTEL-SA-00334"] })).toEqual(["advisory-refused"]);
    expect(await under({ minimumEvaluationDataNumber: 12 })).toEqual([]);
    expect(await under({ minimumEvaluationDataNumber: 13 })).toEqual(["evaluation-too-old"]);
    const olderIdentity = testEvidence({ qeIdentity: { tcbEvaluationDataNumber: 11 } });
    const policy = testPolicy({ minimumEvaluationDataNumber: 12 });
    expect(codes(await verify(olderIdentity, { policy }))).toEqual(["evaluation-too-old"]);
    expect(await under({ minimumTcbDate: Date.UTC(2021, 10, 11) })).toEqual(["tcb-date-too-old"]);
    const below = testEvidence({ tcbInfo: { tcbLevels: [level({}, [1])] } });
    expect(codes(await verify(below, { policy: testPolicy({ minimumTcbDate: 0 }) }))).toContain("tcb-date-too-old");
    expect(await under({ minimumSecurityVersion: 3 })).toEqual([]);
    expect(await under({ minimumSecurityVersion: 4 })).toEqual(["security-version-too-low"]);
  });

  test("times of certificates and of revocation lists can be left out, each by itself", async () => {
    const expired = testEvidence({ signer: { notAfter: AT - 1000 } });
    const staleList = testEvidence({ crl: { nextUpdate: AT - 1000 } });
    expect((await verify(expired, { policy: testPolicy({ checkCertificateTimes: false }) })).ok).toBe(true);
    expect((await verify(expired, { policy: testPolicy({ checkCrlTimes: false }) })).ok).toBe(false);
    expect((await verify(staleList, { policy: testPolicy({ checkCrlTimes: false }) })).ok).toBe(true);
    expect((await verify(staleList, { policy: testPolicy({ checkCertificateTimes: false }) })).ok).toBe(false);
  });

  test("a missing revocation list can be left out, a forged one cannot", async () => {
    const policy = testPolicy({ requireCrls: false });
    const missing = testEvidence({ crl: { issuer: derName([COMMON_NAME, "Nobody"]) } });
    expect((await verify(missing, { policy })).ok).toBe(true);
    expect(codes(await verify(testEvidence({ crl: { key: OTHER_ROOT_KEY } }), { policy }))).toEqual(["crl-invalid"]);
  });
});

describe("a refusal", () => {
  test("makes every check all the same, and speaks of the weightiest problem", async () => {
    const verdict = await verify(
      testEvidence({
        crl: { revoked: [2] },
        enclave: { mrEnclave: SIGNER },
        tcbInfo: { nextUpdate: "2026-06-15T12:00:00Z" },
      }),
      { handshakeKey: SIGNER },
    );
    expect(codes(verdict).sort()).toEqual(
      ["certificate-revoked", "collateral-expired", "handshake-key-mismatch", "measurement-unknown"].sort(),
    );
    const explanation = explainVerdict(verdict);
    expect(explanation?.code).toBe("certificate-revoked");
    expect(explanation?.message).toContain("Also: ");
  });

  test("of an unknown measurement names what is trusted, what was found and what to do", async () => {
    const verdict = await verify(testEvidence({ enclave: { mrEnclave: SIGNER } }));
    const message = explainVerdict(verdict)?.message;
    expect(message).toContain("a1".repeat(32));
    expect(message).toContain("b2".repeat(32));
    expect(message).toContain("Compare the measurement");
  });

  test("of expired collateral tells both times and to look at the clock", async () => {
    const verdict = await verify(testEvidence({ tcbInfo: { nextUpdate: "2026-06-15T12:00:00Z" } }));
    expect(explainVerdict(verdict)?.message).toBe(
      "What Intel says about the platform has expired: expected valid before 2026-06-15T12:00:00Z; " +
        "found checked at 2026-06-15T12:00:00Z. Check this machine's clock; if it is right, the server must refresh " +
        "its collateral.",
    );
  });

  test.each([
    [
      "an expired certificate",
      { signer: { notAfter: AT - 1000 } },
      "A certificate has expired: expected a certificate chain for the TCB info that holds at 2026-06-15T12:00:00Z and " +
        "ends at a trusted root; found a certificate that has expired (2026-03-07T12:00:00Z to 2026-06-15T11:59:59Z). " +
        "Check this machine's clock; if it is right, the server must refresh its collateral.",
    ],
    [
      "a stale revocation list",
      { crl: { nextUpdate: AT - 1000 } },
      "A list of revoked certificates has expired: expected a certificate chain for the TCB info that holds at " +
        "2026-06-15T12:00:00Z and ends at a trusted root; found a revocation list that is no longer fresh (list of " +
        "2026-06-14T12:00:00Z to 2026-06-15T11:59:59Z). Check this machine's clock; if it is right, the server must " +
        "refresh its collateral.",
    ],
    [
      "a revoked certificate",
      { crl: { revoked: [2] } },
      "A certificate was revoked: expected a certificate chain for the TCB info that holds at 2026-06-15T12:00:00Z and " +
        "ends at a trusted root; found a certificate that its issuer has revoked (list of 2026-06-14T12:00:00Z to " +
        "2026-07-15T12:00:00Z). Do not use this server: its maker has withdrawn the trust in its platform.",
    ],
  ] satisfies [string, Changes, string][])("of %s tells the times that matter", async (_what, changes, message) => {
    expect(explainVerdict(await verify(testEvidence(changes)))?.message).toBe(message);
  });

  test("of a state that is not accepted names the advisories", async () => {
    const verdict = await verify(
      testEvidence({
        tcbInfo: { tcbLevels: [level({ tcbStatus: "ConfigurationNeeded", advisoryIDs: ["INTEL-SA-00289"] })] },
      }),
    );
    expect(explainVerdict(verdict)).toMatchObject({
      code: "tcb-status-refused",
      message: expect.stringContaining("INTEL-SA-00289"),
    });
  });

  test("of a state that the policy alone does not accept names the advisories too", async () => {
    const tcbLevels = [level({ tcbStatus: "SWHardeningNeeded", advisoryIDs: ["INTEL-SA-00334"] })];
    const measurements = [{ identity: { ...IDENTITY, hardeningAdvisories: ["INTEL-SA-00334"] } }];
    const policy = testPolicy({ measurements, acceptedTcbStatuses: ["UpToDate"] });
    const explanation = explainVerdict(await verify(testEvidence({ tcbInfo: { tcbLevels } }), { policy }));
    expect(explanation?.message).toContain("expected UpToDate; found SWHardeningNeeded, INTEL-SA-00334. The operator");
  });

  test("of what cannot be read says why, in one sentence", async () => {
    const { message } = explainVerdict(await verify({ ...testEvidence(), quote: new Uint8Array(10) })) ?? {};
    expect(message).toContain(
      "found quote-unsupported: Quotes have version 3, 4 or 5, this one has 0. Check that both",
    );
  });

  test("of a clock that is no number is a refusal", async () => {
    expect((await verify(testEvidence(), { at: Number.NaN })).ok).toBe(false);
  });

  test("has a sentence about what is wrong and one about what to do, for every code", () => {
    for (const { class: kind, says, advice } of Object.values(PROBLEMS)) {
      expect(PROBLEM_CLASSES).toContain(kind);
      expect(says).toMatch(/^[A-Z].*[^.]$/);
      expect(advice).toMatch(/^[A-Z].*\.$/);
    }
  });
});

test("what is judged is what was given: writing to it meanwhile changes neither verdict nor measurement", async () => {
  const evidence = testEvidence();
  const pending = verify(evidence);
  evidence.quote.fill(0);
  const verdict = await pending;
  expect(verdict).toMatchObject({ ok: true, measurement: { mrEnclave: MEASUREMENT } });
});

test("an empty policy is refused before it can accept anything", () => {
  expect(() => createPolicy({ measurements: [] })).toThrow(expect.objectContaining({ code: "policy-empty" }));
  expect(SIGNER_KEY.xy.length).toBe(64);
});
