// Client sessions, and how often what they propose is not valid (spec 05 §2.4).
import { SESSIONS_TRACKED_MAX, TX_FAILURES_MAX } from "../limits.ts";
import { Lru } from "./lru.ts";

interface Session {
  windowStart: number;
  failures: number;
}

/** Milliseconds in which failures are counted together. */
const WINDOW_MS = 30_000;

/** The sessions that proposed something lately. */
export class Sessions {
  readonly #sessions: Lru<string, Session>;

  /** Remembers so many; as many as there are channels unless told otherwise. */
  constructor(tracked: number = SESSIONS_TRACKED_MAX) {
    this.#sessions = new Lru(tracked);
  }

  /** A session proposes something. */
  touch(session: string, now: number): void {
    if (this.#sessions.get(session) === undefined) this.#sessions.set(session, { windowStart: now, failures: 0 });
  }

  /** Something that a session proposed is not valid. True when that happened too often: the session must end. */
  fail(session: string, now: number): boolean {
    this.touch(session, now);
    const entry = this.#sessions.get(session) as Session; // Touched.
    if (now - entry.windowStart >= WINDOW_MS) {
      entry.windowStart = now;
      entry.failures = 0;
    }
    entry.failures++;
    if (entry.failures <= TX_FAILURES_MAX) return false;
    this.#sessions.delete(session);
    return true;
  }
}
