// Known answers of Intel's discontinued attestation service: real reports, judged at the time they were signed (spec 04 §8).
import { type IasReportQuestion, type IasReportVerdict, parseIasReport, verifyIasReport } from "@fogbow/core-attest";
import { type Case, expectThat } from "./case.ts";

/**
 * A report is accepted by who trusts its enclave in spite of its advisories, and by nobody else: not when it is trusted
 * without them, when debug is refused, when nothing is trusted, or when one character is changed.
 */
export async function checkIasReport(one: Case): Promise<void> {
  const report = { signature: one.hex("sig"), chain: one.hexList("chain_der"), httpBody: one.text("http_body") };
  const { body, quoteStatus, advisories } = parseIasReport(report.httpBody);
  const trusting = (hardeningAdvisories: readonly string[]): IasReportQuestion["policy"] => ({
    measurements: [
      { identity: { kind: "mr-enclave", mrEnclave: body.mrEnclave, configAdvisories: [], hardeningAdvisories } },
    ],
    allowDebug: true,
  });

  const policy = trusting(advisories);
  expectOk(await verifyIasReport({ report, policy, key: body.reportData.subarray(0, 32) }));
  expectRefused("with one character changed", await verifyIasReport({ report: altered(report), policy }));
  const nothing = { measurements: [], allowDebug: true };
  expectRefused("by a policy that trusts nothing", await verifyIasReport({ report, policy: nothing }));
  const otherKey = body.reportData.subarray(0, 32).map((byte) => byte ^ 1);
  expectRefused("for another key", await verifyIasReport({ report, policy, key: otherKey }));
  if (quoteStatus !== "OK") {
    expectRefused("without its advisories", await verifyIasReport({ report, policy: trusting([]) }));
  }
  if (((body.attributes[0] ?? 0) & 2) !== 0) {
    const strict = { ...policy, allowDebug: false };
    expectRefused("with debug", await verifyIasReport({ report, policy: strict }));
  }
}

function expectOk(verdict: IasReportVerdict): void {
  expectThat(verdict.ok, verdict.ok ? "" : `is refused: ${verdict.problem}`);
}

function expectRefused(how: string, verdict: IasReportVerdict): void {
  expectThat(!verdict.ok, `is accepted ${how}`);
}

/** The same report with a blank after the first brace, which means the same and is not what was signed. */
function altered(report: IasReportQuestion["report"]): IasReportQuestion["report"] {
  return { ...report, httpBody: report.httpBody.replace("{", "{ ") };
}
