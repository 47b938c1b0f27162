// A network of five as node 1 sees it: it listens to 3 of {2, 3, 4, 5}, so four of five decide and two block. Topics by the
// names of what they say.
import { expect } from "vitest";
import type { Ballot, Message, PreparePayload, Slot, SlotEffects, SlotOptions, Topic } from "../src/index.ts";
import { message, options, quorumSet, slotIn } from "./fixtures.ts";

const nodes = [1, 2, 3, 4, 5];
/** Whom a node of the five listens to. */
export const setOf = (self: number) =>
  quorumSet(
    3,
    nodes.filter((each) => each !== self),
  );
/** Node 1's options. */
export const own = (other: Partial<SlotOptions> = {}): SlotOptions => options(1, setOf(1), other);
/** A topic as the message of one of them. */
export const from = (sender: number, topic: Topic): Message => message(sender, setOf(sender), topic);
/** A ballot. */
export const at = (n: number, x: string): Ballot => ({ n, x });
/** Votes to prepare `b`. */
export const prepare = (b: Ballot, rest: Partial<PreparePayload> = {}): Topic => ({
  kind: "prepare",
  prepare: { b, p: undefined, pp: undefined, cn: 0, hn: 0, ...rest },
});
/** Accepts a ballot as prepared, and is on it. */
export const prepared = (n: number, x: string): Topic => prepare(at(n, x), { p: at(n, x) });
/** Votes to commit a ballot, and is on it. */
export const confirmed = (n: number, x: string): Topic => prepare(at(n, x), { p: at(n, x), cn: n, hn: n });
/** Accepts to commit a ballot, and is on it. */
export const commit = (n: number, x: string, rest = {}): Topic => ({
  kind: "commit",
  commit: { b: at(n, x), pn: n, cn: n, hn: n, ...rest },
});
/** Has decided. */
export const externalize = (n: number, x: string, hn = n): Topic => ({
  kind: "externalize",
  externalize: { c: at(n, x), hn },
});
/** Votes for `x`, accepts `y`. */
export const nominate = (x: string[], y: string[]): Topic => ({ kind: "nominate", nominate: { x, y } });

/** Lets the slot hear the topic from each sender; returns the last effects. */
export function hear(slot: Slot, senders: readonly number[], topic: Topic, now = 0): SlotEffects {
  let effects: SlotEffects | undefined;
  for (const sender of senders) {
    const receipt = slot.receive(from(sender, topic), now);
    expect(receipt.verdict).toBe("stored");
    effects = receipt;
  }
  if (effects === undefined) throw new Error("Nobody spoke.");
  return effects;
}

/** Node 1 on ballot 1 with values `x`. */
export const onBallot = (x: string, other: Partial<SlotOptions> = {}): Slot =>
  slotIn({ b: at(1, x), y: [x], z: [x] }, own(other));
