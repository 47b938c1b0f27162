import {
  type Check,
  createPolicy,
  createSimulatedPlatform,
  makeSimulatedEvidence,
  type Verdict,
  verifyEvidence,
} from "@fogbow/core-attest";
import { identityOf } from "@fogbow/runtime-enclave";
import { expect, test } from "vitest";
import { checklistOf } from "./checklist.ts";

const NOW = 1_800_000_000_000;
const MEASUREMENT = new Uint8Array(32).fill(7);
const evidence = makeSimulatedEvidence(
  createSimulatedPlatform("simulated", { random: (length) => new Uint8Array(length).fill(5), now: NOW }),
  { measurement: MEASUREMENT, productId: 1, securityVersion: 1 },
  { contents: { nonce: new Uint8Array(16), key: new Uint8Array(32).fill(9) }, now: NOW },
);
const policy = createPolicy({ measurements: [{ identity: identityOf(MEASUREMENT) }], platforms: ["simulated"] });
const verdict = await verifyEvidence({ evidence, policy, at: NOW, handshakeKey: new Uint8Array(32).fill(9) });

/** Where every check without parts stands, as a path of indices. */
function leafPaths(checks: readonly Check[], above: readonly number[] = []): (readonly number[])[] {
  return checks.flatMap(({ children = [] }, i) =>
    children.length === 0 ? [[...above, i]] : leafPaths(children, [...above, i]),
  );
}

/** The same checks with the one at a path failed, and with it those that it is part of. */
function failAt(checks: readonly Check[], [first, ...rest]: readonly number[]): Check[] {
  return checks.map((check, i) =>
    i === first
      ? { ...check, ok: false, ...(rest.length > 0 && { children: failAt(check.children ?? [], rest) }) }
      : check,
  );
}

const failedLines = (shown: Verdict): string[] =>
  checklistOf(shown, NOW)
    .filter(({ state }) => state === "failed")
    .map(({ id }) => id);

test("every check is in one line, and no line of a good verdict has failed", () => {
  expect(verdict.ok).toBe(true);
  expect(failedLines(verdict)).toEqual([]);
  const names = checklistOf(verdict, NOW).flatMap(({ checks }) => checks.flatMap((each) => each.names));
  expect(names).toHaveLength(leafPaths(verdict.checks).length);
});

test("whichever check fails, one line fails and shows it first", () => {
  for (const path of leafPaths(verdict.checks)) {
    const shown = { ...verdict, ok: false, checks: failAt(verdict.checks, path) };
    const failed = checklistOf(shown, NOW).filter(({ state }) => state === "failed");
    expect(failed, path.join()).toHaveLength(1);
    expect(failed[0]?.checks.map(({ ok }) => ok).slice(0, 2)).not.toEqual([true, false]);
    expect(failed[0]?.checks[0]?.ok).toBe(false);
  }
});

test("a check that fails for none of its parts fails a line", () => {
  const checks = verdict.checks.map((check) => (check.id === "pck-chain" ? { ...check, ok: false } : check));
  expect(failedLines({ ...verdict, checks })).toEqual(["certificates"]);
});

test("of evidence that cannot be read nothing counts as passed", async () => {
  const cut = { ...evidence, quote: evidence.quote.subarray(0, 100) };
  const unreadable = await verifyEvidence({ evidence: cut, policy, at: NOW });
  expect(unreadable.ok).toBe(false);
  expect(failedLines(unreadable)).toEqual(["evidence"]);
  const states = new Set(checklistOf(unreadable, NOW).map(({ state }) => state));
  expect([...states].sort()).toEqual(["failed", "unchecked"]);
});
