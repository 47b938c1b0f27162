import { expect, test, vi } from "vitest";
import { RuntimeError } from "../src/error.ts";
import { PendingCalls } from "../src/host/pending-calls.ts";

const MEBIBYTE = 1_048_576;

test("calls find room up to the bound of bytes, and again when one is over", async () => {
  const calls = new PendingCalls(10, () => {});
  const first = calls.add(63 * MEBIBYTE, {});
  expect(calls.hasRoom(MEBIBYTE)).toBe(true);
  expect(calls.hasRoom(MEBIBYTE + 1)).toBe(false);
  calls.resolve(first.id, new Uint8Array([1]));
  expect(await first.answer).toEqual(new Uint8Array([1]));
  expect(calls.hasRoom(64 * MEBIBYTE)).toBe(true);
});

test("a call that is over is not settled again, and its room is not given twice", async () => {
  const calls = new PendingCalls(1, () => {});
  const { id, answer } = calls.add(64 * MEBIBYTE, {});
  calls.resolve(id, new Uint8Array([1]));
  calls.resolve(id, new Uint8Array([2]));
  calls.reject(id, new RuntimeError("enclave-crashed", "late"));
  expect(await answer).toEqual(new Uint8Array([1]));
  calls.add(64 * MEBIBYTE, {}).answer.catch(() => {});
  expect(calls.hasRoom(0)).toBe(false);
  calls.rejectAll("enclave-closed", "over");
});

test("a signal that is used for many calls keeps none of them when they are over", async () => {
  const calls = new PendingCalls(10, () => {});
  const { signal } = new AbortController();
  const removed: string[] = [];
  const { removeEventListener } = signal;
  signal.removeEventListener = (...args: Parameters<typeof removeEventListener>) => {
    removed.push(args[0]);
    removeEventListener.apply(signal, args);
  };
  const { id, answer } = calls.add(0, { signal });
  calls.resolve(id, new Uint8Array(0));
  await answer;
  expect(removed).toEqual(["abort"]);
});

test("a call that was given up keeps its room until the enclave has answered", async () => {
  const calls = new PendingCalls(1, () => {});
  const controller = new AbortController();
  const { id, answer } = calls.add(0, { signal: controller.signal });
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: "call-cancelled" });
  expect(calls.hasRoom(0)).toBe(false);
  calls.reject(id, new RuntimeError("call-cancelled", "The enclave knows."));
  expect(calls.hasRoom(0)).toBe(true);
});

test("the deadline of a cancelled call still shows whether the enclave answers", async () => {
  const told: string[] = [];
  const calls = new PendingCalls(2, (_, code) => told.push(code));
  const controller = new AbortController();
  const silent = calls.add(0, { signal: controller.signal, deadlineMs: 5 });
  const answered = calls.add(0, { signal: controller.signal, deadlineMs: 1 });
  controller.abort();
  await expect(silent.answer).rejects.toMatchObject({ code: "call-cancelled" });
  await expect(answered.answer).rejects.toMatchObject({ code: "call-cancelled" });
  calls.resolve(answered.id, new Uint8Array(0));
  await vi.waitFor(() => expect(told).toEqual(["call-cancelled", "call-cancelled", "deadline-exceeded"]));
  calls.rejectAll("enclave-closed", "over");
});

test("whoever gives up is told first, and the enclave after that", async () => {
  const order: string[] = [];
  const calls = new PendingCalls(10, (id, code) => order.push(`${code} ${id}`));
  const controller = new AbortController();
  const { id, answer } = calls.add(0, { signal: controller.signal });
  controller.abort();
  await expect(answer).rejects.toMatchObject({ code: "call-cancelled" });
  expect(order).toEqual([`call-cancelled ${id}`]);
});
