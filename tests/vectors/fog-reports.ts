// Known answers of Fog reports: digests and signatures of lists of reports, owners' signatures over an authority's key, and
// whole answers of a report service (spec 04 §10).
import { readFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import {
  decodeReportResponse,
  encodeReportResponse,
  type FogReport,
  reportDigest,
  signReports,
  verifyReportChain,
} from "@fogbow/core-attest";
import { fromHex } from "@fogbow/core-bytes";
import { Ed25519PrivateKey, ed25519Verify, PrivateKey, schnorrSign, schnorrVerify } from "@fogbow/core-crypto";
import { DcapEvidenceSchema, decodeMessage, encodeMessage, VerificationReportSchema } from "@fogbow/core-wire";
import { Case, expectEqual, expectThat, VectorError } from "./case.ts";
import type { FileFormat } from "./file-formats.ts";
import type { CaseFolder } from "./formats.ts";
import { readKnownAnswers } from "./known-answer-file.ts";

/** The chains of known answers are valid from 2020 to 2070. */
const AT = Date.UTC(2026, 0, 1);

/** The list of reports has the stated digest, which the stated signature is over. */
export function checkReportDigest(one: Case): void {
  const digest = reportDigest(one.parts("reports").map(readReport));
  expectEqual("digest32", digest, one.hex("digest32"));
  if (one.has("signature") && one.has("public_key")) {
    expectThat(ed25519Verify(one.hex("public_key"), digest, one.hex("signature")), "signature does not verify");
  }
}

/** Every owner's signature verifies over its key, and the deterministic one is reproduced. */
export async function checkAuthoritySignatures(one: Case, { folder }: CaseFolder): Promise<void> {
  const context = one.text("context");
  const spki = one.hex("spki_der");
  const signer = new PrivateKey(one.hex("subaddress_view_private_key"));
  const viewKey = one.hex("subaddress_view_public_key");
  const signature = one.hex("signature_deterministic");
  expectEqual("signature_deterministic", schnorrSign(context, signer, spki), signature);
  expectThat(schnorrVerify(context, viewKey, spki, signature), "signature_deterministic does not verify");
  expectThat(!schnorrVerify(context, viewKey, new Uint8Array(), signature), "a signature holds for another key");
  one.parts("empty_spki_vectors").forEach((each, i) => {
    const isValid = schnorrVerify(context, each.hex("view_public_key"), new Uint8Array(), each.hex("signature"));
    expectThat(isValid, `empty_spki_vectors ${i} does not verify`);
  });
  if (one.has("report_response")) {
    await checkStatedResponse(one.part("report_response"), { folder, spki });
  }
}

/** Whole answers of a report service, `fog_report_response….bin`. */
export const FOG_REPORT_RESPONSES: FileFormat = {
  name: "fog_report_response",
  holds: (path) => /^fog_report_response.*\.bin$/.test(basename(path)),
  check: async (path) => {
    const response = decodeReportResponse(new Uint8Array(readFileSync(path)));
    const chain = await verifyReportChain(response.chain, AT);
    expectThat(chain.ok, "the chain is refused");
    const digest = reportDigest(response.reports);
    const again = decodeReportResponse(encodeReportResponse(response));
    expectEqual("the digest of the message, encoded again", reportDigest(again.reports), digest);
    expectThat(ed25519Verify(chain.reportKey, digest, response.signature), "the signature does not verify");
    for (const stated of statedResponses(dirname(path), basename(path))) {
      expectEqual("digest32", digest, stated.hex("digest32"));
    }
  },
};

/** An answer beside the file has the stated reports, digest and signature, and our service would have signed it so. */
async function checkStatedResponse(
  stated: Case,
  { folder, spki }: CaseFolder & { readonly spki: Uint8Array },
): Promise<void> {
  const response = decodeReportResponse(new Uint8Array(readFileSync(join(folder, basename(stated.text("file"))))));
  const { reports, chain, signature } = response;
  const ids = Case.of({ ids: stated.list("report_ids") }, "report_ids").list("ids");
  expectThat(ids.length === reports.length && reports.every((each, i) => each.fogReportId === ids[i]), "report_ids");
  const expiries = stated.list("pubkey_expiry").map((each) => Case.of({ each }, "pubkey_expiry").integer("each"));
  expectThat(
    reports.every((each, i) => each.pubkeyExpiry === expiries[i]),
    "pubkey_expiry differs",
  );
  for (const { evidence } of reports) {
    expectThat(evidence?.kind === "dcap", "a report has no evidence");
    const { reportData } = decodeMessage(DcapEvidenceSchema, evidence.encoded, { bytesMax: evidence.encoded.length });
    expectThat(reportData !== undefined, "a report binds no key");
    expectEqual("nonce", reportData.nonce, stated.hex("nonce"));
    expectEqual("key", reportData.key, stated.hex("key"));
    const ingressKey = stated.hex("custom_identity_ingress_key");
    expectEqual("custom_identity_ingress_key", reportData.customIdentity, ingressKey);
  }
  expectEqual("digest32", reportDigest(reports), stated.hex("digest32"));
  expectEqual("signature", signature, stated.hex("signature"));
  const key = new Ed25519PrivateKey(stated.hex("leaf_ed25519_seed"));
  expectEqual("signature, made again", signReports(reports, { chain, key }).signature, signature);
  const verdict = await verifyReportChain(chain, AT);
  expectThat(verdict.ok, "the chain is refused");
  expectEqual("spki_der", verdict.rootSpki, spki);
}

/** What the files of signatures beside an answer state about it. */
function statedResponses(folder: string, name: string): Case[] {
  try {
    const path = join(folder, "fog_authority_sig_kat.json");
    const { cases } = readKnownAnswers(path, readFileSync(path));
    const stated = cases.flatMap((one) => (one?.has("report_response") ? [one.part("report_response")] : []));
    return stated.filter((each) => each.text("file") === name);
  } catch (error) {
    if (error instanceof VectorError || (error instanceof Error && "code" in error)) {
      return []; // There is no such file: then the answer is judged by its own signature alone.
    }
    throw error;
  }
}

function readReport(one: Case): FogReport {
  return {
    fogReportId: one.text("id"),
    evidence: one.has("dcap") ? readDcap(one.part("dcap")) : one.has("ias") ? readIas(one.part("ias")) : undefined,
    pubkeyExpiry: one.integer("expiry"),
  };
}

function readDcap(one: Case): FogReport["evidence"] {
  const collateral = one.has("collateral") ? one.part("collateral") : undefined;
  const data = one.has("report_data") ? one.part("report_data") : undefined;
  const encoded = encodeMessage(DcapEvidenceSchema, {
    ...(one.has("quote") && { quote: { data: one.hex("quote") } }),
    ...(collateral && {
      collateral: {
        pckCrlIssuerChain: collateral.hexList("pck_crl_issuer_chain"),
        rootCaCrl: collateral.hex("root_ca_crl"),
        pckCrl: collateral.hex("pck_crl"),
        tcbInfoIssuerChain: collateral.hexList("tcb_info_issuer_chain"),
        tcbInfo: collateral.text("tcb_info"),
        qeIdentityIssuerChain: collateral.hexList("qe_identity_issuer_chain"),
        qeIdentity: collateral.text("qe_identity"),
      },
    }),
    ...(data && {
      reportData: {
        nonce: data.hex("nonce"),
        key: data.hex("key"),
        customIdentity: data.has("custom_identity") ? data.hex("custom_identity") : fromHex(""),
      },
    }),
  });
  return { kind: "dcap", encoded };
}

function readIas(one: Case): FogReport["evidence"] {
  const encoded = encodeMessage(VerificationReportSchema, {
    sig: { contents: one.hex("sig") },
    chain: one.hexList("chain"),
    httpBody: one.text("http_body"),
  });
  return { kind: "verification-report", encoded };
}
