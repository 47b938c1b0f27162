// Certificate chains of Fog report services, one a file: `fog_chain_ok….pem` must pass, `fog_chain_fail_<reason>.pem` must
// fail for the reason in its name (spec 04 §17).
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { AttestError, fromPem, verifyReportChain } from "@fogbow/core-attest";
import { expectThat } from "./case.ts";
import type { FileFormat } from "./file-formats.ts";

/** The chains are valid from 2020 to 2070, but for those that are made to fail. */
const AT = Date.UTC(2026, 0, 1);

/** What each reason may be called by our code. Another reason must fail in any way. */
const REASONS: Readonly<Record<string, readonly string[]>> = {
  reversed: ["chain-broken", "issuer-not-ca"],
  missing_link: ["chain-broken"],
  missing_root: ["root-not-self-issued", "untrusted-root"],
  leaf_expired: ["certificate-expired"],
  leaf_not_yet_valid: ["certificate-not-yet-valid"],
  tree: ["chain-broken"],
  issuer_not_ca: ["issuer-not-ca"],
};

/** The chains of `fog_chains`. */
export const FOG_CHAINS: FileFormat = {
  name: "fog_chains",
  holds: (path) => /^fog_chain_.*\.pem$/.test(basename(path)) || /\/fog_chains\/[^/]+\.pem$/.test(path),
  check: async (path) => {
    const outcome = await outcomeOf(readFileSync(path, "utf8"));
    const [, verdict, reason] = /^.*?_(ok|fail)_?(.*)\.pem$/.exec(basename(path)) ?? [];
    expectThat(verdict !== undefined, "the name says neither ok nor fail");
    if (verdict === "ok") {
      expectThat(outcome === "ok", `is refused: ${outcome}`);
      return;
    }
    expectThat(outcome !== "ok", "is accepted");
    const fitting = REASONS[reason ?? ""];
    expectThat(fitting === undefined || fitting.includes(outcome), `is refused for another reason: ${outcome}`);
  },
};

/** `ok`, or the code of what is wrong. */
async function outcomeOf(pem: string): Promise<string> {
  try {
    const verdict = await verifyReportChain(fromPem(pem), AT);
    return verdict.ok ? "ok" : verdict.problem;
  } catch (error) {
    if (error instanceof AttestError) {
      return error.code;
    }
    throw error;
  }
}
