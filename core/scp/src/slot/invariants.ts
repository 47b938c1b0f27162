// What must hold after every event (spec 05 §1.10, S5 to S10). They are checked in production too: a node whose state
// breaks one of them must not vote on.
import { type Ballot, compareBallots, INFINITE_COUNTER, isAborted, isLowerCompatible } from "../ballot.ts";
import { ScpError } from "../error.ts";
import type { Topic } from "../message.ts";
import { isLastBallot, type SlotState } from "./slot-state.ts";

/** What is compared with the state after an event. */
export interface StateBefore {
  readonly yCount: number;
  readonly zCount: number;
  readonly b: Ballot;
  readonly p: Ballot | undefined;
}

/** Takes what the invariants compare with. */
export function stateBefore({ y, z, b, p }: SlotState): StateBefore {
  return { yCount: y.size, zCount: z.size, b, p };
}

/** Throws `invariant-violated`, naming the invariant. */
export function assertInvariants(state: SlotState, before: StateBefore): void {
  const { phase, x, y, z, b, p, pp, h, c, lastSent } = state;
  const committed = phase === "commit" || phase === "externalize";
  hold("S5: no value is both voted and accepted", ![...x].some((value) => y.has(value)));
  hold(
    "S5: candidates are accepted",
    [...z].every((value) => y.has(value)),
  );
  hold("S5: what is accepted or confirmed nominated stays so", y.size >= before.yCount && z.size >= before.zCount);
  hold("S6: pp is lower than p and has other values", pp === undefined || (p !== undefined && isAborted(pp, p)));
  hold("S6: p does not fall", committed || before.p === undefined || (p !== undefined && !isLower(p, before.p)));
  hold("S7: the counter of the ballot does not fall", b.n >= before.b.n);
  hold(
    "S7: values change only with the counter, while there is a higher one",
    b.x === before.b.x || b.n !== before.b.n || (committed && isLastBallot(state)),
  );
  hold("S7: c lies within h", c === undefined || (h !== undefined && isLowerCompatible(c, h)));
  if (committed) {
    hold("S8: c, h, b and p have the same values", [c, h, p].every((each) => each?.x === b.x) && pp === undefined);
  } else {
    hold("S7: h lies within b", h === undefined || isLowerCompatible(h, b));
  }
  hold("S10: a committed value is never given up", !committed || lastSent === undefined || staysWith(lastSent, b));
  hold("no ballot has the infinite counter", b.n < INFINITE_COUNTER);
}

function isLower(a: Ballot, b: Ballot): boolean {
  return compareBallots(a, b) < 0;
}

function staysWith(sent: Topic, { x }: Ballot): boolean {
  if (sent.kind === "commit") return sent.commit.b.x === x;
  return sent.kind !== "externalize" || sent.externalize.c.x === x;
}

function hold(invariant: string, holds: boolean): void {
  if (!holds) throw new ScpError("invariant-violated", `${invariant}.`);
}
