// The single-node transitions of spec 05 §6.6: node 1 ("a") listens to 2 of {2, 3, 4} ("b", "c", "d"). Symmetric networks
// hide these mistakes from simulation.
import { describe, expect, test } from "vitest";
import type { Ballot, PreparePayload, StoredSlot, Topic } from "../src/index.ts";
import { message, options, quorumSet, slotIn } from "./fixtures.ts";

const others = [1, 2, 3, 4];
const setOf = (self: number) =>
  quorumSet(
    2,
    others.filter((each) => each !== self),
  );

/** Node 1 in `state` after it heard the topics of nodes 2, 3, … */
function after(state: Partial<StoredSlot>, topics: Readonly<Record<number, Topic>>): StoredSlot {
  const slot = slotIn(state, options(1, setOf(1)));
  for (const [sender, topic] of Object.entries(topics)) {
    const { verdict } = slot.receive(message(Number(sender), setOf(Number(sender)), topic), 0);
    expect(verdict).toBe("stored");
  }
  return slot.store();
}

const at = (n: number, x: string): Ballot => ({ n, x });
const prepare = (b: Ballot, rest: Partial<PreparePayload> = {}): Topic => ({
  kind: "prepare",
  prepare: { b, p: undefined, pp: undefined, cn: 0, hn: 0, ...rest },
});
const prepared = (n: number, x: string): Topic => prepare(at(n, x), { p: at(n, x) });

describe("K1 to K10", () => {
  test("K1: votes of a blocking set accept nothing", () => {
    const { p } = after({ b: at(1, "y") }, { 2: prepare(at(1, "x")), 3: prepare(at(1, "x")) });
    expect(p).toBeUndefined();
  });

  test("K2: a blocking set that accepts a ballot makes it accepted", () => {
    expect(after({ b: at(1, "y") }, { 2: prepared(1, "x"), 3: prepared(1, "x") }).p).toEqual(at(1, "x"));
  });

  test("K3: a single peer blocks nobody", () => {
    expect(after({ b: at(1, "y") }, { 2: prepared(1, "x") }).p).toBeUndefined();
  });

  test("K4: a ballot is accepted up to the counter that the whole blocking set accepts", () => {
    expect(after({ b: at(1, "y") }, { 2: prepared(5, "x"), 3: prepared(1, "x") }).p).toEqual(at(1, "x"));
  });

  test("K5: a commit accepts its values as prepared up to pn and no further", () => {
    const commit: Topic = { kind: "commit", commit: { b: at(9, "x"), pn: 2, cn: 1, hn: 2 } };
    // A node that joins the confirmed values at once votes for ⟨10, x⟩ itself, and a quorum accepts ⟨9, x⟩ in the same run.
    expect(after({ b: at(9, "y") }, { 2: commit, 3: prepared(9, "x") }).p).toEqual(at(9, "x"));
    const patient = slotIn({ b: at(9, "y") }, options(1, setOf(1), { eagerBump: false }));
    patient.receive(message(2, setOf(2), commit), 0);
    patient.receive(message(3, setOf(3), prepared(9, "x")), 0);
    expect(patient.store().p).toEqual(at(2, "x"));
  });

  test("K6: votes count for a quorum only of nodes whose own quorum sets are satisfied", () => {
    const slot = slotIn({ x: ["x"] }, options(1, setOf(1)));
    for (const sender of [2, 3]) {
      const topic: Topic = { kind: "nominate", nominate: { x: ["x"], y: [] } };
      slot.receive(message(sender, quorumSet(2, [5, 6]), topic), 0);
    }
    expect(slot.store().y).toEqual([]);
    for (const sender of [2, 3]) {
      const topic: Topic = { kind: "nominate", nominate: { x: ["w", "x"], y: [] } };
      slot.receive(message(sender, setOf(sender), topic), 0);
    }
    expect(slot.store().y).toEqual(["x"]); // The same votes, from nodes that listen to each other.
  });

  test("K7: a commit vote ends when a higher ballot with other values is accepted as prepared", () => {
    const state = { phase: "prepare", b: at(2, "x"), p: at(2, "x"), h: at(2, "x"), c: at(1, "x"), lock: "x" } as const;
    expect(after(state, { 2: prepared(3, "z"), 3: prepared(3, "z") }).c).not.toEqual(at(1, "x"));
  });

  test("K8: of two committed intervals the common part counts, not the hull", () => {
    const commit = (cn: number, hn: number): Topic => ({ kind: "commit", commit: { b: at(9, "x"), pn: 9, cn, hn } });
    const state = { phase: "prepare", b: at(1, "x"), p: at(1, "x") } as const;
    const { phase, c, h } = after(state, { 2: commit(1, 3), 3: commit(3, 9) });
    expect({ phase, c, h }).toEqual({ phase: "externalize", c: at(3, "x"), h: at(3, "x") });
  });

  test("K9: a timeout keeps to the confirmed values, whatever was nominated", () => {
    const state = { phase: "prepare", b: at(2, "x"), p: at(2, "x"), h: at(2, "x"), lock: "x" } as const;
    const slot = slotIn({ ...state, y: ["w"], z: ["w"] }, options(1, setOf(1)));
    let { timers } = slot.receive(message(2, setOf(2), prepare(at(2, "x"))), 0);
    ({ timers } = slot.receive(message(3, setOf(3), prepare(at(2, "x"))), 0));
    expect(timers.ballotAt).toBe(750); // Ballot 2 lasts three time bases.
    slot.tick(750);
    expect(slot.store().b).toEqual(at(3, "x"));
  });

  test("K10: the infinite counter of those who decided is never copied", () => {
    const externalize: Topic = { kind: "externalize", externalize: { c: at(2, "x"), hn: 3 } };
    const { phase, b } = after({ b: at(1, "x") }, { 2: externalize, 3: externalize });
    expect(["commit", "externalize"]).toContain(phase);
    expect(b.n).toBeLessThanOrEqual(3);
  });
});
