// Of several overseers one leads: whoever holds the lease in the database, by the database's clock. It is renewed every three
// seconds and ends after ten; a leader that cannot renew it stops acting before that.
import { setTimeout as pause } from "node:timers/promises";
import type { LeaseClaim, RecoveryDb } from "@fogbow/recovery-db";
import type { Log } from "@fogbow/server";

/** What leadership uses. */
export interface LeadershipParts {
  readonly db: Pick<RecoveryDb, "takeLease" | "releaseLease">;
  readonly log: Log;
}

const RENEW_MS = 3_000;
/** The database gives ten seconds from some moment after it was asked; the second less is for clocks that differ in speed. */
const TERM_MS = 9_000;
/** How long the lease is given back at the end; it ends by itself. */
const RELEASE_MS = 300;

/** Tries to lead, and goes on leading. */
export class Leadership {
  readonly lease: LeaseClaim;
  /** Resolves when the lease was asked for, whether it was given or not. */
  readonly begun: Promise<void>;
  #begin: () => void = () => undefined;
  readonly #parts: LeadershipParts;
  #term: AbortController | undefined;
  #end: NodeJS.Timeout | undefined;

  constructor(lease: LeaseClaim, parts: LeadershipParts) {
    this.lease = lease;
    this.#parts = parts;
    this.begun = new Promise((resolve) => {
      this.#begin = resolve;
    });
  }

  /** Aborted when this overseer leads no more; undefined while it does not lead. */
  get term(): AbortSignal | undefined {
    return this.#term?.signal;
  }

  /** Asks for the lease now. Whether this overseer leads. */
  async renew(): Promise<boolean> {
    const { db, log } = this.#parts;
    const asked = performance.now();
    try {
      if (await db.takeLease(this.lease)) this.#lead(asked);
      else this.#resign("another overseer leads");
    } catch (error) {
      log.warn("the lease cannot be renewed", { error }); // It holds until it ends.
    }
    this.#begin();
    return this.#term !== undefined;
  }

  /** Leads whenever it can, until a signal; then lets others. */
  async run(stop: AbortSignal): Promise<void> {
    await this.renew();
    while (!stop.aborted) {
      await pause(RENEW_MS, undefined, { signal: stop }).catch(() => undefined);
      if (!stop.aborted) await this.renew();
    }
    const led = this.#term !== undefined;
    this.#resign("the overseer stops");
    if (!led) return;
    const released = this.#parts.db.releaseLease(this.lease).catch(() => undefined); // It ends by itself.
    await Promise.race([released, pause(RELEASE_MS, undefined, { ref: false })]);
  }

  #lead(asked: number): void {
    if (this.#term === undefined) this.#parts.log.info("this overseer leads");
    this.#term ??= new AbortController();
    clearTimeout(this.#end);
    const left = Math.max(0, asked + TERM_MS - performance.now());
    this.#end = setTimeout(() => this.#resign("the lease was not renewed in time"), left);
    this.#end.unref();
  }

  #resign(reason: string): void {
    clearTimeout(this.#end);
    const term = this.#term;
    this.#term = undefined;
    if (term === undefined) return;
    this.#parts.log.info("this overseer leads no more", { reason });
    term.abort();
  }
}
