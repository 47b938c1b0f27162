import { keepEvidenceFresh } from "@fogbow/runtime-enclave";
import { afterEach, beforeEach, expect, test, vi } from "vitest";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const evidence = { kind: "dcap", bytes: new Uint8Array(0) } as const;

test("evidence is refreshed every 18 hours, and not after it was stopped", async () => {
  const refreshEvidence = vi.fn(async () => evidence);
  const stop = keepEvidenceFresh({ refreshEvidence }, { onFailure: () => {} });
  await vi.advanceTimersByTimeAsync(18 * 3_600_000 - 1);
  expect(refreshEvidence).toHaveBeenCalledTimes(0);
  await vi.advanceTimersByTimeAsync(1);
  expect(refreshEvidence).toHaveBeenCalledTimes(1);
  await vi.advanceTimersByTimeAsync(18 * 3_600_000);
  expect(refreshEvidence).toHaveBeenCalledTimes(2);
  stop();
  await vi.advanceTimersByTimeAsync(48 * 3_600_000);
  expect(refreshEvidence).toHaveBeenCalledTimes(2);
});

test("a failed refresh is told, and tried again soon until it succeeds", async () => {
  const refreshEvidence = vi.fn(async () => evidence);
  refreshEvidence.mockRejectedValueOnce(new Error("one")).mockRejectedValueOnce(new Error("two"));
  const failures: unknown[] = [];
  const stop = keepEvidenceFresh(
    { refreshEvidence },
    { everyMs: 1000, retryMs: 10, onFailure: (e) => failures.push(e) },
  );
  await vi.advanceTimersByTimeAsync(1020);
  expect(failures).toHaveLength(2);
  expect(refreshEvidence).toHaveBeenCalledTimes(3);
  await vi.advanceTimersByTimeAsync(999);
  expect(refreshEvidence).toHaveBeenCalledTimes(3);
  stop();
});
