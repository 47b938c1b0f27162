// One change of keys after the other.
import { IngestError } from "../error.ts";

/** Whoever changes keys waits for its turn, or is told that somebody has it. */
export class Turns {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  /** Runs when all before have ended. */
  async take<Result>(run: () => Promise<Result>): Promise<Result> {
    this.#waiting++;
    const turn = this.#last.then(run, run).finally(() => {
      this.#waiting--;
    });
    this.#last = turn.catch(() => undefined);
    return turn;
  }

  /** Runs now. Rejects with `busy` when somebody has the turn: two servers that waited for each other would wait for ever. */
  async takeNow<Result>(run: () => Promise<Result>): Promise<Result> {
    if (this.#waiting > 0) throw new IngestError("busy", "Keys are being changed already: try again.");
    return this.take(run);
  }
}
