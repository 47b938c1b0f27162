// The worker's queue.
import { expect, test } from "vitest";
import { EVENTS_MAX } from "../../src/limits.ts";
import { EventQueue } from "../../src/replica/event-queue.ts";

test("events are handled in their order, each to its end, whoever adds some meanwhile", async () => {
  const log: string[] = [];
  const queue = new EventQueue<number>(
    async (event) => {
      log.push(`begin ${event}`);
      if (event === 1) queue.offer(3);
      await Promise.resolve();
      log.push(`end ${event}`);
    },
    { onFault: () => log.push("fault") },
  );
  queue.offer(1);
  queue.offer(2);
  await new Promise(setImmediate);
  expect(log).toEqual(["begin 1", "end 1", "begin 2", "end 2", "begin 3", "end 3"]);
});

test("events that go together can be taken together, and none out of turn", async () => {
  const batches: number[][] = [];
  const queue = new EventQueue<number>(
    async (event, take) => {
      const batch = [event];
      for (let next = take((each) => each < 10); next !== undefined; next = take((each) => each < 10)) batch.push(next);
      batches.push(batch);
    },
    { onFault: () => undefined },
  );
  for (const event of [1, 2, 10, 3]) queue.offer(event);
  await new Promise(setImmediate);
  expect(batches).toEqual([
    [1, 2],
    [10, 3],
  ]);
});

test("a full queue takes no more, except what must not be lost", async () => {
  let handled = 0;
  const queue = new EventQueue<string>(async () => void handled++, { onFault: () => undefined });
  const taken = Array.from({ length: EVENTS_MAX + 5 }, () => queue.offer("message")).filter(Boolean);
  expect(taken).toHaveLength(EVENTS_MAX);
  queue.add("tick");
  await new Promise(setImmediate);
  expect([handled, queue.length]).toEqual([EVENTS_MAX + 1, 0]);
});

test("after a fault nothing is handled, and whoever closes the queue waits for the event in progress", async () => {
  const faults: unknown[] = [];
  const faulty = new EventQueue<number>(
    async () => {
      throw new Error("It is broken.");
    },
    { onFault: (error) => faults.push(error) },
  );
  faulty.offer(1);
  await new Promise(setImmediate);
  expect([faults.length, faulty.offer(2)]).toEqual([1, false]);

  let finish: () => void = () => undefined;
  let isOver = false;
  const slow = new EventQueue<number>(() => new Promise((resolve) => (finish = resolve)), { onFault: () => undefined });
  slow.offer(1);
  slow.offer(2);
  await new Promise(setImmediate);
  const closed = slow.close().then(() => (isOver = true));
  await new Promise(setImmediate);
  expect(isOver).toBe(false);
  finish();
  await closed;
  expect(slow.length).toBe(0);
});
