// Work that ends together: when its time is up, when it is told to, or with the work that it is a part of. Abort signals
// alone would do, but for the many that wait on one: Node takes more than ten for a leak.
import type { Clock } from "../parts.ts";

/** A piece of work, and what is to happen when it ends. */
export class Scope {
  readonly #controller = new AbortController();
  readonly #endings = new Set<() => void>();

  /** For whoever is asked to do something within this work. */
  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  get isOver(): boolean {
    return this.#controller.signal.aborted;
  }

  /** Ends the work. Ending again does nothing. */
  end(): void {
    if (this.isOver) return;
    this.#controller.abort();
    for (const ending of [...this.#endings]) ending();
    this.#endings.clear();
  }

  /** Does something at the end, at once if that was before. Returns how to take that back. */
  atEnd(ending: () => void): () => void {
    if (this.isOver) ending();
    else this.#endings.add(ending);
    return () => void this.#endings.delete(ending);
  }

  /** Work within this, which ends with it, and after so many milliseconds where that is said. */
  within(clock?: Clock, ms?: number): Scope {
    const inner = new Scope();
    const leave = this.atEnd(() => inner.end());
    const timer = clock && ms !== undefined ? clock.setTimer(clock.now() + ms, () => inner.end()) : undefined;
    inner.atEnd(() => {
      leave();
      timer?.cancel();
    });
    return inner;
  }

  /** Work that ends when a signal does. End it, or the signal keeps it. */
  static of(signal: AbortSignal): Scope {
    const scope = new Scope();
    const end = (): void => scope.end();
    signal.addEventListener("abort", end);
    scope.atEnd(() => signal.removeEventListener("abort", end));
    if (signal.aborted) end();
    return scope;
  }

  /** Resolves at the end, or when all of the work is done. */
  endOr(work: readonly Promise<void>[]): Promise<void> {
    return new Promise((resolve) => {
      const take = this.atEnd(resolve);
      void Promise.all(work).then(() => {
        take();
        resolve();
      });
    });
  }

  /** Resolves after so many milliseconds, or at the end. */
  sleep(clock: Clock, ms: number): Promise<void> {
    return new Promise((resolve) => {
      const timer = clock.setTimer(clock.now() + ms, () => {
        take();
        resolve();
      });
      const take = this.atEnd(() => {
        timer.cancel();
        resolve();
      });
    });
  }
}
