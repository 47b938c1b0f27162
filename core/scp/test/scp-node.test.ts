// Slots one after another: what is early is kept, what is late is answered (spec 05 §1.6).
import { describe, expect, test } from "vitest";
import { INFINITE_COUNTER, type Message, ScpNode, type Topic } from "../src/index.ts";
import { nodeAt, quorumSet, sortingParts, timing } from "./fixtures.ts";

const compat = { leaderHash: { kind: "compat" } as const, ...sortingParts };
const node = (): ScpNode => new ScpNode({ self: nodeAt(1), quorumSet: quorumSet(1, [2]), eagerBump: true, ...timing });
const from = (sender: number, slotIndex: bigint, topic: Topic): Message => ({
  ...{ sender: nodeAt(sender), slotIndex, topic },
  quorumSet: quorumSet(1, [sender === 1 ? 2 : 1]),
});
const externalize = (x: string): Topic => ({ kind: "externalize", externalize: { c: { n: 1, x }, hn: 1 } });
/** What node 1 says then: it only heard from one who decided, so all higher counters are committed too. */
const decided: Topic = { kind: "externalize", externalize: { c: { n: 1, x: "a" }, hn: INFINITE_COUNTER } };
const nominate = (x: string[], y: string[] = []): Topic => ({ kind: "nominate", nominate: { x, y } });

/** A node that has decided slots 1 to `count` and has the next one open. */
function after(count: number): ScpNode {
  const it = node();
  for (let slot = 1n; slot <= BigInt(count); slot++) {
    it.open({ slotIndex: slot, ...compat });
    expect(it.receive(from(2, slot, externalize("a")), 0).effects?.externalized).toEqual(["a"]);
  }
  it.open({ slotIndex: BigInt(count + 1), ...compat });
  return it;
}

describe("early messages", () => {
  test("are kept, the highest of each sender, and given back when their slot opens", () => {
    const it = node();
    it.open({ slotIndex: 1n, ...compat });
    expect(it.receive(from(2, 3n, nominate(["a"])), 0).verdict).toBe("kept-for-later");
    expect(it.receive(from(2, 3n, nominate(["a", "b"])), 0).verdict).toBe("kept-for-later");
    expect(it.receive(from(2, 3n, nominate(["a"])), 0).verdict).toBe("not-higher");
    expect(it.receive(from(3, 3n, nominate(["c"])), 0).verdict).toBe("kept-for-later");
    expect(it.open({ slotIndex: 2n, ...compat })).toEqual([]);
    expect(it.open({ slotIndex: 3n, ...compat })).toEqual([
      from(2, 3n, nominate(["a", "b"])),
      from(3, 3n, nominate(["c"])),
    ]);
  });

  test("are refused when malformed, or more than 100 slots ahead", () => {
    const it = node();
    it.open({ slotIndex: 5n, ...compat });
    expect(it.receive(from(2, 105n, nominate(["a"])), 0).verdict).toBe("kept-for-later");
    expect(it.receive(from(2, 106n, nominate(["a"])), 0).verdict).toBe("too-far-ahead");
    expect(it.receive(from(2, 6n, nominate(["b", "a"])), 0).verdict).toBe("unsorted-values");
    expect(it.receive(from(2, 0n, nominate(["a"])), 0).verdict).toBe("origin-slot");
  });

  test("before the first slot opens are kept too", () => {
    const it = node();
    expect(it.receive(from(2, 1n, nominate(["a"])), 0).verdict).toBe("kept-for-later");
    expect(it.open({ slotIndex: 1n, ...compat })).toHaveLength(1);
  });
});

describe("late messages", () => {
  test("are answered with the decision, unless their sender has decided too", () => {
    const it = after(3);
    const { verdict, answer } = it.receive(from(2, 2n, nominate(["z"])), 0);
    expect(verdict).toBe("closed");
    expect(answer).toMatchObject({ sender: nodeAt(1), slotIndex: 2n, topic: decided });
    expect(it.receive(from(2, 2n, externalize("a")), 0)).toEqual({ verdict: "closed", answer: undefined });
    expect(it.receive(from(1, 2n, nominate(["z"])), 0).answer).toBeUndefined(); // An echo.
  });

  test("are too old after ten more slots", () => {
    const it = after(12);
    expect(it.receive(from(2, 2n, nominate(["z"])), 0).verdict).toBe("too-old");
    expect(it.receive(from(2, 3n, nominate(["z"])), 0).verdict).toBe("closed");
    expect(it.latest(2n)).toBeUndefined();
    expect(it.latest(12n)?.topic).toEqual(decided);
  });

  test("are answered after a restart with the decisions that were stored", () => {
    const decision = after(1).latest(1n);
    const it = new ScpNode(
      { self: nodeAt(1), quorumSet: quorumSet(1, [2]), eagerBump: true, ...timing },
      decision === undefined ? [] : [decision],
    );
    it.open({ slotIndex: 2n, ...compat });
    expect(it.receive(from(2, 1n, nominate(["z"])), 0).answer).toEqual(decision);
  });
});

test("slots open in ascending order, and one that was not decided here is just left", () => {
  const it = node();
  it.open({ slotIndex: 4n, ...compat });
  const code = expect.objectContaining({ code: "slot-not-next" });
  expect(() => it.open({ slotIndex: 4n, ...compat })).toThrow(code);
  expect(() => node().open({ slotIndex: 0n, ...compat })).toThrow(code);
  it.open({ slotIndex: 9n, ...compat }); // The ledger was synced.
  expect(it.slot?.slotIndex).toBe(9n);
  expect(it.receive(from(2, 4n, nominate(["z"])), 0).verdict).toBe("too-old");
});
