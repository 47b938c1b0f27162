// The command's word on quotes and reports: it compares with what a file states, and does not take a refusal for an answer.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createSimulatedPlatform, type IntelCollateral, toPem } from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { checkVectors } from "./check-vectors.ts";

const AT = Date.UTC(2026, 5, 15, 12);
const MACHINE = createSimulatedPlatform("simulated", { random: (length) => new Uint8Array(length).fill(7), now: AT });
const QUOTE = MACHINE.quote({ measurement: new Uint8Array(32), productId: 1, securityVersion: 1 }, new Uint8Array(64));

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fogbow-quotes-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Collateral in the form of known answers, where signed texts are parted from their signatures. */
function collateralFile(collateral: IntelCollateral): Record<string, string> {
  const pem = (chain: readonly Uint8Array[]): string => chain.map((der) => toPem(der)).join("");
  const object = (text: string): string => text.slice(text.indexOf(":") + 1, text.lastIndexOf(',"signature"'));
  const signature = (text: string): string => JSON.parse(text).signature;
  return {
    pck_crl_issuer_chain: pem(collateral.pckCrlIssuerChain),
    root_ca_crl: toHex(collateral.rootCaCrl),
    pck_crl: toHex(collateral.pckCrl),
    tcb_info_issuer_chain: pem(collateral.tcbInfoIssuerChain),
    tcb_info: object(collateral.tcbInfo),
    tcb_info_signature: signature(collateral.tcbInfo),
    qe_identity_issuer_chain: pem(collateral.qeIdentityIssuerChain),
    qe_identity: object(collateral.qeIdentity),
    qe_identity_signature: signature(collateral.qeIdentity),
  };
}

const CASE = { quote: "quote.dat", collateral: "any_name.json", at: "2026-06-15T12:00:00Z", crl_times: "checked" };

/** Checks one case about the simulated quote, which no root of Intel's certified. */
async function check(
  one: object,
  { quote = QUOTE, collateral = {} }: { quote?: Uint8Array; collateral?: object } = {},
) {
  writeFileSync(join(folder, "quote.dat"), quote);
  const file = { ...collateralFile(MACHINE.collateral(AT)), ...collateral };
  writeFileSync(join(folder, "any_name.json"), JSON.stringify(file));
  writeFileSync(join(folder, "quotes.json"), JSON.stringify({ cases: [{ ...CASE, ...one }] }));
  const lines: string[] = [];
  const exitCode = await checkVectors([folder], (line) => lines.push(line));
  return { exitCode, lines };
}

describe("a case about a quote", () => {
  test("passes when it is refused for the stated class, with its collateral counted beside it", async () => {
    const { exitCode, lines } = await check({ expect: "invalid", because: "chain" });
    expect(lines).toContain("quotes.json: quotes, 1 passed, 0 failed");
    expect(lines).toContain("any_name.json: collateral of quotes, 1 passed, 0 failed");
    expect(exitCode).toBe(0);
  });

  test.each([
    ["valid, when it is refused", { expect: "valid" }],
    ["refused for another class", { expect: "invalid", because: "expired" }],
    ["something that is no answer", { expect: "fine" }],
    ["times of lists that are neither checked nor ignored", { expect: "invalid", because: "chain", crl_times: "some" }],
    ["an instant that is none", { expect: "invalid", because: "chain", at: "tomorrow" }],
  ])("fails when it states %s", async (_what, one) => {
    expect((await check(one)).exitCode).toBe(1);
  });

  test.each([
    ["a quote that is cut short", { quote: QUOTE.subarray(0, 500) }],
    ["a revocation list that is empty", { collateral: { pck_crl: "" } }],
    ["a revocation list that is no hexadecimal", { collateral: { root_ca_crl: "garbage" } }],
    ["an empty chain", { collateral: { tcb_info_issuer_chain: "" } }],
    ["TCB info that is missing", { collateral: { tcb_info: undefined } }],
  ])("is malformed, and not a case that cannot be checked: %s", async (_what, files) => {
    expect((await check({ expect: "invalid", because: "malformed" }, files)).exitCode).toBe(0);
  });
});

test("a case about a report that cannot be read is malformed", async () => {
  writeFileSync(join(folder, "report.hex"), "00".repeat(1184));
  writeFileSync(join(folder, "vcek.der"), MACHINE.collateral(AT).tcbInfoIssuerChain[0] ?? "");
  writeFileSync(
    join(folder, "chain.pem"),
    MACHINE.collateral(AT)
      .tcbInfoIssuerChain.map((der) => toPem(der))
      .join(""),
  );
  const one = { report: "report.hex", vcek: "vcek.der", chain: "chain.pem", product: "Milan", at: CASE.at };
  const run = async (cases: object[]): Promise<number> => {
    writeFileSync(join(folder, "snp_reports.json"), JSON.stringify({ cases }));
    return await checkVectors([folder], () => undefined);
  };
  expect(await run([{ ...one, expect: "invalid", because: "malformed" }])).toBe(0);
  expect(await run([{ ...one, expect: "invalid", because: "chain" }])).toBe(1);
  expect(await run([{ ...one, product: "Naples", expect: "invalid", because: "malformed" }])).toBe(1);
});
