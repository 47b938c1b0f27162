// Ballot tables after those of stellar-core, by their numbers in spec 05 §6.7. Node 1 listens to 3 of {2, 3, 4, 5} unless said
// otherwise: with three others it decides, and two block it. Where stellar-core and this core differ (spec 05 §1.9), the
// table has what this one does: it joins confirmed values at once, one counter up.
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  checkQuorumSet,
  closestBlockingSet,
  INFINITE_COUNTER,
  nodeKey,
  type Phase,
  Slot,
  type StoredSlot,
  type Topic,
} from "../src/index.ts";
import { compileQuorumSet, isBlocking } from "../src/quorum/compiled-quorum-set.ts";
import { addNode, emptyNodeSet } from "../src/quorum/node-set.ts";
import { QuorumView } from "../src/quorum/quorum-view.ts";
import { at, commit, confirmed, externalize, from, hear, onBallot, own, prepare, prepared, setOf } from "./core5.ts";
import { message, nodeAt, options, quorumSet, slotIn, sortingParts } from "./fixtures.ts";

const key = (i: number): string => nodeKey(nodeAt(i));

test("18 blocking sets and quorums of the five: two others block, and it takes itself and three", () => {
  const view = new QuorumView(key(1), setOf(1));
  for (const i of [2, 3, 4, 5]) view.learn(key(i), setOf(i));
  for (let bits = 0; bits < 32; bits++) {
    const others = [1, 2, 3, 4].filter((i) => (bits >> i) & 1).length;
    expect(view.isBlocking(Uint32Array.of(bits))).toBe(others >= 2);
    expect(view.hasQuorum(Uint32Array.of(bits))).toBe((bits & 1) === 1 && others >= 3);
  }
});

describe("19 the distance from being blocked", () => {
  const distance = (set: ReturnType<typeof quorumSet>, dead: readonly number[]): number | undefined =>
    closestBlockingSet(set, (node) => !dead.map(key).includes(node))?.length;

  test("19 in a flat set", () => {
    const set = quorumSet(3, [2, 3, 4, 5]);
    expect([[], [2], [2, 3], [2, 3, 4, 5]].map((dead) => distance(set, dead))).toEqual([2, 1, 0, 0]);
    expect(distance(set, [9])).toBe(2); // Whom it does not list makes no difference.
  });

  test("19 in a nested set the cheapest members count", () => {
    const set = quorumSet(3, [2, quorumSet(1, [3, 4, 5]), quorumSet(2, [6, 7, 8])]);
    expect(closestBlockingSet(set, () => true)).toEqual([key(2)]);
    expect(distance(quorumSet(1, [2, quorumSet(1, [3, 4, 5]), quorumSet(2, [6, 7, 8])]), [])).toBe(6);
    expect(distance(quorumSet(2, [2, quorumSet(1, [3, 4, 5]), quorumSet(2, [6, 7, 8])]), [6])).toBe(2);
    expect(distance(quorumSet(0, []), [])).toBeUndefined();
  });

  test("19 is that of the smallest set that blocks", () => {
    const sets = fc.constantFrom(
      quorumSet(2, [quorumSet(2, [2, 3, 4]), quorumSet(1, [5, 6])]),
      quorumSet(2, [2, quorumSet(2, [3, 4]), quorumSet(1, [5, quorumSet(1, [6, 7])])]),
      quorumSet(1, [quorumSet(3, [2, 3, 4]), quorumSet(2, [5, 6, 7])]),
    );
    fc.assert(
      fc.property(sets, fc.subarray([2, 3, 4, 5, 6, 7]), (set, dead) => {
        const numbers = new Map([1, 2, 3, 4, 5, 6, 7].map((i) => [key(i), i]));
        let least = Number.POSITIVE_INFINITY;
        for (let bits = 0; bits < 64; bits++) {
          const extra = [2, 3, 4, 5, 6, 7].filter((_, i) => (bits >> i) & 1);
          const nodes = emptyNodeSet(8);
          for (const each of [...dead, ...extra]) addNode(nodes, each);
          if (isBlocking(compileQuorumSet(set, numbers), nodes)) least = Math.min(least, extra.length);
        }
        expect(distance(set, dead)).toBe(least);
      }),
    );
  });
});

describe("20 what a quorum set must be", () => {
  const many = (count: number): ReturnType<typeof quorumSet> => ({
    threshold: 1,
    members: Array.from({ length: count }, (_, i) => {
      const node = nodeAt(7);
      const publicKey = node.publicKey.slice() as typeof node.publicKey;
      publicKey.set([i & 255, i >> 8]);
      return { kind: "node", node: { ...node, publicKey } };
    }),
  });

  test.each([
    ["threshold 0", quorumSet(0, [2]), "threshold-zero"],
    ["a threshold above the members", quorumSet(3, [2, 3]), "threshold-too-high"],
    ["a singleton inner set", quorumSet(1, [quorumSet(1, [2])]), undefined],
    ["four levels", quorumSet(1, [quorumSet(1, [quorumSet(1, [quorumSet(1, [2])])])]), undefined],
    ["five", quorumSet(1, [quorumSet(1, [quorumSet(1, [quorumSet(1, [quorumSet(1, [2])])])])]), "nested-too-deep"],
    ["1 000 nodes", many(1_000), undefined],
    ["1 001 nodes", many(1_001), "too-many-nodes"],
    ["1 001 nodes in two groups", { threshold: 2, members: twoGroups(many(1_001)) }, "too-many-nodes"],
    ["a node twice", quorumSet(1, [2, quorumSet(1, [2, 3])]), "duplicate-node"],
  ] as const)("20 %s", (_, set, fault) => {
    expect(checkQuorumSet(set, key(1))).toBe(fault);
  });

  function twoGroups({ members }: ReturnType<typeof quorumSet>): ReturnType<typeof quorumSet>["members"] {
    const group = (part: typeof members) => ({ kind: "inner-set" as const, set: { threshold: 1, members: part } });
    return [group(members.slice(0, 500)), group(members.slice(500))];
  }
});

/** Where a node of the table starts: on ballot ⟨1, own⟩, with other values that sort before or after, or nowhere. */
const starts = [
  { name: "from ⟨1, x⟩, the others higher", x: "a", o: "z", start: (): Slot => onBallot("a") },
  { name: "from ⟨1, z⟩, the others lower", x: "z", o: "a", start: (): Slot => onBallot("z") },
  { name: "from nothing", x: "a", o: "z", start: (): Slot => new Slot(own(), sortingParts) },
];

/** The parts of a state that the tables speak of. */
const seen = (slot: Slot): Partial<StoredSlot> => {
  const { phase, b, p, pp, h, c } = slot.store();
  return { phase, b, p, pp, h, c };
};
const expectState = (slot: Slot, phase: Phase, rest: Partial<StoredSlot>): void =>
  expect(seen(slot)).toEqual({ phase, p: undefined, pp: undefined, h: undefined, c: undefined, ...rest });
const nothing = at(0, "");

describe.each(starts)("22 $name", ({ x, o, start, name }) => {
  const isPristine = name === "from nothing";
  /** Ballot n of the node's own values, and of the others'. */
  const A = (n: number) => at(n, x);
  const B = (n: number) => at(n, o);
  const lower = x < o ? x : o;
  const higher = x < o ? o : x;

  test("22 a quorum's votes prepare A1, where the node itself votes for it", () => {
    const it = start();
    hear(it, [2, 3, 4], prepare(A(1)));
    expectState(it, "nominate-prepare", isPristine ? { b: nothing } : { b: A(1), p: A(1) });
  });

  test("22 a blocking set prepares A1, and brings a node that has no ballot onto it", () => {
    const it = start();
    hear(it, [2], prepared(1, x));
    expectState(it, "nominate-prepare", { b: isPristine ? nothing : A(1) });
    hear(it, [3], prepared(1, x));
    expectState(it, "nominate-prepare", { b: A(1), p: A(1) });
  });

  test("22 bump to A2 after the timeout of prepared A1", () => {
    const it = start();
    hear(it, [2, 3], prepared(1, x));
    const { timers } = hear(it, [4], prepare(A(1)));
    expect(timers.ballotAt).toBe(500);
    it.tick(500);
    expectState(it, "nominate-prepare", { b: A(2), p: A(1) });
  });

  test("22 a quorum that prepared A1 confirms it", () => {
    const it = start();
    hear(it, [2, 3, 4], prepared(1, x));
    expectState(it, "prepare", { b: A(1), p: A(1), h: A(1), c: A(1) });
  });

  test("22 accept commit A1 by a quorum of votes", () => {
    const it = start();
    hear(it, [2, 3, 4], prepared(1, x));
    hear(it, [2, 3], confirmed(1, x));
    expect(it.phase).toBe("prepare");
    hear(it, [4], confirmed(1, x));
    expectState(it, "commit", { b: A(1), p: A(1), h: A(1), c: A(1) });
  });

  test.each([
    ["Commit A2", () => commit(2, x), A(2), 2],
    ["Externalize A2", () => externalize(2, x), undefined, INFINITE_COUNTER],
    ["Commit A3…4", () => commit(4, x, { cn: 3, hn: 4 }), A(4), 4],
  ])("22 accept commit by a blocking set via %s", (_, topic, b, hn) => {
    const it = start();
    hear(it, [2], topic());
    expect(it.phase).toBe("nominate-prepare");
    hear(it, [3], topic());
    const { phase, c, h, ...rest } = it.store();
    expect({ phase, c, h }).toEqual({ phase: "commit", c: A(hn === 4 ? 3 : 2), h: A(hn) });
    expect(rest.b).toEqual(b ?? A(1));
  });

  test.each([
    ["Commit B2", () => commit(2, o)],
    ["Externalize B2", () => externalize(2, o)],
  ])("22 accept commit of the others' values by a blocking set via %s, whatever it voted for", (_, topic) => {
    const it = start();
    if (!isPristine) hear(it, [4, 5], prepared(1, x));
    hear(it, [2, 3], topic());
    expect(it.store()).toMatchObject({ phase: "commit", lock: o, b: { x: o }, p: { x: o }, c: B(2) });
  });

  test("22 a conflicting B1 prepared beside the confirmed A1 ends the vote to commit it, if it is higher", () => {
    const it = start();
    hear(it, [2, 3, 4], prepared(1, x));
    hear(it, [2, 3], prepare(at(2, higher), { p: at(1, higher), pp: at(1, lower) }));
    const both = { p: at(1, higher), pp: at(1, lower) };
    // Two are on counter 2 by now, and the node follows with the values it is bound to.
    expectState(it, "prepare", { b: A(2), ...both, h: A(1), c: x === higher ? A(1) : undefined });
  });

  test("22 a conflicting B2 prepared above the confirmed A1 ends the vote to commit it", () => {
    const it = start();
    hear(it, [2, 3, 4], prepared(1, x));
    hear(it, [2, 3], prepared(2, o));
    expectState(it, "prepare", { b: A(2), p: B(2), pp: A(1), h: A(1), c: undefined });
  });

  test.each([
    ["A2", true],
    ["B2", false],
  ])("22 mixed: of two prepared ballots the one that a quorum accepts is confirmed, %s", (_, isOwn) => {
    const it = start();
    hear(it, [2, 3], prepare(at(2, higher), { p: at(2, higher), pp: at(2, lower) }));
    expectState(it, "nominate-prepare", { b: at(2, isPristine ? higher : x), p: at(2, higher), pp: at(2, lower) });
    const values = isOwn ? x : o;
    hear(it, [4], prepared(2, values));
    expect(it.store()).toMatchObject({ phase: "prepare", lock: values });
    // One counter up if it was on the other values: then b changes with what it is bound to.
    expect(it.store().b).toEqual(at((isPristine ? higher : x) === values ? 2 : 3, values));
  });
});

describe("23 switching", () => {
  test("23 B1 prepared above A1: p and p′ keep both", () => {
    const it = onBallot("a");
    hear(it, [2, 3], prepared(1, "a"));
    hear(it, [2, 3], prepare(at(1, "b"), { p: at(1, "b"), pp: at(1, "a") }));
    expectState(it, "nominate-prepare", { b: at(1, "a"), p: at(1, "b"), pp: at(1, "a") });
  });

  test("23 a ballot between p′ and p takes the place of p′, and one below both changes nothing", () => {
    const it = slotIn({ b: at(9, "a"), p: at(9, "a"), pp: at(2, "b"), y: ["a"], z: ["a"] }, own());
    hear(it, [2, 3], prepare(at(9, "a"), { p: at(8, "a"), pp: at(5, "c") }));
    expectState(it, "nominate-prepare", { b: at(9, "a"), p: at(9, "a"), pp: at(5, "c") });
    hear(it, [2, 3], prepare(at(9, "a"), { p: at(9, "a"), pp: at(4, "b") }));
    expectState(it, "nominate-prepare", { b: at(9, "a"), p: at(9, "a"), pp: at(5, "c") });
  });

  test("23 and back: A2 above B1", () => {
    const it = onBallot("a", { eagerBump: false });
    hear(it, [2, 3], prepare(at(1, "b"), { p: at(1, "b"), pp: at(1, "a") }));
    hear(it, [2, 3], prepare(at(2, "a"), { p: at(2, "a"), pp: at(1, "b") }));
    expect(seen(it)).toMatchObject({ p: at(2, "a"), pp: at(1, "b") });
  });
});

describe("24 accepting more", () => {
  const accepted = (): Slot => {
    const it = onBallot("a");
    hear(it, [2, 3], commit(2, "a"));
    expectState(it, "commit", { b: at(2, "a"), p: at(2, "a"), c: at(2, "a"), h: at(2, "a") });
    return it;
  };

  test.each([
    ["Commit A3", () => commit(3, "a", { cn: 2, hn: 3 }), 2, 3, 3],
    ["Externalize A3", () => externalize(2, "a", 3), 2, INFINITE_COUNTER, 2],
    ["Commit A4…5, where the others moved on", () => commit(5, "a", { cn: 4, hn: 5 }), 4, 5, 5],
    ["Externalize A4…5", () => externalize(4, "a", 5), 4, INFINITE_COUNTER, 2],
  ])("24 from a blocking set: %s", (_, topic, cn, hn, bn) => {
    const it = accepted();
    hear(it, [2, 3], topic());
    expectState(it, "commit", { b: at(bn, "a"), p: it.store().p, c: at(cn, "a"), h: at(hn, "a") });
  });

  test("24 Confirm A4…5: a quorum that accepts decides them", () => {
    const it = accepted();
    const { externalized } = hear(it, [2, 3, 4], commit(5, "a", { cn: 4, hn: 5 }));
    expect(externalized).toEqual(["a"]);
    expect(it.lastSent()?.topic).toEqual(externalize(4, "a", 5));
  });
});

describe("25 others decided something else after a commit was accepted", () => {
  test.each([
    ["two", [2, 3]],
    ["all", [2, 3, 4, 5]],
  ])("25 %s: it stalls, and never switches", (_, senders) => {
    const it = onBallot("a");
    hear(it, [2, 3, 4], prepared(1, "a"));
    hear(it, [2, 3, 4], confirmed(1, "a"));
    expect(it.phase).toBe("commit");
    hear(it, senders, externalize(2, "b"));
    for (const now of [1_000, 100_000, 10_000_000]) it.tick(now);
    expect(it.store()).toMatchObject({ phase: "commit", lock: "a", b: { x: "a" }, c: at(1, "a"), h: at(1, "a") });
  });
});

test("26 of commit intervals a quorum decides what is common to it, and nothing wider", () => {
  const it = onBallot("a");
  hear(it, [2], commit(4, "a", { cn: 1, hn: 3 }));
  hear(it, [3], commit(4, "a", { cn: 2, hn: 4 }));
  expect(it.store()).toMatchObject({ phase: "commit", c: at(2, "a"), h: at(3, "a") }); // Common to the blocking two.
  hear(it, [4], commit(9, "a", { cn: 3, hn: 6 }));
  expect(it.lastSent()?.topic).toEqual(externalize(3, "a", 3));
  const apart = onBallot("a");
  hear(apart, [2], commit(4, "a", { cn: 1, hn: 2 }));
  hear(apart, [3], commit(4, "a", { cn: 3, hn: 4 }));
  expect(apart.phase).toBe("nominate-prepare"); // Nothing common: the hull would claim what nobody accepted.
});

test("26 intervals that different blocking sets accept are not joined: between them is what nobody accepted", () => {
  const it = onBallot("a");
  hear(it, [2], commit(9, "a", { cn: 1, hn: 5 }));
  hear(it, [3], commit(9, "a", { cn: 1, hn: 2 }));
  expect(it.store()).toMatchObject({ phase: "commit", c: at(1, "a"), h: at(2, "a") });
  hear(it, [4], commit(9, "a", { cn: 4, hn: 5 }));
  expect(it.store()).toMatchObject({ phase: "commit", c: at(4, "a"), h: at(5, "a") });
});

describe("timeouts", () => {
  const state = { phase: "prepare", p: at(1, "a"), h: at(1, "a"), c: at(1, "a"), lock: "a" } as const;

  test("27 with h set, the node stays on the values of h", () => {
    const it = slotIn({ ...state, b: at(1, "a"), y: ["a", "b"], z: ["a", "b"] }, own());
    hear(it, [2, 3, 4], prepare(at(1, "b")));
    it.tick(500);
    expect(seen(it)).toMatchObject({ b: at(2, "a"), h: at(1, "a"), c: at(1, "a") });
  });

  test("28 where h cannot be set, the node votes for its values all the same", () => {
    const it = onBallot("b", { eagerBump: false });
    hear(it, [2, 3, 4, 5], prepared(1, "a"));
    expect(it.store()).toMatchObject({ b: at(1, "b"), h: undefined, lock: "a" });
    it.tick(500);
    expect(it.store()).toMatchObject({ b: at(2, "a"), lock: "a" });
  });

  test("29 of several nodes: one that two others leave behind goes on to where one of them is", () => {
    const it = onBallot("a");
    hear(it, [2], prepare(at(2, "a")));
    expect(it.store().b.n).toBe(1);
    hear(it, [3], prepare(at(2, "a")));
    expect(it.store().b.n).toBe(2);
    hear(it, [4], prepare(at(5, "a")));
    expect(it.store().b.n).toBe(2);
    hear(it, [5], prepare(at(3, "a")));
    expect(it.store().b.n).toBe(3);
  });

  test("30 older messages that come after a timeout change nothing, new ones of the older ballot count", () => {
    const it = onBallot("a");
    hear(it, [2, 3, 4], prepare(at(1, "a")));
    it.tick(500);
    expect(it.store()).toMatchObject({ b: at(2, "a"), p: at(1, "a") });
    expect(it.receive(from(2, prepare(at(1, "a"))), 510).verdict).toBe("not-higher");
    hear(it, [2, 3, 4], prepared(1, "a"), 510);
    // It is confirmed although the node is on ballot 2 by now; but to commit it would contradict having moved on.
    expectState(it, "prepare", { b: at(2, "a"), p: at(1, "a"), h: at(1, "a"), c: undefined });
    hear(it, [2, 3, 4], prepare(at(2, "a"), { p: at(2, "a"), hn: 2, cn: 2 }), 520);
    expect(it.phase).toBe("commit");
  });
});

test("31 a watcher in nobody's quorum goes through all phases with the others", () => {
  const it = new Slot(options(9, quorumSet(3, [1, 2, 3, 4])), sortingParts);
  const phases = [prepare(at(1, "a")), prepared(1, "a"), confirmed(1, "a"), commit(1, "a")].map((topic) => {
    for (const sender of [1, 2, 3, 4]) it.receive(from(sender, topic), 0);
    return it.phase;
  });
  expect(phases).toEqual(["nominate-prepare", "prepare", "commit", "externalize"]);
  expect(it.decision).toBe("a");
});

describe("32 restored", () => {
  const cases: [string, readonly Topic[], Phase][] = [
    ["Prepare", [prepared(1, "a")], "prepare"],
    ["Commit", [prepared(1, "a"), confirmed(1, "a")], "commit"],
    ["Externalize", [prepared(1, "a"), confirmed(1, "a"), commit(1, "a")], "externalize"],
  ];
  test.each(cases)("32 from %s: says nothing again or anew, and goes on", (_, topics, phase) => {
    const it = onBallot("a");
    for (const topic of topics) hear(it, [2, 3, 4], topic);
    const again = new Slot(own(), sortingParts, it.store());
    expect(again.phase).toBe(phase);
    expect(again.tick(0).send).toBeUndefined();
    expect(again.store()).toEqual(it.store());
    if (phase === "externalize") return;
    hear(again, [2, 3, 4], externalize(1, "a"));
    expect(again.decision).toBe("a");
  });
});

describe("33 a core of three, where one other and the node itself decide", () => {
  const three = (self: number) =>
    quorumSet(
      1,
      [1, 2, 3].filter((each) => each !== self),
    );
  const from3 = (sender: number, topic: Topic) => message(sender, three(sender), topic);

  test("33 the others prepare B1 while it voted A1: it joins them", () => {
    const it = slotIn({ b: at(1, "a"), y: ["a"], z: ["a"] }, options(1, three(1)));
    it.receive(from3(2, prepare(at(1, "b"))), 0);
    expect(seen(it)).toMatchObject({ b: at(1, "a"), p: undefined }); // One other does not block, and it voted otherwise.
    it.receive(from3(2, prepared(1, "b")), 0);
    expect(seen(it)).toMatchObject({ p: undefined });
    const { timers } = it.receive(from3(3, prepared(1, "b")), 0);
    // A message shows p up to b only, and there is no ⟨0, b⟩: what it accepted counts from its next ballot on.
    expectState(it, "nominate-prepare", { b: at(1, "a"), p: at(1, "b") });
    expect(timers.ballotAt).toBe(500);
    it.tick(500);
    expect(it.store()).toMatchObject({ phase: "prepare", b: at(3, "b"), p: at(1, "b"), h: at(1, "b"), lock: "b" });
  });

  test("33 they time out first: it follows, and joins them when they confirm", () => {
    const it = slotIn({ b: at(1, "a"), y: ["a"], z: ["a"] }, options(1, three(1)));
    for (const sender of [2, 3]) it.receive(from3(sender, prepare(at(2, "b"))), 0);
    expect(seen(it)).toMatchObject({ b: at(2, "a") });
    for (const sender of [2, 3]) it.receive(from3(sender, prepare(at(2, "b"), { p: at(2, "b"), cn: 2, hn: 2 })), 0);
    expect(it.store()).toMatchObject({ phase: "prepare", b: at(3, "b"), h: at(2, "b"), c: undefined, lock: "b" });
    it.receive(from3(2, confirmed(3, "b")), 0);
    expect(it.store()).toMatchObject({ phase: "commit", c: at(3, "b"), h: at(3, "b") });
  });
});

test("34 a node outside the quorums of those it listens to has timeouts of its own", () => {
  const it = slotIn({ b: at(1, "a"), y: ["a"], z: ["a"] }, options(9, quorumSet(3, [2, 3, 4, 5])));
  let ballotAt: number | undefined;
  for (const sender of [2, 3, 4]) ({ ballotAt } = it.receive(from(sender, prepare(at(1, "b"))), 0).timers);
  expect(ballotAt).toBeUndefined(); // Of the three none has a slice without a fourth.
  ({ ballotAt } = it.receive(from(5, prepare(at(1, "b"))), 10).timers);
  expect(ballotAt).toBe(510);
  it.tick(510);
  expect(it.store().b).toEqual(at(2, "a"));
});
