import { expect, test } from "vitest";
import { drive } from "../src/load/drive.ts";
import { stop } from "./run-command.ts";

test("workers ask until the time is over, and what they saw is counted", async () => {
  let now = 0;
  let asked = 0;
  const result = await drive(
    { workers: 2, durationMs: 100 },
    async (worker) => {
      asked += 1;
      now += 10;
      if (worker === 1) throw new Error("no answer");
    },
    { now: () => now, signal: new AbortController().signal },
  );
  expect(result.answered + result.failed).toBe(asked);
  expect(result).toMatchObject({ seconds: now / 1_000, failures: { "no answer": result.failed } });
  expect(result.answered).toBeGreaterThan(0);
  expect(result.failed).toBeGreaterThan(0);
  expect(result.p99Ms).toBeGreaterThanOrEqual(result.p50Ms);
});

test("a signal ends it, and without an answer all figures are 0", async () => {
  const stopped = new AbortController();
  let asked = 0;
  const ask = async (): Promise<void> => {
    asked += 1;
    if (asked === 3) stopped.abort();
    throw new Error("no answer");
  };
  const result = await drive({ workers: 1, durationMs: 1e9 }, ask, { now: () => 0, signal: stopped.signal });
  expect(result).toMatchObject({ answered: 0, failed: 3, perSecond: 0, meanMs: 0, p50Ms: 0, p99Ms: 0 });
});

test("bounds are kept", async () => {
  expect(await stop(["load", "view", "--workers", "257"], "invalid-argument")).toContain("from 1 to 256");
  expect(await stop(["load", "pay", "--seconds", "601"], "invalid-argument")).toContain("from 1 to 600");
  const ingest = [
    "load",
    "ingest",
    "--keys",
    "k",
    "--ledger-db",
    "l",
    "--watcher-db",
    "w",
    "-u",
    "insecure-fog-ingest://a/",
  ];
  expect(await stop([...ingest, "--outputs", "5001"], "invalid-argument")).toContain("from 1 to 5000");
  expect(await stop([...ingest, "--blocks", "0"], "invalid-argument")).toContain("from 1 to 1000");
});
