// The known answer of evidence from the reference's software mode (spec 04 §9): accepted by who trusts that root and asks no
// revocation lists of it, and by nobody else.
import { createECDH } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import {
  appraiseQuote,
  type Certificate,
  createPolicy,
  type DcapEvidence,
  decodeDcapEvidence,
  type EvidencePlatform,
  encodeEvidence,
  explainVerdict,
  fromPem,
  intelSgxRoot,
  parseCertificate,
  type QuoteRules,
  reportDataOf,
  type Verdict,
  verifyEvidence,
} from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import { kernel } from "@fogbow/kernel";
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
  expectEqual("report_data", reportDataOf(evidence.reportData), one.hex("report_data"));
  expectEqual("nonce", evidence.reportData.nonce, one.hex("nonce"));
  expectEqual("key", evidence.reportData.key, one.hex("x25519_static_public"));
  const root = readRoot(folder);
  checkSecrets(one, root);
  checkCustomIdentity(one, evidence.reportData);
  await checkAppraisal(one, evidence, root);
  await checkVerdicts(one, evidence);
}

/** The private keys that are stated for whoever wants to make evidence alike belong to the public ones. */
function checkSecrets(one: Case, { publicKey }: Certificate): void {
  if (one.has("x25519_static_private")) {
    const key = kernel().x25519.publicKey(one.hex("x25519_static_private"));
    expectEqual("the key of x25519_static_private", key, one.hex("x25519_static_public"));
  }
  const pair = createECDH("prime256v1");
  pair.setPrivateKey(one.hex("root_private_scalar"));
  const point = new Uint8Array(pair.getPublicKey());
  expectEqual("the key of root_private_scalar", publicKey.spki.subarray(-point.length), point);
}

/** Absent is not the same as zeros, and a case may state that there is none (T13). */
function checkCustomIdentity(one: Case, { customIdentity }: DcapEvidence["reportData"]): void {
  if (customIdentity === undefined) {
    expectThat(!one.has("custom_identity"), "custom_identity is absent");
  } else {
    expectEqual("custom_identity", customIdentity, one.hex("custom_identity"));
  }
}

/** The names of the flags, by their bits (spec 04 §6.2). */
const FLAGS: readonly (string | undefined)[] = [
  "INIT",
  "DEBUG",
  "MODE64BIT",
  undefined,
  "PROVISION_KEY",
  "EINITTOKEN_KEY",
  undefined,
  "KSS",
];

/** Flags are stated in the order of memory, in hexadecimal; their names may follow in parentheses. */
function checkFlags(one: Case, attributes: Uint8Array): void {
  if (!one.has("attributes_flags")) {
    return;
  }
  const [, hex = "", names] = /^([0-9a-f]{16})(?: \((.*)\))?$/i.exec(one.text("attributes_flags")) ?? [];
  expectThat(hex.toLowerCase() === toHex(attributes.subarray(0, 8)), "attributes_flags differs");
  const set = FLAGS.filter((name, bit) => name !== undefined && ((attributes[0] ?? 0) >> bit) & 1);
  expectThat(names === undefined || names === set.join("|"), `attributes_flags are ${set.join("|")}`);
}

/** Under its own root the quote holds as stated; not under Intel's, nor with lists demanded, nor with debugging refused. */
async function checkAppraisal(one: Case, { quote, collateral }: DcapEvidence, root: Certificate): Promise<void> {
  const rules: QuoteRules = {
    root,
    at: Date.parse(one.text("verify_at")),
    checkCertificateTimes: true,
    checkCrlTimes: true,
    requireCrls: false,
    allowDebug: true,
    softwareMode: true,
  };
  const { findings, body, tcbStatus } = await appraiseQuote(quote, collateral, rules);
  expectThat(findings.ok, `does not hold under its own root: ${findings.problems.map(({ code }) => code).join(", ")}`);
  expectThat(tcbStatus === one.text("status"), `status is ${tcbStatus}`);
  expectThat(body.kind === "sgx", "is not about an enclave");
  expectEqual("mr_enclave", body.mrEnclave, one.hex("mr_enclave"));
  expectEqual("mr_signer", body.mrSigner, one.hex("mr_signer"));
  expectEqual("isv_prod_id", BigInt(body.productId), one.integer("isv_prod_id"));
  checkFlags(one, body.attributes);
  expectEqual("isv_svn", BigInt(body.securityVersion), one.integer("isv_svn"));

  const holds = async (others: Partial<QuoteRules>): Promise<boolean> =>
    (await appraiseQuote(quote, collateral, { ...rules, ...others })).findings.ok;
  expectThat(!(await holds({ root: intelSgxRoot() })), "holds under Intel's root");
  expectThat(!(await holds({ requireCrls: true })), "holds without revocation lists");
  expectThat(!(await holds({ allowDebug: false })), "holds although its host can look into it");
}

/** Who names software mode accepts evidence under the root of its default seed; who names hardware does not. */
async function checkVerdicts(one: Case, evidence: DcapEvidence): Promise<void> {
  const identity = { mrEnclave: one.hex("mr_enclave"), configAdvisories: [], hardeningAdvisories: [] };
  const verdict = async (platforms: readonly EvidencePlatform[]): Promise<Verdict> =>
    await verifyEvidence({
      evidence,
      policy: createPolicy({ measurements: [{ identity: { kind: "mr-enclave", ...identity } }], platforms }),
      at: Date.parse(one.text("verify_at")),
      handshakeKey: one.hex("x25519_static_public"),
    });
  expectThat(!(await verdict(["sgx", "tdx", "sev-snp"])).ok, "is accepted from hardware only");
  if (one.text("root_private_scalar") === DEFAULT_ROOT_SCALAR) {
    const named = await verdict(["software-mode"]);
    expectThat(named.ok, `is refused: ${explainVerdict(named)?.message}`);
  }
}

/** The root key that the reference's default seed gives (spec 04 §9). */
const DEFAULT_ROOT_SCALAR = "82001573a003fd3b7fd72ffb0eaf63aac62f12deb629dca72785a66268ec758b";

function readRoot(folder: string): Certificate {
  const [der] = fromPem(readFileSync(join(folder, "sim_root.pem"), "utf8"));
  expectThat(der !== undefined, "there is no root");
  return parseCertificate(der);
}
