// Nomination tables after those of stellar-core, numbers 21 and 35 of spec 05 §6.7: who leads how often, and what a node of
// five nominates when the leader speaks, is silent or changes.
import { describe, expect, test } from "vitest";
import { leaderOf, type Message, nodeKey, Slot, type Topic, type Weight, weightOf } from "../src/index.ts";
import { at, from, nominate, own, prepare, setOf } from "./core5.ts";
import { nodeAt, quorumSet, sortingParts } from "./fixtures.ts";

const key = (i: number): string => nodeKey(nodeAt(i));

describe("21 leaders", () => {
  const share = ({ numerator, denominator }: Weight): number => Number(numerator) / Number(denominator);

  /** How often each node should lead the first round: neighbours by independent hashes, and then the luckiest of them. */
  function expectedShares(nodes: readonly number[], set: ReturnType<typeof quorumSet>): Map<number, number> {
    const weights = nodes.map((each) => share(weightOf(key(each), key(1), set)));
    const wins = new Map(nodes.map((each) => [each, 0]));
    for (let bits = 1; bits < 1 << nodes.length; bits++) {
      const isIn = (i: number): boolean => ((bits >> i) & 1) === 1;
      const probability = weights.reduce((product, w, i) => product * (isIn(i) ? w : 1 - w), 1);
      const neighbours = nodes.filter((_, i) => isIn(i));
      for (const each of neighbours) wins.set(each, (wins.get(each) ?? 0) + probability / neighbours.length);
    }
    const none = weights.reduce((product, w) => product * (1 - w), 1);
    wins.set(1, (wins.get(1) ?? 0) + none); // Without a neighbour the node leads itself.
    return wins;
  }

  test.each([
    ["five equal nodes", 100_000, setOf(1)],
    ["an inner set", 30_000, quorumSet(2, [2, 3, quorumSet(1, [4, 5])])],
  ])(
    "21 lead in proportion to their weight, within a twentieth: %s, %i slots",
    { timeout: 120_000 },
    (_, slots, set) => {
      const wins = new Map<string, number>();
      for (let slotIndex = 1n; slotIndex <= slots; slotIndex++) {
        const leader = leaderOf({ slotIndex, round: 1, leaderHash: { kind: "compat" } }, key(1), set, new Set());
        wins.set(leader, (wins.get(leader) ?? 0) + 1);
      }
      for (const [node, expected] of expectedShares([1, 2, 3, 4, 5], set)) {
        const ratio = (wins.get(key(node)) ?? 0) / slots / expected;
        expect(ratio).toBeGreaterThan(0.95);
        expect(ratio).toBeLessThan(1.05);
      }
    },
  );
});

/** A slot in which node `first` leads the first round, and `second` joins it in the second. */
function led(first: number, second?: number): Slot {
  for (let slotIndex = 1n; ; slotIndex++) {
    const leaderHash = { kind: "compat" } as const;
    const leaders = new Set([leaderOf({ slotIndex, round: 1, leaderHash }, key(1), setOf(1), new Set())]);
    const next = leaderOf({ slotIndex, round: 2, leaderHash }, key(1), setOf(1), leaders);
    if (leaders.has(key(first)) && (second === undefined || next === key(second))) {
      const slot = new Slot(own({ slotIndex }), sortingParts);
      slot.tick(0);
      return slot;
    }
  }
}
function say(slot: Slot, senders: readonly number[], topic: Topic, now = 0): ReturnType<Slot["receive"]> {
  const about = (sender: number): Message => ({ ...from(sender, topic), slotIndex: slot.slotIndex });
  const receipts = senders.map((sender) => slot.receive(about(sender), now));
  expect(receipts.map(({ verdict }) => verdict)).toEqual(senders.map(() => "stored"));
  return receipts.at(-1) as ReturnType<Slot["receive"]>; // Callers name at least one.
}

describe("35 nomination", () => {
  test("35 others nominate what the leader says", () => {
    const it = led(2);
    it.propose(["own"], 0);
    expect(say(it, [3], nominate(["c"], [])).send).toBeUndefined();
    expect(say(it, [2], nominate(["b"], [])).send?.topic).toEqual(nominate(["b"], []));
  });

  test("35 the leader nominates its own, and what it says is accepted, confirmed and put on a ballot", () => {
    const it = led(1);
    expect(it.propose(["x"], 0).send?.topic).toEqual(nominate(["x"], []));
    expect(say(it, [2, 3, 4], nominate(["x"], [])).send?.topic).toEqual(nominate([], ["x"]));
    const { send } = say(it, [2, 3, 4], nominate([], ["x"]));
    expect(send?.topic).toMatchObject({ kind: "nominate-prepare", prepare: { b: at(1, "x") } });
  });

  test("35 it votes x and the others y: it accepts y with them, and both are candidates where both are accepted", () => {
    const it = led(1);
    it.propose(["x"], 0);
    say(it, [2, 3], nominate([], ["y"])); // A blocking set accepts y.
    expect(it.store()).toMatchObject({ x: ["x"], y: ["y"], z: [] });
    say(it, [4], nominate([], ["y"]));
    expect(it.store()).toMatchObject({ x: ["x"], y: ["y"], z: ["y"] });
    expect(it.store().b).toEqual(at(1, "y")); // There is no wait in these tests.
    say(it, [2, 3, 4], nominate([], ["x", "y"]));
    expect(it.store()).toMatchObject({ x: [], y: ["x", "y"], z: ["x", "y"], b: at(1, "y") });
  });

  test("35 a candidate that comes after the first ballot is voted for from the second on", () => {
    const it = led(1);
    it.propose(["x"], 0);
    say(it, [2, 3, 4], nominate([], ["y"]));
    say(it, [2, 3, 4], nominate([], ["x", "y"]));
    const ballot: Topic = {
      kind: "nominate-prepare",
      nominate: { x: [], y: ["x", "y"] },
      prepare: { b: at(1, "z"), p: undefined, pp: undefined, cn: 0, hn: 0 },
    };
    const { timers } = say(it, [2, 3, 4], ballot);
    it.tick(timers.ballotAt ?? 0);
    expect(it.store().b).toEqual(at(2, "x y"));
  });

  test("35 the leader is dead: nothing is voted for until a timeout brings another", () => {
    const it = led(2, 3);
    it.propose(["own"], 0);
    say(it, [3, 4], nominate(["c"], []));
    expect(it.store().x).toEqual([]);
    const { send, timers } = it.tick(250);
    expect(send?.topic).toEqual(nominate(["c"], []));
    expect(timers.nominationAt).toBe(750);
  });

  test("35 the leader is dead and the next one is the node itself: it nominates its own", () => {
    const it = led(2, 1);
    expect(it.propose(["own"], 0).send).toBeUndefined();
    expect(it.tick(250).send?.topic).toEqual(nominate(["own"], []));
  });

  test("35 a second leader adds to the first and does not replace it", () => {
    const it = led(2, 3);
    say(it, [2], nominate(["b"], []));
    say(it, [3], nominate(["c"], []));
    expect(it.store().x).toEqual(["b"]);
    it.tick(250);
    expect(it.store().x).toEqual(["b", "c"]);
    say(it, [2], nominate(["b", "d"], []));
    expect(it.store().x).toEqual(["b", "c", "d"]);
  });

  test.each([
    ["before", 0, 250],
    ["after", 250, 0],
  ])("35 a value is accepted %s the timeout alike", (_, tickFirst, tickLater) => {
    const it = led(2, 3);
    say(it, [2], nominate(["b"], []));
    if (tickFirst > 0) it.tick(tickFirst);
    say(it, [3, 4], nominate(["b"], []), 260);
    if (tickLater > 0) it.tick(tickLater);
    expect(it.store()).toMatchObject({ x: [], y: ["b"] });
  });

  test("35 with candidates it votes for no more, whoever leads and whatever times out", () => {
    const it = led(2, 3);
    say(it, [2, 4, 5], nominate([], ["b"]));
    expect(it.store().z).toEqual(["b"]);
    say(it, [3], nominate(["c"], []));
    it.tick(250);
    expect(it.store()).toMatchObject({ x: [], y: ["b"], round: 2 });
  });

  test("35 restored it keeps votes, candidates and leaders, and waits no longer for votes to settle", () => {
    const it = led(2, 3);
    say(it, [2], nominate(["b"], []));
    it.tick(250);
    const again = new Slot(own({ slotIndex: it.slotIndex, settleMs: 50 }), sortingParts, it.store());
    expect(again.tick(1_000).send).toBeUndefined();
    expect(again.store()).toEqual(it.store());
    expect(say(again, [3], nominate(["c"], []), 1_000).send?.topic).toEqual(nominate(["b", "c"], []));
    say(again, [2, 3, 4], nominate([], ["a"]), 1_000);
    expect(again.store()).toMatchObject({ x: ["b", "c"], z: ["a"], b: at(0, "") });
    const later = new Slot(own({ slotIndex: it.slotIndex, settleMs: 50 }), sortingParts, again.store());
    later.tick(1_001);
    expect(later.store().b).toEqual(at(1, "a"));
  });

  test("35 once a ballot is confirmed, nomination is over", () => {
    const it = led(2);
    say(it, [3, 4, 5], prepare(at(1, "a"), { p: at(1, "a") }));
    expect(it.phase).toBe("prepare");
    expect(say(it, [2], nominate(["b"], [])).timers.nominationAt).toBeUndefined();
    expect(it.store().x).toEqual([]);
  });
});
