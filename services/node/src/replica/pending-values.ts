// Values that wait for a slot, in the order in which they came (spec 05 §2.4).
import type { Value } from "@fogbow/core-scp";
import {
  PENDING_MAX,
  PENDING_PER_SESSION_MAX,
  PENDING_RELAYED_MAX,
  PROPOSED_LENGTH_MAX,
  PROPOSED_VALUES_MAX,
} from "../limits.ts";

/** Where a value came from. */
export interface Arrival {
  /** The client session, for the node's own clients. */
  readonly session?: string | undefined;
  /** When a client's proposal came, for figures. */
  readonly at?: number | undefined;
}

/** A unique list that keeps its order. */
export class PendingValues {
  readonly #values = new Map<Value, Arrival>();
  readonly #bySession = new Map<string, number>();

  get size(): number {
    return this.#values.size;
  }

  /** Whether a client of this session has to wait, because of others or because of itself. */
  isFullFor(session: string | undefined): boolean {
    if (this.#values.size >= PENDING_MAX) return true;
    return session !== undefined && (this.#bySession.get(session) ?? 0) >= PENDING_PER_SESSION_MAX;
  }

  has(value: Value): boolean {
    return this.#values.has(value);
  }

  /** Adds a value; false when it is there already, or when there is no room for what peers relay. */
  add(value: Value, arrival: Arrival): boolean {
    if (this.#values.has(value) || this.#values.size >= PENDING_RELAYED_MAX) return false;
    this.#values.set(value, arrival);
    const { session } = arrival;
    if (session !== undefined) this.#bySession.set(session, (this.#bySession.get(session) ?? 0) + 1);
    return true;
  }

  /** Drops a value and tells where it came from. */
  delete(value: Value): Arrival | undefined {
    const arrival = this.#values.get(value);
    if (arrival === undefined) return undefined;
    this.#values.delete(value);
    const { session } = arrival;
    if (session !== undefined) {
      const left = (this.#bySession.get(session) ?? 0) - 1;
      if (left > 0) this.#bySession.set(session, left);
      else this.#bySession.delete(session);
    }
    return arrival;
  }

  /** Those to propose. */
  first(): Value[] {
    const first: Value[] = [];
    let length = 0;
    for (const value of this.#values.keys()) {
      length += value.length;
      if (first.length === PROPOSED_VALUES_MAX || (length > PROPOSED_LENGTH_MAX && first.length > 0)) break;
      first.push(value);
    }
    return first;
  }

  /** All of them. */
  values(): Value[] {
    return [...this.#values.keys()];
  }
}
