// Verifying peers in a handshake: one readable error with a code, and verdicts that are kept no longer than they hold.
import { describe, expect, test } from "vitest";
import { createCollateralParser, PARSED_COLLATERAL_MAX } from "../../src/evidence/collateral-parser.ts";
import { encodeEvidence } from "../../src/evidence/evidence-codec.ts";
import { assertVerdict, createEvidenceVerifier } from "../../src/evidence/evidence-verifier.ts";
import { RecentEntries } from "../../src/evidence/recent-entries.ts";
import { reportDataOf } from "../../src/evidence/report-data.ts";
import { createReportEvidenceVerifier } from "../../src/evidence/report-evidence.ts";
import { createVerdictCache, VERDICTS_MAX } from "../../src/evidence/verdict-cache.ts";
import { verifyEvidence } from "../../src/evidence/verify-evidence.ts";
import { withdrawMeasurements } from "../../src/policy/policy.ts";
import { AT, CONTENTS, DAY_MS, SIGNER, testEvidence, testPolicy } from "./test-evidence.ts";

const EVIDENCE = testEvidence();
const BYTES = encodeEvidence(EVIDENCE);
const PEER = { kind: "dcap", bytes: BYTES, key: CONTENTS.key } as const;

describe("a verifier of handshakes", () => {
  const verify = createEvidenceVerifier({ policy: () => testPolicy(), now: () => AT });

  test("gives the verdict of evidence that holds, again and again", async () => {
    expect(await verify(PEER)).toMatchObject({ ok: true, platform: "simulated" });
    expect(await verify(PEER)).toMatchObject({ ok: true });
  });

  test("rejects with the code and the explanation of what is wrong", async () => {
    const refusal = verify({ ...PEER, key: SIGNER });
    await expect(refusal).rejects.toMatchObject({ name: "AttestError", code: "handshake-key-mismatch" });
    await expect(refusal).rejects.toThrow(
      /^The evidence is for another key .*: expected b2b2.*; found 1111.*\. Do not/,
    );
  });

  test("rejects what cannot be decoded, and the older kind of evidence", async () => {
    await expect(verify({ ...PEER, bytes: BYTES.subarray(1) })).rejects.toMatchObject({ code: "evidence-malformed" });
    await expect(verify({ ...PEER, kind: "sev-snp" })).rejects.toMatchObject({ name: "AttestError" });
    await expect(verify({ ...PEER, kind: "epid" })).rejects.toMatchObject({ code: "evidence-unsupported" });
  });

  test("asks for the policy and the time in force at each handshake", async () => {
    let policy = testPolicy();
    let at = AT;
    const live = createEvidenceVerifier({ policy: () => policy, now: () => at });
    await live(PEER);
    policy = withdrawMeasurements(policy, () => true);
    await expect(live(PEER)).rejects.toMatchObject({ code: "measurement-withdrawn" });
    policy = testPolicy();
    at = AT + 40 * DAY_MS;
    await expect(live(PEER)).rejects.toMatchObject({ code: "crl-expired" });
  });
});

describe("a verifier of Fog's reports", () => {
  const report = (changes: Parameters<typeof testEvidence>[0] = {}) => ({
    kind: "dcap" as const,
    encoded: encodeEvidence(testEvidence(changes)),
  });
  const verify = createReportEvidenceVerifier({ policy: () => testPolicy(), now: () => AT });

  test("gives the ingress key of an enclave that is trusted, and until when", async () => {
    expect(await verify(report())).toMatchObject({
      ok: true,
      ingressKey: CONTENTS.customIdentity,
      validUntil: AT + 20 * DAY_MS - 1,
    });
  });

  test("refuses an enclave that is not trusted, one without an ingress key, and what it cannot read, each with a reason", async () => {
    const refused = async (evidence: Parameters<typeof verify>[0]): Promise<string> => {
      const verdict = await verify(evidence);
      return verdict.ok ? "accepted" : verdict.reason;
    };
    expect(await refused(report({ enclave: { mrEnclave: SIGNER } }))).toContain("code that is not trusted");
    const contents = { nonce: CONTENTS.nonce, key: CONTENTS.key };
    const without = report({ contents, enclave: { reportData: reportDataOf(contents) } });
    expect(await refused(without)).toContain("no ingress key");
    expect(await refused({ kind: "dcap", encoded: BYTES.subarray(1) })).toContain("cannot be decoded");
    expect(await refused({ kind: "verification-report", encoded: BYTES })).toContain("EPID");
  });
});

describe("a cache of verdicts", () => {
  const question = { evidence: EVIDENCE, policy: testPolicy(), at: AT, handshakeKey: CONTENTS.key };

  test("gives the same verdict for the same question while it holds", async () => {
    const verify = createVerdictCache();
    const verdict = await verify(question);
    expect(verdict.ok).toBe(true);
    expect(await verify({ ...question, at: verdict.validUntil ?? 0 })).toBe(verdict);
  });

  test("verifies anew once it has ended, and before the time it was made", async () => {
    const verify = createVerdictCache();
    const verdict = await verify(question);
    const later = await verify({ ...question, at: (verdict.validUntil ?? 0) + 1 });
    expect(later.ok).toBe(false);
    await verify(question);
    expect(await verify({ ...question, at: AT - 2 * DAY_MS })).toMatchObject({ ok: false });
  });

  test("keeps nothing for another key, other evidence or another policy", async () => {
    const verify = createVerdictCache();
    const verdict = await verify(question);
    expect((await verify({ ...question, handshakeKey: SIGNER })).ok).toBe(false);
    expect(await verify({ ...question, evidence: testEvidence({ enclave: { productId: 8 } }) })).not.toBe(verdict);
    expect(await verify({ ...question, policy: testPolicy({ minimumSecurityVersion: 1 }) })).not.toBe(verdict);
    const { handshakeKey: _, ...withoutKey } = question;
    expect(await verify(withoutKey)).not.toBe(verdict);
  });

  test("does not outlive a measurement that was withdrawn", async () => {
    const verify = createVerdictCache();
    await verify(question);
    const policy = withdrawMeasurements(question.policy, () => true);
    expect(await verify({ ...question, policy })).toMatchObject({ problems: [{ code: "measurement-withdrawn" }] });
  });

  test("is not emptied by refusals, of which anyone can make any number", async () => {
    const verify = createVerdictCache();
    const verdict = await verify(question);
    for (let i = 0; i <= VERDICTS_MAX; i++) {
      await verify({ ...question, evidence: { ...EVIDENCE, quote: Uint8Array.of(i, i >> 8) } });
    }
    expect(await verify(question)).toBe(verdict);
  });

  test("does not keep refusals: what is mended is accepted", async () => {
    const verify = createVerdictCache();
    expect((await verify({ ...question, at: AT - 2 * DAY_MS })).ok).toBe(false);
    expect((await verify(question)).ok).toBe(true);
  });
});

describe("evidence that cannot travel", () => {
  const { collateral } = EVIDENCE;
  const BAD = [
    ["half a surrogate pair", { collateral: { ...collateral, tcbInfo: `${collateral.tcbInfo}\ud800` } }],
    ["too many bytes", { collateral: { ...collateral, rootCaCrl: new Uint8Array(300_000) } }],
    ["a quote that is too long", { quote: new Uint8Array(300_000) }],
  ] as const;

  test.each(BAD)("is refused by caches as without them: %s", async (_what, changes) => {
    const question = { evidence: { ...EVIDENCE, ...changes }, policy: testPolicy(), at: AT };
    const unreadable = { ok: false, problems: [{ code: "evidence-unreadable" }] };
    expect(await createVerdictCache()(question)).toMatchObject(unreadable);
    expect(await verifyEvidence(question, { parseCollateral: createCollateralParser() })).toMatchObject(unreadable);
  });

  test("is not taken for evidence that can: a custom identity of no bytes for none", async () => {
    const contents = { nonce: CONTENTS.nonce, key: CONTENTS.key };
    const evidence = testEvidence({ contents, enclave: { reportData: reportDataOf(contents) } });
    const verify = createVerdictCache();
    const question = { evidence, policy: testPolicy(), at: AT };
    expect((await verify(question)).ok).toBe(true);
    const reportData = { ...contents, customIdentity: new Uint8Array() };
    expect((await verify({ ...question, evidence: { ...evidence, reportData } })).ok).toBe(false);
  });
});

describe("parsed collateral", () => {
  test("is kept by its bytes: the same object for the same, another for one bit more", () => {
    const parse = createCollateralParser();
    const first = parse(EVIDENCE.collateral);
    expect(parse(testEvidence().collateral)).toBe(first);
    expect(parse({ ...EVIDENCE.collateral, tcbInfo: `${EVIDENCE.collateral.tcbInfo} ` })).not.toBe(first);
  });

  test("is not confused when a byte moves from one list to the next", () => {
    const { collateral } = EVIDENCE;
    const parse = createCollateralParser();
    const first = parse(collateral);
    const { pckCrlIssuerChain: before, tcbInfoIssuerChain: after } = collateral;
    const moved = {
      ...collateral,
      pckCrlIssuerChain: before.slice(0, -1),
      tcbInfoIssuerChain: [...before.slice(-1), ...after],
    };
    expect(parse(moved)).not.toBe(first);
  });

  test("is forgotten when too many others came after it", () => {
    const entries = new RecentEntries<number>(PARSED_COLLATERAL_MAX);
    for (let i = 0; i <= PARSED_COLLATERAL_MAX; i++) {
      entries.set(`${i}`, i);
      entries.get("1"); // It stays in use.
    }
    expect([entries.get("0"), entries.get("1"), entries.size]).toEqual([undefined, 1, PARSED_COLLATERAL_MAX]);
  });
});

test("asserting a verdict that is ok does nothing", async () => {
  const verdict = await verifyEvidence({ evidence: EVIDENCE, policy: testPolicy(), at: AT });
  expect(() => assertVerdict(verdict)).not.toThrow();
});
