// What a node states, given its state (spec 05 §1.6, `build`).
import { type Ballot, compareBallots } from "../ballot.ts";
import type { NominatePayload, PreparePayload, Topic } from "../message.ts";
import { compareValues } from "../value.ts";
import type { SlotState } from "./slot-state.ts";
import type { Statement } from "./statement.ts";

/** What the state says to others; undefined when it says nothing yet. */
export function buildTopic(state: SlotState): Topic | undefined {
  const { phase, x, y, b, p, h, c } = state;
  switch (phase) {
    case "nominate-prepare":
      if (b.n > 0) return { kind: phase, nominate: nomination(state), prepare: preparation(state) };
      return x.size + y.size > 0 ? { kind: "nominate", nominate: nomination(state) } : undefined;
    case "prepare":
      return { kind: phase, prepare: preparation(state) };
    case "commit":
      return { kind: phase, commit: { b, pn: p?.n ?? 0, cn: c?.n ?? 0, hn: h?.n ?? 0 } };
    case "externalize":
      return { kind: phase, externalize: { c: c ?? b, hn: h?.n ?? b.n } };
    default:
      return phase satisfies never;
  }
}

/** The same for this node's own use: the sets are the live ones, not copies in order. */
export function ownStatement(state: SlotState): Statement {
  const { phase, x, y, b } = state;
  const nothing = { voted: EMPTY, accepted: EMPTY, prepare: undefined, commit: undefined, externalize: undefined };
  if (phase === "nominate-prepare") {
    return { ...nothing, voted: x, accepted: y, prepare: b.n > 0 ? preparation(state) : undefined };
  }
  const topic = buildTopic(state);
  switch (topic?.kind) {
    case "prepare":
      return { ...nothing, prepare: topic.prepare };
    case "commit":
      return { ...nothing, commit: topic.commit };
    case "externalize":
      return { ...nothing, externalize: topic.externalize };
    default:
      return nothing;
  }
}

function nomination({ x, y }: SlotState): NominatePayload {
  return { x: [...x].sort(compareValues), y: [...y].sort(compareValues) };
}

function preparation({ b, p, pp, h, c }: SlotState): PreparePayload {
  const shownP = clamp(p, b);
  const hn = h !== undefined && h.x === b.x ? h.n : 0;
  return {
    b,
    p: shownP,
    pp: shownP === undefined ? undefined : clamp(pp, shownP), // It has other values than p, so it stays below.
    cn: hn === 0 ? 0 : (c?.n ?? 0),
    hn,
  };
}

/** The highest ballot with the same values that is not above `limit`; undefined when its counter would be 0. */
function clamp(ballot: Ballot | undefined, limit: Ballot): Ballot | undefined {
  if (ballot === undefined || compareBallots(ballot, limit) <= 0) return ballot;
  const n = ballot.x > limit.x ? limit.n - 1 : limit.n;
  return n > 0 ? { n, x: ballot.x } : undefined;
}

const EMPTY: ReadonlySet<string> = new Set();
