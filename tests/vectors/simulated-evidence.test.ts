// The command's word on simulated evidence: whatever field of a good folder is changed, its case fails, and what is only for
// information may be left out.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  createSimulatedPlatform,
  encodeEvidence,
  KeyPair,
  makeSimulatedEvidence,
  reportDataOf,
  simulatedMrSigner,
  softwareModeRoot,
  toPem,
} from "@fogbow/core-attest";
import { toHex } from "@fogbow/core-bytes";
import { afterEach, beforeEach, expect, test } from "vitest";
import { checkVectors, type ExitCode } from "./check-vectors.ts";

const AT = Date.UTC(2026, 5, 15, 12);
const PRIVATE_KEY = new Uint8Array(32).fill(9);
const MEASUREMENT = new Uint8Array(32).fill(0xe1);
const CONTENTS = {
  nonce: new Uint8Array(16).fill(0x42),
  key: new KeyPair(PRIVATE_KEY).publicKey,
  customIdentity: new Uint8Array(32),
};

const PARTS = { random: (length: number) => new Uint8Array(length).fill(7), now: AT };
const MADE = makeSimulatedEvidence(
  createSimulatedPlatform("software-mode", PARTS),
  { measurement: MEASUREMENT, productId: 3, securityVersion: 9 },
  { contents: CONTENTS, now: AT },
);
/** As the reference has it, the revocation lists are those of another root. */
const { rootCaCrl, pckCrl } = createSimulatedPlatform("simulated", PARTS).collateral(AT);
const EVIDENCE = { ...MADE, collateral: { ...MADE.collateral, rootCaCrl, pckCrl } };
const BYTES = encodeEvidence(EVIDENCE);

const ANSWERS: Readonly<Record<string, unknown>> = {
  verify_at: "2026-06-15T12:00:00Z",
  root_private_scalar: "82001573a003fd3b7fd72ffb0eaf63aac62f12deb629dca72785a66268ec758b",
  status: "UpToDate",
  mr_enclave: toHex(MEASUREMENT),
  mr_signer: toHex(simulatedMrSigner("software-mode")),
  isv_prod_id: 3,
  isv_svn: 9,
  attributes_flags: "0700000000000000 (INIT|DEBUG|MODE64BIT)",
  x25519_static_private: toHex(PRIVATE_KEY),
  x25519_static_public: toHex(CONTENTS.key),
  nonce: toHex(CONTENTS.nonce),
  custom_identity: toHex(CONTENTS.customIdentity),
  report_data: toHex(reportDataOf(CONTENTS)),
  quote_length: EVIDENCE.quote.length,
  evidence_length: BYTES.length,
};

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "fogbow-simulated-"));
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

async function check(answers: object): Promise<{ readonly exitCode: ExitCode; readonly lines: readonly string[] }> {
  writeFileSync(join(folder, "sim_dcap_evidence.bin"), BYTES);
  writeFileSync(join(folder, "sim_quote.dat"), EVIDENCE.quote);
  writeFileSync(join(folder, "sim_root.pem"), toPem(softwareModeRoot().der));
  writeFileSync(join(folder, "sim_expected.json"), JSON.stringify(answers));
  const lines: string[] = [];
  return { exitCode: await checkVectors([folder], (line) => lines.push(line)), lines };
}

/** The same field with another content of the same form. */
function changed(value: unknown): unknown {
  const turn = (text: string): string => text.replace(/\d/, (digit) => `${(Number(digit) + 1) % 10}`);
  return typeof value === "number" ? value + 1 : value === "UpToDate" ? "OutOfDate" : turn(String(value));
}

test("a folder that is as it should be passes", async () => {
  const { exitCode, lines } = await check(ANSWERS);
  expect(lines).toContain("sim_expected.json: sim_expected, 1 passed, 0 failed");
  expect(exitCode).toBe(0);
});

test.each(Object.keys(ANSWERS))("another %s fails", async (field) => {
  const { exitCode, lines } = await check({ ...ANSWERS, [field]: changed(ANSWERS[field]) });
  expect(lines.join()).toContain("0 passed, 1 failed");
  expect(exitCode).toBe(1);
});

test("other names of flags fail", async () => {
  const flags = { attributes_flags: "0700000000000000 (INIT|MODE64BIT)" };
  expect((await check({ ...ANSWERS, ...flags })).exitCode).toBe(1);
});

test("the custom identity cannot be left out where there is one: zeros are not the same as none", async () => {
  const { custom_identity: _, ...others } = ANSWERS;
  expect((await check(others)).exitCode).toBe(1);
});

test.each(["attributes_flags", "x25519_static_private"])("%s may be left out", async (field) => {
  expect((await check({ ...ANSWERS, [field]: undefined })).exitCode).toBe(0);
});
