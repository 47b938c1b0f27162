// A slot's state as data for the vote journal (spec 05 §6.3). The last message alone would not do: it shows p only up to
// the current ballot, and neither h nor the lock when they have other values.
import type { Ballot } from "../ballot.ts";
import type { Topic } from "../message.ts";
import type { NodeKey } from "../quorum/node-key.ts";
import { compareValues, type Value, type ValueList } from "../value.ts";
import type { Phase, SlotState } from "./slot-state.ts";

/** Everything of a slot that a restart must not forget. Timers start anew; the messages of others come again. */
export interface StoredSlot {
  readonly phase: Phase;
  readonly w: readonly Value[];
  readonly x: readonly Value[];
  readonly y: readonly Value[];
  readonly z: readonly Value[];
  readonly leaders: readonly NodeKey[];
  readonly adopted: readonly (readonly [leader: NodeKey, values: number])[];
  readonly round: number;
  readonly b: Ballot;
  readonly p: Ballot | undefined;
  readonly pp: Ballot | undefined;
  readonly h: Ballot | undefined;
  readonly c: Ballot | undefined;
  readonly lock: ValueList | undefined;
  readonly lastSent: Topic | undefined;
}

/** A copy of the state. */
export function storeState(state: SlotState): StoredSlot {
  const { phase, round, b, p, pp, h, c, lock, lastSent } = state;
  return {
    phase,
    w: sorted(state.w),
    x: sorted(state.x),
    y: sorted(state.y),
    z: sorted(state.z),
    leaders: [...state.leaders],
    adopted: [...state.adopted],
    round,
    b,
    p,
    pp,
    h,
    c,
    lock,
    lastSent,
  };
}

/** The state as it was stored, without timers. */
export function restoreState({ w, x, y, z, leaders, adopted, ...stored }: StoredSlot): SlotState {
  return {
    ...stored,
    w: new Set(w),
    x: new Set(x),
    y: new Set(y),
    z: new Set(z),
    leaders: new Set(leaders),
    adopted: new Map(adopted),
    // The wait for votes to settle is over: whatever could settle has had the time of the restart.
    zAt: z.length > 0 ? Number.NEGATIVE_INFINITY : undefined,
    nominationAt: undefined,
    ballotAt: undefined,
    isOverdue: false,
  };
}

function sorted(values: ReadonlySet<Value>): Value[] {
  return [...values].sort(compareValues);
}
