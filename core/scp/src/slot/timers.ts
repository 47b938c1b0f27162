// When a node gives up waiting (spec 05 §1.6, §1.7). Timers are data: the driver calls `tick` when the first is due.
import { TIMEOUT_MS_MAX } from "../limits.ts";
import type { FederatedVote } from "./federated-vote.ts";
import type { SlotState } from "./slot-state.ts";
import { ballotCounter } from "./statement.ts";

/** How long to wait, in milliseconds. */
export interface Timing {
  /** Round r of nomination lasts r times this. */
  readonly baseRoundMs: number;
  /** Ballot n lasts n + 1 times this, counted from when a quorum has come as far. */
  readonly baseBallotMs: number;
  /** How long the first ballot waits for votes to settle after there are candidates. 0: not at all. */
  readonly settleMs: number;
}

/** When the timers of a slot are due, in milliseconds of the driver's clock; undefined for one that is not set. */
export interface Timers {
  readonly nominationAt: number | undefined;
  readonly ballotAt: number | undefined;
  readonly settleAt: number | undefined;
}

/** Sets and clears the timers as the state asks for. */
export function updateTimers(state: SlotState, vote: () => FederatedVote, timing: Timing, now: number): void {
  const { phase, b, ballotAt, isOverdue } = state;
  if (phase !== "nominate-prepare") state.nominationAt = undefined;
  else state.nominationAt ??= now + timeout(timing.baseRoundMs * state.round);

  if (phase === "externalize") {
    state.ballotAt = undefined;
  } else if (b.n > 0 && ballotAt === undefined && !isOverdue) {
    if (vote().hasQuorum((statement) => ballotCounter(statement) >= b.n)) {
      state.ballotAt = now + timeout(timing.baseBallotMs * (b.n + 1));
    }
  }
}

/** When the first ballot may begin although votes have not settled; undefined when that is not what the slot waits for. */
export function settleTime({ phase, b, zAt }: SlotState, { settleMs }: Timing): number | undefined {
  return phase === "nominate-prepare" && b.n === 0 && zAt !== undefined ? zAt + settleMs : undefined;
}

function timeout(ms: number): number {
  return Math.min(ms, TIMEOUT_MS_MAX);
}
