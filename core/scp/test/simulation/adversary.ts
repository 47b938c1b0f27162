// Messages of a node that lies: made of what it heard, with its own name (spec 05 §6.2).
import { type Ballot, INFINITE_COUNTER, type Message, type PreparePayload, type Topic } from "../../src/index.ts";
import { quorumSet } from "../fixtures.ts";
import type { SeededRandom } from "./random.ts";
import { simulatedParts } from "./values.ts";

/** The lies a run draws from. Each name says what the adversary of that name sends. */
export const LIES = [
  "flip", // Votes for whichever of the values it heard.
  "liar-prepared", // Claims to have accepted ballots that it never did.
  "split-commit", // Claims to have accepted a commit.
  "early-externalize", // Claims a decision.
  "counter-bomb", // Counters near the largest.
  "value-flood", // Many fresh values.
  "invalid-value", // Values that are not valid.
  "unsorted-ballot", // A ballot that is not as `combine` puts it.
  "forged-quorum-set", // A quorum set that is always satisfied, or only of itself.
] as const;

/** A lie about the slot of `heard`, as if by the sender of `own`. */
export function lie(
  kind: (typeof LIES)[number],
  own: Message,
  heard: readonly Message[],
  random: SeededRandom,
): Message {
  const x = (): string => pickValues(heard, random);
  const n = 1 + random.below(4);
  const b: Ballot = { n, x: x() };
  const prepare = (payload: Partial<PreparePayload>): Topic => ({
    kind: "prepare",
    prepare: { b, p: undefined, pp: undefined, cn: 0, hn: 0, ...payload },
  });
  const as = (topic: Topic): Message => ({ ...own, topic });
  switch (kind) {
    case "flip":
      return as(
        random.chance(0.5)
          ? prepare({})
          : { kind: "nominate", nominate: { x: [], y: [...new Set(x().split(" "))].sort() } },
      );
    case "liar-prepared":
      return as(prepare({ p: b, hn: random.below(n + 1) }));
    case "split-commit":
      return as({ kind: "commit", commit: { b, pn: 1 + random.below(5), cn: 1, hn: n } });
    case "early-externalize":
      return as({ kind: "externalize", externalize: { c: b, hn: n + random.below(3) } });
    case "counter-bomb":
      return as(prepare({ b: { n: INFINITE_COUNTER - random.below(2), x: b.x } }));
    case "value-flood":
      return as({ kind: "nominate", nominate: { x: Array.from({ length: 50 }, (_, i) => `v9${100 + i}`), y: [] } });
    case "invalid-value":
      return as(prepare({ b: { n, x: "bad1" } }));
    case "unsorted-ballot":
      return as(prepare({ b: { n, x: "v9 v1 v11" } }));
    case "forged-quorum-set":
      return { ...as(prepare({ p: b, cn: 1, hn: 1 })), quorumSet: quorumSet(0, []) };
  }
}

/** The values of a ballot somebody named, or a list made of what was nominated. */
function pickValues(heard: readonly Message[], random: SeededRandom): string {
  const lists = heard.map(({ topic }) => listOf(topic)).filter((list) => list !== undefined);
  return lists.length === 0 || random.chance(0.1) ? `v${random.below(20)}` : random.pick(lists);
}

function listOf(topic: Topic): string | undefined {
  switch (topic.kind) {
    case "nominate":
      return simulatedParts.combine([...topic.nominate.x, ...topic.nominate.y])?.join(" ");
    case "nominate-prepare":
    case "prepare":
      return topic.prepare.b.x;
    case "commit":
      return topic.commit.b.x;
    case "externalize":
      return topic.externalize.c.x;
  }
}
