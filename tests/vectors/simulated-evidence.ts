// The known answer of evidence from the reference's software mode (spec 04 §9): accepted by who trusts that root and asks no
// revocation lists of it, and by nobody else.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  appraiseQuote,
  createPolicy,
  decodeDcapEvidence,
  encodeEvidence,
  explainVerdict,
  intelSgxRoot,
  type Policy,
  type QuoteRules,
  reportDataOf,
  softwareModeRoot,
  verifyEvidence,
} from "@fogbow/core-attest";
import { type Case, expectEqual, expectThat } from "./case.ts";
import type { CaseFolder } from "./formats.ts";

/** The evidence beside the case holds what is stated, is verified as stated, and only under the rules stated. */
export async function checkSimulatedEvidence(one: Case, { folder }: CaseFolder): Promise<void> {
  const bytes = new Uint8Array(readFileSync(join(folder, "sim_dcap_evidence.bin")));
  const evidence = decodeDcapEvidence(bytes);
  expectEqual("evidence", encodeEvidence(evidence), bytes);
  expectEqual("evidence_length", BigInt(bytes.length), one.integer("evidence_length"));
  expectEqual("quote_length", BigInt(evidence.quote.length), one.integer("quote_length"));
  expectEqual("sim_quote.dat", evidence.quote, new Uint8Array(readFileSync(join(folder, "sim_quote.dat"))));
  const contents = {
    nonce: one.hex("nonce"),
    key: one.hex("x25519_static_public"),
    customIdentity: one.hex("custom_identity"),
  };
  expectEqual("report_data", reportDataOf(contents), one.hex("report_data"));
  expectEqual("key", evidence.reportData.key, contents.key);

  const at = Date.parse(one.text("verify_at"));
  const policy = (mrEnclave: Uint8Array, platforms: Policy["platforms"]): Policy =>
    createPolicy({
      measurements: [{ identity: { kind: "mr-enclave", mrEnclave, configAdvisories: [], hardeningAdvisories: [] } }],
      platforms,
    });
  const question = { evidence, at, handshakeKey: contents.key };
  const trusting = policy(one.hex("mr_enclave"), ["software-mode"]);
  const verdict = await verifyEvidence({ ...question, policy: trusting });
  expectThat(verdict.ok, `is refused: ${explainVerdict(verdict)?.message}`);
  expectThat(verdict.tcbStatus === one.text("status"), `status is ${verdict.tcbStatus}`);
  const hardware = policy(one.hex("mr_enclave"), ["sgx"]);
  expectThat(!(await verifyEvidence({ ...question, policy: hardware })).ok, "is accepted from hardware only");

  const rules: QuoteRules = {
    root: softwareModeRoot(),
    at,
    checkCertificateTimes: true,
    checkCrlTimes: true,
    requireCrls: false,
    allowDebug: true,
    softwareMode: true,
  };
  const holds = async (others: Partial<QuoteRules>): Promise<boolean> =>
    (await appraiseQuote(evidence.quote, evidence.collateral, { ...rules, ...others })).findings.ok;
  expectThat(await holds({}), "does not hold under its own root");
  expectThat(!(await holds({ root: intelSgxRoot() })), "holds under Intel's root");
  expectThat(!(await holds({ requireCrls: true })), "holds without revocation lists");
  expectThat(!(await holds({ allowDebug: false })), "holds although its host can look into it");
}
