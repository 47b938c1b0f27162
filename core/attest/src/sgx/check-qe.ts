// Whether a report is one of the quoting enclave that Intel describes (spec 04 §7.2, check 6).
import { equalBytes, toHex } from "@fogbow/core-bytes";
import { Findings } from "../evidence/findings.ts";
import { matchSvnLevel } from "./match-level.ts";
import type { QeIdentity } from "./qe-identity.ts";
import type { SgxReportBody } from "./report-body.ts";

/** Checks every field of the report that the identity speaks of, and that its level is current without advisories. */
export function checkQe(report: SgxReportBody, identity: QeIdentity): Findings {
  const findings = new Findings();
  const same = (id: string, actual: string, expected: string): void =>
    findings.add(id, { ok: actual === expected, problem: "qe-mismatch", expected, actual });
  same("qe-signer", toHex(report.mrSigner), toHex(identity.mrSigner));
  same("qe-product", `product ${report.productId}`, `product ${identity.productId}`);
  const misc = masked(identity.miscSelect, identity.miscSelectMask);
  same("qe-misc-select", toHex(masked(report.miscSelect, identity.miscSelectMask)), toHex(misc));
  const attributes = masked(identity.attributes, identity.attributesMask);
  same("qe-attributes", toHex(masked(report.attributes, identity.attributesMask)), toHex(attributes));
  const level = matchSvnLevel(identity.levels, report.securityVersion);
  findings.add("qe-level", {
    // Stricter than the rule for platforms: an advisory about the quoting enclave concerns every quote it makes (T12).
    ok: level?.status === "UpToDate" && level.advisories.length === 0,
    problem: "qe-out-of-date",
    expected: "UpToDate without advisories",
    actual: [level?.status ?? "below every level", ...(level?.advisories ?? [])].join(", "),
  });
  return findings;
}

/** Whether `actual` and `expected` agree in the bits of the mask. All have the same length. */
export function agreesUnder(mask: Uint8Array, actual: Uint8Array, expected: Uint8Array): boolean {
  return equalBytes(masked(actual, mask), masked(expected, mask));
}

function masked(value: Uint8Array, mask: Uint8Array): Uint8Array {
  return value.map((byte, i) => byte & (mask[i] ?? 0));
}
