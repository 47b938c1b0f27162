// One slot: what it says of messages, its timers, nomination, and transitions of single nodes. Node 1 listens to 3 of {2, 3, 4, 5} unless said otherwise: four of five nodes decide, two block.
import { describe, expect, test } from "vitest";
import { INFINITE_COUNTER, type Message, Slot, type SlotOptions, type SlotParts, type Topic } from "../src/index.ts";
import { at, commit, confirmed, externalize, from, hear, nominate, onBallot, own, prepare, prepared } from "./core5.ts";
import { options, quorumSet, slotIn, sortingParts } from "./fixtures.ts";

describe("messages", () => {
  const slot = (): Slot => new Slot(own(), sortingParts);

  test("about another slot, malformed, repeated or lower ones change nothing", () => {
    const it = slot();
    expect(it.receive({ ...from(2, nominate(["a"], [])), slotIndex: 2n }, 0).verdict).toBe("other-slot");
    expect(it.receive(from(2, nominate(["b", "a"], [])), 0).verdict).toBe("unsorted-values");
    expect(it.receive(from(2, nominate(["a", "b"], [])), 0).verdict).toBe("stored");
    expect(it.receive(from(2, nominate(["a", "b"], [])), 0).verdict).toBe("not-higher");
    expect(it.receive(from(2, nominate(["b"], [])), 0).verdict).toBe("not-higher");
    const [latest] = it.latestMessages();
    expect(latest).toEqual(from(2, nominate(["a", "b"], [])));
  });

  test("with this node's key are echoes, or else someone else has the key", () => {
    const it = slotIn({ x: ["a"], lastSent: nominate(["a"], []) }, own());
    expect(it.receive(from(1, nominate(["a"], [])), 0).verdict).toBe("own-message");
    expect(it.receive(from(1, nominate([], [])), 0).verdict).toBe("own-message");
    expect(it.receive(from(1, prepared(1, "a")), 0).verdict).toBe("own-key-reused");
    expect(slot().receive(from(1, nominate(["a"], [])), 0).verdict).toBe("own-key-reused");
  });

  test("with values that are invalid, unknown or not combined are not stored", () => {
    const parts: SlotParts = {
      ...sortingParts,
      validity: (value) => (value === "bad" ? "invalid" : value === "new" ? "unknown" : "valid"),
    };
    const it = new Slot(own(), parts);
    expect(it.receive(from(2, nominate(["a", "bad"], [])), 0).verdict).toBe("invalid-value");
    expect(it.receive(from(2, nominate([], ["bad", "new"])), 0).verdict).toBe("invalid-value");
    expect(it.receive(from(2, nominate(["new"], [])), 0).verdict).toBe("unknown-value");
    expect(it.receive(from(2, prepared(1, "a bad")), 0).verdict).toBe("invalid-value");
    expect(it.receive(from(2, prepared(1, "b a")), 0).verdict).toBe("not-combined");
    expect(it.receive(from(2, prepared(1, "a a")), 0).verdict).toBe("not-combined");
    expect(it.receive(from(2, commit(1, "new")), 0).verdict).toBe("unknown-value");
    expect(it.latestMessages()).toEqual([]);
  });

  test("with lists that nobody has combined yet wait, unless some other list is not as it is combined", () => {
    const known = new Set(["b"]);
    const it = new Slot(own(), {
      ...sortingParts,
      combine: (values) => (known.has(values.join(" ")) ? values : undefined),
    });
    expect(it.receive(from(2, prepared(1, "a")), 0).verdict).toBe("unknown-value");
    expect(it.receive(from(2, prepare(at(2, "a"), { p: at(1, "b b") })), 0).verdict).toBe("not-combined");
    expect(it.latestMessages()).toEqual([]);
    known.add("a");
    expect(it.receive(from(2, prepared(1, "a")), 0).verdict).toBe("stored");
  });

  test("are combined and looked up once for each list, while few are known", () => {
    let asked = 0;
    const combine: SlotParts["combine"] = (values) => {
      if (values.join(" ") === "b c") asked++;
      return values;
    };
    const it = slotIn({ b: at(1, "a"), z: ["a"], y: ["a"] }, own(), { ...sortingParts, combine });
    hear(it, [2, 3, 4], prepared(1, "b c"));
    expect(asked).toBe(1);
    expect(it.receive(from(5, prepared(1, "c b")), 0).verdict).toBe("not-combined");
    for (let n = 2; n < 100; n++) hear(it, [5], prepare(at(n, `v${n}`)));
    hear(it, [2], prepared(2, "b c")); // Forgotten among so many others, and looked at again.
    expect(asked).toBe(3); // "c b" was combined too, to see that it is not.
  });

  test("whose data arrived are stored when they are offered again", () => {
    const known = new Set(["a"]);
    const it = new Slot(own(), { ...sortingParts, validity: (value) => (known.has(value) ? "valid" : "unknown") });
    expect(it.receive(from(2, nominate(["a", "b"], [])), 0).verdict).toBe("unknown-value");
    known.add("b");
    expect(it.receive(from(2, nominate(["a", "b"], [])), 0).verdict).toBe("stored");
  });

  test("from more nodes than are kept apart are refused", () => {
    const it = slot();
    for (let i = 0; i < 1_000; i++) {
      const publicKey = Uint8Array.from({ length: 32 }, (_, j) => [i & 255, i >> 8][j] ?? 200);
      const sender = { responderId: "x.test:1", publicKey: publicKey as typeof publicKey & { readonly length: 32 } };
      expect(it.receive({ ...from(2, nominate(["a"], [])), sender }, 0).verdict).toBe("stored");
    }
    expect(it.receive(from(2, nominate(["a"], [])), 0).verdict).toBe("too-many-senders");
  });
});

describe("nomination", () => {
  /** A slot in which node `leader` leads. */
  const led = (leader: number, other: Partial<SlotOptions> = {}): Slot => {
    for (let slotIndex = 1n; ; slotIndex++) {
      const it = new Slot(own({ ...other, slotIndex }), sortingParts);
      if (it.store().leaders[0] === `0${leader}`.repeat(32)) return it;
    }
  };
  const inSlot = (slot: Slot, sender: number, topic: Topic): Message => ({
    ...from(sender, topic),
    slotIndex: slot.slotIndex,
  });

  test("the leader votes for its own values, others wait for the leader", () => {
    expect(led(1).propose(["b", "a"], 0).send?.topic).toEqual(nominate(["a", "b"], []));
    const follower = led(2);
    expect(follower.propose(["a"], 0).send).toBeUndefined();
    follower.receive(inSlot(follower, 3, nominate(["c"], [])), 0);
    expect(follower.store().x).toEqual([]);
    const { send } = follower.receive(inSlot(follower, 2, nominate(["d"], ["e"])), 0);
    expect(send?.topic).toEqual(nominate(["d", "e"], []));
  });

  test("each round that passes adds a leader, and lasts longer than the one before", () => {
    const it = led(2);
    expect(it.tick(0).timers.nominationAt).toBe(250);
    expect(it.tick(249).timers.nominationAt).toBe(250);
    expect(it.tick(250).timers.nominationAt).toBe(750);
    expect(it.tick(750).timers.nominationAt).toBe(1_500);
    expect(it.store().leaders).toHaveLength(3);
    expect(it.store().round).toBe(3);
  });

  test("at most 300 values are taken from a leader, the lowest", () => {
    const it = led(2);
    const values = Array.from({ length: 1_500 }, (_, i) => `${10_000 + i}`);
    it.receive(inSlot(it, 2, nominate(values, [])), 0);
    expect(it.store().x).toEqual(values.slice(0, 300));
    it.receive(inSlot(it, 2, nominate(values.slice(1), values.slice(0, 1))), 0);
    expect(it.store().x).toHaveLength(300);
    const again = new Slot(own({ slotIndex: it.slotIndex }), sortingParts, it.store());
    again.receive(inSlot(again, 2, nominate(values, [])), 0);
    expect(again.store().x).toHaveLength(300);
  });

  test("own values are voted for up to what fits into a block", () => {
    const it = led(1);
    it.propose(
      Array.from({ length: 6_000 }, (_, i) => `${10_000 + i}`),
      0,
    );
    expect(it.store().x).toHaveLength(5_020);
  });

  test("own values are voted for up to what fits into a message, and one in any case", () => {
    const hashes = Array.from({ length: 2_000 }, (_, i) => `0${i.toString(16).padStart(64, "0")}`);
    const it = led(1);
    it.propose(hashes, 0);
    expect(it.store().x).toHaveLength(Math.floor(100_000 / 65));
    const long = led(1);
    long.propose(["1".repeat(131_000), "2"], 0);
    expect(long.store().x).toHaveLength(1);
  });

  test("values that are not valid are not proposed, and none are once there are candidates", () => {
    const it = new Slot(own(), { ...sortingParts, validity: () => "unknown" });
    it.propose(["a"], 0);
    expect(it.store().w).toEqual([]);
    const late = slotIn({ y: ["a"], z: ["a"] }, own());
    expect(late.acceptsProposals).toBe(false);
    late.propose(["b"], 0);
    expect(late.store().w).toEqual([]);
  });

  test("a value is accepted by a quorum of votes or by a blocking set, and then confirmed by a quorum", () => {
    const it = slotIn({ x: ["a"] }, own());
    hear(it, [2, 3], nominate(["a"], []));
    expect(it.store().y).toEqual([]);
    hear(it, [4], nominate(["a"], []));
    expect(it.store()).toMatchObject({ x: [], y: ["a"], z: [] });
    hear(it, [2, 3, 4], nominate([], ["a"]));
    expect(it.store()).toMatchObject({ y: ["a"], z: ["a"], b: at(1, "a") });

    const other = new Slot(own(), sortingParts);
    hear(other, [4], nominate([], ["a"]));
    expect(other.store().y).toEqual([]);
    hear(other, [5], nominate([], ["a"]));
    expect(other.store().y).toEqual(["a"]);
  });

  test("the first ballot waits for votes that may still settle, but not for ever", () => {
    const it = slotIn({ x: ["b"], y: ["a"] }, own({ settleMs: 50 }));
    const { timers } = hear(it, [2, 3, 4], nominate([], ["a"]), 1_000);
    expect(timers.settleAt).toBe(1_050);
    expect(it.store().b.n).toBe(0);
    it.tick(1_049);
    expect(it.store().b.n).toBe(0);
    const { send, timers: later } = it.tick(1_050);
    expect(send?.topic.kind).toBe("nominate-prepare");
    expect(later.settleAt).toBeUndefined();
    expect(it.store().b).toEqual(at(1, "a"));
  });

  test("candidates are combined in their own order, however they came", () => {
    const it = slotIn({ y: ["a", "b"], z: ["b", "a"] }, own(), { ...sortingParts, combine: (values) => values });
    it.tick(0);
    expect(it.store().b).toEqual(at(1, "a b"));
  });

  test("without a ballot to begin with, a wait that is over asks for no more wake-ups", () => {
    const parts: SlotParts = { ...sortingParts, combine: (values) => (values.length === 0 ? [] : undefined) };
    const it = slotIn({ y: ["a"] }, own({ settleMs: 50 }), parts);
    hear(it, [2, 3, 4], nominate([], ["a"]), 0);
    expect(it.tick(50).timers.settleAt).toBeUndefined();
    expect(it.store().b.n).toBe(0);
  });

  test("the first ballot begins with the tick after it is known what the candidates combine to", () => {
    let isKnown = false;
    const combine: SlotParts["combine"] = (values) => (isKnown ? values : undefined);
    const it = slotIn({ y: ["a"] }, own(), { ...sortingParts, combine });
    expect(hear(it, [2, 3, 4], nominate([], ["a"])).timers.settleAt).toBeUndefined();
    expect(it.tick(10).send).toBeUndefined();
    isKnown = true;
    expect(it.tick(20).send?.topic).toMatchObject({ kind: "nominate-prepare", prepare: { b: at(1, "a") } });
  });
});

describe("balloting", () => {
  test("goes from ballot 1 to the decision, one message at each step", () => {
    const it = onBallot("a");
    expect(it.tick(0).send?.topic.kind).toBe("nominate-prepare");
    let { send } = hear(it, [2, 3, 4], prepare(at(1, "a")));
    expect(send?.topic).toMatchObject({ prepare: { b: at(1, "a"), p: at(1, "a"), hn: 0 } });
    ({ send } = hear(it, [2, 3, 4], prepared(1, "a")));
    expect(send?.topic).toEqual(confirmed(1, "a"));
    ({ send } = hear(it, [2, 3, 4], confirmed(1, "a")));
    expect(send?.topic).toEqual(commit(1, "a"));
    const { externalized, send: last, timers } = hear(it, [2, 3, 4], commit(1, "a"));
    expect(externalized).toEqual(["a"]);
    expect(last?.topic).toEqual(externalize(1, "a"));
    expect(timers).toEqual({ nominationAt: undefined, ballotAt: undefined, settleAt: undefined });
    expect(it.decision).toBe("a");
    expect(hear(it, [5], commit(1, "a")).externalized).toBeUndefined(); // It is said once.
  });

  test("joins other values when a quorum prepares them, and votes to commit them only from its next ballot on", () => {
    const it = onBallot("b");
    hear(it, [2, 3, 4, 5], prepared(1, "a"));
    expect(it.store()).toMatchObject({ phase: "prepare", lock: "a", b: at(2, "a"), h: at(1, "a"), c: undefined });
    hear(it, [2, 3, 4], confirmed(2, "a"));
    expect(it.store()).toMatchObject({ b: at(2, "a"), h: at(2, "a"), c: at(2, "a") });
  });

  test("without eager bumps stays on its ballot, bound to the confirmed values after the timeout", () => {
    const it = onBallot("b", { eagerBump: false });
    hear(it, [2, 3, 4, 5], prepared(1, "a"));
    expect(it.store()).toMatchObject({ phase: "prepare", lock: "a", b: at(1, "b"), h: undefined });
    it.tick(500);
    expect(it.store().b).toEqual(at(2, "a"));
  });

  test("forgets what was confirmed of other values when it moves to those it is bound to", () => {
    const state = { phase: "prepare", b: at(5, "b"), p: at(2, "b"), h: at(2, "b"), c: at(2, "b"), lock: "b" } as const;
    const it = slotIn(state, own({ eagerBump: false }));
    hear(it, [2, 3, 4], prepare(at(5, "a"), { p: at(3, "a") }));
    expect(it.store()).toMatchObject({ lock: "a", b: at(5, "b"), h: at(2, "b"), c: undefined });
    it.tick(1_500);
    expect(it.store()).toMatchObject({ lock: "a", b: at(6, "a"), h: at(3, "a"), c: undefined });
  });

  test("keeps the highest prepared ballot and the highest below it of other values (switch, switch again)", () => {
    const it = onBallot("a", { eagerBump: false });
    hear(it, [2, 3], prepared(1, "a"));
    expect(it.store()).toMatchObject({ p: at(1, "a"), pp: undefined });
    hear(it, [2, 3], prepare(at(1, "b"), { p: at(1, "b"), pp: at(1, "a") }));
    expect(it.store()).toMatchObject({ p: at(1, "b"), pp: at(1, "a") });
    hear(it, [2, 3], prepare(at(2, "a"), { p: at(2, "a"), pp: at(1, "b") }));
    expect(it.store()).toMatchObject({ p: at(2, "a"), pp: at(1, "b") });
  });

  test("stops voting to commit what a prepared ballot of other values excludes, and keeps to its values all the same", () => {
    const it = slotIn(
      { phase: "prepare", b: at(2, "a"), p: at(2, "a"), h: at(2, "a"), c: at(1, "a"), lock: "a" },
      own(),
    );
    hear(it, [2, 3], prepared(3, "b"));
    expect(it.store()).toMatchObject({ p: at(3, "b"), pp: at(2, "a"), b: at(3, "a"), h: at(2, "a"), c: undefined });
    expect(it.lastSent()?.topic).toMatchObject({ prepare: { cn: 0, hn: 2 } });
  });

  test("accepts a commit from a quorum or a blocking set, and from those who decided", () => {
    for (const topic of [commit(2, "b"), externalize(2, "b")]) {
      const it = onBallot("a");
      hear(it, [2], topic);
      expect(it.phase).toBe("nominate-prepare");
      hear(it, [3], topic);
      expect(it.phase).toBe("commit");
      expect(it.store()).toMatchObject({ lock: "b", b: { x: "b" }, pp: undefined });
    }
  });

  test("decides only what a quorum accepts, not what a blocking set does", () => {
    const it = onBallot("a");
    hear(it, [2, 3], commit(1, "a"));
    expect(it.phase).toBe("commit");
    hear(it, [4], commit(1, "a"));
    expect(it.phase).toBe("externalize");
  });

  test("never leaves values it accepted to commit, whatever others decide", () => {
    const it = onBallot("a");
    hear(it, [2, 3], commit(1, "a"));
    hear(it, [2, 3, 4, 5], externalize(2, "b"));
    it.tick(1_000_000);
    expect(it.store()).toMatchObject({ phase: "commit", b: { x: "a" } });
  });

  test("a wider commit interval extends the old one, and a lower one never replaces it", () => {
    const it = slotIn(
      { phase: "commit", b: at(5, "a"), p: at(5, "a"), h: at(5, "a"), c: at(3, "a"), lock: "a" },
      own(),
    );
    hear(it, [2, 3], commit(5, "a", { cn: 1, hn: 4 }));
    expect(it.store()).toMatchObject({ c: at(1, "a"), h: at(5, "a") });
    hear(it, [2, 3], commit(9, "a", { cn: 7, hn: 9 }));
    expect(it.store()).toMatchObject({ c: at(7, "a"), h: at(9, "a") });
    hear(it, [2, 3], commit(10, "a", { cn: 1, hn: 2 }));
    expect(it.store()).toMatchObject({ c: at(7, "a"), h: at(9, "a") });
  });
});

describe("timeouts", () => {
  test("a ballot ends only after a quorum came as far, and ballot n lasts n + 1 time bases", () => {
    const it = onBallot("a");
    expect(hear(it, [2, 3], prepare(at(1, "b")), 100).timers.ballotAt).toBeUndefined();
    expect(hear(it, [4], prepare(at(1, "c")), 200).timers.ballotAt).toBe(700);
    const { send } = it.tick(700);
    expect(send?.topic).toMatchObject({ prepare: { b: at(2, "a") } });
  });

  test("keep to the confirmed ballot's values", () => {
    const it = slotIn(
      { phase: "prepare", b: at(2, "a"), p: at(2, "a"), h: at(2, "a"), c: at(1, "a"), lock: "a" },
      own(),
    );
    hear(it, [2, 3, 4], prepare(at(2, "b")));
    it.tick(10_000);
    expect(it.store()).toMatchObject({ b: at(3, "a"), h: at(2, "a"), c: at(1, "a") });
  });

  /** Node 1 on ballot 1, in time until 500, with one more candidate that may not be combined yet. */
  const withCandidate = (): { readonly it: Slot; readonly know: () => void } => {
    let isKnown = false;
    const combine: SlotParts["combine"] = (values) => (isKnown || !values.includes("b") ? values : undefined);
    const it = slotIn({ b: at(1, "a"), y: ["a", "b"], z: ["a", "b"] }, own(), { ...sortingParts, combine });
    hear(it, [2, 3, 4], prepare(at(1, "a")));
    const know = (): void => {
      isKnown = true;
    };
    return { it, know };
  };

  test("wait until it is known what the candidates combine to, and no longer", () => {
    const { it, know } = withCandidate();
    expect(it.tick(500).timers.ballotAt).toBeUndefined(); // Neither due for ever, nor after another timeout.
    expect(it.tick(600).timers.ballotAt).toBeUndefined();
    expect(it.store().b).toEqual(at(1, "a"));
    know();
    expect(it.tick(700).send?.topic).toMatchObject({ prepare: { b: at(2, "a b") } });
  });

  test("that wait are over when the others go on: the next ballot has a timer of its own", () => {
    const { it } = withCandidate();
    it.tick(500);
    expect(hear(it, [2, 3, 4], prepared(2, "a"), 600).timers.ballotAt).toBe(1_350);
    expect(it.store()).toMatchObject({ phase: "prepare", b: at(2, "a"), h: at(2, "a") });
  });

  test("that wait are over when a commit is accepted", () => {
    const { it } = withCandidate();
    it.tick(500);
    hear(it, [2, 3], commit(1, "a"), 600);
    expect(it.store()).toMatchObject({ phase: "commit", b: at(1, "a") });
    expect(it.tick(600).timers.ballotAt).toBe(1_100);
  });

  test("start anew with every counter", () => {
    const it = onBallot("a");
    hear(it, [2, 3, 4], prepare(at(1, "b")), 100);
    expect(hear(it, [2, 3], prepare(at(3, "b")), 200).timers.ballotAt).toBeUndefined(); // Ballot 3 now, with two others.
    expect(hear(it, [4], prepare(at(3, "b")), 300).timers.ballotAt).toBe(1_300);
  });

  test("of others are followed: to the lowest counter at which a blocking set is not ahead", () => {
    const it = onBallot("a");
    hear(it, [2], prepare(at(7, "b")));
    expect(it.store().b.n).toBe(1);
    hear(it, [3], prepare(at(4, "b")));
    expect(it.store().b).toEqual(at(4, "a"));
    hear(it, [4], prepare(at(INFINITE_COUNTER - 1, "b")));
    expect(it.store().b).toEqual(at(7, "a"));
  });

  test("with nothing to vote for, catching up waits for values", () => {
    const it = new Slot(own(), sortingParts);
    hear(it, [2, 3], prepare(at(3, "b")));
    expect(it.store().b.n).toBe(0);
    hear(it, [2, 3], prepared(3, "b"));
    expect(it.store().b).toEqual(at(3, "b"));
  });

  test("never reach the infinite counter", () => {
    const last = INFINITE_COUNTER - 1;
    const it = slotIn({ b: at(last, "a"), y: ["a"], z: ["a"] }, own());
    const { timers } = hear(it, [2, 3, 4], prepare(at(last, "a")));
    expect(timers.ballotAt).toBe(1_800_000); // Half an hour is the longest wait.
    it.tick(1_800_000);
    expect(it.store().b.n).toBe(last);
  });

  test("accepting a commit of other values on the last ballot of all takes them without a higher counter", () => {
    const last = INFINITE_COUNTER - 1;
    const it = slotIn({ b: at(last, "a"), y: ["a"], z: ["a"] }, own());
    hear(it, [2, 3], commit(1, "b"));
    expect(it.store()).toMatchObject({ phase: "commit", b: at(last, "b"), c: at(1, "b"), h: at(1, "b") });
  });
});

describe("a slot that was stored", () => {
  test("goes on where it was, and says nothing that it said before", () => {
    const it = onBallot("a");
    it.tick(0);
    hear(it, [2, 3, 4], prepared(1, "a"));
    const again = new Slot(own(), sortingParts, it.store());
    expect(again.store()).toEqual(it.store());
    expect(again.lastSent()).toEqual(it.lastSent());
    expect(again.tick(0).send).toBeUndefined();
    const { send } = hear(again, [2, 3, 4], confirmed(1, "a"));
    expect(send?.topic).toEqual(commit(1, "a"));
  });

  test("survives JSON, as a journal may write it", () => {
    const it = onBallot("a");
    hear(it, [2, 3, 4], prepared(1, "a"));
    const again = new Slot(own(), sortingParts, JSON.parse(JSON.stringify(it.store())));
    expect(JSON.stringify(again.store())).toBe(JSON.stringify(it.store()));
  });

  test("from all phases, is the same again", () => {
    for (const topic of [prepared(1, "a"), confirmed(1, "a"), commit(1, "a")]) {
      const it = onBallot("a");
      hear(it, [2, 3, 4], topic);
      const again = new Slot(own(), sortingParts, it.store());
      expect([again.phase, again.decision]).toEqual([it.phase, it.decision]);
    }
  });

  test("stops the program when it cannot be", () => {
    const it = slotIn({ x: ["a"], y: ["a"] }, own());
    expect(() => it.tick(0)).toThrow(expect.objectContaining({ code: "invariant-violated" }));
    const other = slotIn({ phase: "commit", b: at(1, "a"), p: at(1, "a"), h: at(1, "b"), c: at(1, "a") }, own());
    expect(() => other.tick(0)).toThrow(expect.objectContaining({ code: "invariant-violated" }));
    const turned = slotIn(
      { phase: "commit", b: at(1, "a"), p: at(1, "a"), h: at(1, "a"), c: at(1, "a"), lastSent: commit(1, "b") },
      own(),
    );
    expect(() => turned.tick(0)).toThrow(expect.objectContaining({ code: "invariant-violated" }));
  });
});

describe("nodes alone and outside", () => {
  test("the single node decides what it proposes", () => {
    const it = new Slot(options(1, quorumSet(0, [])), sortingParts);
    expect(it.propose(["b", "a"], 0).externalized).toEqual(["a", "b"]);
  });

  test("a node nobody listens to follows the others", () => {
    const it = new Slot(options(9, quorumSet(3, [1, 2, 3, 4])), sortingParts);
    for (const sender of [1, 2, 3, 4]) it.receive(from(sender, externalize(1, "a")), 0);
    expect(it.decision).toBe("a");
  });

  test("are not made with a bad quorum set or time base", () => {
    const bad = expect.objectContaining({ code: "invalid-quorum-set" });
    expect(() => new Slot(options(1, quorumSet(1, [1])), sortingParts)).toThrow(bad);
    for (const other of [{ baseRoundMs: 0 }, { baseBallotMs: 0.5 }, { settleMs: -1 }]) {
      expect(() => new Slot(own(other), sortingParts)).toThrow(expect.objectContaining({ code: "invalid-parameter" }));
    }
    const leaderHash = { kind: "bound", previousBlockId: new Uint8Array(31) } as const;
    expect(() => new Slot(own({ leaderHash }), sortingParts)).toThrow(
      expect.objectContaining({ code: "invalid-parameter" }),
    );
  });
});
