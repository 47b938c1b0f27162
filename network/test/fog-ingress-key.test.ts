// The command that prints an ingress key: what it refuses before it trusts anything.
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { run } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "fogbow-ingress-key-"));
const at = (name: string): string => join(folder, name);
const measurements = ["--measurements", at("measurements.json"), "--trust-simulated"];
afterAll(() => rmSync(folder, { recursive: true, force: true }));

test("an ingress key is printed for addresses with a Fog that answers, and for no others", async () => {
  const identity = { MRENCLAVE: "ab".repeat(32), mitigated_config_advisories: [], mitigated_hardening_advisories: [] };
  writeFileSync(at("measurements.json"), JSON.stringify({ v1: { "fog-ingest": identity } }));
  writeFileSync(at("none.pub"), "no address");
  const none = await run(["fog", "ingress-key", at("none.pub"), ...measurements]);
  expect([none.code === 0, none.out]).toEqual([false, ""]);
  expect(none.error).toContain("no public address");

  await run(["fog", "keys", "--num", "1", "--out", at("plain")]);
  const plain = await run(["fog", "ingress-key", at("plain/account_keys_0.pub"), ...measurements]);
  expect([plain.code === 0, plain.out]).toEqual([false, ""]);
  expect(plain.error).toContain("does not use Fog");

  await run(["fog", "authority", "new", "--out", at("authority")]);
  const fog = ["--fog-report-url", "insecure-fog://127.0.0.1:1", "--fog-authority-root", at("authority/root.pem")];
  await run(["fog", "keys", "--num", "1", "--out", at("keys"), ...fog]);
  const began = Date.now();
  const retries = ["--retry-seconds", "1"];
  const silent = await run(["fog", "ingress-key", at("keys/account_keys_0.pub"), ...measurements, ...retries]);
  expect([silent.code === 0, silent.out]).toEqual([false, ""]);
  expect(silent.error).toContain("no answer");
  expect(Date.now() - began).toBeGreaterThan(500);
});
