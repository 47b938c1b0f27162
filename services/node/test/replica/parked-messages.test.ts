// Messages that wait for transactions.
import { expect, test } from "vitest";
import { PARKED_MAX, PARKED_PER_SENDER_MAX } from "../../src/limits.ts";
import type { Received } from "../../src/replica/inbox.ts";
import { ParkedMessages } from "../../src/replica/parked-messages.ts";

const message = (sender: string, n: number): Received =>
  ({ sender, payload: new Uint8Array([n]) }) as unknown as Received;

test("messages come out in the order in which they were parked", () => {
  const parked = new ParkedMessages();
  for (const n of [3, 1, 2]) parked.add(message("a", n));
  expect(parked.takeAll().map(({ payload }) => payload[0])).toEqual([3, 1, 2]);
  expect(parked.size).toBe(0);
});

test("a sender who says more than can wait loses his own oldest message, not those of others", () => {
  const parked = new ParkedMessages();
  parked.add(message("b", 99));
  for (let n = 0; n <= PARKED_PER_SENDER_MAX; n++) parked.add(message("a", n));
  expect(
    parked
      .takeAll()
      .map(({ payload }) => payload[0])
      .slice(0, 2),
  ).toEqual([99, 1]);
});

test("no more than the bound are parked, of however many senders", () => {
  const parked = new ParkedMessages();
  for (let n = 0; n < PARKED_MAX + 5; n++) parked.add(message(`sender ${n}`, 0));
  expect(parked.size).toBe(PARKED_MAX);
  expect(parked.takeAll()[0]?.sender).toBe("sender 5");
});
